// A trainer with early_stop: what its epochs are judged by, which is kept, and that nothing of this disturbs the training.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>

#include "base/file_system.hpp"
#include "base/random.hpp"
#include "nn/effective_rank.hpp"
#include "nn/encoder.hpp"
#include "nn/runtime.hpp"
#include "nn/trainer.hpp"
#include "nn/validation.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

namespace fs = std::filesystem;

const auto no_progress = [](std::int64_t, double) {};
using Files = std::map<std::string, std::string>;

Files files_in(const fs::path& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  }
  return files;
}

// The parameters and buffers alone.
Files tensors_of(Files files) {
  std::erase_if(files, [](const auto& file) { return !file.first.starts_with("0"); });
  return files;
}

class EarlyStopTrainer : public ::testing::Test {
 protected:
  EarlyStopTrainer() {
    set_threads(1);
    options_.batch_size = 16;
    options_.seed = 42;
    options_.learning_rate = 0.02;
    options_.validation = 0.3;
    options_.patience = 3;
    options_.early_stop = "validation_loss";
  }

  Trainer trainer() { return Trainer(training_, options_, testing::view(images_)); }

  Trainer trained(int epochs) {
    Trainer t = trainer();
    for (int i = 0; i < epochs; ++i) t.train_epoch(no_progress);
    return t;
  }

  static Files saved(const Trainer& t, Trainer::Contents contents = Trainer::Contents::with_optimizer) {
    testing::TemporaryFolder folder;
    t.save(folder.path(), contents);
    return files_in(folder.path());
  }

  // What an epoch is judged by, from its checkpoint: without the trainer, as `encode` reads it.
  double value_of(const Trainer& t) {
    testing::TemporaryFolder folder;
    t.save(folder.path());
    const Encoding encoding = encode_images(folder.path(), testing::view(images_), Arithmetic(), [](std::int64_t) {});
    if (options_.early_stop == "rank") return effective_rank(at::tensor(encoding.latents).reshape({encoding.count, encoding.dim}));
    double sum = 0;
    const std::vector<std::int64_t> held_out = divide_images(options_, images_.count).held_out;
    for (std::int64_t image : held_out) sum += encoding.errors[static_cast<std::size_t>(image)];
    return sum / static_cast<double>(held_out.size());
  }

  ImageSet images_ = testing::tiny_images(60);
  TrainingOptions options_;
  Json training_ = testing::training_of(testing::tiny_autoencoder());
};

TEST_F(EarlyStopTrainer, KeepsTheBestOfAllEpochs) {
  for (const char* measure : {"validation_loss", "rank"}) {
    options_.early_stop = measure;
    Trainer t = trainer();
    std::vector<Files> checkpoints;
    std::vector<double> values;
    while (checkpoints.empty() || (!t.early_stop()->is_over() && checkpoints.size() < 200)) {
      t.train_epoch(no_progress);
      checkpoints.push_back(tensors_of(saved(t)));
      values.push_back(value_of(t));
      EXPECT_NEAR(t.early_stop()->values().back(), values.back(), 1e-5 * values.back()) << measure << " " << values.size();
    }
    ASSERT_TRUE(t.early_stop()->is_over()) << measure;
    const bool lower = options_.early_stop == "validation_loss";
    const auto best = (lower ? std::min_element(values.begin(), values.end()) : std::max_element(values.begin(), values.end())) - values.begin();
    EXPECT_EQ(values.size(), static_cast<std::size_t>(best + 1 + options_.patience)) << measure;
    EXPECT_NE(tensors_of(saved(t)), checkpoints[static_cast<std::size_t>(best)]) << "the last epoch goes on from its own";
    EXPECT_EQ(t.take_best(), best + 1);
    const Files kept = saved(t, Trainer::Contents::without_optimizer);
    EXPECT_EQ(tensors_of(kept), checkpoints[static_cast<std::size_t>(best)]) << measure;
    EXPECT_TRUE(kept.contains("validation.npy"));
    EXPECT_FALSE(std::any_of(kept.begin(), kept.end(), [](const auto& file) { return file.first.starts_with("best/"); }));
  }
}

// Nothing changes with a rate of 0, so that no epoch is better than the first.
TEST_F(EarlyStopTrainer, EqualEpochsEndItAfterItsPatience) {
  training_ = testing::training_of(testing::tiny_native_autoencoder());  // without a batch norm, whose statistics change
  options_.learning_rate = 0;
  for (const char* measure : {"validation_loss", "rank"}) {
    options_.early_stop = measure;
    Trainer t = trainer();
    int epochs = 0;
    for (; epochs == 0 || !t.early_stop()->is_over(); ++epochs) t.train_epoch(no_progress);
    EXPECT_EQ(epochs, 1 + 3) << measure;
    EXPECT_EQ(t.take_best(), 1) << measure;
  }
}

