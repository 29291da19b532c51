// What the report's figures need besides the jobs: reconstructions, and which jobs a figure shows.
#include <fstream>
#include <set>

#include "store/npy.hpp"
#include "unit/plan/planned_figure_tasks.hpp"

namespace latentgrid {
namespace {

TEST_F(PlannedFigureTasks, ReconstructionsShowTheLongestTrainingOfEachArchitectureAndLatent) {
  const auto planned = plan("    - reconstructions\n");
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(planned->tasks.size(), 2u);
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(planned->tasks[i].figure, "reconstructions");
    EXPECT_EQ(planned->tasks[i].panel, static_cast<std::int64_t>(i));
    EXPECT_EQ(planned->tasks[i].role, "reconstruct");
    EXPECT_EQ(job(*planned, i).latent, i == 0 ? "4" : "8");
    EXPECT_EQ(job(*planned, i).epochs(), 2);
    EXPECT_EQ(job(*planned, i).seed, 0);
    EXPECT_EQ((*node(*planned, i).params)["images"].size(), 2u) << "the first of each class";
  }
}

TEST_F(PlannedFigureTasks, TheirModelsAreTheJobsOwn) {
  const auto planned = plan("    - reconstructions\n");
  std::set<std::string> of_jobs;
  for (const TaskNode& task : plan_->graph.tasks) of_jobs.insert(task.key);
  for (const TaskNode& task : planned->plan.graph.tasks) {
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
  const auto planned = plan_sweep(text + "report: {figures: [reconstructions: {images: [7, 2]}]}\n");
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ((*node(*planned, 0).params)["images"], Json({1, 4})) << "1 2 4 5 7 ... are selected";
  EXPECT_FALSE(plan_sweep(text + "report: {figures: [reconstructions: {images: [2, 3]}]}\n"));
  EXPECT_NE(said_.find("error: the data set does not select image 3\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("hint: images are counted from 0 over all image files; `classes` and `limit` select among them"),
            std::string::npos)
      << said_;
}

TEST_F(PlannedFigureTasks, ImagesAndJobsMayBeNamed) {
  const auto planned =
      plan("    - reconstructions: {images: [9, 3], jobs: {latent_dim: 8, epochs: [1, 2], seed: 1}}\n");
  ASSERT_EQ(planned->tasks.size(), 2u);
  EXPECT_EQ((*node(*planned, 0).params)["images"], Json({3, 9}));
  EXPECT_EQ(job(*planned, 0).epochs(), 1);
  EXPECT_EQ(job(*planned, 1).epochs(), 2);
  EXPECT_EQ(job(*planned, 1).seed, 1);
}

TEST_F(PlannedFigureTasks, JobsAreChosenByParametersThatNobodyVariesToo) {
  const auto planned = plan(
      "    - reconstructions: {jobs: {train.learning_rate: 0.001, reduction: PCA, PCA.dim: 2, latent_dim: 8, epochs: 1, "
      "seed: 1}}\n");
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(planned->tasks.size(), 1u);
  EXPECT_EQ(job(*planned, 0).latent, "8");
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

TEST_F(PlannedFigureTasks, TheBestJobIsWaitedFor) {
  auto planned = plan("    - map: {job: best, reductions: pca}\n    - reconstructions: {jobs: {best: recon_mse}}\n");
  ASSERT_TRUE(planned) << said_;
  EXPECT_TRUE(planned->tasks.empty());
  EXPECT_EQ(planned->waiting, (std::vector<std::string>{"map", "reconstructions"}));
  std::vector<std::string> asked;
  known_.best = [&](const std::string& field) {
    asked.push_back(field);
    return std::optional<std::size_t>(2);
  };
  planned = plan("    - map: {job: best, reductions: pca}\n    - reconstructions: {jobs: {best: recon_mse}}\n");
  EXPECT_EQ(asked, (std::vector<std::string>{"accuracy", "recon_mse"}));
  EXPECT_TRUE(planned->waiting.empty());
  ASSERT_EQ(planned->tasks.size(), 5u);
  EXPECT_EQ(planned->tasks[0].job, 2u);
}

TEST_F(PlannedFigureTasks, ASweepThatListsNoFiguresShowsReconstructionsAndTheBestJobsMap) {
  auto planned = plan_sweep(unasked);
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions"}));
  EXPECT_EQ(planned->waiting, (std::vector<std::string>{"map"}));
  known_.best = [](const std::string&) { return std::optional<std::size_t>(1); };
  planned = plan_sweep(unasked);
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions", "map pca 2", "map tsne 1000"}));
  planned = plan_sweep(std::string(unasked) + "report: {tables: [{name: scores, columns: [label, accuracy]}]}\n");
  EXPECT_EQ(panels(*planned).size(), 3u) << "a list of tables says nothing of figures";
  planned = plan_sweep(std::string(unasked) + "report: {figures: []}\n");
  EXPECT_EQ(panels(*planned), std::vector<std::string>());
}

TEST_F(PlannedFigureTasks, JobsMayBeNamedByTheirIds) {
  ASSERT_TRUE(plan("    - costs\n")) << said_;
  const std::string id = plan_->graph.jobs.at(3).id;
  auto planned = plan("    - map: {job: " + id + ", reductions: pca}\n");
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(planned->tasks.at(0).job, 3u);
  const std::string other = plan_->graph.jobs.at(1).id;
  planned = plan("    - reconstructions: {jobs: [" + id + ", " + other.substr(0, 8) + "]}\n");
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(planned->tasks.size(), 2u);
  EXPECT_EQ(planned->tasks.at(0).job, 3u);
  EXPECT_EQ(planned->tasks.at(1).job, 1u);
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
  auto planned = with("images: 100", "images: 3");
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions", "map pca 2"})) << "t-SNE needs 4";
  planned = with("images: 100", "images: 20001");
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions", "map pca 2"})) << "it would take long";
  planned = with("latent_dim: 4, epochs: [1, 2], reduction: {pca: {dim: 2}}", "latent_dim: 1, epochs: 1, reduction: none");
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions"})) << "no two dimensions of one";
  planned = with("architecture: [tiny, raw], latent_dim: 4, epochs: [1, 2]", "architecture: raw");
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"map pca 2", "map tsne 1000"})) << "no model";
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
  const auto planned = plan("    - reconstructions: {jobs: best}\n    - map: {job: best, reductions: pca}\n");
  ASSERT_TRUE(planned) << said_;
  ASSERT_FALSE(plan_->expansion.jobs.at(8).model) << "raw pixels";
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"map pca 2"}));
  EXPECT_NE(said_.find("sweep.yaml:10:31: warning: 'reconstructions' is left out: the best job has no decoder, so there is "
                       "nothing to reconstruct\n"),
            std::string::npos)
      << said_;
}

