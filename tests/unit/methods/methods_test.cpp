#include "methods/stages.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "base/synonyms.hpp"

namespace latentgrid {
namespace {

const MethodSpec& training() {
  return *find_method(MethodKind::training, "autoencoder");
}

TEST(Methods, AreFoundByKindAndName) {
  const std::vector<std::string> reductions = method_names(MethodKind::reduction);
  EXPECT_EQ(std::count(reductions.begin(), reductions.end(), "pca"), 1);
  EXPECT_EQ(find_method(MethodKind::reduction, "kmeans"), nullptr);
}

TEST(Methods, ExtentsAreParameters) {
  for (const MethodSpec& method : all_methods()) {
    EXPECT_TRUE(!method.extent || method.find(method.extent->parameter)) << method.name;
  }
}

TEST(Methods, DefaultsPassTheirOwnChecks) {
  for (const MethodSpec& method : all_methods()) {
    for (const ParamSpec& param : method.params) {
      if (!param.default_value.is_null()) {
        EXPECT_EQ(check_value(param, param.default_value), "") << method.name << "." << param.name;
      }
      EXPECT_FALSE(param.doc.empty()) << method.name << "." << param.name;
    }
  }
}

TEST(Methods, ConditionsNameANumberOrAnotherParameterAndOneOfItsChoices) {
  for (const MethodSpec& method : all_methods()) {
    for (const ParamSpec& param : method.params) {
      if (param.used_if.empty()) continue;
      const ParamSpec* condition = method.find(param.used_if);
      ASSERT_NE(condition, nullptr) << param.name;
      if (param.used_if_values.empty()) {
        EXPECT_TRUE(condition->type == ParamType::integer || condition->type == ParamType::real) << param.name;
        continue;
      }
      for (const std::string& value : param.used_if_values) {
        EXPECT_EQ(std::count(condition->choices.begin(), condition->choices.end(), value), 1) << param.name;
      }
    }
  }
}

TEST(Complete, FillsInDefaultsAndDropsWhatIsIgnored) {
  Json adam = training().complete({{"epochs", 5}, {"momentum", 0.9}, {"step_size", 3}});
  EXPECT_EQ(adam, Json::parse(R"({"epochs": 5, "optimizer": "adam", "learning_rate": 0.001, "batch_size": 128,
      "weight_decay": 0.0, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "loss": "mse", "lr_schedule": "constant",
      "device": "cpu", "precision": "float32", "convolution": "winograd", "threads": 1})"));
  Json sgd = training().complete({{"optimizer", "sgd"}, {"lr_schedule", "step"}});
  EXPECT_TRUE(sgd.contains("momentum"));
  EXPECT_TRUE(sgd.contains("gamma"));
  EXPECT_FALSE(sgd.contains("beta1"));
}

TEST(Complete, KeepsWhatAnyOfSeveralValuesUses) {
  const Json plain = training().complete({{"epochs", 5}});
  EXPECT_EQ(training().complete({{"epochs", 5}, {"early_stop", "none"}, {"patience", 3}, {"validation", 0.2}, {"max_minutes", 0.0}}), plain);
  const Json by_loss = training().complete({{"epochs", 5}, {"early_stop", "validation_loss"}}), by_rank = training().complete({{"epochs", 5}, {"early_stop", "rank"}, {"validation", 0.2}});
  EXPECT_EQ(by_loss["patience"], 10);
  EXPECT_EQ(by_loss["validation"], 0.1);
  EXPECT_EQ(by_rank["patience"], 10);
  EXPECT_FALSE(by_rank.contains("validation"));
}

TEST(Training, DependsOnItsLengthWhereSomethingEndsItEarly) {
  auto because = [](const Json& params) { return std::string(training().depends_on_length(params)); };
  EXPECT_EQ(because({{"epochs", 5}}), "");
  EXPECT_EQ(because({{"early_stop", "none"}, {"max_minutes", 0.0}}), "");
  EXPECT_EQ(because({{"early_stop", "rank"}}), "the best epoch of early_stop");
  EXPECT_EQ(because({{"max_minutes", 0.5}}), "what max_minutes leaves of a training");
  EXPECT_EQ(because({{"early_stop", "rank"}, {"lr_schedule", "cosine"}}), "lr_schedule cosine");
}

// Artifacts older than the parameter keep their keys.
TEST(Complete, LeavesOutADefaultThatWasAddedLater) {
  const MethodSpec& tsne = *find_method(MethodKind::reduction, "tsne");
  EXPECT_FALSE(tsne.complete({{"dim", 2}}).contains("device"));
  EXPECT_EQ(tsne.complete({{"dim", 2}, {"device", "cpu"}}), tsne.complete({{"dim", 2}}));
  EXPECT_EQ(tsne.complete({{"dim", 2}, {"device", "cuda"}})["device"], "cuda");
}

// Of jobs without heads what is said of heads is no part.
TEST(Complete, DropsWhatBelongsToANumberThatIs0) {
  const MethodSpec& contrastive = *find_method(MethodKind::training, "contrastive");
  const Json none = contrastive.complete({{"epochs", 5}, {"heads", 0}, {"head_clusters", 3}});
  EXPECT_EQ(none, contrastive.complete({{"epochs", 5}}));
  EXPECT_FALSE(none.contains("heads"));
  EXPECT_FALSE(contrastive.with_dropped_defaults(none).contains("overclusters"));
  EXPECT_EQ(contrastive.with_dropped_defaults(none)["heads"], 0);
  const Json five = contrastive.complete({{"epochs", 5}, {"heads", 5}, {"head_clusters", 3}});
  EXPECT_EQ(five["overclusters"], 0);
  EXPECT_EQ(five["heads_weight"], 1.0);
}

TEST(CheckValue, ADeviceMayHaveANumber) {
  auto said = [](const char* device) { return check_value(*training().find("device"), device); };
  for (const char* device : {"cpu", "cuda", "auto", "cuda:0", "cuda:12"}) EXPECT_EQ(said(device), "") << device;
  for (const char* device : {"gpu", "cpu:0", "auto:1", "cuda:", "cuda:x", "cuda:01", "cuda:-1", "cuda:1234", ""}) {
    EXPECT_EQ(said(device), "expects cpu or cuda or auto or cuda:0") << device;
  }
}

// A choice that the method makes may be written as a number that nobody could mean.
TEST(Parameters, ANumberThatStandsForAutoMayBeOutOfBounds) {
  const ParamSpec k = param::automatic_at(0, param::integer("k", nullptr, 1, "clusters"));
  EXPECT_EQ(k.automatic_value(), Json(0));
  EXPECT_TRUE(k.automatic_value().is_number_integer());
  EXPECT_EQ(check_value(k, 0), "");
  EXPECT_EQ(check_value(k, 3), "");
  EXPECT_EQ(check_value(k, -1), "expects auto or an integer of at least 1");
}

TEST(CheckValue, NamesTypeAndBounds) {
  auto said = [](const char* parameter, const Json& value) { return check_value(*training().find(parameter), value); };
  EXPECT_EQ(said("batch_size", 32), "");
  EXPECT_EQ(said("batch_size", 0), "expects an integer of at least 1");
  EXPECT_EQ(said("batch_size", 1.5), "expects an integer of at least 1");
  EXPECT_EQ(said("learning_rate", 0), "expects a number above 0");
  EXPECT_EQ(said("beta1", 1), "expects a number of at least 0 and below 1");
  EXPECT_EQ(said("optimizer", "rmsprop"), "expects adam or sgd");
  EXPECT_EQ(said("early_stop", "accuracy"), "expects none or validation_loss or rank");
  EXPECT_EQ(said("patience", 0), "expects an integer of at least 1");
  EXPECT_EQ(said("validation", 0), "expects a number above 0 and at most 0.5");
  EXPECT_EQ(said("validation", 0.6), "expects a number above 0 and at most 0.5");
  EXPECT_EQ(said("max_minutes", -1), "expects a number of at least 0");
  EXPECT_EQ(said("lr_schedule", 3), "expects constant or step or cosine or one_cycle");
}

TEST(Methods, SayWhatAReaderNeeds) {
  for (const MethodSpec& method : all_methods()) {
    EXPECT_FALSE(method.display_name.empty()) << method.name;
    EXPECT_FALSE(method.doc.empty()) << method.name;
    EXPECT_GE(method.version, 1) << method.name;
    EXPECT_TRUE(method.main_parameter.empty() || method.find(method.main_parameter)) << method.name;
    const bool written = method.kind != MethodKind::training && method.kind != MethodKind::encoder;
    EXPECT_TRUE(!written || method.example.starts_with(method.name)) << method.name;
  }
  EXPECT_EQ(display_name_of("tsne"), "t-SNE");
  EXPECT_EQ(display_name_of("none"), "none");
  EXPECT_EQ(example_chain(), "[{pca: {dim: 8}}, {tsne: {dim: 2, perplexity: 30}}]");
}

// "there is no UMAP" would be wrong then.
TEST(Methods, AreNotAmongWhatPeopleKnowFromElsewhere) {
  for (const MethodSpec& method : all_methods()) {
    std::vector<std::string> words = method.other_names;
    words.push_back(method.name);
    for (const ParamSpec& param : method.params) words.insert(words.end(), param.choices.begin(), param.choices.end());
    for (const std::string& word : words) EXPECT_EQ(known_elsewhere(word), "") << "take '" << word << "' off names_elsewhere in base/synonyms.cpp";
  }
}

TEST(Stages, AreInTheOrderOfTheDatasWay) {
  std::vector<std::string_view> names;
  for (const StageSpec& stage : all_stages()) names.push_back(stage.name);
  EXPECT_EQ(names, (std::vector<std::string_view>{"load", "train", "refine", "encode", "neighbors", "start", "reduce", "cluster", "labels", "score", "probe", "trustworthiness",
                                                  "reconstruct", "interpolate", "sample", "augment", "export"}));
  EXPECT_THROW(find_stage("paint"), std::invalid_argument);
}

TEST(Stages, HaveAVersionOrThatOfTheirMethods) {
  const auto versions = all_versions();
  EXPECT_TRUE(versions.contains("load"));
  EXPECT_TRUE(versions.contains("reduce pca"));
  EXPECT_TRUE(versions.contains("cluster kmeans"));
  EXPECT_FALSE(versions.contains("reduce"));
  for (const auto& [stage, version] : versions) EXPECT_GE(version, 1) << stage;
  EXPECT_EQ(task_version("reduce", {{"method", "pca"}}), versions.at("reduce pca"));
  EXPECT_EQ(task_version("load", nullptr), versions.at("load"));
}

TEST(Stages, ListTheFilesOfTheirArtifacts) {
  using Files = std::vector<std::string>;
  auto said = [](const char* stage, const Files& files, const Json& params = Json::object()) { return problem_with_files(stage, params, files); };
  EXPECT_EQ(said("load", {"images.npy"}), "");
  EXPECT_EQ(said("load", {}), "an artifact of stage 'load' has no file 'images.npy'");
  EXPECT_EQ(said("load", {"images.npy", "pixels.npy"}), "stage 'load' lists no file 'pixels.npy' in its row, and its artifact has one");
  EXPECT_EQ(said("train", {"000_encoder.0.weight.npy", "losses.npy", "model.json", "optimizer/steps.npy"}), "");
  EXPECT_EQ(said("train", {"losses.npy", "model.json", "validation.npy"}), "");
  EXPECT_EQ(said("train", {"losses.npy", "model.json", "optimizer/more/steps.npy"}),
            "stage 'train' lists no file 'optimizer/more/steps.npy' in its row, and its artifact has one");
  EXPECT_EQ(said("score", {}), "");
  EXPECT_EQ(said("score", {"assignment.npy"}), "");
  EXPECT_EQ(said("encode", {"latents.npy"}, {{"method", "raw"}}), "");
  EXPECT_EQ(said("encode", {"heads.npy", "latents.npy"}, {{"method", "contrastive"}}), "");
  EXPECT_EQ(said("encode", {"latents.npy"}, {{"method", "autoencoder"}}), "an artifact of stage 'encode' has no file 'errors.npy'");
  EXPECT_EQ(said("encode", {"errors.npy", "latents.npy"}, {{"method", "raw"}}),
            "stage 'encode' lists no file 'errors.npy' in its row, and its artifact has one");
}

TEST(Stages, WhatTheyMakePointsOrGoOnFromIsAmongTheirFiles) {
  for (const StageSpec& stage : all_stages()) {
    EXPECT_TRUE(stage.points.empty() || std::ranges::find(stage.files, stage.points) != stage.files.end()) << stage.name;
    const bool resumed = std::ranges::any_of(stage.may_have, [&](std::string_view file) { return file.starts_with(stage.resumes_from); });
    EXPECT_TRUE(!stage.has_checkpoints() || resumed) << stage.name;
    EXPECT_EQ(stage.is_cache, stage.progress.empty()) << stage.name << ": tasks have progress lines, a cache has no tasks";
  }
}

TEST(Stages, WhatIsInterruptedGoesOnElsewhereWhereItLeavesRollingCheckpoints) {
  std::set<std::string_view> leave;
  for (const StageSpec& stage : all_stages()) {
    if (stage.leaves_rolling_checkpoints) leave.insert(stage.name);
    EXPECT_TRUE(stage.leaves_rolling_checkpoints || !stage.has_checkpoints()) << stage.name;
  }
  EXPECT_EQ(leave, (std::set<std::string_view>{"train", "refine", "reduce"}));
}

TEST(Stages, SeedsThreadsAndLibTorchAreOfTheirMethods) {
  EXPECT_TRUE(draws_random_numbers("train", Json::object()));
  EXPECT_TRUE(draws_random_numbers("reduce", {{"method", "tsne"}, {"init", "random"}}));
  EXPECT_FALSE(draws_random_numbers("reduce", {{"method", "tsne"}, {"init", "pca"}}));
  EXPECT_FALSE(draws_random_numbers("score", Json::object()));
  EXPECT_TRUE(draws_random_numbers("augment", Json::object()));
  EXPECT_TRUE(draws_random_numbers("sample", Json::object()));
  EXPECT_FALSE(draws_random_numbers("interpolate", Json::object()));
  EXPECT_TRUE(goes_through_blas("reduce", {{"method", "pca"}}));
  EXPECT_FALSE(goes_through_blas("encode", {{"method", "raw"}}));
  EXPECT_TRUE(goes_through_blas("encode", {{"method", "autoencoder"}}));
  EXPECT_FALSE(goes_through_blas("encode", {{"method", "autoencoder"}, {"device", "cuda"}}));
  EXPECT_TRUE(needs_libtorch("reconstruct", Json::object(), ""));
  EXPECT_FALSE(needs_libtorch("augment", Json::object(), ""));
  EXPECT_FALSE(goes_through_blas("augment", Json::object()));
  EXPECT_FALSE(needs_libtorch("encode", {{"method", "raw"}}, ""));
  EXPECT_FALSE(needs_libtorch("reduce", {{"method", "tsne"}}, ""));
  EXPECT_TRUE(needs_libtorch("reduce", {{"method", "tsne"}}, "cuda:0"));
  EXPECT_FALSE(needs_libtorch("paint", Json::object(), ""));
}

}  // namespace
}  // namespace latentgrid
