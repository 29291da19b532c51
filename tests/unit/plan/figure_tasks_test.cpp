// What the report's figures need besides the jobs.
#include "data/digest_cache.hpp"
#include "plan/figure_tasks.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "plan/cost.hpp"
#include "store/npy.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

// Two epoch counts of one training each for a latent of 4 and of 8.
constexpr const char* sweep_text = R"(name: test
dataset: {synthetic: {images: 60, classes: 2, seed: 1}}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid: {architecture: [tiny, raw], latent_dim: [4, 8], epochs: [1, 2], reduction: {pca: {dim: 2}}, seeds: [0, 1]}
report:
  figures:
)";

// Nobody asked for figures.
constexpr const char* unasked = R"(name: test
dataset: {synthetic: {images: 100, classes: 2, seed: 1}}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid: {architecture: [tiny, raw], latent_dim: 4, epochs: [1, 2], reduction: {pca: {dim: 2}}, clustering: {kmeans: {k: 2}}}
)";

class PlannedFigureTasks : public ::testing::Test {
 protected:
  std::optional<FigureTasks> plan(const std::string& figures) { return plan_sweep(sweep_text + figures); }
  std::optional<FigureTasks> plan_sweep(const std::string& text) {
    std::ofstream(folder_ / "sweep.yaml") << text;
    Diagnostics diagnostics;
    DigestCache digests;
    const ArtifactStore store(folder_ / "results");
    plan_ = make_plan(folder_ / "sweep.yaml", {}, store, digests, diagnostics);
    EXPECT_TRUE(plan_) << diagnostics.render();
    auto pictures = plan_ ? plan_figure_tasks(*plan_, store, digests, known_, diagnostics) : std::nullopt;
    said_ = diagnostics.render();
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at; (at = said_.find(prefix)) != std::string::npos;) said_.erase(at, prefix.size());
    return pictures;
  }

  // "map pca 2": figure and method of every embedding, or figure and role of what is none.
  std::vector<std::string> panels(const FigureTasks& pictures) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < pictures.tasks.size(); ++i) {
      const FigureTask& task = pictures.tasks[i];
      if (task.role == "reconstruct") all.push_back(task.figure);
      if (task.role == "embedding")
        all.push_back(task.figure + " " + (*node(pictures, i).params)["method"].get<std::string>() + " " + std::to_string(task.extent));
    }
    return all;
  }

  const TaskNode& node(const FigureTasks& pictures, std::size_t picture) {
    return pictures.plan.graph.tasks.at(pictures.tasks.at(picture).task);
  }
  std::vector<const TaskNode*> nodes(const FigureTasks& pictures, const std::string& role) {
    std::vector<const TaskNode*> found;
    for (std::size_t i = 0; i < pictures.tasks.size(); ++i) {
      if (pictures.tasks[i].role == role) found.push_back(&node(pictures, i));
    }
    return found;
  }
  const Job& job(const FigureTasks& pictures, std::size_t picture) {
    return plan_->expansion.jobs.at(pictures.tasks.at(picture).job);
  }

  testing::TemporaryFolder folder_;
  JobKnowledge known_;
  std::optional<Plan> plan_;
  std::string said_;
};

TEST_F(PlannedFigureTasks, ReconstructionsShowTheLongestTrainingOfEachArchitectureAndLatent) {
  const auto pictures = plan("    - reconstructions\n");
  ASSERT_TRUE(pictures) << said_;
  ASSERT_EQ(pictures->tasks.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(pictures->tasks[i].figure, "reconstructions");
    EXPECT_EQ(pictures->tasks[i].panel, static_cast<std::int64_t>(i));
    EXPECT_EQ(pictures->tasks[i].role, "reconstruct");
    EXPECT_EQ(job(*pictures, i).latent, i == 0 ? "4" : "8");
    EXPECT_EQ(job(*pictures, i).epochs(), 2);
    EXPECT_EQ(job(*pictures, i).seed, 0);
    EXPECT_EQ((*node(*pictures, i).params)["images"].size(), 2u) << "the first of each class";
  }
}

