#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/file_system.hpp"
#include "nn/checkpoint.hpp"
#include "nn/cluster_targets.hpp"
#include "nn/encoder.hpp"
#include "nn/runtime.hpp"
#include "nn/trainer.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

namespace fs = std::filesystem;

const auto no_progress = [](std::int64_t, double) {};

std::map<std::string, std::string> bytes_of(const fs::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
  }
  return files;
}

// 37 images in batches of 16, three an epoch; targets anew every second batch. The trained model has been trained for one epoch.
class Refinement : public ::testing::TestWithParam<Json> {
 protected:
  Refinement() {
    set_threads(1);
    options_.batch_size = 16;
    options_.seed = 42;
    Trainer trained(testing::training_of(testing::tiny_autoencoder()), options_, testing::view(images_));
    trained.train_epoch(no_progress);
    trained.save(trained_.path());
    refinement_.update(GetParam());
    options_.learning_rate = 0.05;
  }

  Trainer refiner() { return Trainer(refinement_, options_, testing::view(images_)); }

  Trainer begun() {
    Trainer t = refiner();
    t.start_from(trained_.path(), centers_);
    return t;
  }

  std::map<std::string, std::string> saved(const Trainer& t) {
    testing::TemporaryFolder folder;
    t.save(folder.path());
    return bytes_of(folder.path());
  }

  std::map<std::string, std::string> straight(int epochs) {
    Trainer t = begun();
    for (int i = 0; i < epochs; ++i) t.train_epoch(no_progress);
    return saved(t);
  }

  ImageSet images_ = testing::tiny_images();
  TrainingOptions options_;
  testing::TemporaryFolder trained_;
  std::vector<float> centers_ = {0.1F, 0, 0, 0, 0, 0, 0, -0.1F, 0.2F, 0, 0, 0};  // 2×6
  Json refinement_ = {{"autoencoder", testing::tiny_autoencoder()}, {"k", 2}, {"tolerance", 0.0}, {"update_interval", 2}};
};

INSTANTIATE_TEST_SUITE_P(, Refinement, ::testing::Values(Json{{"method", "dec"}}, Json{{"method", "idec"}, {"gamma", 0.5}}));

TEST_P(Refinement, APrefixOfALongerRunIsTheShorterRun) {
  Trainer t = begun();
  for (int i = 0; i < 2; ++i) t.train_epoch(no_progress);
  const auto prefix = saved(t);
  t.train_epoch(no_progress);
  EXPECT_EQ(prefix, straight(2));
  EXPECT_EQ(saved(t), straight(3));
}

// Three batches an epoch and an update every second one: it goes on between two updates.
TEST_P(Refinement, GoingOnFromACheckpointEqualsStraightThrough) {
  testing::TemporaryFolder folder;
  {
    Trainer t = begun();
    t.train_epoch(no_progress);
    t.save(folder.path());
  }
  Trainer t = refiner();
  t.restore(folder.path());
  for (int i = 0; i < 2; ++i) t.train_epoch(no_progress);
  EXPECT_EQ(saved(t), straight(3));
}

TEST_P(Refinement, NothingIsLearnedOnceTheClustersStopChanging) {
  refinement_["tolerance"] = 1.0;  // whatever changes: the second update is the last
  Trainer t = begun();
  std::vector<std::int64_t> seen;
  for (int i = 0; i < 2; ++i) t.train_epoch([&](std::int64_t images, double) { seen.push_back(images); });
  EXPECT_EQ(seen, (std::vector<std::int64_t>{16, 32}));  // of the first epoch; before its third batch is the second update
  EXPECT_EQ(t.record(), (Json{{"updates", 2}, {"converged", true}}));
  EXPECT_EQ(t.epochs_done(), 1) << "the second epoch never ran";
  EXPECT_TRUE(t.is_over());
  testing::TemporaryFolder folder;
  t.save(folder.path());
  EXPECT_EQ(checkpoint_epochs(folder.path()), 1);
  Trainer again = refiner();
  again.restore(folder.path());
  EXPECT_TRUE(again.is_over());
}

// The second update is before the first batch of the second epoch: that one is none.
TEST_P(Refinement, AnEpochOfWhichNothingIsLearnedIsNone) {
  refinement_["tolerance"] = 1.0;
  refinement_["update_interval"] = 3;
  Trainer t = begun();
  const double loss = t.train_epoch(no_progress);
  EXPECT_FALSE(t.is_over());
  EXPECT_EQ(t.train_epoch(no_progress), loss);
  EXPECT_TRUE(t.is_over());
  EXPECT_EQ(t.losses(), std::vector<double>{loss});
}

TEST_P(Refinement, AnImagesClusterIsTheNearestCenter) {
  testing::TemporaryFolder folder;
  Trainer t = begun();
  t.train_epoch(no_progress);
  t.save(folder.path());
  const Encoding encoding = encode_images(folder.path(), testing::view(images_), options_.arithmetic, [](std::int64_t) {});
  const at::Tensor centers = load_tensor(folder.path(), "head.0.centers").value();
  const at::Tensor nearest = soft_assignments(at::tensor(encoding.latents).reshape({37, 6}), centers).argmax(1);
  ASSERT_EQ(encoding.head_clusters.size(), 37u);
  for (std::int64_t i = 0; i < 37; ++i) EXPECT_EQ(encoding.head_clusters[i], nearest[i].item<std::int64_t>()) << i;
  EXPECT_FALSE(encoding.head);
  EXPECT_TRUE(encode_images(trained_.path(), testing::view(images_), options_.arithmetic, [](std::int64_t) {}).head_clusters.empty());
}

// What the first batches learn: the loss of each batch by its definition, from the latents of the encoder as `encode` sees it.
TEST_P(Refinement, BeginsWithTheLossOfTheTrainedModelAndTheGivenCenters) {
  double first_loss = 0;
  options_.batch_size = 37;
  Trainer t = begun();
  t.train_epoch([&](std::int64_t, double loss) { first_loss = loss; });
  const Encoding encoding = encode_images(trained_.path(), testing::view(images_), options_.arithmetic, [](std::int64_t) {});
  const at::Tensor latents = at::tensor(encoding.latents).reshape({37, 6});
  const at::Tensor q = soft_assignments(latents, at::tensor(centers_).reshape({2, 6}));
  double expected = cluster_divergence(target_distribution(q), q).item<double>();
  if (GetParam().at("method") == "idec") expected = 0.5 * expected + encoding.recon_mse;
  EXPECT_NEAR(first_loss, expected, 1e-5 * std::max(1.0, expected));
}

TEST_P(Refinement, LeavesTheStatisticsOfBatchNormsAlone) {
  const auto before = bytes_of(trained_.path()), after = straight(2);
  int compared = 0;
  for (const auto& [name, bytes] : before) {
    if (name.find("running_") == std::string::npos) continue;
    EXPECT_EQ(after.at(name), bytes) << name;
    ++compared;
  }
  EXPECT_EQ(compared, 2);
  EXPECT_NE(after.at("000_encoder.0.weight.npy"), before.at("000_encoder.0.weight.npy"));
}

}  // namespace
}  // namespace latentgrid::nn
