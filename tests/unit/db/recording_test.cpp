#include <gtest/gtest.h>

#include <limits>

#include "db/details.hpp"
#include "db/impl.hpp"
#include "db/registration.hpp"
#include "db/results_columns.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Recording : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  JobRecord job = sample_job("AE1", "pca", 32, 0);
  JobRecord raw = sample_job("raw", "none", 3072, 0);
  void SetUp() override { register_sweep(db, sample_sweep("one"), {job, raw}); }
};

TEST_F(Recording, ResultsHasExactlyTheseColumnsInThisOrder) {
  std::vector<std::string> expected = {"sweep",  "job",       "dataset",     "architecture", "latent", "latent_dim", "epochs",
                                       "reduction", "reduced_dim", "clustering", "k",    "seed",       "params"};
  std::vector<std::string> behind = {"state", "wall_s"};
  for (const Metric& metric : all_metrics) {
    if (metric.name != "wall_s") (metric.is_default ? expected : behind).emplace_back(metric.name);
  }
  expected.insert(expected.end(), behind.begin(), behind.end());
  EXPECT_EQ(results_columns(), expected);
  expected.emplace_back("range");  // of the connection's view alone
  EXPECT_EQ(selected(db, "SELECT * FROM results").columns, expected);
}

TEST_F(Recording, ARowOfResultsGathersThePath) {
  record_results(db, sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1}), {}, {{job.id, JobState::complete, ""}});
  const auto whole = [](std::int64_t value) { return Cell(value); };
  const std::map<std::string, Cell> expected = {{"sweep", "one"},          {"job", job.id},       {"dataset", "scenes"},
                                                {"architecture", "AE1"},   {"latent", "native"},  {"latent_dim", whole(2048)},
                                                {"epochs", whole(20)},     {"reduction", "pca"},  {"reduced_dim", whole(32)},
                                                {"clustering", "kmeans"},  {"k", whole(2)},       {"seed", whole(0)},
                                                {"params", job.params.dump()}, {"recon_mse", 0.04}, {"accuracy", 0.7},
                                                {"accuracy_public", 0.71}, {"accuracy_private", 0.69}, {"ari", 0.2},
                                                {"nmi", 0.1},              {"state", "complete"}, {"wall_s", 6.0},
                                                {"range", "[-1, 1]"}};
  EXPECT_EQ(cells_of(selected(db, "SELECT * FROM results WHERE job = '" + job.id + "'"), 0), expected);
}

TEST_F(Recording, TheNumberOfClustersIsThatOfTheClustering) {
  record_results(db, {sample_artifact(task_of(job, "cluster"), {{"clusters_found", 3}, {"inertia", 0.5}}, 1)}, {}, {});
  EXPECT_EQ(selected(db, "SELECT clusters_found FROM results WHERE job = '" + job.id + "'").rows.at(0).at(0),
            Cell(std::int64_t{3}));
  EXPECT_EQ((*job_result(db, job.id))["clusters_found"], 3);
}

TEST_F(Recording, ClusteringsWithFewerClustersThanKAreCountedOnceForAllTheirJobs) {
  JobRecord twin = job;  // other labels: another score of the same clusters
  twin.path.back().artifact.key = sha256_hex("other labels");
  twin.key = sha256_hex("twin");
  twin.id = twin.key.substr(0, 12);
  const std::int64_t revision = register_sweep(db, sample_sweep("two"), {job, raw, twin});
  auto found = [&](const JobRecord& of, int clusters) {
    record_results(db, {sample_artifact(task_of(of, "cluster"), {{"clusters_found", clusters}}, 1)}, {}, {});
  };
  EXPECT_EQ(clusterings_with_empty_clusters(db, revision), 0);
  found(raw, 2);
  EXPECT_EQ(clusterings_with_empty_clusters(db, revision), 0);
  found(job, 1);
  EXPECT_EQ(clusterings_with_empty_clusters(db, revision), 1);
}

