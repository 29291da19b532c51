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

TEST(Report, ATableMayBeAPivotOrInLongForm) {
  Json tables = report_of(R"(
  tables:
    - {name: a, pivot: {rows: architecture, columns: [reduction_label], values: {field: accuracy, title: ""}}, best: accuracy}
    - {name: b, columns: [label, accuracy], form: long, group_by_all_except: [epochs, tsne.perplexity]}
)")["tables"];
  EXPECT_EQ(tables[0]["pivot"],
            Json::parse(R"({"rows": [{"field": "architecture", "title": "architecture", "precision": 0}],
                            "columns": [{"field": "reduction_label", "title": "reduction_label", "precision": 0}],
                            "values": [{"field": "accuracy", "title": "", "precision": 4}]})"));
  EXPECT_EQ(tables[1]["form"], "long");
  EXPECT_EQ(tables[1]["group_by_all_except"], Json({"epochs", "tsne.perplexity"}));
}

TEST(Report, ATableSaysHowItLooks) {
  Json table = report_of(R"(
  tables:
    - columns: [label, accuracy, {field: accuracy_public, precision: 2}, recon_mse]
      caption: All of it
      percent: true
      n: false
      notes: false
      row_titles: {AE1 + PCA(dim = 8): small, raw pixels: baseline}
)")["tables"][0];
  EXPECT_EQ(table["caption"], "All of it");
  EXPECT_EQ(table["percent"], true);
  EXPECT_EQ(table["n"], false);
  EXPECT_EQ(table["notes"], false);
  EXPECT_EQ(table["row_titles"], Json({{"AE1 + PCA(dim = 8)", "small"}, {"raw pixels", "baseline"}}));
  std::vector<int> digits;
  for (const Json& column : table["columns"]) digits.push_back(column["precision"]);
  EXPECT_EQ(digits, (std::vector<int>{0, 1, 2, 4})) << "74.2";
}

TEST(Report, ATableChoosesJobsByConditions) {
  const char* const sweep = R"(name: test
dataset: {synthetic: {images: 100}}
grid: {architecture: raw}
report:
  tables:
    - {name: a, columns: [label, accuracy], where: {architecture: [AE1, raw], train.epochs: '>= 4', tsne.perplexity: 30}}
    - {name: b, columns: [label, accuracy], where: [reduction = t-SNE, 'accuracy > 0.5']}
)";
  testing::SweepText s(sweep);
  ASSERT_TRUE(s.sweep) << s.said();
  const Json& tables = s.sweep->report["tables"];
  EXPECT_EQ(tables[0]["where"], Json({"architecture = AE1, raw", "train.epochs >= 4", "tsne.perplexity = 30"}));
  EXPECT_EQ(tables[1]["where"], Json({"reduction = t-SNE", "accuracy > 0.5"}));
  ASSERT_EQ(s.sweep->table_conditions.size(), 5u);
  EXPECT_EQ(s.sweep->table_conditions[1].text, "train.epochs >= 4");
}

std::string complaint(const std::string& report) {
  testing::SweepText s("name: test\ndataset: {synthetic: {images: 100}}\ngrid: {architecture: raw}\nreport:\n" +
                       report);
  EXPECT_FALSE(s.sweep);
  return s.said();
}

TEST(Report, SaysWhatIsWrongWithAPivot) {
  EXPECT_EQ(complaint("  tables: [{pivot: {rows: accuracy, values: label}, form: long}]\n"),
            "sweep.yaml:5:27: error: 'accuracy' is measured\n"
            "    tables: [{pivot: {rows: accuracy, values: label}, form: long}]\n"
            "                            ^\n"
            "  hint: rows and columns are fields such as architecture or latent_dim\n"
            "sweep.yaml:5:45: error: 'label' is not measured\n"
            "    tables: [{pivot: {rows: accuracy, values: label}, form: long}]\n"
            "                                              ^\n"
            "  hint: values are fields such as recon_mse or accuracy\n"
            "sweep.yaml:5:53: error: a pivot has no form beside it\n"
            "    tables: [{pivot: {rows: accuracy, values: label}, form: long}]\n"
            "                                                      ^\n"
            "  hint: remove one of them\n");
}