TEST_F(PlannedFigureTasks, WithoutAModelThereIsNothingToReconstruct) {
  std::string text = sweep_text;
  const std::string both = "architecture: [tiny, raw], latent_dim: [4, 8], epochs: [1, 2]";
  text.replace(text.find(both), both.size(), "architecture: raw");
  EXPECT_FALSE(plan_sweep(text + "    - reconstructions\n"));
  EXPECT_NE(said_.find("error: no job trains a decoder: there is nothing to reconstruct\n"), std::string::npos) << said_;
  EXPECT_FALSE(plan("    - reconstructions: {jobs: {architecture: raw}}\n"));
  EXPECT_NE(said_.find("error: none of these jobs trains a decoder: there is nothing to reconstruct\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, WhatNoJobCouldHaveIsWrongBeforeTheBestIsKnown) {
  EXPECT_FALSE(plan("    - map: {job: best, reductions: {tsne: {perplexity: 30}}}\n"));
  EXPECT_NE(said_.find("error: t-SNE with perplexity 30 needs 90 neighbors"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, ABestThatWillNotComeIsNotWaitedFor) {
  known_.all_ended = true;
  known_.best = [](const std::string&) { return std::nullopt; };
  auto planned = plan("    - map: {job: {best: leaderboard_public}, reductions: pca}\n");
  ASSERT_TRUE(planned) << said_;
  EXPECT_TRUE(planned->waiting.empty());
  EXPECT_NE(said_.find("warning: 'map' is left out: no complete job has a value of leaderboard_public\n"), std::string::npos) << said_;
  planned = plan_sweep(unasked);
  EXPECT_TRUE(planned->waiting.empty());
  EXPECT_EQ(said_, "");
}

TEST_F(PlannedFigureTasks, NothingIsShownOfAJobThatFailed) {
  known_.usable = [](std::size_t) { return false; };
  const auto planned = plan("    - reconstructions\n    - map: {job: {latent_dim: 4}, reductions: pca}\n");
  ASSERT_TRUE(planned) << said_;
  EXPECT_TRUE(planned->tasks.empty());
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
