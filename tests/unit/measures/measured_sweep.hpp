#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "db/details.hpp"
#include "db/queries.hpp"
#include "db/registration.hpp"
#include "store/npy.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::testing {

using Clusters = std::vector<std::int32_t>;

// A sweep whose jobs have left clusters.
struct MeasuredSweep : ::testing::Test {
  TemporaryResults results;
  ArtifactStore store{results.folder()};
  std::vector<JobRecord> jobs;
  std::vector<ResultRow> rows;
  Json report;  // of the sweep

  static std::filesystem::path folder_of(const ArtifactStore& store, const JobRecord& job, const std::string& stage) {
    const std::filesystem::path folder = store.folder(stage, task_of(job, stage).artifact);
    std::filesystem::create_directories(folder);
    return folder;
  }
  JobRecord& add(const JobRecord& job, const Clusters& clusters) {
    jobs.push_back(job);
    write_npy(folder_of(store, job, "cluster") / "clusters.npy", std::span(clusters),
              {static_cast<std::int64_t>(clusters.size())});
    return jobs.back();
  }
  // All are complete but the last `pending`; accuracies as given, 0.5 where none is.
  void record(std::size_t pending = 0, const std::vector<double>& accuracies = {}) {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    SweepRecord sweep = sample_sweep("scenes");
    sweep.report = report;
    register_sweep(db, sweep, jobs);
    for (std::size_t i = 0; i + pending < jobs.size(); ++i) {
      const double accuracy = i < accuracies.size() ? accuracies[i] : 0.5;
      record_results(db, sample_artifacts(jobs[i], {0.1, accuracy, accuracy, accuracy, 0.2, 0.1}), {},
                     {{jobs[i].id, JobState::complete, ""}});
    }
  }
  std::int64_t read_rows(const ResultsDb& db) {
    const std::int64_t revision = latest_revision(db, "scenes").value().id;
    rows = load_results(db, revision);
    return revision;
  }
  std::vector<const ResultRow*> all_rows() const {
    std::vector<const ResultRow*> all;
    for (const ResultRow& row : rows) all.push_back(&row);
    return all;
  }
};

}  // namespace latentgrid::testing
