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

TEST(Report, MeasuresAreColumnsOnDemand) {
  const Json table = report_of("  tables: [{columns: [label, agreement, {field: silhouette_in, precision: 2}, calinski_harabasz_in], sort: agreement, space: raw}]\n")["tables"][0];
  EXPECT_EQ(table["space"], "raw");
  EXPECT_EQ(table["sort"]["field"], "agreement");
  std::vector<int> digits;
  for (const Json& column : table["columns"]) digits.push_back(column["precision"]);
  EXPECT_EQ(digits, (std::vector<int>{0, 4, 2, 1}));
}

TEST(Report, MeasuresNeedTheirSpaceAndRankNothing) {
  const auto said = [](const std::string& table) {
    return testing::SweepText("name: test\ndataset: {synthetic: {images: 100}}\ngrid: {architecture: raw}\nreport: {tables: [" + table + "]}\n").said();
  };
  EXPECT_NE(said("{columns: [label, silhouette_in]}").find("silhouette_in needs the table's space\n"), std::string::npos);
  EXPECT_NE(said("{columns: [label, agreement], space: raw}").find("no column of the table is taken in a space\n"), std::string::npos);
  EXPECT_NE(said("{columns: [label, agreement], best: agreement}").find("no best is marked by agreement, which may be no better than chance\n"), std::string::npos);
  EXPECT_NE(said("{columns: [label, agreement], where: {agreement: 1}}").find("unknown column 'agreement'"), std::string::npos);
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
  const std::vector<TableJobs>& jobs = s.sweep->table_jobs;
  ASSERT_EQ(jobs.size(), 2u);
  ASSERT_EQ(jobs[0].conditions.size(), 3u);
  EXPECT_EQ(jobs[0].conditions[1].condition, (Condition{"epochs", Relation::at_least, {"4"}})) << "parsed once";
  EXPECT_EQ(jobs[0].conditions[0].of_values.column, jobs[0].conditions[0].of_column.column + 14);
  EXPECT_EQ(jobs[1].conditions.size(), 2u);
}

TEST(Report, ParametersAreFieldsInAnySpelling) {
  const Json table = report_of(
      "  tables: [{columns: [label, t-SNE.perplexity, {field: train.learning_rate, title: rate}, accuracy], "
      "sort: {field: PCA.dim}, group_by_all_except: [TSNE.iterations]}]\n")["tables"][0];
  EXPECT_EQ(table["columns"][1], (Json{{"field", "tsne.perplexity"}, {"title", "tsne.perplexity"}, {"precision", 0}}));
  EXPECT_EQ(table["columns"][2], (Json{{"field", "learning_rate"}, {"title", "rate"}, {"precision", 0}}));
  EXPECT_EQ(table["sort"]["field"], "pca.dim");
  EXPECT_EQ(table["group_by_all_except"], (Json{"tsne.iterations"}));
}

std::string complaint(const std::string& report) {
  testing::SweepText s("name: test\ndataset: {synthetic: {images: 100}}\ngrid: {architecture: raw}\nreport:\n" +
                       report);
  EXPECT_FALSE(s.sweep);
  return s.said();
}

TEST(Report, OneMistakeIsOneError) {
  EXPECT_EQ(complaint("  tables: [{columns: [label, acuracy], sort: acuracy, best: acuracy}]\n"),
            "sweep.yaml:5:30: error: unknown field 'acuracy'\n"
            "    tables: [{columns: [label, acuracy], sort: acuracy, best: acuracy}]\n"
            "                               ^\n"
            "  hint: did you mean 'accuracy'?\n");
  EXPECT_EQ(complaint("  tables: [{columns: [label, acuracy], best: accuracy}]\n"),
            "sweep.yaml:5:30: error: unknown field 'acuracy'\n"
            "    tables: [{columns: [label, acuracy], best: accuracy}]\n"
            "                               ^\n"
            "  hint: did you mean 'accuracy'?\n");
  EXPECT_EQ(complaint("  tables: [{columns: [label, {feild: accuracy}]}]\n"),
            "sweep.yaml:5:31: error: unknown key 'feild' in a column\n"
            "    tables: [{columns: [label, {feild: accuracy}]}]\n"
            "                                ^\n"
            "  hint: did you mean 'field'?\n");
  EXPECT_EQ(complaint("  tabels: [{columns: [label, accuracy]}]\n"),
            "sweep.yaml:5:3: error: unknown key 'tabels' in report\n"
            "    tabels: [{columns: [label, accuracy]}]\n"
            "    ^\n"
            "  hint: did you mean 'tables'?\n");
}

