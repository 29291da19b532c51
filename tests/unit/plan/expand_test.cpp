#include "plan/expand.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <set>

#include "db/queries.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

constexpr DatasetHeader faces = {
    .images = 1000, .channels = 3, .height = 32, .width = 32, .labelled = 1000, .classes = 5};

struct Expanded {
  explicit Expanded(const std::string& sections, DatasetHeader header = faces, std::vector<std::string> sets = {})
      : text("name: test\ndataset: {synthetic: {images: 1000}}\n" + sections, {std::move(sets), std::nullopt}) {
    EXPECT_TRUE(text.sweep) << text.said();
    if (text.sweep) result = expand(*text.sweep, header, text.diagnostics);
  }
  // One line a job: architecture/latent/epochs reduction:dim k seed
  std::vector<std::string> jobs() const {
    std::vector<std::string> all;
    for (const Job& job : result.jobs) {
      std::string name = job.architecture;
      if (job.model) name += fmt::format("/{}/{}", job.latent, job.epochs());
      all.push_back(fmt::format("{} {}:{} s{}", name, name_of(job.reductions()), job.reduced_dim(), job.seed));
    }
    return all;
  }
  testing::SweepText text;
  Expansion result;
};

using Lines = std::vector<std::string>;

TEST(Product, RunsInTheOrderOfTheFileFirstAxisSlowest) {
  Expanded e("grid: {latent_dim: [8, 16], architecture: AE1, epochs: [1, 2], seeds: [0, 1]}");
  EXPECT_EQ(e.jobs(),
            (Lines{"AE1/8/1 none:8 s0", "AE1/8/1 none:8 s1", "AE1/8/2 none:8 s0", "AE1/8/2 none:8 s1",
                   "AE1/16/1 none:16 s0", "AE1/16/1 none:16 s1", "AE1/16/2 none:16 s0", "AE1/16/2 none:16 s1"}));
}

TEST(Product, OfEachGridOfAList) {
  Expanded e("seeds: [3]\ngrid:\n  - {architecture: raw}\n  - {architecture: AE1, epochs: 2}\n");
  EXPECT_EQ(e.jobs(), (Lines{"raw none:3072 s3", "AE1/native/2 none:2048 s3"}));
}

TEST(ConditionalAxes, HoldUnderTheirArchitectureAlone) {
  Expanded e("grid: {architecture: [{AE1: {epochs: [20, 30]}}, {AE2: {epochs: 4, latent_dim: 16}}]}");
  EXPECT_EQ(e.jobs(), (Lines{"AE1/native/20 none:2048 s0", "AE1/native/30 none:2048 s0", "AE2/16/4 none:16 s0"}));
}

TEST(ConditionalAxes, WinOverTheGridAndTheGridOverTrain) {
  Expanded e("train: {epochs: 9}\ngrid: {epochs: 5, architecture: [AE1, {AE2: {epochs: 4}}]}");
  EXPECT_EQ(e.jobs(), (Lines{"AE1/native/5 none:2048 s0", "AE2/native/4 none:4096 s0"}));
  EXPECT_EQ(e.text.said(),
            "sweep.yaml:3:17: warning: no job uses train.epochs\n"
            "  train: {epochs: 9}\n"
            "                  ^\n"
            "  hint: the grid's own epochs wins; --set train.epochs=VALUE on the command line wins over the grid\n");
}

TEST(TrainOnTheCommandLine, WinsOverTheGridOfTheFile) {
  Expanded below("grid: {architecture: [{AE1: {epochs: 20}}, {AE2: {epochs: 4}}, raw]}", faces, {"train.epochs=2"});
  EXPECT_EQ(below.jobs(), (Lines{"AE1/native/2 none:2048 s0", "AE2/native/2 none:4096 s0", "raw none:3072 s0"}));
  EXPECT_EQ(below.text.said(), "");
  Expanded axis(
      "grid: {architecture: AE1, epochs: [10, 20], include: [{architecture: AE2, epochs: 5}],"
      " exclude: [{epochs: 10}]}",
      faces, {"train.epochs=2"});
  EXPECT_EQ(axis.jobs(), (Lines{"AE1/native/2 none:2048 s0", "AE2/native/2 none:4096 s0"}));
  EXPECT_EQ(axis.result.notes,
            (Lines{"1 cell equals another and became one job with it: --set gives every cell its train.epochs"}));
}

