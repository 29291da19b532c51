#include "report/overview.hpp"

#include <gtest/gtest.h>

#include "unit/report/chart_fixture.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct OverviewTest : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  ArtifactStore store{results.folder()};
  SweepRecord sweep = sample_sweep("s");

  std::vector<OverviewEntry> of(const std::vector<JobRecord>& jobs, const Json& model) {
    register_sweep(db, sweep, jobs);
    for (const JobRecord& job : jobs) {
      std::vector<ArtifactRow> rows = sample_artifacts(job, {0.04, 0.75, 0.5, 1.0, 0.2, 0.1});
      for (ArtifactRow& row : rows) {
        if (row.stage == "train") row.record["provenance"]["params"] = {{"autoencoder", model}};
      }
      record_results(db, rows, {}, {{job.id, JobState::complete, ""}});
    }
    return overview({db, store, "s", latest_revision(db, "s").value(), load_results(db, "s")});
  }
};

std::vector<std::string> lines(const std::vector<OverviewEntry>& entries, const std::string& name) {
  for (const OverviewEntry& entry : entries) {
    if (entry.name == name) return entry.lines;
  }
  return {"no " + name};
}

using Lines = std::vector<std::string>;

TEST_F(OverviewTest, SaysWhatTheSweepIs) {
  sweep.dataset.update({{"height", 32}, {"width", 32}, {"channels", 3}, {"source", {{"class_names", {"landscape", "other"}}}}});
  const Json model = {{"encoder", {{{"type", "relu"}}, {{"type", "linear"}, {"in_features", 512}, {"out_features", 8}}}},
                      {"decoder", {{{"type", "tanh"}}}}};
  const auto entries = of({sample_job("AE1", "pca", 32, 0), sample_job("AE1", "pca", 32, 1), sample_job("raw", "pca", 32, 0)}, model);
  EXPECT_EQ(lines(entries, "jobs"), Lines{"3 complete"});
  EXPECT_EQ(lines(entries, "data set"), (Lines{"scenes: 8500 images of 32×32×3, all labelled", "2 classes: landscape, other"}));
  EXPECT_EQ(lines(entries, "what varies"), (Lines{"architecture: AE1, raw", "seed: 0, 1"}));
  EXPECT_EQ(lines(entries, "training"), Lines{"epochs 20, training autoencoder, augment none, arithmetic native, batch_size 128, early_stop none, learning_rate 0.001, max_minutes 0, warmup_epochs 0, refine none"});
  EXPECT_EQ(lines(entries, "AE1"), (Lines{"encoder: relu, linear(512, 8)", "decoder: tanh"}));
  EXPECT_EQ(lines(entries, "raw"), Lines{"the pixels themselves; no encoder is trained"});
  EXPECT_EQ(lines(entries, "first run"),
            (Lines{"2026-11-21 10:00 UTC, by latentgrid 0.1.0 (commit 0123abc)", "revision 1 of this sweep, from experiments/s.yaml"}));
}

TEST_F(OverviewTest, AParameterThatVariesIsNotConstantToo) {
  std::vector<JobRecord> jobs = {sample_job("raw", "pca", 32, 0), sample_job("raw", "pca", 32, 1)};
  jobs[1].params["reduction"][0]["whiten"] = true;  // at its default the other does not record it
  jobs[0].axes.emplace_back("pca.whiten", false);
  jobs[1].axes.emplace_back("pca.whiten", true);
  const auto entries = of(jobs, {});
  EXPECT_EQ(lines(entries, "what varies"), (Lines{"seed: 0, 1", "PCA whiten: false, true"}));
  EXPECT_EQ(lines(entries, "PCA"), Lines{"no PCA"});
}

TEST_F(OverviewTest, ADefaultThatIsNotRecordedIsSaid) {
  EXPECT_EQ(lines(of({sample_job("raw", "pca", 32, 0)}, {}), "PCA"), Lines{"whiten false"});
}

TEST_F(OverviewTest, BeginsWithTheOptionsOfTheRun) {
  sweep.options = {{"set", {"train.epochs=1"}}, {"data", ""}};
  const auto entries = of({sample_job("raw", "pca", 32, 0)}, {});
  EXPECT_EQ(entries.front().name, "options");
  EXPECT_EQ(entries.front().lines, Lines{"made with --set train.epochs=1"});
}

TEST_F(OverviewTest, SomeLabelsNoClassNamesAndNothingTrained) {
  sweep.dataset = {{"name", "scenes"}, {"images", 100}, {"labelled", 40}, {"classes", 1}};
  register_sweep(db, sweep, {sample_job("AE1", "pca", 32, 0)});
  const auto entries = overview({db, store, "s", latest_revision(db, "s").value(), load_results(db, "s")});
  EXPECT_EQ(lines(entries, "jobs"), (Lines{"0 complete, 1 pending"}));
  EXPECT_EQ(lines(entries, "data set"), (Lines{"scenes: 100 images, 40 labelled", "1 class"}));
  EXPECT_EQ(lines(entries, "what varies"), Lines{"nothing"});
  EXPECT_EQ(lines(entries, "AE1"), Lines{"not trained yet"});
}

TEST_F(OverviewTest, LayersThatDifferWithTheLatentDimensionAreSaidInAllForms) {
  std::vector<JobRecord> jobs;
  for (const char* latent : {"8", "16"}) {
    SampleCell cell{.architecture = "AE1", .latent = latent};
    jobs.push_back(sample_job(cell));
  }
  register_sweep(db, sweep, jobs);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    std::vector<ArtifactRow> rows = sample_artifacts(jobs[i], {0.04, 0.75, 0.5, 1.0, 0.2, 0.1});
    for (ArtifactRow& row : rows) {
      if (row.stage != "train") continue;
      row.record["provenance"]["params"]["autoencoder"] = {
          {"encoder", {{{"type", "linear"}, {"in_features", 512}, {"out_features", jobs[i].latent_dim}}}}, {"decoder", {{{"type", "tanh"}}}}};
    }
    record_results(db, rows, {}, {{jobs[i].id, JobState::complete, ""}});
  }
  const auto entries = overview({db, store, "s", latest_revision(db, "s").value(), load_results(db, "s")});
  const std::string dims = std::to_string(jobs[0].latent_dim), others = std::to_string(jobs[1].latent_dim);
  EXPECT_EQ(lines(entries, "AE1").front(), "encoder: linear(512, " + dims + ") or linear(512, " + others + ")");
}

}  // namespace
}  // namespace latentgrid