TEST_F(PlannedFigureTasks, TheirModelsAreTheJobsOwn) {
  const auto pictures = plan("    - reconstructions\n");
  std::set<std::string> of_jobs;
  for (const TaskNode& task : plan_->graph.tasks) of_jobs.insert(task.key);
  for (const TaskNode& task : pictures->plan.graph.tasks) {
    EXPECT_EQ(of_jobs.contains(task.key), task.stage != "reconstruct") << task.stage;
  }
}

TEST_F(PlannedFigureTasks, ImagesAreNamedByTheirNumberInTheFilesNotAmongTheSelectedOnes) {
  const std::vector<std::uint8_t> pixels(100 * 8 * 8);
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 100; ++i) labels.push_back(i % 3);
  write_npy(folder_ / "images.npy", std::span(pixels), {100, 8, 8, 1});
  write_npy(folder_ / "labels.npy", std::span(labels), {100});
  std::string text = unasked;
  const std::string synthetic = "{synthetic: {images: 100, classes: 2, seed: 1}}";
  text.replace(text.find(synthetic), synthetic.size(),
               "{images: images.npy, labels: labels.npy, classes: [1, 2], limit: 60}");
  const auto pictures = plan_sweep(text + "report: {figures: [reconstructions: {images: [7, 2]}]}\n");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ((*node(*pictures, 0).params)["images"], Json({1, 4})) << "1 2 4 5 7 ... are selected";
  EXPECT_FALSE(plan_sweep(text + "report: {figures: [reconstructions: {images: [2, 3]}]}\n"));
  EXPECT_NE(said_.find("error: the data set does not select image 3\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("hint: images are counted from 0 over all image files; `classes` and `limit` select among them"),
            std::string::npos)
      << said_;
}