TEST(Report, SaysWhatIsWrongWithAConditionOrTheLooksOfATable) {
  EXPECT_EQ(complaint("  tables: [{columns: [label], where: {architektur: AE1}}]\n"),
            "sweep.yaml:5:39: error: unknown column 'architektur' in where\n"
            "    tables: [{columns: [label], where: {architektur: AE1}}]\n"
            "                                        ^\n"
            "  hint: did you mean 'architecture'?\n");
  EXPECT_EQ(
      complaint("  tables: [{columns: [label], where: {epochs: '> many'}}]\n"),
      "sweep.yaml:5:47: error: the condition 'epochs > many' compares with 'many', which is not a number; <, <=, > and "
      ">= take one number, = and != take text too\n"
      "    tables: [{columns: [label], where: {epochs: '> many'}}]\n"
      "                                                ^\n");
  EXPECT_EQ(complaint("  tables: [{columns: [label], where: {epochs: [{a: 1}]}}]\n"),
            "sweep.yaml:5:48: error: epochs expects a value or a list of values\n"
            "    tables: [{columns: [label], where: {epochs: [{a: 1}]}}]\n"
            "                                                 ^\n");
  EXPECT_EQ(complaint("  tables: [{columns: [label], percent: often, row_titles: [a]}]\n"),
            "sweep.yaml:5:40: error: percent expects true or false, got 'often'\n"
            "    tables: [{columns: [label], percent: often, row_titles: [a]}]\n"
            "                                         ^\n"
            "sweep.yaml:5:59: error: row_titles expects a map, got a list\n"
            "    tables: [{columns: [label], percent: often, row_titles: [a]}]\n"
            "                                                            ^\n");
}

TEST(Report, FiguresAreTypedAndCompleted) {
  EXPECT_EQ(report_of(R"(
  figures:
    - training_curves
    - reconstructions: {images: [3, 17], jobs: {architecture: [AE1, AE2], epochs: 20}}
    - map: {name: ours, title: Ours, job: best}
    - map: {job: {best: recon_mse}}
    - slices: {score: nmi}
)")["figures"],
            Json::parse(R"([
    {"kind": "training_curves", "name": "training_curves", "title": "Training loss"},
    {"kind": "reconstructions", "name": "reconstructions", "title": "Images and their reconstructions", "images": [3, 17],
     "jobs": {"where": {"architecture": ["AE1", "AE2"], "epochs": [20]}}},
    {"kind": "map", "name": "ours", "title": "Ours", "jobs": {"best": "usual"}},
    {"kind": "map", "name": "map", "title": "Map of the embedding", "jobs": {"best": "recon_mse"}},
    {"kind": "slices", "name": "slices", "title": "Score along each axis", "score": "nmi"}])"));
}

TEST(Report, SaysWhatIsWrongWithAFigure) {
  EXPECT_EQ(complaint("  figures: [maps, map: {jobs: best}, slices, slices]\n"),
            "sweep.yaml:5:13: error: unknown figure 'maps'\n"
            "    figures: [maps, map: {jobs: best}, slices, slices]\n"
            "              ^\n"
            "  hint: did you mean 'map'?\n"
            "sweep.yaml:5:25: error: unknown key 'jobs' in map\n"
            "    figures: [maps, map: {jobs: best}, slices, slices]\n"
            "                          ^\n"
            "  hint: did you mean 'job'?\n"
            "sweep.yaml:5:46: error: a second figure named 'slices'\n"
            "    figures: [maps, map: {jobs: best}, slices, slices]\n"
            "                                               ^\n"
            "  hint: every figure is a file: slices: {name: ...}\n");
  EXPECT_EQ(complaint("  figures: [map: {job: worst}]\n"),
            "sweep.yaml:5:24: error: 'worst' is no choice of a job\n"
            "    figures: [map: {job: worst}]\n"
            "                         ^\n"
            "  hint: best, {best: recon_mse}, or values of axes: {architecture: AE2, epochs: 4}\n");
  EXPECT_EQ(complaint("  figures: [confusion: {job: {best: silhouette}}]\n"),
            "sweep.yaml:5:37: error: the best silhouette is of no use\n"
            "    figures: [confusion: {job: {best: silhouette}}]\n"
            "                                      ^\n"
            "  hint: silhouettes of different embeddings measure different spaces\n");
}

TEST(Report, ImagesOfAFigureMayBeLabelledByCounts) {
  testing::SweepText s(R"(name: test
dataset: {synthetic: {images: 100}}
grid: {architecture: raw}
report:
  figures: [map: {job: best, dataset: {images: sweep.yaml, labels: {counts: [2500, 2500]}}}]
)");
  ASSERT_TRUE(s.sweep) << s.said();
  ASSERT_TRUE(s.sweep->figures[0].dataset);
  EXPECT_EQ(s.sweep->figures[0].dataset->labels.at(0).counts, (std::vector<std::int64_t>{2500, 2500}));
}

}  // namespace
}  // namespace latentgrid