TEST(TrainOnTheCommandLine, LeavesAnAxisThatTheCommandLineSetsToo) {
  Expanded e("grid: {architecture: [{AE1: {epochs: 20}}, AE2], epochs: [10, 20]}", faces,
             {"grid.epochs=[3, 4]", "train.epochs=2"});
  EXPECT_EQ(e.jobs(), (Lines{"AE1/native/2 none:2048 s0", "AE2/native/3 none:4096 s0", "AE2/native/4 none:4096 s0"}));
}

TEST(TrainOnTheCommandLine, IsWarnedOfWhereTheCommandLineSetsTheAxisEverywhere) {
  Expanded e("grid: {architecture: AE1, epochs: 10}", faces, {"train.epochs=2", "grid.epochs=[3]"});
  EXPECT_EQ(e.jobs(), (Lines{"AE1/native/3 none:2048 s0"}));
  EXPECT_EQ(e.text.said(),
            "--set train.epochs=2: warning: no job uses train.epochs\n"
            "  hint: the command line sets the axis as well, which wins\n");
}

TEST(Range, ADecoderWithoutNegativeValuesIsWarnedOf) {
  const std::string end = "\n    decoder: [{conv_transpose2d: [4, channels, 2, 2]}, ";
  auto said = [&](const std::string& last, const std::string& dataset = "") {
    Expanded e("architectures:\n  a:\n    encoder: [{conv2d: [channels, 4, 3, 2, 1]}]" + end + last +
               "]\ngrid: {architecture: a, epochs: [1, 2], latent_dim: [native, 8]}",
               faces, dataset.empty() ? std::vector<std::string>() : std::vector<std::string>{dataset});
    return e.text.said();
  };
  EXPECT_EQ(said("tanh"), "");
  EXPECT_EQ(said("leaky_relu"), "");
  EXPECT_EQ(said("relu, tanh"), "");
  EXPECT_EQ(said("sigmoid", "dataset.range=[0,1]"), "");
  const std::string hint =
      "  hint: end the decoder in tanh, or scale the images to [0, 1] with dataset: {range: [0, 1]}\n";
  EXPECT_EQ(said("sigmoid"),
            "sweep.yaml:6:56: warning: the decoder of a ends in sigmoid, which gives no negative values, but images are scaled "
            "to [-1, 1]: their darker half cannot be reconstructed\n"
            "      decoder: [{conv_transpose2d: [4, channels, 2, 2]}, sigmoid]\n"
            "                                                         ^\n" +
                hint);
  EXPECT_EQ(said("relu, dropout"),
            "sweep.yaml:6:56: warning: the decoder of a ends in relu, which gives no negative values, but images are scaled to "
            "[-1, 1]: their darker half cannot be reconstructed\n"
            "      decoder: [{conv_transpose2d: [4, channels, 2, 2]}, relu, dropout]\n"
            "                                                         ^\n" +
                hint);
}

TEST(Range, IsAnAxisWhereItIsNotTheDefault) {
  Expanded usual("grid: {architecture: raw}"), other("grid: {architecture: raw}", faces, {"dataset.range=[0,1]"});
  auto axis = [](const Expanded& e) {
    for (const auto& [name, value] : e.result.jobs.at(0).axes()) {
      if (name == "range") return value;
    }
    return Json();
  };
  EXPECT_EQ(axis(usual), Json());
  EXPECT_EQ(axis(other), "[0, 1]");
}