TEST_F(Recording, RawHasNoReconstructionLoss) {
  record_results(db, sample_artifacts(raw, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1}), {}, {{raw.id, JobState::complete, ""}});
  std::vector<Cell> expected = {std::monostate{}, 0.7, 4.0};
  EXPECT_EQ(selected(db, "SELECT recon_mse, accuracy, wall_s FROM results WHERE job = '" + raw.id + "'").rows.at(0),
            expected);
}

TEST_F(Recording, APendingJobHasARowOfNulls) {
  std::vector<Cell> expected = {std::monostate{}, std::monostate{}, "pending", std::monostate{}};
  EXPECT_EQ(selected(db, "SELECT recon_mse, accuracy, state, wall_s FROM results").rows.at(0), expected);
}

TEST_F(Recording, WallSecondsCountWhatIsDoneSoFar) {
  std::vector<ArtifactRow> rows = sample_artifacts(job, {});
  record_results(db, {rows[0], rows[1]}, {}, {});
  EXPECT_EQ(selected(db, "SELECT wall_s FROM results WHERE job = '" + job.id + "'").rows.at(0).at(0), Cell(2.0));
}

TEST_F(Recording, RecordingTwiceChangesNothing) {
  auto dump = [&] {
    std::vector<std::vector<Cell>> all;
    for (const char* table : {"artifacts", "artifact_metrics", "train_losses", "failures", "jobs", "tasks"}) {
      for (auto& row : selected(db, std::string("SELECT * FROM ") + table).rows) all.push_back(row);
    }
    return all;
  };
  FailureRow failure{"train", task_of(job, "train").artifact.key, "diverged", "loss is NaN", "2026-11-21T10:06:00Z", 1};
  JobStateRow state{job.id, JobState::failed, "diverged"};
  std::vector<ArtifactRow> rows = sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1});
  record_results(db, rows, {failure}, {state});
  auto once = dump();
  record_results(db, rows, {failure}, {state});
  EXPECT_EQ(dump(), once);
}

TEST_F(Recording, AnArtifactMadeAnewReplacesItsRow) {
  std::vector<ArtifactRow> rows = sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1});
  record_results(db, rows, {}, {});
  rows[2].record["metrics"] = {{"recon_mse", 0.05}};
  rows[2].recorded_at = "2026-11-21T11:00:00.000Z";
  record_results(db, rows, {}, {});
  const auto found = selected(db, "SELECT recon_mse, accuracy FROM results WHERE accuracy IS NOT NULL").rows;
  EXPECT_EQ(found, (std::vector<std::vector<Cell>>{{0.05, 0.7}}));
}

TEST_F(Recording, StatesAreSetAsTold) {
  record_results(db, {}, {}, {{job.id, JobState::failed, "diverged", "2026-11-21T10:00:00.000Z"}});
  record_results(db, {}, {}, {{job.id, JobState::complete, "", "2026-11-21T11:00:00.000Z"}});
  std::vector<Cell> expected = {"complete", "", "2026-11-21T11:00:00.000Z"};
  EXPECT_EQ(selected(db, "SELECT state, reason, changed_at FROM jobs WHERE id = '" + job.id + "'").rows.at(0),
            expected);
}

TEST_F(Recording, ProvenanceBecomesColumns) {
  record_results(db, {sample_artifact(task_of(job, "reduce"), {}, 3)}, {}, {});
  std::vector<Cell> expected = {
      "pca",           3.0,     6.0,       std::int64_t{250000},       "lab", "cpu", std::int64_t{1},
      std::int64_t{7}, "0.1.0", "0123abc", "{\"libtorch\":\"1.13.1\"}"};
  EXPECT_EQ(
      selected(db,
               "SELECT method, wall_s, cpu_s, peak_rss_kb, host, device, threads, seed, build, git_commit, libraries "
               "FROM artifact_list")
          .rows.at(0),
      expected);
}

