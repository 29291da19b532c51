#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "data/digest_cache.hpp"
#include "plan/figure_tasks.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {

// Two epoch counts of one training each for a latent of 4 and of 8.
inline constexpr const char* sweep_text = R"(name: test
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
inline constexpr const char* unasked = R"(name: test
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
    auto planned = plan_ ? plan_figure_tasks(*plan_, store, digests, known_, diagnostics) : std::nullopt;
    said_ = diagnostics.render();
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at; (at = said_.find(prefix)) != std::string::npos;) said_.erase(at, prefix.size());
    return planned;
  }

  // "map pca 2": figure and method of every embedding, or figure and role of what is none.
  std::vector<std::string> panels(const FigureTasks& planned) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < planned.tasks.size(); ++i) {
      const FigureTask& task = planned.tasks[i];
      if (task.role == node(planned, i).stage && task.role != "trustworthiness") all.push_back(task.figure);
      if (task.role == "embedding")
        all.push_back(task.figure + " " + (*node(planned, i).params)["method"].get<std::string>() + " " + std::to_string(task.extent));
    }
    return all;
  }

  const TaskNode& node(const FigureTasks& planned, std::size_t task) {
    return planned.plan.graph.tasks.at(planned.tasks.at(task).task);
  }
  std::vector<const TaskNode*> nodes(const FigureTasks& planned, const std::string& role) {
    std::vector<const TaskNode*> found;
    for (std::size_t i = 0; i < planned.tasks.size(); ++i) {
      if (planned.tasks[i].role == role) found.push_back(&node(planned, i));
    }
    return found;
  }
  const Job& job(const FigureTasks& planned, std::size_t task) {
    return plan_->expansion.jobs.at(planned.tasks.at(task).job);
  }

  testing::TemporaryFolder folder_;
  JobKnowledge known_;
  std::optional<Plan> plan_;
  std::string said_;
};

}  // namespace latentgrid