TEST(Report, ATableWithoutColumnsHasTheUsualOnes) {
  const Json table = report_of("  tables: [{where: {architecture: raw}, best: ari, form: long}]\n")["tables"][0];
  EXPECT_EQ(table["columns"], Json::array());
  EXPECT_EQ(table["best"], "ari");
  EXPECT_NE(complaint("  tables: [{columns: []}]\n").find("error: columns names no column\n"), std::string::npos);
}

TEST(Report, AverageOverIsTheOtherNameOfGroupByAllExcept) {
  EXPECT_EQ(report_of("  tables: [{average_over: [epochs, TSNE.perplexity, seed]}]\n")["tables"][0]["group_by_all_except"],
            Json({"epochs", "tsne.perplexity"}));
  EXPECT_EQ(report_of("  tables: [{average_over: seed}]\n")["tables"][0]["group_by_all_except"], Json::array());
  EXPECT_NE(complaint("  tables: [{average_over: epochs, group_by_all_except: epochs}]\n")
                .find("error: group_by_all_except says the same as average_over\n"),
            std::string::npos);
}

TEST(Report, AMisspeltParameterGetsASuggestion) {
  EXPECT_NE(complaint("  tables: [{columns: [label, tsne.perplexty, accuracy]}]\n")
                .find("error: unknown field 'tsne.perplexty'\n"),
            std::string::npos);
  EXPECT_NE(complaint("  tables: [{columns: [label, tsne.perplexty, accuracy]}]\n")
                .find("hint: did you mean 'tsne.perplexity'?\n"),
            std::string::npos);
  EXPECT_NE(complaint("  tables: [{columns: [label, pca.dim, accuracy], best: pca.dim}]\n")
                .find("'pca.dim' is not measured: there is no best of it"),
            std::string::npos);
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
            "sweep.yaml:5:59: error: row_titles expects keys and values, got a list\n"
            "    tables: [{columns: [label], percent: often, row_titles: [a]}]\n"
            "                                                            ^\n"
            "  hint: write each as 'key: value', in {} or in indented lines\n");
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

TEST(Report, FiguresOfImagesHaveNumbersOfTheirOwn) {
  testing::SweepText s(R"(name: test
dataset: {synthetic: {images: 100}}
grid: {architecture: raw}
report:
  figures: [augmented, samples: {count: 3}, interpolations: {images: [9, 2], steps: 4}, augmented: {name: more, views: 12, images: 5}]
)");
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->report["figures"], Json::parse(R"([
    {"kind": "augmented", "name": "augmented", "title": "Images as the training sees them"},
    {"kind": "samples", "name": "samples", "title": "Images drawn from the prior", "count": 3},
    {"kind": "interpolations", "name": "interpolations", "title": "From one image to another", "images": [9, 2], "steps": 4},
    {"kind": "augmented", "name": "more", "title": "Images as the training sees them", "views": 12, "images": [5]}])"));
  EXPECT_EQ(s.sweep->figures[0].views, 6);
  EXPECT_EQ(s.sweep->figures[1].count, 3);
  EXPECT_EQ(s.sweep->figures[2].steps, 4);
  EXPECT_EQ(s.sweep->figures[2].images, (std::vector<std::int64_t>{9, 2})) << "from, to: no other order";
  EXPECT_EQ(s.sweep->figures[3].views, 12);
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
            "sweep.yaml:5:46: error: there is a second figure named 'slices'\n"
            "    figures: [maps, map: {jobs: best}, slices, slices]\n"
            "                                               ^\n"
            "  hint: give each figure a name of its own, because each is a file: slices: {name: ...}\n");
  EXPECT_EQ(complaint("  figures: [map: {job: worst}]\n"),
            "sweep.yaml:5:24: error: 'worst' is neither 'best' nor the id of a job\n"
            "    figures: [map: {job: worst}]\n"
            "                         ^\n"
            "  hint: best, {best: recon_mse}, values of axes such as {architecture: AE2, epochs: 4}, or an id as `latentgrid ls "
            "SWEEP` prints it\n");
  EXPECT_EQ(complaint("  figures: [confusion: {job: {best: silhouette}}]\n"),
            "sweep.yaml:5:37: error: a job cannot be chosen by its silhouette\n"
            "    figures: [confusion: {job: {best: silhouette}}]\n"
            "                                      ^\n"
            "  hint: silhouettes of different embeddings cannot be compared: choose by another score, or name the job by its id\n");
}