TEST_F(EarlyStopTrainer, WithoutEarlyStopTheLastEpochIsKept) {
  options_.early_stop = "none";
  Trainer t = trained(2);
  const Files before = saved(t);
  EXPECT_EQ(t.early_stop(), nullptr);
  EXPECT_EQ(t.images_an_epoch(), 60);
  EXPECT_EQ(t.take_best(), 2);
  EXPECT_EQ(saved(t), before);
  EXPECT_FALSE(before.contains("validation.npy"));
}

// The rank needs no images of its own: the training is the one without it.
TEST_F(EarlyStopTrainer, JudgingDoesNotDisturbTheTraining) {
  options_.early_stop = "rank";
  Files judged = saved(trained(3));
  std::erase_if(judged, [](const auto& file) { return file.first.starts_with("best/") || file.first == "validation.npy"; });
  options_.early_stop = "none";
  EXPECT_EQ(judged, saved(trained(3)));
}

TEST_F(EarlyStopTrainer, WhatIsHeldOutIsNotTrainedOn) {
  const Trainer before = trained(2);
  EXPECT_EQ(before.images_an_epoch(), 42);
  const auto values = static_cast<std::size_t>(images_.height * images_.width * images_.channels);
  for (std::int64_t image : divide_images(options_, 60).held_out) {
    std::fill_n(images_.pixels.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(image) * values), values, std::uint8_t{200});
  }
  const Trainer after = trained(2);
  EXPECT_EQ(after.losses(), before.losses());
  EXPECT_EQ(tensors_of(saved(after)), tensors_of(saved(before)));
  EXPECT_NE(after.early_stop()->values(), before.early_stop()->values());
}

TEST_F(EarlyStopTrainer, DividesTheImagesByTheSeed) {
  for (std::int64_t count : {10, 60, 1001}) {
    const ImageDivision division = divide_images(options_, count);
    EXPECT_EQ(division.held_out.size(), static_cast<std::size_t>(0.3 * static_cast<double>(count) + 0.5));
    std::vector<std::int64_t> all = division.trained, expected(static_cast<std::size_t>(count));
    all.insert(all.end(), division.held_out.begin(), division.held_out.end());
    std::sort(all.begin(), all.end());
    std::iota(expected.begin(), expected.end(), 0);
    EXPECT_EQ(all, expected);
    EXPECT_EQ(divide_images(options_, count).held_out, division.held_out);
  }
  const std::vector<std::int64_t> held_out = divide_images(options_, 60).held_out;
  options_.seed = 43;
  EXPECT_NE(divide_images(options_, 60).held_out, held_out);
}

class EveryEarlyStop : public EarlyStopTrainer, public ::testing::WithParamInterface<Json> {
 protected:
  EveryEarlyStop() { training_.update(GetParam()); }
};

const Json contrastive = {{"method", "contrastive"}, {"temperature", 0.5}, {"projection_dim", 4},
                          {"augment", {{{"method", "horizontal_flip"}, {"p", 0.5}}, {{"method", "noise"}, {"sd", 0.1}, {"p", 1.0}}}}};

INSTANTIATE_TEST_SUITE_P(, EveryEarlyStop, ::testing::Values(Json::object(), Json{{"denoise", "gaussian"}, {"noise_sd", 0.3}},
                                                             Json{{"method", "vae"}, {"kl_weight", 1.0}, {"kl_warmup", 3}}, contrastive));

TEST_P(EveryEarlyStop, GoingOnFromACheckpointEqualsStraightThrough) {
  for (const char* measure : {"validation_loss", "rank"}) {
    options_.early_stop = measure;
    for (int epochs : {1, 4}) {
      testing::TemporaryFolder folder;
      trained(epochs).save(folder.path());
      Trainer t = trained(2);  // what it was before is forgotten
      t.restore(folder.path());
      for (int i = 0; i < 3; ++i) t.train_epoch(no_progress);
      Trainer straight = trained(epochs + 3);
      EXPECT_EQ(saved(t), saved(straight)) << measure << " " << epochs;
      EXPECT_EQ(t.take_best(), straight.take_best());
      EXPECT_EQ(saved(t), saved(straight)) << measure << " " << epochs;
    }
  }
}

// Views, noise and weights are the same after every epoch: with a rate of 0 and no batch norm so are the values.
TEST_P(EveryEarlyStop, JudgesEveryEpochAlike) {
  Json model = testing::tiny_autoencoder();
  model["encoder"].erase(3);
  model["encoder"].erase(2);
  training_["autoencoder"] = model;
  options_.learning_rate = 0;
  const Trainer t = trained(5);
  EXPECT_EQ(t.early_stop()->values(), std::vector<double>(5, t.early_stop()->best_value()));
  EXPECT_GT(t.early_stop()->best_value(), 0);
}

TEST_F(EarlyStopTrainer, AVaeIsJudgedWithTheWholeDivergence) {
  options_.learning_rate = 0;
  const auto value = [&](double weight, int warmup) {
    training_.update({{"method", "vae"}, {"kl_weight", weight}, {"kl_warmup", warmup}});
    return trained(1).early_stop()->best_value();
  };
  EXPECT_EQ(value(4, 0), value(4, 100));
  EXPECT_NE(value(4, 0), value(0, 0));
}

}  // namespace
}  // namespace latentgrid::nn