TEST(Probe, IsOfEveryJobOfALabelledSweep) {
  EXPECT_EQ(Expanded("grid: {architecture: raw}").result.jobs.at(0).probe, nullptr);
  EXPECT_EQ(*Expanded("probe: true\ngrid: {architecture: raw}").result.jobs.at(0).probe, (Json{{"neighbors", 20}, {"ridge", 1.0}}));
  EXPECT_EQ(*Expanded("probe: {neighbors: 5}\ngrid: {architecture: raw}").result.jobs.at(0).probe, (Json{{"neighbors", 5}, {"ridge", 1.0}}));
  EXPECT_EQ(Expanded("probe: false\ngrid: {architecture: raw}").result.jobs.at(0).probe, nullptr);
  DatasetHeader unlabelled = faces;
  unlabelled.labelled = unlabelled.classes = 0;
  Expanded none("probe: true\ngrid: {architecture: raw, clustering: {kmeans: {k: 2}}}", unlabelled);
  EXPECT_EQ(none.result.jobs.at(0).probe, nullptr);
  EXPECT_EQ(none.text.said(),
            "sweep.yaml:3:1: warning: none of the images has a label, so encoders cannot be probed\n"
            "  probe: true\n"
            "  ^\n"
            "  hint: leave probe out, or name the labels in dataset\n");
}

TEST(TrainSettings, ThatNoJobUsesAreWarnedOf) {
  Expanded e("train: {momentum: 0.5}\ngrid: {architecture: AE1, epochs: 1}");
  EXPECT_EQ(e.text.said(),
            "sweep.yaml:3:19: warning: no job uses train.momentum\n"
            "  train: {momentum: 0.5}\n"
            "                    ^\n"
            "  hint: the other settings ignore it, or no job is trained\n");
}

TEST(ConditionalAxes, UnderAMethodMultiply) {
  Expanded e(
      "grid: {architecture: raw, reduction: [none, {pca: {dim: [2, 4]}}, {tsne: {dim: [2, 3], iterations: [250, "
      "500]}}]}");
  EXPECT_EQ(e.jobs(), (Lines{"raw none:3072 s0", "raw pca:2 s0", "raw pca:4 s0", "raw tsne:2 s0", "raw tsne:2 s0",
                             "raw tsne:3 s0", "raw tsne:3 s0"}));
  EXPECT_EQ(e.result.jobs[3].reductions()[0]->extent, 250);
  EXPECT_EQ(e.result.jobs[4].reductions()[0]->extent, 500);
  EXPECT_EQ(e.result.jobs[1].reductions()[0]->extent, 2);
}

TEST(TSne, ThatEndsInItsEarlyExaggerationIsWarnedOf) {
  const auto said = [](const std::string& parameters) {
    return Expanded("grid: {architecture: raw, reduction: {tsne: {" + parameters + "}}}").text.said();
  };
  EXPECT_EQ(said("iterations: [250, 251]"),
            "sweep.yaml:3:59: warning: t-SNE ends after 250 iterations, which are all part of its early exaggeration (250 iterations): "
            "the clusters of such an embedding are poor\n"
            "  grid: {architecture: raw, reduction: {tsne: {iterations: [250, 251]}}}\n"
            "                                                            ^\n"
            "  hint: write iterations: 1000, or fewer early_exaggeration_iterations\n");
  EXPECT_EQ(said("iterations: 251"), "");
  EXPECT_EQ(said("iterations: 60, early_exaggeration_iterations: 20"), "");
  EXPECT_NE(said("early_exaggeration_iterations: 1000").find("sweep.yaml:3:77: warning: t-SNE ends after 1000 iterations"), std::string::npos);
}

TEST(Chains, AreNamedByTheirStepsAndReadTheLastDimension) {
  Expanded e("grid: {architecture: raw, reduction: [[{pca: {dim: [30, 50]}}, {tsne: {dim: 2}}]]}");
  EXPECT_EQ(e.jobs(), (Lines{"raw pca30+tsne:2 s0", "raw pca50+tsne:2 s0"}));
  const Job& job = e.result.jobs[1];
  ASSERT_EQ(job.reductions().size(), 2u);
  EXPECT_EQ(job.reductions()[0]->width, 50);
  EXPECT_EQ(job.reductions()[1]->extent, 1000);
}

