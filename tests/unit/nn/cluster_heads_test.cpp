#include "nn/cluster_heads.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include "nn/checkpoint.hpp"
#include "nn/encoder.hpp"
#include "nn/mutual_information.hpp"
#include "nn/runtime.hpp"
#include "nn/trainer.hpp"
#include "support/temporary_folder.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

at::Tensor features(std::uint64_t seed, std::int64_t images) {
  torch::manual_seed(seed);
  return torch::randn({2 * images, 5});
}

ClusterHeads heads(std::int64_t overclusters) {
  torch::manual_seed(4);
  return ClusterHeads(5, 3, 2, overclusters);
}

// One head of a linear map that holds several side by side.
double loss_of(const ClusterHeads& heads, const std::string& which, std::int64_t head, std::int64_t k, const at::Tensor& features) {
  const auto named = heads->named_parameters();
  const at::Tensor weight = named[which + ".weight"].slice(0, head * k, (head + 1) * k), bias = named[which + ".bias"].slice(0, head * k, (head + 1) * k);
  const at::Tensor probabilities = at::softmax(at::matmul(features, weight.t()) + bias, 1).unsqueeze(1);
  return mutual_information_loss(probabilities.slice(0, 0, features.size(0) / 2), probabilities.slice(0, features.size(0) / 2)).item<double>();
}

double mean_loss(const ClusterHeads& heads, const std::string& which, std::int64_t k, const at::Tensor& features) {
  double sum = 0;
  for (std::int64_t head = 0; head < 3; ++head) sum += loss_of(heads, which, head, k, features);
  return sum / 3;
}

TEST(ClusterHeads, LoseTheMeanOfEachKindOfHead) {
  const at::Tensor x = features(1, 6);
  ClusterHeads plain = heads(0), both = heads(7);
  EXPECT_NEAR(plain->loss(x).item<double>(), mean_loss(plain, "main", 2, x), 1e-6);
  EXPECT_NEAR(both->loss(x).item<double>(), mean_loss(both, "main", 2, x) + mean_loss(both, "over", 7, x), 1e-6);
}

TEST(ClusterHeads, NoteWhatEachMainHeadLosesInAnEpoch) {
  ClusterHeads three = heads(7);
  const at::Tensor large = features(1, 6), small = features(2, 2);
  three->loss(small);  // of an epoch before
  three->begin_epoch();
  three->loss(large);
  three->loss(small);
  const at::Tensor noted = three->named_buffers()["losses"];
  ASSERT_EQ(noted.sizes(), (at::IntArrayRef{3}));
  for (std::int64_t head = 0; head < 3; ++head) {
    EXPECT_NEAR(noted[head].item<double>(), (6 * loss_of(three, "main", head, 2, large) + 2 * loss_of(three, "main", head, 2, small)) / 8, 1e-6) << head;
  }
}

TEST(ClusterHeads, TheFirstOfLeastLossIsTheBest) {
  const testing::TemporaryFolder folder;
  const at::Tensor weight = torch::randn({6, 5}), bias = torch::randn({6});
  save_model(folder.path(), {{"encoder.0.weight", torch::randn({3})}, {"head.clusters.main.weight", weight}, {"head.clusters.main.bias", bias},
                             {"head.clusters.losses", torch::tensor({-0.2F, -0.5F, -0.5F})}});
  const auto best = read_best_head(folder.path(), Compute(Arithmetic()));
  ASSERT_TRUE(best);
  EXPECT_EQ(best->number, 1);
  EXPECT_TRUE(at::equal(best->weight, weight.slice(0, 2, 4)));
  EXPECT_TRUE(at::equal(best->bias, bias.slice(0, 2, 4)));
}

TEST(ClusterHeads, AreNotInACheckpointWithoutThem) {
  const testing::TemporaryFolder folder;
  save_model(folder.path(), {{"losses", torch::zeros({2})}, {"head.losses", torch::zeros({2})}});
  EXPECT_FALSE(read_best_head(folder.path(), Compute(Arithmetic())));
}

// Of all images at once, straight from the files.
TEST(ClusterHeads, LabelTheImagesThatAreEncoded) {
  set_threads(1);
  const ImageSet images = testing::tiny_images(150);
  const testing::TemporaryFolder folder;
  Trainer trainer(testing::training_of(testing::tiny_autoencoder(), {{"method", "contrastive"}, {"heads", 4}, {"head_clusters", 3}}), {}, testing::view(images));
  for (int i = 0; i < 2; ++i) trainer.train_epoch([](std::int64_t, double) {});
  trainer.save(folder.path());
  const Encoding encoding = encode_images(folder.path(), testing::view(images), {}, [](std::int64_t) {});

  const at::Tensor latents = torch::from_blob(const_cast<float*>(encoding.latents.data()), {150, 6}, at::kFloat);
  const at::Tensor weight = load_tensor(folder.path(), "head.clusters.main.weight").value(), bias = load_tensor(folder.path(), "head.clusters.main.bias").value();
  ASSERT_EQ(weight.sizes(), (at::IntArrayRef{12, 6}));
  const std::int64_t best = load_tensor(folder.path(), "head.clusters.losses").value().argmin().item<std::int64_t>();
  EXPECT_EQ(encoding.head, best);
  const at::Tensor expected = (at::matmul(latents, weight.slice(0, 3 * best, 3 * best + 3).t()) + bias.slice(0, 3 * best, 3 * best + 3)).argmax(1);
  ASSERT_EQ(encoding.head_clusters.size(), 150u);
  for (std::int64_t i = 0; i < 150; ++i) EXPECT_EQ(encoding.head_clusters[i], expected[i].item<std::int64_t>()) << i;
}

TEST(ClusterHeads, OfATrainingWithoutThemLabelNothing) {
  set_threads(1);
  const ImageSet images = testing::tiny_images(20);
  const testing::TemporaryFolder folder;
  Trainer trainer(testing::training_of(testing::tiny_autoencoder(), {{"method", "contrastive"}}), {}, testing::view(images));
  trainer.train_epoch([](std::int64_t, double) {});
  trainer.save(folder.path());
  EXPECT_TRUE(encode_images(folder.path(), testing::view(images), {}, [](std::int64_t) {}).head_clusters.empty());
}

}  // namespace
}  // namespace latentgrid::nn
