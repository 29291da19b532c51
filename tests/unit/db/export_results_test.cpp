#include <gtest/gtest.h>

#include <algorithm>

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
  db.register_sweep(sample_sweep("one"), {job, raw});
  std::vector<ArtifactRow> rows = sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1});
  rows.push_back(sample_artifact(raw.path[2], {{"explained_variance", 0.9}}, 1.0));
  rows.push_back(sample_artifact(raw.path[3], {{"kl_divergence", 1.5}}, 1.0));
  db.record(rows, {}, {{job.id, JobState::complete, "", ""}, {raw.id, JobState::failed, "score: broken, badly", ""}});
  db.import_submissions({{.job = job.id, .public_score = 0.72, .private_score = 0.73}});
  const RowList list = exported("one");
  EXPECT_EQ(list.columns, (std::vector<std::string>{"sweep",
                                                    "job",
                                                    "dataset",
                                                    "architecture",
                                                    "latent",
                                                    "latent_dim",
                                                    "epochs",
                                                    "reduction",
                                                    "reduced_dim",
                                                    "clustering",
                                                    "k",
                                                    "seed",
                                                    "range",
                                                    "batch_size",
                                                    "tsne.perplexity",
                                                    "recon_mse",
                                                    "accuracy",
                                                    "accuracy_public",
                                                    "accuracy_private",
                                                    "ari",
                                                    "nmi",
                                                    "purity",
                                                    "silhouette",
                                                    "leaderboard_public",
                                                    "leaderboard_private",
                                                    "reduce.explained_variance",
                                                    "reduce2.kl_divergence",
                                                    "score.labelled",
                                                    "state",
                                                    "reason",
                                                    "wall_s"}));
  const std::monostate null;
  const auto whole = [](std::int64_t value) { return Cell(value); };
  ASSERT_EQ(list.rows.size(), 2u);
  EXPECT_EQ(list.rows[0],
            (std::vector<Cell>{"one",     job.id,   "scenes",   "AE1",    "native",   whole(2048), whole(20), "pca",
                               whole(32), "kmeans", whole(2),   whole(0), "[-1, 1]",  whole(128),  30.0,      0.04, 0.7,
                               0.71,      0.69,     0.2,        0.1,      null,       null,        0.72,        0.73,      null,
                               null,      8500.0,   "complete", "",       6.0}));
  EXPECT_EQ(list.rows[1],
            (std::vector<Cell>{"one",  raw.id,      "scenes", "raw",    null,     whole(3072), null,
                               "none", whole(3072), "kmeans", whole(2), whole(1), "[-1, 1]",   null, null,
                               null,   null,        null,     null,     null,     null,        null,
                               null,   null,        null,     0.9,      1.5,      null,     "failed",    "score: broken, badly",
                               3.0}))
      << "loading is shared";
}

TEST_F(Exported, OnlyTheLatestRevisionCounts) {
  db.register_sweep(sample_sweep("one"), {job, raw});
  SweepRecord changed = sample_sweep("one");
  changed.text += "# changed\n";
  db.register_sweep(changed, {raw});
  const RowList list = exported("one");
  ASSERT_EQ(list.rows.size(), 1u);
  EXPECT_EQ(list.rows[0][1], Cell(raw.id));
}

TEST_F(Exported, AnEmptySweepHasColumnsAndNoRows) {
  db.register_sweep(sample_sweep("empty"), {});
  EXPECT_EQ(exported("empty").columns.size(), 26u);
  EXPECT_TRUE(exported("empty").rows.empty());
  EXPECT_TRUE(exported("unknown").columns.empty());
}

TEST_F(Exported, TheHalvesOfASplitThatNobodyWroteAreNoColumns) {
  SweepRecord sweep = sample_sweep("one");
  sweep.dataset["default_split"] = true;
  db.register_sweep(sweep, {job});
  db.record(sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1}), {}, {{job.id, JobState::complete, "", ""}});
  const RowList list = exported("one");
  const auto has = [&](const std::string& name) { return std::count(list.columns.begin(), list.columns.end(), name); };
  EXPECT_EQ(has("accuracy"), 1);
  EXPECT_EQ(has("accuracy_public") + has("accuracy_private"), 0);
  EXPECT_EQ(has("score.accuracy_public") + has("score.accuracy_private"), 0);
  EXPECT_EQ(list.rows.at(0).size(), list.columns.size());
}

}  // namespace
}  // namespace latentgrid