TEST_F(PlannedFigureTasks, AMapWhoseLimitLeavesOneClassIsAWarning) {
  const std::vector<std::uint8_t> pixels(60 * 32 * 32 * 3);
  write_npy(folder_ / "images.npy", std::span(pixels), {60, 32, 32, 3});
  const auto map = [&](const std::string& limit) {
    return plan("    - map: {job: {architecture: raw}, reductions: pca, dataset: {images: images.npy, labels: {counts: [40, 20]}, "
                "limit: " + limit + "}}\n");
  };
  ASSERT_TRUE(map("30")) << said_;
  EXPECT_NE(said_.find("warning: limit 30 keeps only the first images, and their labels are all of class 0: the map 'map' has one "
                       "colour\n"),
            std::string::npos)
      << said_;
  EXPECT_NE(said_.find("hint: class 1 comes later in the files: raise the limit, or leave it out\n"), std::string::npos) << said_;
  ASSERT_TRUE(map("50")) << said_;
  EXPECT_EQ(said_.find("one colour"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, ImagesAndJobsMayBeNamed) {
  const auto pictures =
      plan("    - reconstructions: {images: [9, 3], jobs: {latent_dim: 8, epochs: [1, 2], seed: 1}}\n");
  ASSERT_EQ(pictures->tasks.size(), 2u);
  EXPECT_EQ((*node(*pictures, 0).params)["images"], Json({3, 9}));
  EXPECT_EQ(job(*pictures, 0).epochs(), 1);
  EXPECT_EQ(job(*pictures, 1).epochs(), 2);
  EXPECT_EQ(job(*pictures, 1).seed, 1);
}

TEST_F(PlannedFigureTasks, JobsAreChosenByParametersThatNobodyVariesToo) {
  const auto pictures = plan(
      "    - reconstructions: {jobs: {train.learning_rate: 0.001, reduction: PCA, PCA.dim: 2, latent_dim: 8, epochs: 1, "
      "seed: 1}}\n");
  ASSERT_TRUE(pictures) << said_;
  ASSERT_EQ(pictures->tasks.size(), 1u);
  EXPECT_EQ(job(*pictures, 0).latent, "8");
  EXPECT_FALSE(plan("    - reconstructions: {jobs: {tsne.perplexity: 30}}\n"));
  EXPECT_NE(said_.find("error: no job has a column or parameter 'tsne.perplexity'\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, ATablesParameterMustBeOneOfSomeJob) {
  const std::string text = unasked;
  ASSERT_TRUE(plan_sweep(text + "report: {tables: [{columns: [label, PCA.dim, device, kmeans.n_init, accuracy]}]}\n")) << said_;
  std::ofstream(folder_ / "sweep.yaml") << text + "report: {tables: [{columns: [label, tsne.dim, accuracy]}]}\n";
  Diagnostics diagnostics;
  DigestCache digests;
  EXPECT_FALSE(make_plan(folder_ / "sweep.yaml", {}, ArtifactStore(folder_ / "results"), digests, diagnostics));
  EXPECT_NE(diagnostics.render().find("sweep.yaml:8:37: error: no job has a parameter 'tsne.dim'\n"), std::string::npos)
      << diagnostics.render();
  EXPECT_NE(diagnostics.render().find("hint: their parameters are "), std::string::npos);
  EXPECT_NE(diagnostics.render().find(", pca.dim, "), std::string::npos);
}

TEST_F(PlannedFigureTasks, AMapHasAPanelAReductionAndSnapshot) {
  auto pictures = plan(
      "    - map: {job: {latent_dim: 4, epochs: 2}, reductions: [pca, {tsne: {perplexity: 5, iterations: [250, 500]}}]}\n");
  ASSERT_TRUE(pictures) << said_;
  ASSERT_EQ(std::erase_if(pictures->tasks, [](const FigureTask& task) { return task.role == "own"; }), 1u) << "of the PCA";
  ASSERT_EQ(pictures->tasks.size(), 3u * 3u);
  const char* roles[] = {"images", "embedding", "trustworthiness"};
  for (std::size_t i = 0; i < pictures->tasks.size(); ++i) EXPECT_EQ(pictures->tasks[i].role, roles[i % 3]);
  EXPECT_EQ(pictures->tasks[1].extent, 2) << "a slice of the jobs' own PCA";
  EXPECT_EQ(pictures->tasks[4].extent, 250);
  EXPECT_EQ(pictures->tasks[7].extent, 500);
  EXPECT_EQ(pictures->tasks[4].task, pictures->tasks[7].task) << "one run leaves both snapshots";
  EXPECT_EQ(node(*pictures, 4).extents, (std::vector<std::int64_t>{250, 500}));
}

TEST_F(PlannedFigureTasks, MapsOfOneJobKeepTheirOwnParameters) {
  std::string figures;
  for (int perplexity : {5, 10, 15, 8, 12}) {
    figures += "    - map: {name: p" + std::to_string(perplexity) +
               ", job: {latent_dim: 4, epochs: 2}, reductions: {tsne: {iterations: 10, perplexity: " +
               std::to_string(perplexity) + "}}}\n";
  }
  const auto pictures = plan(figures);
  ASSERT_TRUE(pictures) << said_;
  std::vector<double> perplexities;
  for (const TaskNode* embedding : nodes(*pictures, "embedding")) perplexities.push_back((*embedding->params)["perplexity"]);
  EXPECT_EQ(perplexities, (std::vector<double>{5, 10, 15, 8, 12}));
}

TEST_F(PlannedFigureTasks, ImagesThatAreEqualAreLoadedOnceAndOthersFromTheirOwnSource) {
  std::string figures;
  for (int seed : {7, 7, 8, 7, 9}) {
    figures += "    - map: {name: m" + std::to_string(figures.size()) +
               ", job: {latent_dim: 4, epochs: 2}, reductions: pca, dataset: {synthetic: {images: 70, seed: " +
               std::to_string(seed) + "}}}\n";
  }
  const auto pictures = plan(figures);
  ASSERT_TRUE(pictures) << said_;
  std::vector<int> seeds;
  for (const TaskNode* load : nodes(*pictures, "images")) seeds.push_back((*load->dataset)["synthetic"]["seed"]);
  EXPECT_EQ(seeds, (std::vector<int>{7, 7, 8, 7, 9}));
}

TEST_F(PlannedFigureTasks, WithoutReductionsAMapShowsPcaAndTheSnapshotsOfTsne) {
  const auto pictures = plan("    - map: {job: {latent_dim: 4, epochs: 2}, dataset: {synthetic: {images: 200}}}\n");
  ASSERT_TRUE(pictures) << said_;
  std::vector<std::int64_t> extents;
  for (const FigureTask& task : pictures->tasks) {
    if (task.role == "embedding") extents.push_back(task.extent);
  }
  EXPECT_EQ(extents, (std::vector<std::int64_t>{2, 250, 500, 750, 1000}));
}

TEST_F(PlannedFigureTasks, OtherImagesAreLoadedFromTheirOwnSource) {
  const auto pictures =
      plan("    - map: {job: {latent_dim: 4, epochs: 2}, reductions: pca, dataset: {synthetic: {images: 70, seed: 9}}}\n");
  ASSERT_TRUE(pictures) << said_;
  const TaskNode& load = node(*pictures, 0);
  ASSERT_TRUE(load.dataset);
  EXPECT_EQ((*load.dataset)["synthetic"]["seed"], 9);
  int own = 0;
  for (const TaskNode& task : pictures->plan.graph.tasks) own += task.stage == "load" && !task.dataset;
  EXPECT_EQ(own, 1) << "the model was trained on the sweep's";
}

TEST_F(PlannedFigureTasks, OtherImagesCostWhatTheyAreAndNotWhatTheSweepsAre) {
  const auto pictures =
      plan("    - map: {job: {latent_dim: 4, epochs: 2}, reductions: pca, dataset: {synthetic: {images: 20000, seed: 9}}}\n");
  ASSERT_TRUE(pictures) << said_;
  const std::vector<double> costs = estimate_costs(pictures->plan.graph, plan_->dataset.images, {});
  int maps = 0;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (pictures->plan.graph.tasks[i].stage != "trustworthiness") continue;
    ++maps;
    EXPECT_NEAR(costs[i], 0.8, 1e-9) << "of every pair of 20,000 images";
  }
  EXPECT_EQ(maps, 1);
}

TEST_F(PlannedFigureTasks, TheBestJobIsWaitedFor) {
  auto pictures = plan("    - map: {job: best, reductions: pca}\n    - reconstructions: {jobs: {best: recon_mse}}\n");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_TRUE(pictures->tasks.empty());
  EXPECT_EQ(pictures->waiting, (std::vector<std::string>{"map", "reconstructions"}));
  std::vector<std::string> asked;
  known_.best = [&](const std::string& field) {
    asked.push_back(field);
    return std::optional<std::size_t>(2);
  };
  pictures = plan("    - map: {job: best, reductions: pca}\n    - reconstructions: {jobs: {best: recon_mse}}\n");
  EXPECT_EQ(asked, (std::vector<std::string>{"accuracy", "recon_mse"}));
  EXPECT_TRUE(pictures->waiting.empty());
  ASSERT_EQ(pictures->tasks.size(), 5u);
  EXPECT_EQ(pictures->tasks[0].job, 2u);
}

TEST_F(PlannedFigureTasks, ASweepThatListsNoFiguresShowsReconstructionsAndTheBestJobsMap) {
  auto pictures = plan_sweep(unasked);
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions"}));
  EXPECT_EQ(pictures->waiting, (std::vector<std::string>{"map"}));
  known_.best = [](const std::string&) { return std::optional<std::size_t>(1); };
  pictures = plan_sweep(unasked);
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions", "map pca 2", "map tsne 1000"}));
  pictures = plan_sweep(std::string(unasked) + "report: {tables: [{name: scores, columns: [label, accuracy]}]}\n");
  EXPECT_EQ(panels(*pictures).size(), 3u) << "a list of tables says nothing of figures";
  pictures = plan_sweep(std::string(unasked) + "report: {figures: []}\n");
  EXPECT_EQ(panels(*pictures), std::vector<std::string>());
}

// "own pca 2": whether the panel's embedding is the one that the job's clusters were found in.
std::vector<std::string> roles_of(const FigureTasks& pictures, std::int64_t panel) {
  std::vector<std::string> roles;
  for (const FigureTask& task : pictures.tasks) {
    if (task.figure == "map" && task.panel == panel) roles.push_back(task.role);
  }
  return roles;
}

TEST_F(PlannedFigureTasks, TheJobsOwnEmbeddingIsTheFirstPanelWhereItHasTwoDimensions) {
  std::string text = unasked;
  const std::string pca = "reduction: {pca: {dim: 2}}";
  text.replace(text.find(pca), pca.size(), "reduction: [{pca: {dim: 3}}, {tsne: {dim: 2, iterations: 250}}, [{pca: {dim: 3}}, {tsne: {dim: 2}}]]");
  auto best = [&](std::size_t job) { known_.best = [job](const std::string&) { return std::optional<std::size_t>(job); }; };
  best(1);
  auto pictures = plan_sweep(text);
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions", "map tsne 250", "map pca 2", "map tsne 1000"}));
  EXPECT_EQ(roles_of(*pictures, 0), (std::vector<std::string>{"images", "embedding", "own", "trustworthiness"}));
  EXPECT_EQ(roles_of(*pictures, 1), (std::vector<std::string>{"images", "embedding", "trustworthiness"}));
  const TaskNode& own = *nodes(*pictures, "own").at(0);
  EXPECT_TRUE(std::any_of(plan_->graph.tasks.begin(), plan_->graph.tasks.end(), [&](const TaskNode& task) { return task.key == own.key; }))
      << "nothing is run for it";
  best(2);
  pictures = plan_sweep(text);
  EXPECT_EQ(roles_of(*pictures, 0), (std::vector<std::string>{"images", "embedding", "step0", "own", "trustworthiness"}));
  best(0);
  pictures = plan_sweep(text);
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions", "map pca 2", "map tsne 1000"})) << "three dimensions";
  EXPECT_EQ(nodes(*pictures, "own").size(), 0u);
}

TEST_F(PlannedFigureTasks, ListedReductionsAreAllThatAMapShowsAndOwnIsOneOfThem) {
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  auto pictures = plan("    - map: {job: best, reductions: {tsne: {perplexity: 5}}}\n");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"map tsne 1000"}));
  pictures = plan("    - map: {job: best, reductions: [{tsne: {perplexity: 5}}, own]}\n");
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"map pca 2", "map tsne 1000"}));
  pictures = plan("    - map: {job: best, reductions: own}\n");
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"map pca 2"}));
  EXPECT_EQ(said_, "");
}

