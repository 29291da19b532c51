// Reports on what a worker left that computes nothing, and the tasks of their figures.
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "integration/fake_sweep_fixture.hpp"

using latentgrid::Json;
using latentgrid::testing::CommandResult;
using latentgrid::testing::FakeSweep;
using latentgrid::testing::run_command;
using latentgrid::testing::twelve_jobs;
using latentgrid::testing::twelve_jobs_with_figures;

TEST_F(FakeSweep, TheReportRebuildsTheSameBytesWithoutAWorker) {
  run(0, {"--set", "grid.architecture=[tiny, raw]"});
  CommandResult first = call({"report", "fake"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_NE(first.out.find("raw pixels"), std::string::npos) << first.out;
  EXPECT_NE(first.out.find("0.7500"), std::string::npos) << first.out;
  const std::filesystem::path report = folder_ / "results" / "reports" / "fake";
  EXPECT_TRUE(std::filesystem::exists(report / "report.html"));
  std::filesystem::remove_all(folder_ / "results" / "artifacts");
  CommandResult second = call({"report", "fake", "--out", (folder_ / "again").string()});
  EXPECT_EQ(second.out, first.out);
  for (const char* part : {"tables", "figures"}) {
    for (const auto& entry : std::filesystem::directory_iterator(report / part)) {
      const std::string name = entry.path().filename().string();
      EXPECT_EQ(latentgrid::read_file(folder_ / "again" / part / name), latentgrid::read_file(entry.path())) << name;
    }
  }
}

TEST_F(FakeSweep, WithoutTheFontAReportHasNoFiguresForPrintAndSaysHowToGetIt) {
  run();
  write("no-fonts.conf", "<?xml version=\"1.0\"?><!DOCTYPE fontconfig SYSTEM \"fonts.dtd\"><fontconfig></fontconfig>");
  std::map<std::string, std::string> variables = environment();
  variables["FONTCONFIG_FILE"] = folder_ / "no-fonts.conf";
  const CommandResult report = run_command(command({"report", "fake"}), variables);
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_TRUE(report.err.starts_with(
      "no figures for print: the font DejaVu Sans is not installed: apt-get install fonts-dejavu-core\nwrote "))
      << report.err;
  EXPECT_TRUE(std::filesystem::is_empty(folder_ / "results" / "reports" / "fake" / "figures"));
}

TEST_F(FakeSweep, AReportNamesWhatIsMissingAndIsStrictIfAsked) {
  write("sweep.yaml", std::string(twelve_jobs) + "report: {figures: [confusion, costs, reconstructions]}\n");
  rules({{{"stage", "score"}, {"action", "fail"}, {"text", "input: no labels"}}});
  run(1);
  CommandResult report = call({"report", "fake", "--out", (folder_ / "out").string(), "--strict"});
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_NE(report.err.find("note: 12 of 12 jobs have no result. The tables name them.\n"), std::string::npos) << report.err;
  EXPECT_NE(report.err.find("note: Figure 'confusion': "), std::string::npos) << report.err;
  EXPECT_NE(report.err.find("note: Figure 'reconstructions': "), std::string::npos) << report.err;
  EXPECT_EQ(call({"report", "fake", "--out", (folder_ / "out").string()}).exit_code, 0);
  write("rules.json", "[]");
  run();
  std::filesystem::remove_all(folder_ / "results" / "artifacts" / "reconstruct");
  report = call({"report", "fake", "--out", (folder_ / "out").string()});
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_NE(report.err.find("note: Figure 'reconstructions': tiny: "), std::string::npos) << report.err;
  EXPECT_NE(report.err.find("tiny: artifacts/reconstruct/"), std::string::npos) << report.err;
  EXPECT_NE(report.err.find(" is missing. Run the sweep again.\n"), std::string::npos) << report.err;
}

TEST_F(FakeSweep, FiguresAreASecondRound) {
  write("sweep.yaml", twelve_jobs_with_figures);
  Json planned = plan();
  EXPECT_EQ(planned["tasks"], 36);
  EXPECT_EQ(planned["figures"], (Json{{"tasks", 1}, {"reused", 0}, {"waiting_for_scores", {"map"}}}));
  EXPECT_EQ(run(), summary(12, 0, 0, 36 + 1 + 1 + 1 + 1 + 2 + 3, 0, 0)) << last_err_;
  EXPECT_EQ(query("SELECT figure, panel, role FROM pictures WHERE role NOT IN ('images', 'own') ORDER BY 1, 2, 3").size(), 1u + 3u * 3u);
  planned = plan();
  EXPECT_EQ(planned["figures"], (Json{{"tasks", 9}, {"reused", 9}, {"waiting_for_scores", Json::array()}}));
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36 + 9, 0));
}

