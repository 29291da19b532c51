#include "report/report.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <set>

#include "base/file_system.hpp"
#include "report/report_files.hpp"
#include "report/table_csv.hpp"
#include "report/table_latex.hpp"
#include "report/table_markdown.hpp"
#include "support/predictions.hpp"
#include "support/sample_results.hpp"
#include "unit/report/chart_fixture.hpp"

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

  ArtifactStore store{results.folder()};

  void SetUp() override {
    const std::vector<std::uint8_t> pixels(4);
    write_npy(results.folder() / "one.npy", std::span(pixels), {1, 2, 2});
    write_labels(store, task_of(jobs[0], "labels").artifact, {.name = "scenes", .images = {results.folder() / "one.npy"}});
  }

  Report report_of(const std::string& sweep) { return build_report(db, store, sweep, ReportParts::everything); }
  void register_with(const Json& report) {
    SweepRecord sweep = sample_sweep("hw3");
    sweep.report = report;
    register_sweep(db, sweep, jobs);
    record_results(db, sample_artifacts(jobs[0], {0.04, 0.716, 0.717, 0.716, 0.2, 0.1}), {},
              {{jobs[0].id, JobState::complete, ""}});
    record_results(db, sample_artifacts(jobs[1], {0.02, 0.774, 0.769, 0.779, 0.3, 0.2}), {},
              {{jobs[1].id, JobState::complete, ""}});
  }
};

TEST_F(ReportFromDatabase, HasTheFirstReportsForm) {
  register_with(hw3_report);
  Report report = report_of("hw3");
  EXPECT_EQ(report.jobs, 3);
  EXPECT_EQ(report.incomplete, 1);
  EXPECT_EQ(
      to_markdown(report.tables.at(0)),
      "### Reductions\n"
      "\n"
      "| Public Score | Private Score | Reduced Method | Latent Dimension | Reduced Dimension "
      "|\n"
      "|---:|---:|---|---:|---:|\n"
      "| 0.7690 | **0.7790** | t-SNE | 4096 | 2 |\n"
      "| 0.7170 | 0.7160 | PCA | 2048 | 32 |\n"
      "| – | – | PCA | 3072 | 32 |\n"
      "\n"
      "Accuracies are an upper bound, as clusters are matched with classes one to one so that as many labelled images "
      "as possible are right. All results are of one seed (0). Bold: the best Private Score. Whether t-SNE and PCA, "
      "Latent Dimension 2048 differ could not be tested: the data set has no labels. 1 of 3 jobs "
      "has no result.\n"
      "\n"
      "- These have no result: PCA, Latent Dimension 3072 [seed 0 pending].\n");
}

TEST_F(ReportFromDatabase, WithoutAReportSectionHasTheUsualColumns) {
  register_with(nullptr);
  Table table = report_of("hw3").tables.at(0);
  std::vector<std::string> titles;
  for (const TableColumn& column : table.columns) titles.push_back(column.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"", "reconstruction loss", "public score", "private score", "accuracy",
                                              "ARI", "NMI"}));
  EXPECT_EQ(table.name, "hw3");
  EXPECT_EQ(table.title, "Scores of the settings of sweep hw3");
}

// As the database has them of a file that gives no titles: the fields' names.
TEST_F(ReportFromDatabase, WhatHasNoTitleGetsTheUsualOnes) {
  const auto table = [&](const char* text) {
    register_with({{"tables", Json::array({Json::parse(text)})}});
    return report_of("hw3").tables.at(0);
  };
  const Table plain = table(R"({"name": "plain", "title": "", "where": ["epochs >= 4"], "columns": [
    {"field": "label", "title": "label"}, {"field": "recon_mse", "title": "recon_mse"}, {"field": "reduction", "title": "reduction"},
    {"field": "tsne.learning_rate", "title": "tsne.learning_rate"}, {"field": "accuracy", "title": "score"}]})");
  std::vector<std::string> titles;
  for (const TableColumn& column : plain.columns) titles.push_back(column.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"", "reconstruction loss", "reduction", "t-SNE learning rate", "score"}));
  EXPECT_EQ(plain.title, "Reconstruction loss and accuracy of the settings of sweep hw3 with epochs >= 4");
  EXPECT_NE(to_latex(plain).find("\\caption{Reconstruction loss and accuracy of the settings of sweep hw3 with epochs \\textgreater{}= 4}"),
            std::string::npos)
      << to_latex(plain);
  const Table pivot = table(R"({"name": "p", "title": null, "pivot": {"rows": [{"field": "architecture"}],
    "columns": [{"field": "reduction_label"}], "values": [{"field": "accuracy"}]}})");
  EXPECT_EQ(pivot.title, "Accuracy by architecture and reduction, of sweep hw3");
}

