#include "nn/objective.hpp"

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <map>
#include <string>

#include "base/error.hpp"
#include "nn/compute.hpp"
#include "nn/vicreg.hpp"
#include "unit/nn/models.hpp"

namespace latentgrid::nn {
namespace {

// One linear layer each way, so that losses can be written down from its parameters.
Json linear_model() {
  return Json::parse(R"({
    "encoder": [{"type": "flatten"}, {"type": "linear", "in_features": 12, "out_features": 3}],
    "decoder": [{"type": "linear", "in_features": 3, "out_features": 12}, {"type": "unflatten", "unflattened_size": [3, 2, 2]}],
    "input": [3, 2, 2]})");
}

std::unique_ptr<Objective> objective(const Json& own) {
  torch::manual_seed(7);
  return make_objective(testing::training_of(linear_model(), own), Compute(Arithmetic{}), ImageView{});
}

std::map<std::string, at::Tensor> by_name(const Objective& objective) {
  std::map<std::string, at::Tensor> named;
  for (const auto& [name, tensor] : objective.parameters()) named.emplace(name, tensor.detach());
  return named;
}

at::Tensor linear(const std::map<std::string, at::Tensor>& named, const std::string& layer, const at::Tensor& x) {
  return at::matmul(x, named.at(layer + ".weight").t()) + named.at(layer + ".bias");
}

at::Tensor images() {
  torch::manual_seed(3);
  return torch::rand({5, 3, 2, 2}) * 2 - 1;
}

double loss_of(Objective& objective, const TrainingBatch& batch) {
  torch::manual_seed(11);
  return objective.loss(batch).item<double>();
}

TEST(VaeObjective, IsTheLowerBoundOverTheValuesOfAnImage) {
  for (double weight : {0.0, 1.0, 4.0}) {
    const auto vae = objective({{"method", "vae"}, {"kl_weight", weight}, {"kl_warmup", 0}});
    const auto named = by_name(*vae);
    const at::Tensor x = images().flatten(1), mean = linear(named, "encoder.1", x), log_variance = linear(named, "head.0", x);
    torch::manual_seed(11);
    const at::Tensor drawn = mean + at::randn_like(mean) * (log_variance / 2).exp();
    const double error = (linear(named, "decoder.0", drawn) - x).square().mean().item<double>();
    const double divergence = -0.5 * (1 + log_variance - mean * mean - log_variance.exp()).sum().item<double>() / 5;
    EXPECT_NEAR(loss_of(*vae, {{images()}, 0}), error + weight * divergence / 12, 1e-6) << weight;
  }
}

TEST(VaeObjective, WarmsUpTheWeightOverItsEpochs) {
  const auto at_weight = [](double weight, std::int64_t warmup, std::int64_t epoch) {
    return loss_of(*objective({{"method", "vae"}, {"kl_weight", weight}, {"kl_warmup", warmup}}), {{images()}, epoch});
  };
  EXPECT_EQ(at_weight(2, 4, 0), at_weight(0, 0, 0));
  EXPECT_EQ(at_weight(2, 4, 1), at_weight(0.5, 0, 0));
  EXPECT_EQ(at_weight(2, 4, 4), at_weight(2, 0, 0));
  EXPECT_EQ(at_weight(2, 4, 9), at_weight(2, 0, 0));
}

TEST(AutoencoderObjective, DenoisingReconstructsTheCleanImages) {
  for (const Json& own : {Json{{"denoise", "gaussian"}, {"noise_sd", 0.5}}, Json{{"denoise", "mask"}, {"masked", 0.5}}}) {
    const auto clean = objective(Json::object()), noisy = objective(own);
    EXPECT_NE(loss_of(*clean, {{images()}, 0}), loss_of(*noisy, {{images()}, 0}));
    // Where the encoder sees nothing, noise changes nothing: the target has none.
    const at::NoGradGuard no_grad;
    for (Objective* one : {clean.get(), noisy.get()}) one->parameters().front().second.zero_();
    EXPECT_EQ(loss_of(*clean, {{images()}, 0}), loss_of(*noisy, {{images()}, 0}));
  }
}

TEST(ContrastiveObjective, NeedsNoDecoderAndGoesThroughAHeadOfTwoLayers) {
  Json model = linear_model();
  model.erase("decoder");
  torch::manual_seed(7);
  const auto contrastive = make_objective(
      {{"autoencoder", model}, {"method", "contrastive"}, {"temperature", 0.5}, {"projection_dim", 4}}, Compute(Arithmetic{}), ImageView{});
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const auto& [name, tensor] : contrastive->tensors()) shapes[name] = tensor.sizes().vec();
  EXPECT_EQ(shapes, (std::map<std::string, std::vector<std::int64_t>>{{"encoder.1.weight", {3, 12}},
                                                                      {"encoder.1.bias", {3}},
                                                                      {"head.0.weight", {3, 3}},
                                                                      {"head.0.bias", {3}},
                                                                      {"head.2.weight", {4, 3}},
                                                                      {"head.2.bias", {4}}}));
  // Views that are the same are each other's nearest: the loss is less than chance, log(2b - 1).
  EXPECT_LT(loss_of(*contrastive, {{images(), images()}, 0}), std::log(9.0));
}

