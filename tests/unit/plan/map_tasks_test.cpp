// What the maps of a report need besides the jobs.
#include <algorithm>

#include "plan/cost.hpp"
#include "store/npy.hpp"
#include "unit/plan/planned_figure_tasks.hpp"

namespace latentgrid {
namespace {

// "own pca 2": whether the panel's embedding is the one that the job's clusters were found in.
std::vector<std::string> roles_of(const FigureTasks& planned, std::int64_t panel) {
  std::vector<std::string> roles;
  for (const FigureTask& task : planned.tasks) {
    if (task.figure == "map" && task.panel == panel) roles.push_back(task.role);
  }
  return roles;
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

TEST_F(PlannedFigureTasks, AMapHasAPanelAReductionAndSnapshot) {
  auto planned = plan(
      "    - map: {job: {latent_dim: 4, epochs: 2}, reductions: [pca, {tsne: {perplexity: 5, iterations: [250, 500]}}]}\n");
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(std::erase_if(planned->tasks, [](const FigureTask& task) { return task.role == "own"; }), 1u) << "of the PCA";
  ASSERT_EQ(planned->tasks.size(), 3u * 3u);
  const char* roles[] = {"images", "embedding", "trustworthiness"};
  for (std::size_t i = 0; i < planned->tasks.size(); ++i) EXPECT_EQ(planned->tasks[i].role, roles[i % 3]);
  EXPECT_EQ(planned->tasks[1].extent, 2) << "a slice of the jobs' own PCA";
  EXPECT_EQ(planned->tasks[4].extent, 250);
  EXPECT_EQ(planned->tasks[7].extent, 500);
  EXPECT_EQ(planned->tasks[4].task, planned->tasks[7].task) << "one run leaves both snapshots";
  EXPECT_EQ(node(*planned, 4).extents, (std::vector<std::int64_t>{250, 500}));
}

TEST_F(PlannedFigureTasks, MapsOfOneJobKeepTheirOwnParameters) {
  std::string figures;
  for (int perplexity : {5, 10, 15, 8, 12}) {
    figures += "    - map: {name: p" + std::to_string(perplexity) +
               ", job: {latent_dim: 4, epochs: 2}, reductions: {tsne: {iterations: 10, perplexity: " +
               std::to_string(perplexity) + "}}}\n";
  }
  const auto planned = plan(figures);
  ASSERT_TRUE(planned) << said_;
  std::vector<double> perplexities;
  for (const TaskNode* embedding : nodes(*planned, "embedding")) perplexities.push_back((*embedding->params)["perplexity"]);
  EXPECT_EQ(perplexities, (std::vector<double>{5, 10, 15, 8, 12}));
}

TEST_F(PlannedFigureTasks, ImagesThatAreEqualAreLoadedOnceAndOthersFromTheirOwnSource) {
  std::string figures;
  for (int seed : {7, 7, 8, 7, 9}) {
    figures += "    - map: {name: m" + std::to_string(figures.size()) +
               ", job: {latent_dim: 4, epochs: 2}, reductions: pca, dataset: {synthetic: {images: 70, seed: " +
               std::to_string(seed) + "}}}\n";
  }
  const auto planned = plan(figures);
  ASSERT_TRUE(planned) << said_;
  std::vector<int> seeds;
  for (const TaskNode* load : nodes(*planned, "images")) seeds.push_back((*load->dataset)["synthetic"]["seed"]);
  EXPECT_EQ(seeds, (std::vector<int>{7, 7, 8, 7, 9}));
}

TEST_F(PlannedFigureTasks, WithoutReductionsAMapShowsPcaAndTheSnapshotsOfTsne) {
  const auto planned = plan("    - map: {job: {latent_dim: 4, epochs: 2}, dataset: {synthetic: {images: 200}}}\n");
  ASSERT_TRUE(planned) << said_;
  std::vector<std::int64_t> extents;
  for (const FigureTask& task : planned->tasks) {
    if (task.role == "embedding") extents.push_back(task.extent);
  }
  EXPECT_EQ(extents, (std::vector<std::int64_t>{2, 250, 500, 750, 1000}));
}

TEST_F(PlannedFigureTasks, OtherImagesAreLoadedFromTheirOwnSource) {
  const auto planned =
      plan("    - map: {job: {latent_dim: 4, epochs: 2}, reductions: pca, dataset: {synthetic: {images: 70, seed: 9}}}\n");
  ASSERT_TRUE(planned) << said_;
  const TaskNode& load = node(*planned, 0);
  ASSERT_TRUE(load.dataset);
  EXPECT_EQ((*load.dataset)["synthetic"]["seed"], 9);
  int own = 0;
  for (const TaskNode& task : planned->plan.graph.tasks) own += task.stage == "load" && !task.dataset;
  EXPECT_EQ(own, 1) << "the model was trained on the sweep's";
}

TEST_F(PlannedFigureTasks, OtherImagesCostWhatTheyAreAndNotWhatTheSweepsAre) {
  const auto planned =
      plan("    - map: {job: {latent_dim: 4, epochs: 2}, reductions: pca, dataset: {synthetic: {images: 20000, seed: 9}}}\n");
  ASSERT_TRUE(planned) << said_;
  const std::vector<double> costs = estimate_costs(planned->plan.graph, plan_->dataset.images, {});
  int maps = 0;
  for (std::size_t i = 0; i < costs.size(); ++i) {
    if (planned->plan.graph.tasks[i].stage != "trustworthiness") continue;
    ++maps;
    EXPECT_NEAR(costs[i], 0.8, 1e-9) << "of every pair of 20,000 images";
  }
  EXPECT_EQ(maps, 1);
}

TEST_F(PlannedFigureTasks, TheJobsOwnEmbeddingIsTheFirstPanelWhereItHasTwoDimensions) {
  std::string text = unasked;
  const std::string pca = "reduction: {pca: {dim: 2}}";
  text.replace(text.find(pca), pca.size(), "reduction: [{pca: {dim: 3}}, {tsne: {dim: 2, iterations: 250}}, [{pca: {dim: 3}}, {tsne: {dim: 2}}]]");
  auto best = [&](std::size_t job) { known_.best = [job](const std::string&) { return std::optional<std::size_t>(job); }; };
  best(1);
  auto planned = plan_sweep(text);
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions", "map tsne 250", "map pca 2", "map tsne 1000"}));
  EXPECT_EQ(roles_of(*planned, 0), (std::vector<std::string>{"images", "embedding", "own", "trustworthiness"}));
  EXPECT_EQ(roles_of(*planned, 1), (std::vector<std::string>{"images", "embedding", "trustworthiness"}));
  const TaskNode& own = *nodes(*planned, "own").at(0);
  EXPECT_TRUE(std::any_of(plan_->graph.tasks.begin(), plan_->graph.tasks.end(), [&](const TaskNode& task) { return task.key == own.key; }))
      << "nothing is run for it";
  best(2);
  planned = plan_sweep(text);
  EXPECT_EQ(roles_of(*planned, 0), (std::vector<std::string>{"images", "embedding", "step0", "own", "trustworthiness"}));
  best(0);
  planned = plan_sweep(text);
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions", "map pca 2", "map tsne 1000"})) << "three dimensions";
  EXPECT_EQ(nodes(*planned, "own").size(), 0u);
}

TEST_F(PlannedFigureTasks, ListedReductionsAreAllThatAMapShowsAndOwnIsOneOfThem) {
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  auto planned = plan("    - map: {job: best, reductions: {tsne: {perplexity: 5}}}\n");
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"map tsne 1000"}));
  planned = plan("    - map: {job: best, reductions: [{tsne: {perplexity: 5}}, own]}\n");
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"map pca 2", "map tsne 1000"}));
  planned = plan("    - map: {job: best, reductions: own}\n");
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"map pca 2"}));
  EXPECT_EQ(said_, "");
}