TEST(Zip, AdvancesAxesTogether) {
  Expanded e("grid: {architecture: [AE1, raw], zip: {epochs: [1, 2], latent_dim: [8, 16]}}");
  EXPECT_EQ(e.jobs(), (Lines{"AE1/8/1 none:8 s0", "AE1/16/2 none:16 s0", "raw none:3072 s0"}));
  EXPECT_EQ(e.result.cells, 4);
  EXPECT_EQ(e.result.merged, 1);
}

TEST(Exclude, RemovesCellsThatAgreeWithEveryCondition) {
  Expanded e(R"(grid:
  architecture: [AE1, AE2]
  epochs: [1, 2]
  reduction: [pca: {dim: [2, 4]}, none]
  exclude:
    - {architecture: AE1, epochs: 2}
    - {architecture: AE2, reduction: {pca: {dim: 4}}}
    - {reduced_dim: 2, epochs: [1]}
    - {architecture: AE2, reduction: none}
)");
  EXPECT_EQ(e.jobs(), (Lines{"AE1/native/1 pca:4 s0", "AE1/native/1 none:2048 s0", "AE2/native/2 pca:2 s0"}));
  EXPECT_EQ(e.result.excluded, 9);
}

TEST(Exclude, ComparesDefaultsButNothingThatACellIgnores) {
  Expanded e(R"(grid:
  architecture: [{AE1: {epochs: 1}}, raw]
  latent_dim: 8
  reduction: [tsne: {dim: 2}]
  exclude: [{latent_dim: 8, optimizer: adam, reduction: {tsne: {perplexity: 30}}}]
)");
  EXPECT_EQ(e.jobs(), (Lines{"raw tsne:2 s0"}));
}

TEST(Exclude, ThatMatchesNothingIsSaid) {
  Expanded e("grid: {architecture: raw, exclude: [{architecture: AE1}]}");
  EXPECT_EQ(e.text.said(),
            "sweep.yaml:3:37: warning: this exclusion matches no cell\n"
            "  grid: {architecture: raw, exclude: [{architecture: AE1}]}\n"
            "                                      ^\n"
            "  hint: check its values, or remove it\n");
}

TEST(Exclude, SavesImpossibleCells) {
  Expanded e(
      "grid: {architecture: [{AE1: {epochs: 1}}], latent_dim: [4, 8], reduction: [pca: {dim: [2, 8]}],"
      " exclude: [{latent_dim: 4, reduction: {pca: {dim: 8}}}]}");
  EXPECT_EQ(e.text.said(), "");
  EXPECT_EQ(e.result.jobs.size(), 3u);
}

TEST(Include, AppendsAfterExclusionAndTakesTheSeedsOfTheGrid) {
  Expanded e(R"(grid:
  architecture: [AE1]
  epochs: 1
  seeds: [0, 1]
  exclude: [{seeds: 1}]
  include: [{architecture: AE2, epochs: [2, 3]}, {architecture: raw, seeds: 7}]
)");
  EXPECT_EQ(e.jobs(), (Lines{"AE1/native/1 none:2048 s0", "AE2/native/2 none:4096 s0", "AE2/native/2 none:4096 s1",
                             "AE2/native/3 none:4096 s0", "AE2/native/3 none:4096 s1", "raw none:3072 s7"}));
}

TEST(EqualCells, BecomeOneJobAndAreCounted) {
  Expanded e(
      "grid: {architecture: [AE1, raw], latent_dim: [8, 16], epochs: [1, 2], optimizer: adam, momentum: [0.5, 0.9]}");
  EXPECT_EQ(e.result.cells, 16);
  EXPECT_EQ(e.result.jobs.size(), 5u);
  EXPECT_EQ(e.result.merged, 11);
  EXPECT_EQ(
      e.result.notes,
      (Lines{
          "7 cells equal another and became one job with it: raw pixels ignore latent_dim, epochs, optimizer, momentum",
          "4 cells equal another and became one job with it: the settings of AE1 ignore momentum"}));
}

TEST(EqualCells, AreThoseOfTheSameNumbersHoweverWritten) {
  Expanded e("grid: {architecture: [{AE1: {epochs: [1, 1.0, 1e0]}}], learning_rate: [0.001, 1e-3]}");
  EXPECT_EQ(e.result.jobs.size(), 1u);
}

