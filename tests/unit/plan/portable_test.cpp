// `train: {arithmetic: portable}`: which tasks hash it, and that nothing else changes.
#include <gtest/gtest.h>

#include "methods/stages.hpp"
#include "plan/expand.hpp"
#include "plan/task_graph.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

using Lines = std::vector<std::string>;

const DatasetHeader faces = {.images = 1000, .channels = 3, .height = 32, .width = 32, .labelled = 1000, .classes = 5};
const DatasetIdentity identity{1000, {{"digest", "pixels"}}, "labels", "split"};

struct Planned {
  explicit Planned(const std::string& sections)
      : text("name: test\ndataset: {synthetic: {images: 1000}}\n" + sections, {{}, std::nullopt}),
        jobs(expand(*text.sweep, faces, text.diagnostics, 1).jobs) {
    if (text.said().find("error") == std::string::npos) graph = build_task_graph(jobs, identity);
  }
  Lines portable() const {
    Lines stages;
    for (const TaskNode& task : graph.tasks) {
      if (is_portable(*task.params)) stages.push_back(std::string(task.stage) + " " + task.params->value("method", ""));
    }
    return stages;
  }
  Lines keys() const {
    Lines all;
    for (const TaskNode& task : graph.tasks) all.push_back(task.key);
    return all;
  }
  testing::SweepText text;
  std::vector<Job> jobs;
  TaskGraph graph;
};

const std::string grid =
    "grid: {architecture: [{AE1: {epochs: 1}}, raw], reduction: [{pca: {dim: 2}}, {kernel_pca: {dim: 2}}, {umap: {}}], clustering: [kmeans]}\n";

TEST(Portable, IsHashedWhereFloatsGoThroughABlas) {
  EXPECT_EQ(Planned("train: {arithmetic: portable}\n" + grid).portable(),
            (Lines{"train ", "encode autoencoder", "reduce pca", "reduce kernel_pca", "reduce pca", "reduce kernel_pca"}));
  const Planned native("train: {arithmetic: native}\n" + grid);
  EXPECT_EQ(native.portable(), Lines{});
  EXPECT_EQ(native.keys(), Planned(grid).keys());
}

TEST(Portable, IsAnAxis) {
  const Planned both("grid: {architecture: raw, arithmetic: [native, portable], reduction: [none, {pca: {dim: 2}}]}\n");
  ASSERT_EQ(both.jobs.size(), 3u) << "k-means of raw pixels is portable anyhow";
  EXPECT_EQ(parameter_of(both.jobs[0], "arithmetic"), nullptr);
  EXPECT_EQ(parameter_of(both.jobs[2], "arithmetic"), "portable");
  EXPECT_EQ(both.text.said(), "");
}

TEST(Portable, IsOfTheCpuAlone) {
  EXPECT_EQ(Planned("train: {device: cuda, arithmetic: portable}\ngrid: {architecture: {AE1: {epochs: 1}}}\n").text.said(),
            "sweep.yaml:3:35: error: arithmetic portable is of the CPU, and this trains on a GPU\n"
            "  train: {device: cuda, arithmetic: portable}\n"
            "                                    ^\n"
            "  hint: write device: cpu, or arithmetic: native\n");
}

}  // namespace
}  // namespace latentgrid