TEST_F(ReportFromDatabase, FiguresOfOneTitleAreToldApartByTheirNames) {
  register_with(Json::parse(R"({"figures": [{"kind": "costs", "name": "costs", "title": "Costs"},
    {"kind": "costs", "name": "again", "title": "Costs"}, {"kind": "slices", "name": "slices", "title": "Slices"}]})"));
  std::vector<std::string> titles;
  for (const Figure& figure : report_of("hw3").figures) titles.push_back(figure.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"Costs (costs)", "Costs (again)", "Slices"}));
}

TEST_F(ReportFromDatabase, WithoutASplitTheUsualTableHasAccuracyAlone) {
  SweepRecord sweep = sample_sweep("hw3");
  sweep.dataset["default_split"] = true;
  register_sweep(db, sweep, jobs);
  record_results(db, sample_artifacts(jobs[0], {0.04, 0.7, 0.5, 0.9, 0.2, 0.1}), {}, {{jobs[0].id, JobState::complete, ""}});
  record_results(db, sample_artifacts(jobs[1], {0.02, 0.8, 0.6, 0.4, 0.3, 0.2}), {}, {{jobs[1].id, JobState::complete, ""}});
  const Report report = report_of("hw3");
  const Table& table = report.tables.at(0);
  std::vector<std::string> titles;
  for (const TableColumn& column : table.columns) titles.push_back(column.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"", "reconstruction loss", "accuracy", "ARI", "NMI"}));
  EXPECT_EQ(std::get<std::string>(table.rows.at(0).at(0).value), "AE2 + t-SNE(dim = 2)");
  EXPECT_TRUE(table.rows.at(0).at(2).best);
  for (const std::string& form : {to_markdown(table), to_csv(table), to_latex(table), report.job_table.dump()}) {
    EXPECT_EQ(form.find("public"), std::string::npos) << form;
    EXPECT_EQ(form.find("private"), std::string::npos) << form;
  }
}

TEST_F(ReportFromDatabase, ColumnsThatAskForADefaultSplitAreShownWithANote) {
  SweepRecord sweep = sample_sweep("hw3");
  sweep.report = hw3_report;
  sweep.dataset["default_split"] = true;
  register_sweep(db, sweep, jobs);
  const Table table = report_of("hw3").tables.at(0);
  EXPECT_EQ(table.columns.at(0).title, "Public Score");
  EXPECT_EQ(table.footnotes.at(1),
            "The sweep has no split, so public and private are two random halves of the labelled images.");
}

TEST_F(ReportFromDatabase, TheUsualTableShowsTheLeaderboardsScoresWhereThereAreSome) {
  register_with(nullptr);
  import_submissions(db, {{.job = jobs[0].id, .file = "a.csv", .public_score = 0.75}});
  const Table table = report_of("hw3").tables.at(0);
  EXPECT_EQ(table.columns.at(2).field, "leaderboard_public");
  EXPECT_EQ(table.columns.at(3).field, "leaderboard_private");
}

TEST_F(ReportFromDatabase, WithoutLabelsShowsTheSilhouette) {
  SweepRecord sweep = sample_sweep("unlabelled");
  sweep.dataset["labelled"] = 0;
  register_sweep(db, sweep, {jobs[0]});
  ArtifactRow score = sample_artifact(task_of(jobs[0], "score"), {{"silhouette", 0.31}}, 1);
  record_results(db, {score}, {}, {{jobs[0].id, JobState::complete, ""}});
  Table table = report_of("unlabelled").tables.at(0);
  EXPECT_EQ(table.columns.back().field, "silhouette");
  EXPECT_EQ(std::get<Estimate>(table.rows.at(0).back().value).mean, 0.31);
}

std::map<std::string, std::string> files_below(const std::filesystem::path& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[std::filesystem::relative(entry, folder).string()] = read_file(entry);
  }
  return files;
}

