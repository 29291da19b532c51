#include "nn/trainer.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <numeric>
#include <string>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "nn/compute.hpp"
#include "nn/image_views.hpp"
#include "nn/runtime.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

namespace fs = std::filesystem;

const auto ignore = [](std::int64_t, double) {};

std::map<std::string, std::string> files_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  }
  return files;
}

class TrainerTest : public ::testing::Test {
 protected:
  TrainerTest() {
    set_threads(1);
    options_.batch_size = 16;  // 37 images: the last batch has 5
    options_.seed = 42;
  }

  Trainer trainer() { return Trainer(training_, options_, testing::view(images_)); }

  // The files of a checkpoint after so many epochs, trained in one go.
  std::map<std::string, std::string> straight(int epochs) {
    Trainer t = trainer();
    for (int i = 0; i < epochs; ++i) t.train_epoch(ignore);
    return saved(t);
  }

  std::map<std::string, std::string> saved(const Trainer& t) {
    testing::TemporaryFolder folder;
    t.save(folder.path());
    return files_of(folder.path());
  }

  ImageSet images_ = testing::tiny_images();
  TrainingOptions options_;
  Json training_ = testing::training_of(testing::tiny_autoencoder());
};

class ResidualTrainerTest : public TrainerTest {
 protected:
  ResidualTrainerTest() { training_ = testing::training_of(testing::tiny_residual_autoencoder()); }
};

TEST_F(TrainerTest, LearnsAndRecordsALossAnEpoch) {
  options_.learning_rate = 0.01;
  Trainer t = trainer();
  for (int i = 0; i < 8; ++i) t.train_epoch(ignore);
  EXPECT_EQ(t.epochs_done(), 8);
  EXPECT_LT(t.losses().back(), 0.8 * t.losses().front());
}

TEST_F(TrainerTest, KeepsTheLastPartialBatch) {
  std::vector<std::int64_t> seen;
  trainer().train_epoch([&](std::int64_t images, double) { seen.push_back(images); });
  EXPECT_EQ(seen, (std::vector<std::int64_t>{16, 32, 37}));
}

// Of maps of 4×4 a batch norm has 16 values a channel then. PyTorch refuses one value alone.
TEST_F(TrainerTest, ALastBatchOfOneImageIsTrained) {
  options_.batch_size = 36;
  std::vector<std::int64_t> seen;
  Trainer t = trainer();
  t.train_epoch([&](std::int64_t images, double) { seen.push_back(images); });
  EXPECT_EQ(seen, (std::vector<std::int64_t>{36, 37}));
  t.check_finite();
}

TEST_F(TrainerTest, TheEpochsLossIsTheMeanOverItsImages) {
  double sum = 0;
  std::int64_t before = 0;
  double loss = trainer().train_epoch([&](std::int64_t seen, double batch_loss) {
    sum += batch_loss * static_cast<double>(seen - before);
    before = seen;
  });
  EXPECT_DOUBLE_EQ(loss, sum / 37);
}

class EveryTraining : public TrainerTest, public ::testing::WithParamInterface<Json> {
 protected:
  EveryTraining() { training_.update(GetParam()); }
};

INSTANTIATE_TEST_SUITE_P(, EveryTraining, ::testing::Values(Json::object(), Json{{"denoise", "gaussian"}, {"noise_sd", 0.3}},
                                                            Json{{"denoise", "mask"}, {"masked", 0.25}},
                                                            Json{{"method", "vae"}, {"kl_weight", 1.0}, {"kl_warmup", 3}},
                                                            Json{{"method", "contrastive"}, {"temperature", 0.5}, {"projection_dim", 4},
                                                                 {"augment", {{{"method", "horizontal_flip"}, {"p", 0.5}}, {{"method", "noise"}, {"sd", 0.1}, {"p", 1.0}}}}},
                                                            Json{{"method", "contrastive"}, {"projection_dim", 4}, {"heads", 3}, {"head_clusters", 2}, {"overclusters", 5},
                                                                 {"augment", {{{"method", "noise"}, {"sd", 0.1}, {"p", 1.0}}}}},
                                                            Json{{"method", "vicreg"}, {"expander_dim", 8}, {"augment", {{{"method", "noise"}, {"sd", 0.1}, {"p", 1.0}}}}}));

// What is augmented ahead when an epoch ends early is of no use any more, and does no harm.
TEST_F(TrainerTest, AnEpochThatEndsEarlyLeavesNothingBehind) {
  training_.update({{"method", "contrastive"}, {"augment", {{{"method", "blur"}, {"sigma_min", 1.0}, {"sigma_max", 2.0}, {"p", 1.0}}}}});
  for (int i = 0; i < 20; ++i) {
    Trainer t = trainer();
    EXPECT_THROW(t.train_epoch([](std::int64_t, double) { throw std::runtime_error("stop"); }), std::runtime_error);
  }
  ImageViews views(testing::view(images_), PixelRange::zero_to_one, Compute(Arithmetic()), training_, 3);
  std::vector<std::int64_t> order(37);
  std::iota(order.begin(), order.end(), 0);
  views.begin_epoch(0, order, 8);
  views.next();
  views.begin_epoch(1, order, 8);
  const std::vector<at::Tensor> again = views.next();
  ImageViews other(testing::view(images_), PixelRange::zero_to_one, Compute(Arithmetic()), training_, 3);
  other.begin_epoch(1, order, 8);
  EXPECT_TRUE(at::equal(again[1], other.next()[1]));
}

