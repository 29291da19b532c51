#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/key.hpp"
#include "cli/commands.hpp"
#include "cli/comparison_text.hpp"
#include "support/predictions.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::cli {
namespace {

using namespace latentgrid::testing;

struct CompareCommands : ::testing::Test {
  TemporaryResults results;
  const ArtifactStore store{results.folder()};
  std::string out, err;

  int run(const std::string& arguments) {
    CLI::App app;
    Context context;
    context.results = results.folder();
    add_compare(app, context);
    add_explain(app, context);
    app.parse(arguments);
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    auto finish = [&] {
      std::fflush(stdout);
      out = ::testing::internal::GetCapturedStdout();
      err = ::testing::internal::GetCapturedStderr();
    };
    try {
      int code = context.action();
      finish();
      return code;
    } catch (...) {
      finish();
      throw;
    }
  }
  std::string error(const std::string& arguments) {
    return error_of([&] { run(arguments); });
  }

  void add(const std::string& name, const std::vector<JobRecord>& jobs, const std::vector<Scores>& scores,
           const Json& options = Json::object()) {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    SweepRecord sweep = sample_sweep(name);
    sweep.options = options;
    sweep.dataset["source"] = alternating_labels(40).to_json();
    db.register_sweep(sweep, jobs);
    for (std::size_t i = 0; i < scores.size(); ++i) {
      db.record(sample_artifacts(jobs[i], scores[i]), {}, {{jobs[i].id, JobState::complete, ""}});
    }
  }
  void predict(const JobRecord& job, int wrong) {
    std::vector<std::int32_t> predictions;
    for (int i = 0; i < 40; ++i) predictions.push_back((i + (i < wrong)) % 2);
    write_predictions(store, task_of(job, "score").artifact, predictions);
  }
};

TEST_F(CompareCommands, TwoJobs) {
  std::vector<JobRecord> jobs;
  for (std::int64_t seed : {0, 1, 2}) {
    jobs.push_back(sample_job("AE1", "pca", 32, seed));
    jobs.push_back(sample_job("AE2", "pca", 32, seed));
  }
  add("scenes", jobs,
      {{0.05, 0.75, 0.5, 1.0, 0.25, 0.125},
       {0.04, 0.5, 0.25, 0.75, 0.25, 0.125},
       {0.05, 0.75, 0.5, 1.0, 0.25, 0.125},
       {0.04, 0.5, 0.5, 0.5, 0.25, 0.125},
       {0.05, 0.75, 0.5, 1.0, 0.25, 0.125},
       {0.04, 0.25, 0.0, 0.5, 0.25, 0.125}});
  predict(jobs[0], 2);
  predict(jobs[1], 14);
  run("compare " + jobs[0].id + " " + jobs[1].id);
  EXPECT_EQ(out, "A is job " + jobs[0].id +
                     ": AE1(native) + PCA(dim = 32), 20 epochs, kmeans k = 2, seed 0 (in scenes)\n"
                     "B is job " +
                     jobs[1].id +
                     ": AE2(native) + PCA(dim = 32), 4 epochs, kmeans k = 2, seed 0 (in scenes)\n"
                     "\n");
  run("compare --format md " + jobs[0].id + " " + jobs[1].id);
  EXPECT_NE(out.find("| accuracy | 0.75 | 0.5 | 0.25 |\n"), std::string::npos) << out;
  run("compare --json " + jobs[0].id + " " + jobs[1].id);
  EXPECT_EQ(Json::parse(out)["single_runs"][0]["only_first_right"], 12);
}

}  // namespace
}  // namespace latentgrid::cli