// Without a list: reconstructions of one training, and of the best job PCA and t-SNE to two dimensions, with a
// trustworthiness each. Its latents, or its PCA, are there already.
TEST_F(FakeSweep, ASweepThatListsNoFiguresHasPicturesTooAndALostOneIsNamed) {
  write("sweep.yaml", std::string(twelve_jobs).replace(std::string(twelve_jobs).find("images: 60"), 10, "images: 100"));
  EXPECT_EQ(plan()["figures"], (Json{{"tasks", 1}, {"reused", 0}, {"waiting_for_scores", {"map"}}}));
  EXPECT_EQ(run(), summary(12, 0, 0, 36 + 1 + 1 + 2, 0, 0)) << last_err_;
  EXPECT_EQ(query("SELECT figure, role, count(*) AS n FROM pictures GROUP BY 1, 2 ORDER BY 1, 2"),
            Json::parse(R"([{"figure": "map", "role": "embedding", "n": 2}, {"figure": "map", "role": "images", "n": 2},
                            {"figure": "map", "role": "own", "n": 1},
                            {"figure": "map", "role": "trustworthiness", "n": 2},
                            {"figure": "reconstructions", "role": "reconstruct", "n": 1}])"));
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36 + 4, 0)) << last_err_;
  std::filesystem::remove_all(folder_ / "results" / "artifacts" / "reconstruct");
  CommandResult report = call({"report", "fake", "--out", (folder_ / "out").string(), "--strict"});
  EXPECT_EQ(report.exit_code, 1);
  EXPECT_NE(report.err.find("note: Figure 'reconstructions': tiny: artifacts/reconstruct/"), std::string::npos) << report.err;
  EXPECT_NE(report.err.find("note: Figure 'confusion': No confusion matrix of "), std::string::npos)
      << "jobs have accuracies, but the fake worker leaves no matrix: " << report.err;
  EXPECT_EQ(run()["tasks"]["executed"], 1);
}

// Of the file's report what needs no tasks is made as the file has it now.
TEST_F(FakeSweep, AReportOfAFileTakesItsReportSectionAsItIsNow) {
  const std::string file = (folder_ / "sweep.yaml").string(), out = (folder_ / "out").string();
  write("sweep.yaml", std::string(twelve_jobs) + "report: {figures: [costs, reconstructions]}\n");
  CommandResult report = call({"report", file, "--out", out});
  EXPECT_NE(report.exit_code, 0) << "it has not been run";
  run();
  report = call({"report", file, "--out", out});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(report.err.find(" has changed"), std::string::npos) << report.err;

  write("sweep.yaml", std::string(twelve_jobs) + R"(report:
  tables: [{name: short, columns: [label, accuracy]}]
  figures: [slices, reconstructions: {title: Again}, reconstructions: {name: second, images: [3]}]
)");
  report = call({"report", "fake", "--out", out});
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_NE(report.err.find("note: the report section of " + file + " has changed since it was run: `latentgrid report " + file +
                            "` uses it\n"),
            std::string::npos)
      << report.err;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/figures/costs.svg"));
  report = call({"report", file, "--out", out, "--json"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_EQ(report.err.find(" has changed"), std::string::npos) << report.err;
  EXPECT_NE(report.err.find("note: Figure 'second': It needs tasks that have not been run: `latentgrid run " + file + "` runs them.\n"),
            std::string::npos)
      << report.err;
  const Json made = Json::parse(report.out);
  EXPECT_EQ(made["tables"][0]["name"], "short");
  EXPECT_EQ(made["figures"][0]["name"], "slices");
  EXPECT_EQ(made["figures"][1]["gaps"].dump().find("have not been run"), std::string::npos) << "a title needs no task";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "out/figures/costs.svg"));

  write("sweep.yaml", std::string(twelve_jobs) + "report: {figures: [slice]}\n");
  report = call({"report", file});
  EXPECT_EQ(report.exit_code, 2);
  EXPECT_NE(report.err.find("error: unknown figure 'slice'\n"), std::string::npos) << report.err;
  write("sweep.yaml", std::string(twelve_jobs) + "train: {batch_size: 7}\nreport: {figures: [costs]}\n");
  report = call({"report", file, "--out", out});
  EXPECT_NE(report.err.find("note: " + file + " has changed in more than its report section: this report is on the jobs of revision 1, "
                            "and `latentgrid run " + file + "` runs what is new\n"),
            std::string::npos)
      << report.err;
  EXPECT_EQ(call({"report", (folder_ / "none.yaml").string()}).exit_code, 2);
}

