#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "columns/metrics.hpp"
#include "db/export_results.hpp"
#include "db/registration.hpp"
#include "db/submissions.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Exported : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  JobRecord job = sample_job("AE1", "pca", 32, 0), raw = sample_job("raw", "none", 3072, 1);

  RowList exported(const std::string& sweep) {
    RowList list;
    export_results(db, sweep, list);
    return list;
  }
};

TEST_F(Exported, EveryAxisMetricAndScoreIsAColumn) {
  job.axes.emplace_back("tsne.perplexity", 30.0);
  job.axes.emplace_back("batch_size", 128);
  raw.path.insert(raw.path.end() - 3,
                  {{"reduce", {sha256_hex("first"), 50}, 0}, {"reduce", {sha256_hex("second"), 0}, 1}});
  register_sweep(db, sample_sweep("one"), {job, raw});
  std::vector<ArtifactRow> rows = sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1});
  rows.push_back(sample_artifact(raw.path[2], {{"explained_variance", 0.9}}, 1.0));
  rows.push_back(sample_artifact(raw.path[3], {{"kl_divergence", 1.5}}, 1.0));
  record_results(db, rows, {}, {{job.id, JobState::complete, "", ""}, {raw.id, JobState::failed, "score: broken, badly", ""}});
  import_submissions(db, {{.job = job.id, .public_score = 0.72, .private_score = 0.73}});
  const RowList list = exported("one");
  std::vector<std::string> columns = {"sweep",       "job",        "dataset", "architecture", "latent", "latent_dim", "epochs", "reduction",
                                      "reduced_dim", "clustering", "k",       "seed",         "range",  "batch_size", "tsne.perplexity"};
  for (const std::string& score : metric_names(&Metric::is_score)) columns.push_back(score);
  for (const char* last : {"reduce.explained_variance", "reduce2.kl_divergence", "score.labelled", "state", "reason", "wall_s"}) columns.push_back(last);
  EXPECT_EQ(list.columns, columns);
  const auto whole = [](std::int64_t value) { return Cell(value); };
  ASSERT_EQ(list.rows.size(), 2u);
  using Cells = std::map<std::string, Cell>;
  EXPECT_EQ(cells_of(list, 0), (Cells{{"sweep", "one"},           {"job", job.id},         {"dataset", "scenes"},
                                      {"architecture", "AE1"},    {"latent", "native"},    {"latent_dim", whole(2048)},
                                      {"epochs", whole(20)},      {"reduction", "pca"},    {"reduced_dim", whole(32)},
                                      {"clustering", "kmeans"},   {"k", whole(2)},         {"seed", whole(0)},
                                      {"range", "[-1, 1]"},       {"batch_size", whole(128)}, {"tsne.perplexity", 30.0},
                                      {"recon_mse", 0.04},        {"accuracy", 0.7},       {"accuracy_public", 0.71},
                                      {"accuracy_private", 0.69}, {"ari", 0.2},            {"nmi", 0.1},
                                      {"leaderboard_public", 0.72}, {"leaderboard_private", 0.73}, {"score.labelled", 8500.0},
                                      {"state", "complete"},      {"reason", ""},          {"wall_s", 6.0}}));
  EXPECT_EQ(cells_of(list, 1), (Cells{{"sweep", "one"},
                                      {"job", raw.id},
                                      {"dataset", "scenes"},
                                      {"architecture", "raw"},
                                      {"latent_dim", whole(3072)},
                                      {"reduction", "none"},
                                      {"reduced_dim", whole(3072)},
                                      {"clustering", "kmeans"},
                                      {"k", whole(2)},
                                      {"seed", whole(1)},
                                      {"range", "[-1, 1]"},
                                      {"reduce.explained_variance", 0.9},
                                      {"reduce2.kl_divergence", 1.5},
                                      {"state", "failed"},
                                      {"reason", "score: broken, badly"},
                                      {"wall_s", 3.0}}))
      << "loading is shared";
}

TEST_F(Exported, OnlyTheLatestRevisionCounts) {
  register_sweep(db, sample_sweep("one"), {job, raw});
  SweepRecord changed = sample_sweep("one");
  changed.text += "# changed\n";
  register_sweep(db, changed, {raw});
  const RowList list = exported("one");
  ASSERT_EQ(list.rows.size(), 1u);
  EXPECT_EQ(list.rows[0][1], Cell(raw.id));
}

TEST_F(Exported, AnEmptySweepHasColumnsAndNoRows) {
  register_sweep(db, sample_sweep("empty"), {});
  EXPECT_EQ(exported("empty").columns.size(), 16 + metric_names(&Metric::is_score).size());
  EXPECT_TRUE(exported("empty").rows.empty());
  EXPECT_TRUE(exported("unknown").columns.empty());
}

TEST_F(Exported, TheHalvesOfASplitThatNobodyWroteAreNoColumns) {
  SweepRecord sweep = sample_sweep("one");
  sweep.dataset["default_split"] = true;
  register_sweep(db, sweep, {job});
  record_results(db, sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1}), {}, {{job.id, JobState::complete, "", ""}});
  const RowList list = exported("one");
  const auto has = [&](const std::string& name) { return std::count(list.columns.begin(), list.columns.end(), name); };
  EXPECT_EQ(has("accuracy"), 1);
  EXPECT_EQ(has("accuracy_public") + has("accuracy_private"), 0);
  EXPECT_EQ(has("score.accuracy_public") + has("score.accuracy_private"), 0);
  EXPECT_EQ(list.rows.at(0).size(), list.columns.size());
}

}  // namespace
}  // namespace latentgrid