TEST_F(PlannedFigureTasks, LatentsOfTwoValuesAreTheJobsOwnEmbedding) {
  std::string text = unasked;
  text.replace(text.find("latent_dim: 4"), 13, "latent_dim: 2");
  text.replace(text.find("reduction: {pca: {dim: 2}}"), 26, "reduction: none");
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  const auto pictures = plan_sweep(text);
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(roles_of(*pictures, 0), (std::vector<std::string>{"images", "embedding", "own"})) << "they are no map of anything";
  EXPECT_EQ(nodes(*pictures, "own").at(0)->stage, "encode");
}

TEST_F(PlannedFigureTasks, JobsMayBeNamedByTheirIds) {
  ASSERT_TRUE(plan("    - costs\n")) << said_;
  const std::string id = plan_->graph.jobs.at(3).id;
  auto pictures = plan("    - map: {job: " + id + ", reductions: pca}\n");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(pictures->tasks.at(0).job, 3u);
  const std::string other = plan_->graph.jobs.at(1).id;
  pictures = plan("    - reconstructions: {jobs: [" + id + ", " + other.substr(0, 8) + "]}\n");
  ASSERT_TRUE(pictures) << said_;
  ASSERT_EQ(pictures->tasks.size(), 2u);
  EXPECT_EQ(pictures->tasks.at(0).job, 3u);
  EXPECT_EQ(pictures->tasks.at(1).job, 1u);
}