// Views are drawn for each image and epoch, not from a generator: how the images are divided into batches changes none.
TEST_F(TrainerTest, AugmentsWhateverTheBatches) {
  const auto views_of = [&](std::int64_t batch_size) {
    const Json training = {{"method", "contrastive"}, {"augment", {{{"method", "horizontal_flip"}, {"p", 0.5}}, {{"method", "noise"}, {"sd", 0.1}, {"p", 1.0}}}}};
    ImageViews views(testing::view(images_), PixelRange::zero_to_one, Compute(Arithmetic()), training, 3);
    std::vector<std::int64_t> order(37);
    std::iota(order.begin(), order.end(), 0);
    std::array<std::vector<at::Tensor>, 2> seen;
    views.begin_epoch(1, order, batch_size);
    for (std::int64_t first = 0; first < 37; first += batch_size) {
      const auto batch = views.next();
      for (std::size_t view = 0; view < 2; ++view) seen[view].push_back(batch.at(view));
    }
    return std::pair(at::cat(seen[0]), at::cat(seen[1]));
  };
  const auto [first, second] = views_of(16);
  const auto [again, second_again] = views_of(5);
  EXPECT_TRUE(at::equal(first, again));
  EXPECT_TRUE(at::equal(second, second_again));
  EXPECT_FALSE(at::equal(first, second));
  EXPECT_EQ(first.sizes(), (at::IntArrayRef{37, 3, 8, 8}));
}

TEST_P(EveryTraining, APrefixOfALongerRunIsTheShorterRun) {
  Trainer t = trainer();
  for (int i = 0; i < 2; ++i) t.train_epoch(ignore);
  auto prefix = saved(t);
  t.train_epoch(ignore);
  EXPECT_EQ(prefix, straight(2));
  EXPECT_EQ(saved(t), straight(3));
}

TEST_P(EveryTraining, GoingOnFromACheckpointEqualsStraightThrough) {
  for (const char* optimizer : {"adam", "sgd"}) {
    options_.optimizer = optimizer;
    options_.momentum = 0.9;
    options_.learning_rate = 0.01;
    testing::TemporaryFolder folder;
    {
      Trainer t = trainer();
      for (int i = 0; i < 2; ++i) t.train_epoch(ignore);
      t.save(folder.path());
    }
    EXPECT_EQ(checkpoint_epochs(folder.path()), 2);
    Trainer t = trainer();
    t.train_epoch(ignore);  // what it was before is forgotten
    t.restore(folder.path());
    EXPECT_EQ(t.epochs_done(), 2);
    for (int i = 0; i < 2; ++i) t.train_epoch(ignore);
    EXPECT_EQ(saved(t), straight(4)) << optimizer;
  }
}

TEST_P(EveryTraining, ItIsTheSameTwiceForAnyThreads) {
  for (int threads : {1, 2}) {
    set_threads(threads);
    EXPECT_EQ(straight(2), straight(2)) << threads;
  }
  set_threads(1);
}

// What a checkpoint notes of an epoch is of that epoch alone, also where the trainer had been further.
TEST_P(EveryTraining, GoingBackToACheckpointForgetsWhatCameBehindIt) {
  testing::TemporaryFolder folder;
  Trainer t = trainer();
  t.train_epoch(ignore);
  t.save(folder.path());
  t.train_epoch(ignore);
  t.restore(folder.path());
  t.train_epoch(ignore);
  EXPECT_EQ(saved(t), straight(2));
}

TEST_F(ResidualTrainerTest, APrefixOfALongerRunIsTheShorterRun) {
  Trainer t = trainer();
  for (int i = 0; i < 2; ++i) t.train_epoch(ignore);
  auto prefix = saved(t);
  t.train_epoch(ignore);
  EXPECT_EQ(prefix, straight(2));
  EXPECT_EQ(saved(t), straight(3));
  EXPECT_LT(t.losses().back(), t.losses().front());
}

TEST_F(ResidualTrainerTest, GoingOnFromACheckpointEqualsStraightThrough) {
  testing::TemporaryFolder folder;
  {
    Trainer t = trainer();
    for (int i = 0; i < 2; ++i) t.train_epoch(ignore);
    t.save(folder.path());
  }
  Trainer t = trainer();
  t.restore(folder.path());
  for (int i = 0; i < 2; ++i) t.train_epoch(ignore);
  EXPECT_EQ(saved(t), straight(4));
}

TEST_F(ResidualTrainerTest, ItIsTheSameTwiceForAnyThreads) {
  for (int threads : {1, 2}) {
    set_threads(threads);
    EXPECT_EQ(straight(2), straight(2)) << threads;
  }
  set_threads(1);
}

