#include "report/parameters.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

ResultRow chain() {
  ResultRow row;
  row.dataset = "scenes";
  row.architecture = "AE1";
  row.latent = "64";
  row.latent_dim = 64;
  row.epochs = 20;
  row.reduction = "pca16+tsne";
  row.reduced_dim = 2;
  row.clustering = "kmeans";
  row.k = 10;
  row.seed = 3;
  row.params = R"({"train": {"batch_size": 128, "learning_rate": 0.001},
    "reduction": [{"method": "pca", "dim": 16}, {"method": "tsne", "dim": 2, "iterations": 500, "perplexity": 30.0}],
    "clustering": {"k": 10, "n_init": 4}, "threads": 2})";
  return row;
}

std::vector<std::string> texts(const Parameters& parameters) {
  std::vector<std::string> all;
  for (const auto& [name, value] : parameters) all.push_back(name + "=" + parameter_text(value));
  return all;
}

TEST(Parameters, HaveTheNamesOfAxesInTheOrderOfThePath) {
  EXPECT_EQ(texts(all_parameters(chain())),
            (std::vector<std::string>{"dataset=scenes", "architecture=AE1", "latent_dim=64", "epochs=20", "training=autoencoder", "augment=none", "arithmetic=native",
                                      "batch_size=128", "autoencoder.denoise=none", "early_stop=none", "learning_rate=0.001", "max_minutes=0.0", "warmup_epochs=0", "refine=none", "reduction=pca16+tsne", "reduced_dim=2",
                                      "pca.dim=16", "pca.whiten=false", "tsne.device=cpu", "tsne.iterations=500", "tsne.perplexity=30.0", "clustering=kmeans",
                                      "k=10", "kmeans.n_init=4", "seed=3", "threads=2"}));
}

TEST(Parameters, OfRawPixelsHaveNeitherLatentNorTraining) {
  ResultRow row = chain();
  row.architecture = "raw";
  row.latent = "";
  row.epochs = 0;
  row.reduction = "none";
  row.params = R"({"train": null, "reduction": [], "clustering": {"k": 10}, "threads": 1})";
  EXPECT_EQ(texts(all_parameters(row)),
            (std::vector<std::string>{"dataset=scenes", "architecture=raw", "reduction=none", "reduced_dim=2",
                                      "clustering=kmeans", "k=10", "seed=3", "threads=1"}));
}

TEST(Parameters, DifferWhereValuesDoAndWhereOneHasNone) {
  ResultRow other = chain();
  other.seed = 4;
  other.params = R"({"train": {"batch_size": 128, "learning_rate": 0.01, "weight_decay": 0.1},
    "reduction": [{"method": "pca", "dim": 16}, {"method": "tsne", "dim": 2, "iterations": 500, "perplexity": 30.0}],
    "clustering": {"k": 10}, "threads": 2})";
  std::vector<std::string> found;
  for (const ParameterDifference& d : differing_parameters(all_parameters(chain()), all_parameters(other))) {
    found.push_back(d.name + ": " + parameter_text(d.first) + " | " + parameter_text(d.second));
  }
  EXPECT_EQ(found, (std::vector<std::string>{"learning_rate: 0.001 | 0.01", "kmeans.n_init: 4 | -", "seed: 3 | 4",
                                             "weight_decay: - | 0.1"}));
}

TEST(Parameters, AMethodThatAChainHoldsTwiceIsNumbered) {
  ResultRow row = chain();
  row.params = R"({"reduction": [{"method": "pca", "dim": 64}, {"method": "pca", "dim": 8, "whiten": true}]})";
  const Parameters parameters = all_parameters(row);
  EXPECT_EQ(find_parameter(parameters, "pca.dim"), 64);
  EXPECT_EQ(find_parameter(parameters, "pca[2].whiten"), true);
  EXPECT_TRUE(find_parameter(parameters, "pca[2].dim").is_null());
}

TEST(Parameters, WhatTheMethodChoosesIsCalledAuto) {
  EXPECT_EQ(parameter_text("tsne.learning_rate", 0.0), "auto");
  EXPECT_EQ(parameter_text("tsne[2].learning_rate", 0), "auto");
  EXPECT_EQ(parameter_text("tsne.learning_rate", 200.0), "200");
  EXPECT_EQ(parameter_text("learning_rate", 0.0), "0") << "an optimizer chooses nothing";
  EXPECT_EQ(parameter_text("tsne.init", "pca"), "pca");
  EXPECT_EQ(value_text("tsne.learning_rate", 0.0), "auto");
  EXPECT_EQ(value_text("pca.whiten", std::int64_t{1}), "true");
  EXPECT_EQ(value_text("reduced_dim", std::int64_t{1}), "1");
  EXPECT_EQ(value_text("tsne.perplexity", 30.0), "30");
  EXPECT_EQ(value_text("epochs", std::int64_t{4}), "4");
  EXPECT_EQ(value_text("reduction", "PCA 50 + t-SNE"), "PCA 50 + t-SNE");
}

TEST(Parameters, AreFlattened) {
  EXPECT_EQ(
      texts(flattened({{"source", {{"images", {"a.npy", "b.npy"}}, {"limit", nullptr}, {"classes", Json::array()}}}})),
      (std::vector<std::string>{"source.classes=[]", "source.images[0]=a.npy", "source.images[1]=b.npy"}));
  EXPECT_TRUE(flattened(nullptr).empty());
}

}  // namespace
}  // namespace latentgrid