// An id is the text as written, whatever YAML would take it for.
TEST(Report, JobsMayBeChosenByTheirIds) {
  const Json figures = report_of(R"(
  figures:
    - map: {job: 123456789012}
    - confusion: {job: 1e5}
    - reconstructions: {jobs: [3FA9C1, 0012]}
)")["figures"];
  EXPECT_EQ(figures[0]["jobs"], (Json{{"ids", {"123456789012"}}}));
  EXPECT_EQ(figures[1]["jobs"], (Json{{"ids", {"1e5"}}}));
  EXPECT_EQ(figures[2]["jobs"], (Json{{"ids", {"3fa9c1", "0012"}}}));
}

TEST(Report, SaysWhatIsWrongWithAnId) {
  EXPECT_EQ(complaint("  figures: [map: {job: 3fa9c1d2e4b5f}]\n"),
            "sweep.yaml:5:24: error: '3fa9c1d2e4b5f' is too long for the id of a job\n"
            "    figures: [map: {job: 3fa9c1d2e4b5f}]\n"
            "                         ^\n"
            "  hint: an id has 12 hexadecimal digits: `latentgrid ls SWEEP` prints them\n");
  EXPECT_EQ(complaint("  figures: [map: {job: [3fa9, 77aa]}]\n"),
            "sweep.yaml:5:24: error: this figure shows one job, and 2 are listed\n"
            "    figures: [map: {job: [3fa9, 77aa]}]\n"
            "                         ^\n"
            "  hint: name one, or make a figure of each\n");
  EXPECT_NE(complaint("  figures: [map: {job: bets}]\n").find("  hint: did you mean 'best'?\n"), std::string::npos);
}

TEST(Report, AScoreByEpochMayHaveSeveralScores) {
  const Json figures = report_of(R"(
  figures:
    - score_by_epoch
    - score_by_epoch: {name: both, score: [accuracy_public, accuracy_private], jobs: {architecture: AE1}}
)")["figures"];
  EXPECT_EQ(figures[0], Json::parse(R"({"kind": "score_by_epoch", "name": "score_by_epoch", "title": "Score by epoch"})"));
  EXPECT_EQ(figures[1]["score"], (Json{"accuracy_public", "accuracy_private"}));
  EXPECT_EQ(figures[1]["jobs"], Json::parse(R"({"where": {"architecture": ["AE1"]}})"));
  EXPECT_NE(complaint("  figures: [score_by_epoch: {score: [accuracy, accuracy]}]\n").find("error: accuracy is listed twice\n"),
            std::string::npos);
  EXPECT_NE(complaint("  figures: [score_by_epoch: {jobs: best}]\n")
                .find("error: this figure shows one line per setting, not a single best job\n"),
            std::string::npos);
}

TEST(Report, AMapMayListTheJobsOwnEmbedding) {
  testing::SweepText s(R"(name: test
dataset: {synthetic: {images: 100}}
grid: {architecture: raw}
report:
  figures: [map: {job: best, reductions: [own, pca]}, map: {name: alone, job: best, reductions: own}, map: {name: usual}]
)");
  ASSERT_TRUE(s.sweep) << s.said();
  const std::vector<FigureRequest>& figures = s.sweep->figures;
  EXPECT_TRUE(figures[0].own_embedding && figures[0].reductions_listed);
  ASSERT_EQ(figures[0].reductions.size(), 1u);
  EXPECT_EQ(figures[0].reductions[0].methods.at(0).method, "pca");
  EXPECT_TRUE(figures[1].own_embedding && figures[1].reductions.empty());
  EXPECT_FALSE(figures[2].own_embedding || figures[2].reductions_listed);
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