TEST_F(PlannedFigureTasks, LatentsOfTwoValuesAreTheJobsOwnEmbedding) {
  std::string text = unasked;
  text.replace(text.find("latent_dim: 4"), 13, "latent_dim: 2");
  text.replace(text.find("reduction: {pca: {dim: 2}}"), 26, "reduction: none");
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  const auto planned = plan_sweep(text);
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(roles_of(*planned, 0), (std::vector<std::string>{"images", "embedding", "own"})) << "they are no map of anything";
  EXPECT_EQ(nodes(*planned, "own").at(0)->stage, "encode");
}

// The file is not to blame for which job is best: what else it asks for is made.
TEST_F(PlannedFigureTasks, APanelThatCannotBeHadOfTheBestJobIsLeftOutWithAWarning) {
  std::string text = sweep_text;
  text.replace(text.find("latent_dim: [4, 8]"), 18, "latent_dim: [1, 8]").replace(text.find("reduction: {pca: {dim: 2}}"), 26, "reduction: none");
  text += "    - map: {job: best, reductions: pca}\n    - reconstructions\n";
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  const auto planned = plan_sweep(text);
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"reconstructions", "reconstructions"}));
  EXPECT_NE(said_.find("warning: PCA cannot make 2 dimensions from a latent of 1; this panel is left out\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, ADefaultPerplexityIsTheLargestThatFewImagesAllow) {
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  for (const char* map : {"map", "map: {job: best}", "map: {job: {best: recon_mse}, reductions: tsne}", "map: {job: {latent_dim: 4}}"}) {
    const auto planned = plan(std::string("    - ") + map + "\n");
    ASSERT_TRUE(planned) << map << said_;
    EXPECT_EQ(said_, "") << map;
    EXPECT_EQ((*node(*planned, planned->tasks.size() - 2).params)["perplexity"], 19.0) << map << ": of 60 images";
  }
  const auto planned = plan_sweep(unasked);
  EXPECT_EQ((*nodes(*planned, "embedding").back()->params)["perplexity"], 30.0) << "100 images allow it";
}

TEST_F(PlannedFigureTasks, ATsneOfThreeImagesIsLeftOutUnlessItIsAskedFor) {
  std::string text = unasked;
  text.replace(text.find("images: 100"), 11, "images: 3");
  text.replace(text.find("{dim: 2}"), 8, "{dim: 1}");
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  const auto planned = plan_sweep(text + "report: {figures: [map]}\n");
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"map pca 2"}));
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

}  // namespace
}  // namespace latentgrid