TEST(Defaults, FillTheParametersOfAJob) {
  Expanded e("grid: {architecture: [{AE1: {epochs: 3}}], reduction: tsne}");
  const Job& job = e.result.jobs.at(0);
  EXPECT_EQ(job.dataset, "synthetic");
  EXPECT_EQ(job.clustering().method->name, "kmeans");
  EXPECT_EQ(job.k, 5);
  EXPECT_EQ(*job.clustering().params, Json({{"k", 5}, {"n_init", 10}, {"max_iterations", 300}, {"tolerance", 1e-4}}));
  EXPECT_FALSE(job.training()->params->contains("epochs"));
  EXPECT_FALSE(job.training()->params->contains("threads"));
  EXPECT_EQ((*job.training()->params)["batch_size"], 128);
  EXPECT_FALSE(job.reductions()[0]->params->contains("iterations"));
  EXPECT_EQ((*job.reductions()[0]->params)["perplexity"], 30.0);
  EXPECT_EQ(job.threads, 1);
}

TEST(Cosine, PutsTheTotalIntoTheParameters) {
  Expanded e("grid: {architecture: AE1, epochs: [2, 3], lr_schedule: cosine}");
  EXPECT_EQ((*e.result.jobs.at(0).training()->params)["epochs"], 2);
  EXPECT_EQ((*e.result.jobs.at(1).training()->params)["epochs"], 3);
}

TEST(Clusters, MustBeSaidWithoutLabels) {
  DatasetHeader unlabelled = faces;
  unlabelled.classes = unlabelled.labelled = 0;
  Expanded e("grid: {architecture: raw}", unlabelled);
  EXPECT_EQ(e.text.said(),
            "sweep.yaml:3:7: error: without labels the number of clusters is not known\n"
            "  grid: {architecture: raw}\n"
            "        ^\n"
            "  hint: write it: clustering: {kmeans: {k: 2}}\n");
  EXPECT_EQ(Expanded("grid: {architecture: raw, clustering: {kmeans: {k: [2, 3]}}}", unlabelled).result.jobs.size(),
            2u);
}

TEST(Axes, AreThoseEveryJobHasAndThoseOfTheSweep) {
  Expanded e(
      "grid: {architecture: [{AE1: {epochs: 3}}, raw], learning_rate: [0.1], reduction: [none, {tsne: {perplexity: [5, "
      "10]}}]}");
  Json first = Json::object(), last = Json::object();
  for (const auto& [axis, value] : e.result.jobs.front().axes()) first[axis] = value;
  for (const auto& [axis, value] : e.result.jobs.back().axes()) last[axis] = value;
  EXPECT_EQ(first, Json::parse(R"({"architecture": "AE1", "latent_dim": "native", "epochs": 3, "reduction": "none",
      "reduced_dim": 2048, "clustering": "kmeans", "k": 5, "seed": 0, "learning_rate": 0.1})"));
  EXPECT_EQ(last, Json::parse(
                      R"({"architecture": "raw", "reduction": "tsne", "reduced_dim": 2, "clustering": "kmeans", "k": 5,
      "seed": 0, "tsne.perplexity": 10.0})"));
}

TEST(LargeGrids, ShareWhatTheirJobsHaveInCommon) {
  Expanded e(
      "grid: {architecture: AE1, epochs: 1, latent_dim: {range: [1, 100]}, learning_rate: {range: [0.01, 0.1, 0.01]},"
      " seeds: {range: [0, 99]}}");
  ASSERT_EQ(e.result.jobs.size(), 100'000u);
  std::set<const void*> models, trainings, clusterings;
  for (const Job& job : e.result.jobs) {
    models.insert(job.model.get());
    trainings.insert(job.training()->params.get());
    clusterings.insert(job.clustering().params.get());
  }
  EXPECT_EQ(models.size(), 100u);
  EXPECT_EQ(trainings.size(), 10u);
  EXPECT_EQ(clusterings.size(), 1u);
}

}  // namespace
}  // namespace latentgrid