TEST_F(PlannedFigureTasks, AnIdThatNoJobHasSaysWhereIdsComeFrom) {
  for (const std::string figure : {"map", "confusion", "score_by_epoch"}) {
    const std::string key = figure == "score_by_epoch" ? "jobs" : "job";
    EXPECT_FALSE(plan("    - " + figure + ": {" + key + ": 000000000000}\n"));
    EXPECT_NE(said_.find("error: no job of the sweep has an id that begins with '000000000000'\n"), std::string::npos) << said_;
    EXPECT_NE(said_.find("  hint: `latentgrid ls test` lists the ids; a job's id changes with its parameters\n"), std::string::npos) << said_;
  }
}

TEST_F(PlannedFigureTasks, WhatNobodyAskedForIsLeftOutWhereItCannotBe) {
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  auto with = [&](const std::string& from, const std::string& to) {
    std::string text = unasked;
    return plan_sweep(text.replace(text.find(from), from.size(), to));
  };
  auto pictures = with("images: 100", "images: 3");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions", "map pca 2"})) << "t-SNE needs 4";
  pictures = with("images: 100", "images: 20001");
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions", "map pca 2"})) << "it would take long";
  pictures = with("latent_dim: 4, epochs: [1, 2], reduction: {pca: {dim: 2}}", "latent_dim: 1, epochs: 1, reduction: none");
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions"})) << "no two dimensions of one";
  pictures = with("architecture: [tiny, raw], latent_dim: 4, epochs: [1, 2]", "architecture: raw");
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"map pca 2", "map tsne 1000"})) << "no model";
  EXPECT_EQ(said_, "");
}