TEST_F(TrainerTest, SavingDoesNotDisturbTheRun) {
  Trainer t = trainer();
  for (int i = 0; i < 3; ++i) {
    t.train_epoch(ignore);
    saved(t);
  }
  EXPECT_EQ(saved(t), straight(3));
}

TEST_F(TrainerTest, AnotherSeedGivesAnotherRun) {
  auto one = straight(1);
  options_.seed = 43;
  EXPECT_NE(straight(1), one);
}

TEST_F(TrainerTest, TheCheckpointHoldsParametersBuffersAndOptimizer) {
  std::vector<std::string> names;
  for (const auto& [name, bytes] : straight(1)) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{
                       "000_encoder.0.weight.npy", "001_encoder.0.bias.npy", "002_encoder.2.weight.npy",
                       "003_encoder.2.bias.npy", "004_encoder.5.weight.npy", "005_encoder.5.bias.npy",
                       "006_decoder.0.weight.npy", "007_decoder.0.bias.npy", "008_decoder.2.weight.npy",
                       "009_decoder.2.bias.npy", "010_encoder.2.running_mean.npy", "011_encoder.2.running_var.npy",
                       "012_encoder.2.num_batches_tracked.npy", "losses.npy", "model.json",
                       "optimizer/000_encoder.0.weight.exp_avg.npy", "optimizer/000_encoder.0.weight.exp_avg_sq.npy",
                       "optimizer/001_encoder.0.bias.exp_avg.npy", "optimizer/001_encoder.0.bias.exp_avg_sq.npy",
                       "optimizer/002_encoder.2.weight.exp_avg.npy", "optimizer/002_encoder.2.weight.exp_avg_sq.npy",
                       "optimizer/003_encoder.2.bias.exp_avg.npy", "optimizer/003_encoder.2.bias.exp_avg_sq.npy",
                       "optimizer/004_encoder.5.weight.exp_avg.npy", "optimizer/004_encoder.5.weight.exp_avg_sq.npy",
                       "optimizer/005_encoder.5.bias.exp_avg.npy", "optimizer/005_encoder.5.bias.exp_avg_sq.npy",
                       "optimizer/006_decoder.0.weight.exp_avg.npy", "optimizer/006_decoder.0.weight.exp_avg_sq.npy",
                       "optimizer/007_decoder.0.bias.exp_avg.npy", "optimizer/007_decoder.0.bias.exp_avg_sq.npy",
                       "optimizer/008_decoder.2.weight.exp_avg.npy", "optimizer/008_decoder.2.weight.exp_avg_sq.npy",
                       "optimizer/009_decoder.2.bias.exp_avg.npy", "optimizer/009_decoder.2.bias.exp_avg_sq.npy",
                       "optimizer/steps.npy"}));
}

std::string divergence(Trainer trainer) {
  try {
    for (int i = 0; i < 5; ++i) trainer.train_epoch(ignore);
  } catch (const Diverged& error) {
    return error.what();
  }
  return "it converged";
}

TEST_F(TrainerTest, ADivergedRunSaysWhere) {
  Json model = testing::tiny_native_autoencoder();
  model["decoder"].erase(1);  // tanh would hide it
  options_.optimizer = "sgd";
  options_.learning_rate = 1e30;
  EXPECT_EQ(divergence(Trainer(testing::training_of(model), options_, testing::view(images_))), "loss is infinite at epoch 1");
  // Images of one color have no variance: 0/0.
  std::fill(images_.pixels.begin(), images_.pixels.end(), 7);
  model["encoder"].insert(model["encoder"].begin(), Json{{"type", "batch_norm2d"}, {"num_features", 3}, {"eps", 0.0}});
  EXPECT_EQ(divergence(Trainer(testing::training_of(model), options_, testing::view(images_))), "loss is NaN at epoch 1");
}

// The loss is that of the parameters before the last step.
TEST_F(TrainerTest, WhatTheLastStepMadeInfiniteIsNamed) {
  options_.batch_size = 64;
  auto message = [&](int epochs) -> std::string {
    Trainer t = trainer();
    for (int i = 0; i < epochs; ++i) t.train_epoch(ignore);
    try {
      t.check_finite();
    } catch (const Diverged& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_EQ(message(2), "");
  options_.optimizer = "sgd";
  options_.weight_decay = 1e38;
  options_.learning_rate = 1e4;
  EXPECT_EQ(message(1), "216 of 216 values of encoder.0.weight are not finite after epoch 1; lower learning_rate");
  options_.optimizer = "adam";
  options_.learning_rate = 0;
  EXPECT_EQ(message(1), "216 of 216 values of exp_avg_sq of encoder.0.weight are not finite after epoch 1; lower learning_rate");
}

TEST_F(TrainerTest, ACheckpointThatDoesNotFitIsAnError) {
  testing::TemporaryFolder folder;
  Trainer native(testing::training_of(testing::tiny_native_autoencoder()), options_, testing::view(images_));
  native.train_epoch(ignore);
  native.save(folder.path());
  EXPECT_THROW(trainer().restore(folder.path()), Error);
  fs::remove(folder / "losses.npy");
  EXPECT_THROW(checkpoint_epochs(folder.path()), Error);
}

}  // namespace
}  // namespace latentgrid::nn