TEST_F(ReportFromDatabase, IsWrittenWithTheSameBytesAgain) {
  register_with(hw3_report);
  const auto folder = results.folder() / "reports" / "hw3";
  auto written = [&] {
    const ResultsDb reader = ResultsDb::open_for_reading(results.database());
    const ReportFiles files = write_report(build_report(reader, store, "hw3", ReportParts::everything), folder);
    EXPECT_EQ(files.page, folder / "report.html");
    EXPECT_EQ(files.markdown, folder / "report.md");
    EXPECT_EQ(files.not_written, std::vector<std::string>());
    return files_below(folder);
  };
  const auto once = written();
  EXPECT_EQ(written(), once);
  const Table table = report_of("hw3").tables.at(0);
  EXPECT_EQ(once.at("tables/hw3_table.md"), to_markdown(table));
  EXPECT_EQ(once.at("tables/hw3_table.csv"), to_csv(table));
  EXPECT_EQ(once.at("tables/hw3_table.tex"), to_latex(table));
  EXPECT_EQ(once.at("figures/training_curves.png").substr(1, 3), "PNG");
  EXPECT_EQ(once.at("figures/training_curves.pdf").substr(0, 4), "%PDF");
  EXPECT_NE(once.at("figures/training_curves.svg").find("<svg"), std::string::npos);
  EXPECT_NE(once.at("report.md").find("![Training loss](figures/training_curves.png)"), std::string::npos);
  EXPECT_NE(once.at("report.html").find("Training loss"), std::string::npos);
}

TEST_F(ReportFromDatabase, LettersThatNoFontHasAreNamedOnce) {
  Report report{.sweep = "letters"};
  for (const auto& [name, text] : {std::pair{"plain", "α é"}, {"strange", "a\U0010FFFDb"}, {"stranger", "\U0010FFFD"}}) {
    report.figures.push_back({.name = name, .title = "α", .body = BarChart{{text}, {}, {{"", 0, {1}}}}});
  }
  const ReportFiles files = write_report(report, results.folder() / "letters");
  EXPECT_EQ(files.notes, std::vector<std::string>{
      "figures show boxes for letters that are in no font of this machine, such as those of 'a\U0010FFFDb' in figure strange: "
      "install a font that has them, for Chinese, Japanese and Korean with apt-get install fonts-noto-cjk"});
}

TEST_F(ReportFromDatabase, ATableMayShowSomeJobs) {
  const Json column = {{"field", "architecture"}, {"title", "architecture"}, {"precision", 0}};
  const auto shown = [&](const Json& where) {
    SweepRecord sweep = sample_sweep("hw3");
    sweep.report = {{"tables", {{{"name", "t"}, {"columns", {column}}, {"where", where}}}}};
    register_sweep(db, sweep, jobs);
    std::string names;
    const Table table = report_of("hw3").tables.at(0);
    for (const auto& row : table.rows) names += std::get<std::string>(row.at(0).value) + " ";
    return names + (table.problems.empty() ? "" : table.problems.at(0));
  };
  EXPECT_EQ(shown({"architecture = AE1, raw"}), "AE1 raw ");
  EXPECT_EQ(shown({"reduction = t-SNE"}), "AE2 ") << "any spelling of a method";
  EXPECT_EQ(shown({"epochs >= 4", "epochs < 20"}), "AE2 ");
  EXPECT_EQ(shown({"reduced_dim != 2"}), "AE1 raw ");
  EXPECT_EQ(shown({"epochs > 20"}), "no job meets the conditions of its `where`");
  EXPECT_EQ(
      error_of([&] { shown({"epoch = 4"}); }),
      "no job of the sweep has a column or parameter 'epoch'; did you mean 'epochs' or 'best_epoch'?");
}

TEST_F(ReportFromDatabase, WhatTheSweepVariesAndATableHoldsIsSaid) {
  jobs.clear();
  for (const char* latent : {"16", "64"}) {
    for (const std::int64_t epochs : {2, 4}) {
      for (const char* reduction : {"pca", "tsne"}) {
        jobs.push_back(sample_job(SampleCell{.architecture = "tiny", .latent = latent, .epochs = epochs, .reduction = reduction, .reduced_dim = 2}));
      }
    }
  }
  SweepRecord sweep = sample_sweep("hw3");
  sweep.report = Json::parse(R"({"tables": [{"name": "t", "columns": [{"field": "label"}, {"field": "accuracy"}],
    "where": ["latent_dim > 16", "epochs = 2"]}]})");
  register_sweep(db, sweep, jobs);
  for (std::size_t i = 4; i < 6; ++i) {
    record_results(db, sample_artifacts(jobs[i], {0.04, i == 4 ? 0.7 : 0.75, 0.7, 0.7, 0.2, 0.1}), {}, {{jobs[i].id, JobState::complete, ""}});
  }
  const Report report = report_of("hw3");
  EXPECT_EQ(report.tables.at(0).footnotes.at(0), "All rows are of tiny(64).");
  EXPECT_EQ(report.tables.at(0).footnotes.at(1), "In all rows, epochs = 2.");
  EXPECT_EQ(report.answer.at(0), "tiny(64) + t-SNE(dim = 2) has the highest accuracy, 0.7500: 0.0500 above the next, tiny(64) + PCA(dim = 2).");
  EXPECT_EQ(report.answer.back(),
            "This is about the first table, which holds 2 of the sweep's 8 jobs: those with latent_dim > 16 and epochs = 2.");
}