TEST_F(FakeSweep, NamesOfClassesChangeNoJobAndAreKeptInTheDatabase) {
  EXPECT_EQ(run(), summary(12, 0, 0, 36, 0, 0));
  std::string named = twelve_jobs;
  named.insert(named.find("architectures:"), "  class_names: names.txt\n");
  write("names.txt", "landscape\nother\n");
  write("sweep.yaml", named + "report: {figures: [costs]}\n");
  const CommandResult planned = call({"plan", (folder_ / "sweep.yaml").string()});
  EXPECT_NE(planned.out.find("\nclasses: 0 landscape, 1 other\n"), std::string::npos) << planned.out << planned.err;
  const std::string file = (folder_ / "sweep.yaml").string();
  const std::string note = "note: the class names in " + file + " have changed since it was run, and this report has the old ones: "
                           "`latentgrid run " + file + "` records the new ones, and does no finished work again\n";
  for (const std::string& asked : {file, std::string("fake")}) {
    EXPECT_NE(call({"report", asked, "--out", (folder_ / "out").string()}).err.find(note), std::string::npos) << asked;
  }
  EXPECT_EQ(run(), summary(12, 0, 0, 0, 36, 0));
  std::filesystem::remove(folder_ / "names.txt");
  const std::string job = query("SELECT job FROM results LIMIT 1")[0]["job"];
  EXPECT_EQ(Json::parse(call({"show", job, "--json"}).out)["class_names"], (Json{"landscape", "other"}));
  EXPECT_NE(call({"show", job}).out.find("\nclasses\n  label  name"), std::string::npos);
  call({"report", "fake", "--out", (folder_ / "out").string()});
  EXPECT_NE(latentgrid::read_file(folder_ / "out/report.md").find("2 classes: landscape, other"), std::string::npos);
}

// Another grid or data set than the file's: the report says so, and so does the terminal.
TEST_F(FakeSweep, AReportSaysThatItsRunHadOtherOptionsThanTheFile) {
  const std::string file = (folder_ / "sweep.yaml").string(), out = (folder_ / "out").string();
  write("sweep.yaml", std::string(twelve_jobs) + "report: {figures: [costs]}\n");
  EXPECT_EQ(call({"run", file, "-q", "--set", "grid.epochs=1"}).exit_code, 0);
  CommandResult report = call({"report", file, "--out", out});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  EXPECT_TRUE(report.err.starts_with("note: the latest run of " + file +
                                     " was made with --set grid.epochs=1, and this report is about that run: `latentgrid run " + file +
                                     "` runs the file as it is\n"))
      << report.err;
  EXPECT_NE(latentgrid::read_file(folder_ / "out/report.md").find("- options: made with --set grid.epochs=1\n"), std::string::npos);
  write("sweep.yaml", std::string(twelve_jobs) +
                          "report: {tables: [{name: t, where: {epochs: 2}, columns: [label, accuracy]}], figures: [costs]}\n");
  report = call({"report", file, "--format", "tex"});
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_NE(report.err.find("note: Table 't': no job meets the conditions of its `where`.\n"), std::string::npos) << report.err;

  run();
  report = call({"report", file, "--format", "md"});
  EXPECT_EQ(report.err, "");
  EXPECT_EQ(call({"report", file, "--out", out}).err.find("--set"), std::string::npos);
  EXPECT_EQ(latentgrid::read_file(folder_ / "out/report.md").find("--set"), std::string::npos);
}

