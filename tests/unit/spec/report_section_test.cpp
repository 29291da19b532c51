#include <gtest/gtest.h>

#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

Json report_of(const std::string& report) {
  testing::SweepText s("name: test\ndataset: {synthetic: {images: 100}}\ngrid: {architecture: raw}\nreport:\n" +
                       report);
  EXPECT_TRUE(s.sweep) << s.said();
  return s.sweep ? s.sweep->report : Json();
}

TEST(Report, IsTypedAndCompleted) {
  EXPECT_EQ(report_of(R"(
  tables:
    - name: scores
      title: Scores
      columns: [label, {field: recon_mse, title: loss}, {field: accuracy, precision: 3}, {field: nmi, title: ""}]
      sort: {field: accuracy, descending: false}
      best: accuracy
)"),
            Json::parse(R"({"tables": [{"name": "scores", "title": "Scores", "replicate": "seed",
      "columns": [{"field": "label", "title": "label", "precision": 0}, {"field": "recon_mse", "title": "loss", "precision": 4},
                  {"field": "accuracy", "title": "accuracy", "precision": 3}, {"field": "nmi", "title": "", "precision": 4}],
      "sort": {"field": "accuracy", "descending": false}, "best": "accuracy"}]})"));
}

TEST(Report, LeaderboardScoresAreMeasured) {
  Json table = report_of("  tables: [{columns: [label, leaderboard_public], best: leaderboard_public}]\n")["tables"][0];
  EXPECT_EQ(table["columns"][1]["precision"], 4);
  EXPECT_EQ(table["best"], "leaderboard_public");
}

TEST(Report, ATableIsNamedAfterTheSweepAndSortsDownwards) {
  Json table = report_of("  tables: [{columns: [label, ari], sort: ari, best: {field: ari}}]\n")["tables"][0];
  EXPECT_EQ(table["name"], "test");
  EXPECT_EQ(table["sort"], Json({{"field", "ari"}, {"descending", true}}));
  EXPECT_EQ(table["best"], "ari");
}

}  // namespace
}  // namespace latentgrid