TEST_F(ReportFromDatabase, ATableWithoutColumnsHasTheUsualOnes) {
  const auto fields = [&](const Json& table) {
    SweepRecord sweep = sample_sweep("hw3");
    sweep.report = table.is_null() ? Json() : Json{{"tables", Json::array({table})}};
    register_sweep(db, sweep, jobs);
    std::string names;
    const Report report = report_of("hw3");
    for (const auto& column : report.tables.at(0).columns) names += column.field + " ";
    return names;
  };
  const std::string usual = fields(nullptr);
  const Json none = Json::array();
  EXPECT_EQ(fields({{"name", "t"}, {"columns", none}}), usual);
  EXPECT_EQ(fields({{"name", "t"}, {"where", Json::array({"architecture = AE1"})}}), usual);
  EXPECT_EQ(fields({{"name", "t"}, {"best", "silhouette"}}), usual + "silhouette ") << "the best is marked in its column";
}

TEST_F(ReportFromDatabase, DetailsOfTablesStandTogetherAtTheEnd) {
  Json report = hw3_report;
  report["tables"].push_back(report["tables"][0]);
  report["tables"][1]["name"] = "second";
  report["tables"][1]["title"] = "Again";
  report["tables"][1]["row_titles"] = {{"nothing", "something"}};
  report["figures"] = Json::parse(R"([{"kind": "costs", "name": "costs", "title": "Costs"}])");
  register_with(report);
  const Report built = report_of("hw3");
  const auto folder = results.folder() / "report";
  write_report(built, folder);
  const std::string page = read_file(folder / "report.md");
  EXPECT_NE(page.find("1 of 3 jobs has no result. Details: [note 1](#note-1).\n\n### Again"), std::string::npos)
      << page;
  EXPECT_TRUE(
      page.ends_with("\n"
                     "### Notes on the tables\n"
                     "\n"
                     "#### Note 1\n"
                     "\n"
                     "Reductions:\n"
                     "\n"
                     "- These have no result: PCA, Latent Dimension 3072 [seed 0 pending].\n"
                     "\n"
                     "#### Note 2\n"
                     "\n"
                     "Again:\n"
                     "\n"
                     "- These have no result: PCA, Latent Dimension 3072 [seed 0 pending].\n"))
      << page;
  EXPECT_LT(page.find("### Costs"), page.find("### Notes on the tables"));
  EXPECT_EQ(built.omissions().at(1), "Table 'second': row_titles has a title for 'nothing', but no row is called that.");
  EXPECT_NE(read_file(folder / "report.html").find("\"details\":[\"These have no result: "), std::string::npos);
}

TEST_F(ReportFromDatabase, TheAnswerStandsOnTopOfThePageAndOfTheMarkdown) {
  register_with(hw3_report);
  const std::vector<std::string> sentences = {
      "AE2 + t-SNE(dim = 2) has the highest private score, 0.7790: 0.0630 above the next, AE1 + PCA(dim = 32).",
      "There is one seed (0), and nothing says whether another would give the same order.",
      "1 of 3 jobs has no result (1 pending), so another setting may turn out to be better."};
  const Report report = report_of("hw3");
  EXPECT_EQ(report.answer, sentences);
  const auto folder = results.folder() / "report";
  write_report(report, folder);
  const std::string top = "# hw3\n\n" + sentences[0] + "\n\n" + sentences[1] + "\n\n" + sentences[2] +
                          "\n\n- jobs: 2 complete, 1 pending\n- data set: scenes: 8500 images, all labelled; 2 classes\n";
  EXPECT_EQ(read_file(folder / "report.md").substr(0, top.size()), top);
  EXPECT_NE(read_file(folder / "report.html").find(Json(sentences).dump()), std::string::npos);
}