TEST_F(PlannedFigureTasks, WhereNoImageHasALabelTheBestIsByReconstructionLossAndAnAccuracyIsNotWaitedFor) {
  const std::vector<std::uint8_t> pixels(100 * 8 * 8);
  const std::vector<std::int32_t> none(100, -1);  // a file of labels, none of which is one
  write_npy(folder_ / "images.npy", std::span(pixels), {100, 8, 8, 1});
  write_npy(folder_ / "labels.npy", std::span(none), {100});
  std::string text = unasked;
  const std::string synthetic = "{synthetic: {images: 100, classes: 2, seed: 1}}";
  text.replace(text.find(synthetic), synthetic.size(), "{images: images.npy, labels: labels.npy}");
  std::vector<std::string> asked;
  known_.best = [&](const std::string& field) {
    asked.push_back(field);
    return std::optional<std::size_t>(0);
  };
  ASSERT_TRUE(plan_sweep(text)) << said_;
  ASSERT_TRUE(plan_sweep(text + "report: {figures: [map: {job: best}]}\n")) << said_;
  EXPECT_EQ(asked, (std::vector<std::string>{"recon_mse", "recon_mse"}));
  EXPECT_FALSE(plan_sweep(text + "report: {figures: [map: {job: {best: nmi}}]}\n"));
  EXPECT_NE(said_.find("error: no job will be the best by nmi: none of the images has a label\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("  hint: name the job by its axes: {architecture: raw, seed: 0}\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, OfABestJobThatTrainedNothingNothingIsReconstructed) {
  known_.best = [](const std::string&) { return std::optional<std::size_t>(8); };
  const auto pictures = plan("    - reconstructions: {jobs: best}\n    - map: {job: best, reductions: pca}\n");
  ASSERT_TRUE(pictures) << said_;
  ASSERT_FALSE(plan_->expansion.jobs.at(8).model) << "raw pixels";
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"map pca 2"}));
  EXPECT_NE(said_.find("sweep.yaml:10:31: warning: 'reconstructions' is left out: the best job has no autoencoder, so there is "
                       "nothing to reconstruct\n"),
            std::string::npos)
      << said_;
}

TEST_F(PlannedFigureTasks, WithoutAModelThereIsNothingToReconstruct) {
  std::string text = sweep_text;
  const std::string both = "architecture: [tiny, raw], latent_dim: [4, 8], epochs: [1, 2]";
  text.replace(text.find(both), both.size(), "architecture: raw");
  EXPECT_FALSE(plan_sweep(text + "    - reconstructions\n"));
  EXPECT_NE(said_.find("error: no job trains a model: there is nothing to reconstruct\n"), std::string::npos) << said_;
  EXPECT_FALSE(plan("    - reconstructions: {jobs: {architecture: raw}}\n"));
  EXPECT_NE(said_.find("error: none of these jobs trains a model: there is nothing to reconstruct\n"), std::string::npos) << said_;
}