TEST(ContrastiveObjective, ClusterHeadsAddTheirWeightedLoss) {
  const auto of_weight = [](double weight) {
    return objective({{"method", "contrastive"}, {"projection_dim", 4}, {"heads", 2}, {"head_clusters", 3}, {"overclusters", 6}, {"heads_weight", weight}});
  };
  std::map<std::string, std::vector<std::int64_t>> shapes;
  for (const auto& [name, tensor] : of_weight(1)->tensors()) {
    if (name.starts_with("head.clusters.")) shapes[name] = tensor.sizes().vec();
  }
  EXPECT_EQ(shapes, (std::map<std::string, std::vector<std::int64_t>>{{"head.clusters.main.weight", {6, 3}},
                                                                      {"head.clusters.main.bias", {6}},
                                                                      {"head.clusters.over.weight", {12, 3}},
                                                                      {"head.clusters.over.bias", {12}},
                                                                      {"head.clusters.losses", {2}}}));
  const TrainingBatch batch = {{images(), images() * 0.9}, 0};
  const double without = loss_of(*objective({{"method", "contrastive"}, {"projection_dim", 4}}), batch), one = loss_of(*of_weight(1), batch) - without;
  EXPECT_LT(one, 0);
  EXPECT_NEAR(loss_of(*of_weight(2.5), batch) - without, 2.5 * one, 1e-5);
  // The heads' own parameters learn, and the encoder learns from them.
  const auto heads = of_weight(1);
  heads->loss(batch).backward();
  for (const auto& [name, tensor] : heads->parameters()) {
    if (name.starts_with("decoder")) continue;
    EXPECT_GT(tensor.grad().abs().sum().item<double>(), 0) << name;
  }
}

TEST(VicregObjective, ComparesTheViewsBehindAnExpanderOfThreeLayers) {
  const auto vicreg = objective({{"method", "vicreg"}, {"expander_dim", 6}, {"invariance_weight", 2}, {"variance_weight", 3}, {"covariance_weight", 4}});
  const auto named = by_name(*vicreg);
  const std::vector<at::Tensor> views = {images(), images().flip({0})};
  at::Tensor x = linear(named, "encoder.1", at::cat(views).flatten(1));
  for (const char* layer : {"head.0", "head.3"}) {  // a batch norm that has learned nothing, and ReLU
    x = linear(named, layer, x);
    x = ((x - x.mean(0)) / (x.var(0, /*unbiased=*/false) + 1e-5).sqrt()).relu();
  }
  x = at::matmul(x, named.at("head.6.weight").t());
  vicreg->begin_epoch();
  const double expected = vicreg_loss(x.slice(0, 0, 5), x.slice(0, 5), {.invariance = 2, .variance = 3, .covariance = 4}).item<double>();
  EXPECT_NEAR(loss_of(*vicreg, {views, 0}), expected, 1e-4 * expected);
}

TEST(Objective, OfAnUnknownTrainingIsAnError) { EXPECT_THROW(objective({{"method", "gan"}}), Error); }

}  // namespace
}  // namespace latentgrid::nn