TEST_F(ReportFromDatabase, NamesWhatIsMissing) {
  Json report = hw3_report;
  report["figures"] = Json::parse(R"([{"kind": "map", "name": "ours", "title": "Ours", "jobs": {"best": "accuracy"}},
                                      {"kind": "confusion", "name": "confusion", "title": "Confusion"}])");
  register_with(report);
  const std::vector<std::string> omissions = report_of("hw3").omissions();
  ASSERT_EQ(omissions.size(), 3u);
  EXPECT_EQ(omissions[0], "1 of 3 jobs has no result. The tables name them.");
  EXPECT_EQ(
      omissions[1],
      "Figure 'ours': Its job is chosen when every job has a score, and 1 of 3 jobs are pending. Run the sweep again.");
  EXPECT_NE(omissions[2].find("confusion.npy"), std::string::npos) << omissions[2];
}

TEST_F(ReportFromDatabase, APictureOfAnEarlierReportDoesNotPassForOneOfThis) {
  Json report = hw3_report;
  report["figures"] = Json::parse(R"([{"kind": "map", "name": "ours", "title": "Ours"}])");
  register_with(report);
  const auto folder = results.folder() / "report";
  std::filesystem::create_directories(folder / "figures");
  for (const char* name : {"ours.png", "ours.svg", "ours.pdf", "mine.png"})
    write_file_atomically(folder / "figures" / name, "old");
  const ResultsDb reader = ResultsDb::open_for_reading(results.database());
  write_report(build_report(reader, store, "hw3", ReportParts::everything), folder);
  EXPECT_EQ(files_below(folder / "figures"), (std::map<std::string, std::string>{{"mine.png", "old"}}));
}

TEST_F(ReportFromDatabase, WhatAnEarlierReportHadAndThisHasNotIsRemoved) {
  Json report = hw3_report;
  report["figures"] = Json::parse(R"([{"kind": "training_curves", "name": "losses", "title": "Losses"}])");
  register_with(report);
  const auto folder = results.folder() / "report";
  auto names = [&](const char* part) {
    std::set<std::string> found;
    for (const auto& [name, content] : files_below(folder / part)) found.insert(name);
    return found;
  };
  auto write = [&](const Json& section) {
    write_report(build_report(db, store, "hw3", ReportParts::everything, ReportSection{.json = section, .not_run = {}, .file = "hw3.yaml"}), folder);
  };
  write(report);
  EXPECT_EQ(names("tables"), (std::set<std::string>{"hw3_table.csv", "hw3_table.md", "hw3_table.tex"}));
  EXPECT_EQ(names("figures"), (std::set<std::string>{"losses.pdf", "losses.png", "losses.svg"}));
  write_file_atomically(folder / "tables" / "mine.tex", "mine");
  report["tables"][0]["name"] = "scores";
  report["figures"][0]["name"] = "curves";
  write(report);
  EXPECT_EQ(names("tables"), (std::set<std::string>{"mine.tex", "scores.csv", "scores.md", "scores.tex"}));
  EXPECT_EQ(names("figures"), (std::set<std::string>{"curves.pdf", "curves.png", "curves.svg"}));
}

TEST_F(ReportFromDatabase, ANameThatLeadsOutOfTheFolderRemovesNothing) {
  register_with(hw3_report);
  const auto folder = results.folder() / "report";
  std::filesystem::create_directories(folder);
  write_file_atomically(results.folder() / "mine.csv", "mine");
  write_file_atomically(folder / "report.html",
                        R"(<script id="content" type="application/json">{"tables":[{"name":"../../mine"},{"name":3}],"jobs":[1]}</script>)");
  write_report(build_report(db, store, "hw3", ReportParts::everything), folder);
  EXPECT_EQ(read_file(results.folder() / "mine.csv"), "mine");
}

TEST_F(ReportFromDatabase, AnUnknownSweepIsAnError) {
  EXPECT_EQ(error_of([&] { report_of("hw9"); }), "no sweep 'hw9' in the database");
}

TEST_F(ReportFromDatabase, AReportThatCannotBeReadSaysSo) {
  register_with(Json::parse(R"({"tables": [{"columns": [{"title": "no field"}]}]})"));
  EXPECT_NE(error_of([&] { report_of("hw3"); }).find("the report of sweep 'hw3' cannot be read: "), std::string::npos);
}

}  // namespace
}  // namespace latentgrid
