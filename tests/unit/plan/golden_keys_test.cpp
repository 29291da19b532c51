// The keys of every task of the shipped sweeps, and of one that writes every parameter, are what they were: no artifact that
// somebody has is lost by a change of the program. A key that has to change is changed in tests/golden/task_keys.json, with
// the reason in the commit.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "base/key.hpp"
#include "data/digest_cache.hpp"
#include "plan/figure_tasks.hpp"
#include "support/golden.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

// By stage: how many artifacts there are, and a digest of their keys and extents.
Json digests(const TaskGraph& graph) {
  std::map<std::string, std::vector<std::string>> stages;
  for (const TaskNode& task : graph.tasks) {
    for (std::int64_t extent : task.extents) stages[task.stage].push_back(task.key + " " + std::to_string(extent) + "\n");
  }
  Json digests = Json::object();
  for (auto& [stage, keys] : stages) {
    std::sort(keys.begin(), keys.end());
    std::string all;
    for (const std::string& key : keys) all += key;
    digests[stage] = std::to_string(keys.size()) + " " + sha256_hex(all).substr(0, 16);
  }
  return digests;
}

std::string digest_of_jobs(const TaskGraph& graph) {
  std::string all;
  for (const JobNode& job : graph.jobs) all += job.key + "\n";
  return std::to_string(graph.jobs.size()) + " " + sha256_hex(all).substr(0, 16);
}

class GoldenKeys : public ::testing::TestWithParam<std::string> {};

TEST_P(GoldenKeys, AreWhatTheyWere) {
  if (GetParam().starts_with("experiments") && !std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
    GTEST_SKIP() << "the package dataset-fashion-mnist is not installed";
  }
  testing::TemporaryFolder folder;
  const ArtifactStore store(folder / "results");
  DigestCache digest_cache;
  Diagnostics diagnostics;
  const auto plan = make_plan(std::filesystem::path(LATENTGRID_SOURCE_DIR) / GetParam(), {}, store, digest_cache, diagnostics);
  ASSERT_TRUE(plan) << diagnostics.render();
  JobKnowledge first_is_best{.best = [](const std::string&) { return std::size_t{0}; }};
  const auto pictures = plan_figure_tasks(*plan, store, digest_cache, first_is_best, diagnostics);
  ASSERT_TRUE(pictures) << diagnostics.render();
  const Json found = {{"jobs", digest_of_jobs(plan->graph)}, {"tasks", digests(plan->graph)}, {"figures", digests(pictures->plan.graph)}};
  EXPECT_EQ(found, testing::golden_answer("task_keys.json", GetParam())) << found.dump(1);
}

INSTANTIATE_TEST_SUITE_P(Sweeps, GoldenKeys,
                         ::testing::Values("experiments/quickstart.yaml", "experiments/hw3_table.yaml", "experiments/hw4_table.yaml",
                                           "experiments/error_vs_score.yaml", "experiments/visualisation.yaml",
                                           "experiments/class_pipelines.yaml", "experiments/methods.yaml",
                                           "tests/golden/every_parameter.yaml"),
                         [](const auto& sweep) { return std::filesystem::path(sweep.param).stem().string(); });

}  // namespace
}  // namespace latentgrid