TEST_F(Recording, ARecordWithoutProvenanceOrWithOtherTypesIsStillRecorded) {
  ArtifactRow row{"load", task_of(job, "load").artifact, {{"metrics", {{"images", 10}, {"note", "text"}}}}, "now"};
  row.record["usage"] = {{"wall_s", "three"}};
  row.record["metrics"]["nan"] = std::numeric_limits<double>::quiet_NaN();
  record_results(db, {row}, {}, {});
  std::vector<std::vector<Cell>> expected = {{"images", 10.0}, {"nan", std::monostate{}}, {"note", std::monostate{}}};
  EXPECT_EQ(selected(db, "SELECT name, value FROM artifact_metrics ORDER BY name").rows, expected);
  EXPECT_EQ(selected(db, "SELECT wall_s FROM artifacts").rows.at(0).at(0), Cell(std::monostate{}));
}

TEST_F(Recording, AJobNeverRegisteredIsAnErrorAndNothingIsKept) {
  std::string error = error_of([&] {
    record_results(db, sample_artifacts(job, {}), {}, {{"ffffffffffff", JobState::complete, ""}});
  });
  EXPECT_EQ(error, "job ffffffffffff was never registered, so it can have no state");
  EXPECT_EQ(number(db, "SELECT count(*) FROM artifacts"), 0);
}

TEST_F(Recording, KnowsWhichArtifactsAreRecorded) {
  const TaskRef load = task_of(job, "load"), train = task_of(job, "train");
  record_results(db, {sample_artifact(train, {}, 1)}, {}, {});
  EXPECT_EQ(db.recorded({{"train", train.artifact},
                         {"train", {train.artifact.key, train.artifact.extent + 1}},
                         {"encode", train.artifact},
                         {"load", load.artifact}}),
            (std::vector<bool>{true, false, false, false}));
}

TEST_F(Recording, AStateToldAgainWritesNothing) {
  record_results(db, {}, {}, {{job.id, JobState::complete, ""}, {raw.id, JobState::failed, "diverged"}});
  const int before = db.impl().database.getTotalChanges();
  record_results(db, {}, {}, {{job.id, JobState::complete, ""}, {raw.id, JobState::failed, "diverged"}});
  EXPECT_EQ(db.impl().database.getTotalChanges(), before);
  record_results(db, {}, {}, {{job.id, JobState::complete, ""}, {raw.id, JobState::failed, "out of memory"}});
  EXPECT_EQ(db.impl().database.getTotalChanges(), before + 1) << "another reason is a change";
}

TEST_F(Recording, JobStatesComeInTheOrderOfTheFile) {
  const std::int64_t revision = register_sweep(db, sample_sweep("two"), {raw, job});
  record_results(db, {}, {}, {{job.id, JobState::skipped, "train failed", "2026-11-21T10:00:00.000Z"}});
  std::vector<JobStateRow> states = db.job_states(revision);
  ASSERT_EQ(states.size(), 2u);
  EXPECT_EQ(states[0].job, raw.id);
  EXPECT_EQ(states[0].state, JobState::pending);
  EXPECT_EQ(states[0].at, "");
  EXPECT_EQ(states[1].job, job.id);
  EXPECT_EQ(states[1].state, JobState::skipped);
  EXPECT_EQ(states[1].reason, "train failed");
  EXPECT_EQ(states[1].at, "2026-11-21T10:00:00.000Z");
}

TEST_F(Recording, TypicalSecondsAreTheMedianOfAMethodsExecutions) {
  EXPECT_EQ(db.typical_wall_s("reduce", "pca"), std::nullopt);
  std::vector<ArtifactRow> rows;
  for (double seconds : {4.0, 1.0, 100.0}) {
    rows.push_back(sample_artifact({"reduce", {sha256_hex(std::to_string(seconds)), 8}, 0}, {}, seconds));
  }
  record_results(db, rows, {}, {});
  EXPECT_EQ(db.typical_wall_s("reduce", "pca"), 4.0);
  EXPECT_EQ(db.typical_wall_s("reduce", ""), 4.0);
  EXPECT_EQ(db.typical_wall_s("reduce", "tsne"), std::nullopt);
  EXPECT_EQ(db.typical_wall_s("train", "pca"), std::nullopt);
}

}  // namespace
}  // namespace latentgrid