// The file is not to blame for which job is best: what else it asks for is made.
TEST_F(PlannedFigureTasks, APanelThatCannotBeHadOfTheBestJobIsLeftOutWithAWarning) {
  std::string text = sweep_text;
  text.replace(text.find("latent_dim: [4, 8]"), 18, "latent_dim: [1, 8]").replace(text.find("reduction: {pca: {dim: 2}}"), 26, "reduction: none");
  text += "    - map: {job: best, reductions: pca}\n    - reconstructions\n";
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  const auto pictures = plan_sweep(text);
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"reconstructions", "reconstructions"}));
  EXPECT_NE(said_.find("warning: PCA cannot make 2 dimensions from a latent of 1; this panel is left out\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, WhatNoJobCouldHaveIsWrongBeforeTheBestIsKnown) {
  EXPECT_FALSE(plan("    - map: {job: best, reductions: {tsne: {perplexity: 30}}}\n"));
  EXPECT_NE(said_.find("error: t-SNE with perplexity 30 needs 90 neighbors"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, ADefaultPerplexityIsTheLargestThatFewImagesAllow) {
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  for (const char* map : {"map", "map: {job: best}", "map: {job: {best: recon_mse}, reductions: tsne}", "map: {job: {latent_dim: 4}}"}) {
    const auto pictures = plan(std::string("    - ") + map + "\n");
    ASSERT_TRUE(pictures) << map << said_;
    EXPECT_EQ(said_, "") << map;
    EXPECT_EQ((*node(*pictures, pictures->tasks.size() - 2).params)["perplexity"], 19.0) << map << ": of 60 images";
  }
  const auto pictures = plan_sweep(unasked);
  EXPECT_EQ((*nodes(*pictures, "embedding").back()->params)["perplexity"], 30.0) << "100 images allow it";
}

TEST_F(PlannedFigureTasks, ATsneOfThreeImagesIsLeftOutUnlessItIsAskedFor) {
  std::string text = unasked;
  text.replace(text.find("images: 100"), 11, "images: 3");
  text.replace(text.find("{dim: 2}"), 8, "{dim: 1}");
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  const auto pictures = plan_sweep(text + "report: {figures: [map]}\n");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_EQ(panels(*pictures), (std::vector<std::string>{"map pca 2"}));
  EXPECT_NE(said_.find("warning: t-SNE needs at least 4 images, and there are 3; this panel is left out\n"), std::string::npos) << said_;
  EXPECT_FALSE(plan_sweep(text + "report: {figures: [map: {reductions: tsne}]}\n"));
  EXPECT_NE(said_.find("error: t-SNE needs at least 4 images, and there are 3\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("  hint: choose more images, or another reduction\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, WhyTheJobsOwnEmbeddingIsNoPanel) {
  std::string text = unasked;
  text.replace(text.find("{pca: {dim: 2}}"), 15, "[{pca: {dim: 4}}, {tsne: {dim: 2}}]");
  auto best = [&](std::size_t job) { known_.best = [job](const std::string&) { return std::optional<std::size_t>(job); }; };
  best(0);
  ASSERT_TRUE(plan_sweep(text + "report: {figures: [map: {reductions: own}]}\n")) << said_;
  EXPECT_NE(said_.find("warning: the job's own embedding has 4 dimensions, and a map shows 2; this panel is left out\n"), std::string::npos)
      << said_;
  EXPECT_NE(said_.find("  hint: write reductions: [own, pca, tsne] for panels that can always be drawn\n"), std::string::npos) << said_;
  best(1);
  ASSERT_TRUE(plan_sweep(text + "report: {figures: [map: {reductions: [own, pca], dataset: {synthetic: {images: 60}}}]}\n")) << said_;
  EXPECT_NE(said_.find("warning: the job's own reduction needs more than the 60 images of the map; this panel is left out\n"),
            std::string::npos)
      << said_;
}

TEST_F(PlannedFigureTasks, AMapOfImagesWithoutLabelsIsAWarning) {
  const std::vector<std::uint8_t> pixels(60 * 32 * 32 * 3);
  write_npy(folder_ / "images.npy", std::span(pixels), {60, 32, 32, 3});
  const std::vector<std::int64_t> labels(60, -1);
  write_npy(folder_ / "labels.npy", std::span(labels), {60});
  const char* map = "    - map: {job: {architecture: raw}, reductions: pca, dataset: {images: images.npy, labels: labels.npy}}\n";
  ASSERT_TRUE(plan(map)) << said_;
  EXPECT_NE(said_.find("warning: none of the images of the map 'map' has a label, so it has one colour\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, ABestThatWillNotComeIsNotWaitedFor) {
  known_.all_ended = true;
  known_.best = [](const std::string&) { return std::nullopt; };
  auto pictures = plan("    - map: {job: {best: leaderboard_public}, reductions: pca}\n");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_TRUE(pictures->waiting.empty());
  EXPECT_NE(said_.find("warning: 'map' is left out: no complete job has a value of leaderboard_public\n"), std::string::npos) << said_;
  pictures = plan_sweep(unasked);
  EXPECT_TRUE(pictures->waiting.empty());
  EXPECT_EQ(said_, "");
}

TEST_F(PlannedFigureTasks, NothingIsShownOfAJobThatFailed) {
  known_.usable = [](std::size_t) { return false; };
  const auto pictures = plan("    - reconstructions\n    - map: {job: {latent_dim: 4}, reductions: pca}\n");
  ASSERT_TRUE(pictures) << said_;
  EXPECT_TRUE(pictures->tasks.empty());
}

TEST_F(PlannedFigureTasks, WhatIsWrongHasAPosition) {
  EXPECT_FALSE(plan("    - map: {job: {latentdim: 4}, reductions: pca}\n"));
  EXPECT_EQ(said_,
            "sweep.yaml:10:19: error: no job has a column or parameter 'latentdim'\n"
            "      - map: {job: {latentdim: 4}, reductions: pca}\n"
            "                    ^\n"
            "  hint: did you mean 'latent_dim'?\n");
  EXPECT_FALSE(plan("    - map: {job: {latent_dim: 5}, reductions: pca}\n"));
  EXPECT_EQ(said_,
            "sweep.yaml:10:31: error: no job has latent_dim 5\n"
            "      - map: {job: {latent_dim: 5}, reductions: pca}\n"
            "                                ^\n"
            "  hint: there are 4, 8, 3072\n");
  EXPECT_FALSE(plan("    - map: {job: {latent_dim: 3072, epochs: 1}, reductions: pca}\n"));
  EXPECT_NE(said_.find("sweep.yaml:10:18: error: no job of the grid meets all of these conditions\n"), std::string::npos) << said_;
  EXPECT_FALSE(plan("    - map: {job: {accuracy: 0.5}, reductions: pca}\n"));
  EXPECT_NE(said_.find("sweep.yaml:10:19: error: 'accuracy' is known only after the run, and a figure's jobs are chosen before it\n"),
            std::string::npos)
      << said_;
  EXPECT_FALSE(plan("    - reconstructions: {images: [60]}\n"));
  EXPECT_NE(said_.find("sweep.yaml:10:33: error: there is no image 60: the dataset has 60 images"), std::string::npos) << said_;
  EXPECT_FALSE(plan("    - map: {job: {latent_dim: 4}, reductions: {pca: {dim: 3}}}\n"));
  EXPECT_NE(said_.find("sweep.yaml:10:59: error: a map has 2 dimensions, not 3"), std::string::npos) << said_;
  EXPECT_FALSE(plan("    - map: {job: {latent_dim: 4}, reductions: {tsne: {perplexity: 30}}}\n"));
  EXPECT_NE(said_.find("error: t-SNE with perplexity 30 needs 90 neighbors of every image, and there are 60 images"),
            std::string::npos)
      << said_;
  EXPECT_NE(said_.find("hint: write tsne: {perplexity: 19}, or less"), std::string::npos) << said_;
  EXPECT_FALSE(plan("    - map: {job: {latent_dim: 4}, dataset: {synthetic: {images: 70, height: 16}}}\n"));
  EXPECT_NE(said_.find("error: these images are 3×16×32, but the models take 3×32×32"), std::string::npos) << said_;
}

}  // namespace
}  // namespace latentgrid