TEST_F(FakeSweep, ANameWhereAFileIsExpectedSaysWhichFileItWas) {
  const std::string file = (folder_ / "sweep.yaml").string();
  EXPECT_NE(call({"run", "fake"}).err.find("fake: error: no such file\n"), std::string::npos);
  EXPECT_EQ(call({"run", (folder_ / "sweep").string()}).err,
            (folder_ / "sweep").string() + ": error: no such file\n  hint: did you mean " + file + "?\nlatentgrid: " +
                (folder_ / "sweep").string() + ": 1 error\n");
  EXPECT_EQ(call({"run", file, "-q", "--set", "train.batch_size=7"}).exit_code, 0);
  const CommandResult run = call({"run", "fake"});
  EXPECT_EQ(run.exit_code, 2);
  EXPECT_EQ(run.err, "fake: error: no such file\n  hint: 'fake' is the name of a sweep, and run takes its file: `latentgrid run " + file +
                         " --set train.batch_size=7`\nlatentgrid: fake: 1 error\n");
  std::filesystem::remove(file);
  EXPECT_NE(call({"plan", "fake"}).err.find("  hint: 'fake' is the name of a sweep; its file was " + file +
                                            ", which is not there any more. `latentgrid report fake` needs no file\n"),
            std::string::npos);
}

TEST_F(FakeSweep, AFigureWaitsWhileAJobIsMissing) {
  write("sweep.yaml", twelve_jobs_with_figures);
  rules({{{"stage", "score"}, {"action", "fail"}, {"text", "input: no labels"}}});
  run(1);
  EXPECT_EQ(query("SELECT DISTINCT figure FROM pictures"), Json::array()) << "of failed jobs nothing is shown";
  write("rules.json", "[]");
  run();
  EXPECT_EQ(query("SELECT DISTINCT figure FROM pictures ORDER BY 1"),
            (Json{{{"figure", "map"}}, {{"figure", "reconstructions"}}}));
}

TEST_F(FakeSweep, TheBestIsOneOfThePlansOwnJobs) {
  write("sweep.yaml", std::string(twelve_jobs) + "  clustering: {kmeans: {k: [2, 3]}}\nreport: {figures: [map: {job: best, reductions: pca}]}\n");
  run();
  const CommandResult smaller = call({"plan", (folder_ / "sweep.yaml").string(), "--json", "--set", "grid.clustering={kmeans: {k: 3}}"});
  EXPECT_EQ(smaller.err, "") << "of all jobs the first is the best, which this plan has not";
  const Json figures = Json::parse(smaller.out)["figures"];
  EXPECT_EQ(figures["waiting_for_scores"], Json::array());
  EXPECT_GT(figures["tasks"], 0);
}

TEST_F(FakeSweep, AFigureWaitsForFailedJobsThatTheRunTriesAgain) {
  write("sweep.yaml", twelve_jobs_with_figures);
  rules({{{"stage", "score"}, {"action", "fail"}, {"text", "input: no labels"}}});
  run(1);
  EXPECT_NE(last_err_.find("'map' is left out: no complete job has a value of accuracy"), std::string::npos) << last_err_;
  const CommandResult planned = call({"plan", (folder_ / "sweep.yaml").string(), "--json"});
  EXPECT_EQ(planned.err, "");
  EXPECT_EQ(Json::parse(planned.out)["figures"]["waiting_for_scores"], Json({"map"}));
}

TEST_F(FakeSweep, AFigureThatFailsIsToldAndLeavesTheJobsAlone) {
  write("sweep.yaml", twelve_jobs_with_figures);
  rules({{{"stage", "reconstruct"}, {"action", "fail"}, {"text", "internal: no pictures today"}}});
  Json counted = run(1);
  EXPECT_EQ(counted["jobs"], summary(12, 0, 0, 0, 0, 0)["jobs"]);
  EXPECT_EQ(counted["tasks"]["failed"], 1);
  EXPECT_NE(last_err_.find("no pictures today"), std::string::npos) << last_err_;
  write("rules.json", "[]");
  EXPECT_EQ(run()["tasks"]["executed"], 1);
}
