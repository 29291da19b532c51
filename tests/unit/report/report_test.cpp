#include "report/report.hpp"

#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

// The first report's own header, from its sweep's report section as the database keeps it.
const Json hw3_report = Json::parse(R"({"tables": [{"name": "hw3_table", "title": "Reductions", "columns": [
  {"field": "accuracy_public", "title": "Public Score", "precision": 4},
  {"field": "accuracy_private", "title": "Private Score", "precision": 4},
  {"field": "reduction_label", "title": "Reduced Method", "precision": 0},
  {"field": "latent_dim", "title": "Latent Dimension", "precision": 0},
  {"field": "reduced_dim", "title": "Reduced Dimension", "precision": 0}],
  "sort": {"field": "accuracy_public", "descending": true}, "best": "accuracy_private", "replicate": "seed"}]})");

struct ReportFromDatabase : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE2", "tsne", 2, 0),
                                 sample_job("raw", "pca", 32, 0)};

  void register_with(const Json& report) {
    SweepRecord sweep = sample_sweep("hw3");
    sweep.report = report;
    db.register_sweep(sweep, jobs);
    db.record(sample_artifacts(jobs[0], {0.04, 0.716, 0.717, 0.716, 0.2, 0.1}), {},
              {{jobs[0].id, JobState::complete, ""}});
    db.record(sample_artifacts(jobs[1], {0.02, 0.774, 0.769, 0.779, 0.3, 0.2}), {},
              {{jobs[1].id, JobState::complete, ""}});
  }
};

TEST_F(ReportFromDatabase, HasTheFirstReportsForm) {
  register_with(hw3_report);
  Report report = build_report(db, "hw3");
  EXPECT_EQ(report.jobs, 3);
  EXPECT_EQ(report.incomplete, 1);
  EXPECT_EQ(to_markdown(report.tables.at(0)),
            "### Reductions\n"
            "\n"
            "| Public Score | Private Score | Reduced Method | Latent Dimension | Reduced Dimension |\n"
            "|---:|---:|---|---:|---:|\n"
            "| 0.7690 | **0.7790** | t-SNE | 4096 | 2 |\n"
            "| 0.7170 | 0.7160 | PCA | 2048 | 32 |\n"
            "| – | – | PCA | 3072 | 32 |\n"
            "\n"
            "Accuracies come from one matching of clusters to classes, found on all labelled images: an upper bound.\n"
            "\n"
            "One seed (0).\n"
            "\n"
            "Bold: the best Private Score.\n"
            "\n"
            "Incomplete, 1 of 3 jobs missing: raw pixels + PCA(dim = 32) [seed 0 pending].\n");
}

TEST_F(ReportFromDatabase, WithoutAReportSectionHasTheUsualColumns) {
  register_with(nullptr);
  Table table = build_report(db, "hw3").tables.at(0);
  std::vector<std::string> titles;
  for (const TableColumn& column : table.columns) titles.push_back(column.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"", "reconstruction loss", "public score", "private score", "accuracy",
                                              "ARI", "NMI"}));
  EXPECT_EQ(table.name, "hw3");
  EXPECT_EQ(table.title, "hw3");
}

TEST_F(ReportFromDatabase, WithoutLabelsShowsTheSilhouette) {
  SweepRecord sweep = sample_sweep("unlabelled");
  sweep.dataset["labelled"] = 0;
  db.register_sweep(sweep, {jobs[0]});
  ArtifactRow score = sample_artifact(task_of(jobs[0], "score"), {{"silhouette", 0.31}}, 1);
  db.record({score}, {}, {{jobs[0].id, JobState::complete, ""}});
  Table table = build_report(db, "unlabelled").tables.at(0);
  EXPECT_EQ(table.columns.back().field, "silhouette");
  EXPECT_EQ(std::get<Estimate>(table.rows.at(0).back().value).mean, 0.31);
}

TEST_F(ReportFromDatabase, WritesThreeFilesATableAndTheSameBytesAgain) {
  register_with(hw3_report);
  auto written = [&] {
    TableFiles files = write_report(build_report(ResultsDb::open_for_reading(results.database()), "hw3"),
                                    results.folder() / "tables" / "hw3")
                           .at(0);
    EXPECT_EQ(files.markdown.filename(), "hw3_table.md");
    EXPECT_EQ(files.csv.filename(), "hw3_table.csv");
    EXPECT_EQ(files.latex.filename(), "hw3_table.tex");
    return std::vector{read_file(files.markdown), read_file(files.csv), read_file(files.latex)};
  };
  std::vector<std::string> once = written();
  EXPECT_EQ(written(), once);
  Table table = build_report(db, "hw3").tables.at(0);
  EXPECT_EQ(once, (std::vector{to_markdown(table), to_csv(table), to_latex(table)}));
}

TEST_F(ReportFromDatabase, AnUnknownSweepIsAnError) {
  EXPECT_EQ(error_of([&] { build_report(db, "hw9"); }), "no sweep 'hw9' in the database");
}

TEST_F(ReportFromDatabase, AReportThatCannotBeReadSaysSo) {
  register_with(Json::parse(R"({"tables": [{"columns": [{"title": "no field"}]}]})"));
  EXPECT_NE(error_of([&] { build_report(db, "hw3"); }).find("the report of sweep 'hw3' cannot be read: "),
            std::string::npos);
}

}  // namespace
}  // namespace latentgrid
