#include "columns/parameters.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

const Json params = Json::parse(R"({
  "train": {"batch_size": 128, "learning_rate": 0.001, "weight_decay": null},
  "reduction": [{"method": "pca", "dim": 16}, {"method": "tsne", "dim": 2, "perplexity": 30.0}],
  "clustering": {"method": "kmeans", "k": 10, "n_init": 4}, "threads": 2})");

std::vector<std::string> texts(const std::vector<JobParameter>& parameters) {
  std::vector<std::string> all;
  for (const JobParameter& one : parameters) all.push_back(one.name + "=" + one.value.dump() + (one.repeats ? " repeats" : ""));
  return all;
}

TEST(JobParameters, AreNamedAsAxesAreInTheOrderOfThePath) {
  EXPECT_EQ(texts(parameters_in(params, "kmeans")),
            (std::vector<std::string>{R"(training="autoencoder")", R"(augment="none")", R"(arithmetic="native")", "batch_size=128", R"(autoencoder.denoise="none")", R"(early_stop="none")", "learning_rate=0.001", "max_minutes=0.0", "warmup_epochs=0", R"(refine="none")", "pca.dim=16", "pca.whiten=false",
                                      "tsne.device=\"cpu\"", "tsne.dim=2 repeats", "tsne.perplexity=30.0", "kmeans.k=10 repeats", "kmeans.n_init=4", "threads=2"}));
  EXPECT_TRUE(parameters_in(Json(), "kmeans").empty());
  EXPECT_TRUE(parameters_in(Json::parse(R"({"train": null, "reduction": []})"), "kmeans").empty()) << "raw pixels";
}

TEST(JobParameters, ASecondStepByOneMethodIsNumbered) {
  const Json twice = {{"reduction", {{{"method", "pca"}, {"dim", 64}}, {{"method", "pca"}, {"dim", 8}, {"whiten", true}}}}};
  EXPECT_EQ(texts(parameters_in(twice, "")), (std::vector<std::string>{"pca.dim=64", "pca.whiten=false", "pca[2].dim=8 repeats", "pca[2].whiten=true"}));
  EXPECT_EQ(parameter_in(twice, "", "pca[2].dim"), 8);
}

TEST(JobParameters, HaveTheDefaultsThatAreNotRecorded) {
  const Json complete = complete_parameters(params, "kmeans");
  EXPECT_EQ(complete["reduction"], Json::parse(R"([{"method": "pca", "dim": 16, "whiten": false},
                                                   {"method": "tsne", "dim": 2, "perplexity": 30.0, "device": "cpu"}])"));
  Json train = params["train"];
  train["arithmetic"] = "native";
  train["denoise"] = "none";
  train["early_stop"] = "none";
  train["max_minutes"] = 0.0;
  train["warmup_epochs"] = 0;
  EXPECT_EQ(complete["train"], train);
  EXPECT_EQ(complete_parameters(complete, "kmeans"), complete);
  const Json another_version = {{"reduction", {{{"method", "umap"}, {"dim", 2}}}}};
  EXPECT_EQ(complete_parameters(another_version, "dbscan"), another_version);
}

TEST(JobParameters, OfTheTrainingAreToldFromThoseBehindIt) {
  for (const char* axis : {"architecture", "epochs", "learning_rate", "seed", "training", "vae.kl_weight", "crop.padding"}) EXPECT_TRUE(is_axis_of_training(axis)) << axis;
  for (const char* axis : {"reduction", "k", "tsne.perplexity", "pca[2].dim", "kmeans.n_init"}) EXPECT_FALSE(is_axis_of_training(axis)) << axis;
}

// As earlier versions recorded it, with what the training says already.
TEST(JobParameters, OfARefinementAreItsOwn) {
  const Json refined = Json::parse(R"({"train": {"batch_size": 128}, "clustering": {},
    "refine": {"method": "dec", "k": 3, "epochs": 4, "device": "cpu", "precision": "float32", "convolution": "winograd", "memory_format": "channels_last"}})");
  std::vector<std::string> own;
  for (const JobParameter& one : parameters_in(refined, "kmeans")) {
    if (one.name == "refine" || one.name.starts_with("dec.")) own.push_back(one.name + "=" + one.value.dump());
  }
  EXPECT_EQ(own, (std::vector<std::string>{R"(refine="dec")", "dec.epochs=4", "dec.k=3"}));
}

TEST(JobParameters, AreFoundByTheirNames) {
  EXPECT_EQ(parameter_in(params, "kmeans", "tsne.perplexity"), 30.0);
  EXPECT_EQ(parameter_in(params, "kmeans", "kmeans.n_init"), 4);
  EXPECT_EQ(parameter_in(params, "kmeans", "threads"), 2);
  for (const char* none : {"tsne.method", "perplexity", "weight_decay", "gmm.n_init", ""}) {
    EXPECT_TRUE(parameter_in(params, "kmeans", none).is_null()) << none;
  }
}

TEST(JobParameters, AReaderForgetsTheJobBefore) {
  ParameterReader reader;
  const std::string text = params.dump();
  EXPECT_EQ(reader.value("kmeans.n_init", text, "kmeans"), 4);
  EXPECT_TRUE(reader.value("kmeans.n_init", text, "gmm").is_null());
  EXPECT_EQ(reader.value("gmm.n_init", text, "gmm"), 4);
  EXPECT_TRUE(reader.value("gmm.n_init", "{}", "gmm").is_null());
}

TEST(JobParameters, ThatAColumnRepeats) {
  EXPECT_EQ(repeated_column("pca.dim"), "reduced_dim");
  EXPECT_EQ(repeated_column("kmeans.k"), "k");
  EXPECT_EQ(repeated_column("pca[2].dim"), "reduced_dim");
  EXPECT_EQ(repeated_column("kmeans.dim"), "") << "no reduction";
  EXPECT_EQ(repeated_column("k"), "");
  EXPECT_EQ(repeated_column("tsne.perplexity"), "");
}

TEST(ReductionSteps, AreThoseThatAJobRecords) {
  const std::vector<NamedStep> steps = reduction_steps(params);
  ASSERT_EQ(steps.size(), 2u);
  EXPECT_EQ(steps[0].method, "pca");
  EXPECT_EQ(steps[0].dim, "16");
  EXPECT_EQ(steps[1].method, "tsne");
  EXPECT_EQ(reduction_steps({{"reduction", {{{"method", "standardize"}}}}}).at(0).dim, "");
  EXPECT_TRUE(reduction_steps({{"reduction", Json::array()}}).empty());
  EXPECT_TRUE(reduction_steps(Json()).empty());
}

}  // namespace
}  // namespace latentgrid
