#pragma once

#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "data/digest_cache.hpp"
#include "db/registration.hpp"
#include "plan/make_plan.hpp"
#include "run/figure_run.hpp"
#include "run/job_record.hpp"
#include "run/sweep_run.hpp"
#include "support/fake_run.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::testing {

// One training to 1 and to 2 epochs, and what follows of each: load, train, and encode, cluster, score twice; 2 jobs.
constexpr const char* two_jobs = R"(name: fake
dataset: {synthetic: {images: 60, classes: 2, seed: 1}}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid: {architecture: tiny, epochs: [1, 2], clustering: {kmeans: {k: 2}}}
report: {figures: [costs]}
)";

// Runs of one sweep in a results folder of its own, with workers, time and interrupts that a test moves.
class FakeRun {
 public:
  explicit FakeRun(const std::string& text = two_jobs, int slots = 3) : executor(store, clock, slots) {
    std::ofstream(folder / "sweep.yaml") << text;
    DigestCache digests;
    Diagnostics diagnostics;
    plan = make_plan(folder / "sweep.yaml", {}, store, digests, diagnostics);
    EXPECT_TRUE(plan) << diagnostics.render();
    std::vector<JobRecord> records;
    const TaskNumbers numbers(plan->graph);
    for (std::size_t i = 0; i < plan->graph.jobs.size(); ++i) {
      records.push_back(job_record(plan->expansion.jobs[i], plan->graph.jobs[i], plan->graph, numbers));
    }
    revision = register_sweep(db, sample_sweep("fake"), records);
  }

  RunSummary run() {
    SweepRun sweep_run(*plan, revision, context());
    const RunSummary summary = sweep_run.run();
    states = sweep_run.job_states();
    return summary;
  }
  RunSummary run_figures() {
    DigestCache digests;
    const RunContext work = context();
    return run_figure_tasks({*plan, states, revision, work}, digests);
  }
  RunContext context() { return {store, db, executor, interrupts, clock, view}; }

  // The same once more, with new workers.
  void start_again() {
    mark_published(plan->graph, store);
    executor.submitted.clear();
    executor.steps = {};
    executor.stopped = executor.terminated = false;
  }

  const TaskNode& task(const std::string& stage) const {
    for (const TaskNode& node : plan->graph.tasks) {
      if (node.stage == stage) return node;
    }
    throw std::logic_error("no " + stage);
  }
  std::int64_t rows(const std::string& what) const { return number(db, "SELECT count(*) FROM " + what); }
  // "complete, skipped": of the jobs, in the order of the file.
  std::string job_states() const { return listed("SELECT state FROM results ORDER BY epochs"); }
  // "train signal 1": stage, kind and attempt.
  std::string failures() const { return listed("SELECT stage || ' ' || kind || ' ' || attempt FROM failures ORDER BY id"); }

  TemporaryFolder folder{folder_in_memory()};
  ArtifactStore store{folder / "results"};
  ResultsDb db = ResultsDb::open_for_writing(store.database());
  FakeClock clock;
  FakeExecutor executor;
  FakeInterrupts interrupts;
  WatchedStream out;
  RunView view{out.file(), false, false};
  std::optional<Plan> plan;
  std::int64_t revision = 0;
  std::vector<JobState> states;

 private:
  std::string listed(const std::string& sql) const {
    std::string all;
    for (const auto& row : selected(db, sql).rows) all += (all.empty() ? "" : ", ") + std::get<std::string>(row.at(0));
    return all;
  }
};

// Done by a task of this stage, at each attempt; others do well.
inline std::function<FakeExecutor::Steps(const protocol::Run&)> only(const std::string& stage,
                                                                     std::vector<FakeExecutor::Steps> attempts) {
  return [=](const protocol::Run& run) -> FakeExecutor::Steps {
    if (run.stage != stage || run.attempt > static_cast<int>(attempts.size())) return {};
    return attempts[static_cast<std::size_t>(run.attempt) - 1];
  };
}

inline std::string text(const RunSummary& s) {
  return "jobs " + std::to_string(s.jobs_complete) + " complete " + std::to_string(s.jobs_failed) + " failed " +
         std::to_string(s.jobs_skipped) + " skipped " + std::to_string(s.jobs_pending) + " pending; tasks " +
         std::to_string(s.tasks_executed) + " executed " + std::to_string(s.tasks_reused) + " reused " +
         std::to_string(s.tasks_failed) + " failed" + (s.interrupted ? "; interrupted" : "");
}

}  // namespace latentgrid::testing
