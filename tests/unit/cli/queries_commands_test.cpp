#include <fmt/format.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "cli/open_results.hpp"
#include "db/registration.hpp"
#include "unit/cli/commands_fixture.hpp"

namespace latentgrid::cli {
namespace {

using namespace latentgrid::testing;

const std::string failed =
    "hw4_table: 1 job failed or could not be done; `latentgrid ls hw4_table --where state!=complete --columns job,state,reason` says why, "
    "`latentgrid show JOB` names the logs\n";

struct Commands : CommandsFixture {
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE2", "tsne", 2, 0),
                                 sample_job("raw", "pca", 32, 0)};

  void fill() {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    register_sweep(db, sample_sweep("hw4_table"), jobs);
    record_results(db, sample_artifacts(jobs[0], {0.04, 0.716, 0.717, 0.716, 0.2, 0.1}), {},
              {{jobs[0].id, JobState::complete, "", "2026-11-21T10:10:00.000Z"}});
    record_results(db, 
        {},
        {{"train", task_of(jobs[1], "train").artifact.key, "diverged", "loss is NaN", "2026-11-21T10:09:00.000Z", 1}},
        {{jobs[1].id, JobState::failed, "train: loss is NaN", "2026-11-21T10:09:00.000Z"}});
  }
};

TEST_F(Commands, WithoutADatabaseEachSaysWhatToDo) {
  for (const char* arguments : {"status", "ls", "ls x", "show 0", "query \"SELECT 1\"", "report x"}) {
    EXPECT_NE(error(arguments).find("does not exist; `latentgrid run FILE` makes it"), std::string::npos) << arguments;
    EXPECT_THROW(run(arguments), UsageError) << arguments;
  }
}

TEST_F(Commands, OtherNamesOfColumnsAndParametersAreKnown) {
  fill();
  EXPECT_EQ(error("ls hw4_table --columns job,lr"),
            "no job of the sweep has a column or parameter 'lr'; did you mean 'learning_rate'?");
  EXPECT_EQ(error("ls hw4_table --columns wd").substr(0, 117),
            "no job of the sweep has a column or parameter 'wd'; it is called 'weight_decay' here, and no job of the sweep has one");
  EXPECT_EQ(error("ls hw4_table --where isomap.n_neighbors=5").substr(0, 90),
            "no job of the sweep has a column or parameter 'isomap.n_neighbors'; there is no Isomap\n  c");
  EXPECT_EQ(error("query \"SELECT lr FROM results\""),
            "cannot run the query: no such column: lr\n"
            "  hint: did you mean a parameter? Write parameter('learning_rate', params, clustering). `latentgrid query --tables` "
            "lists the tables and their columns");
  EXPECT_EQ(error("query \"SELECT batch_size FROM results\""),
            "cannot run the query: no such column: batch_size\n"
            "  hint: it is a parameter: write parameter('batch_size', params, clustering). `latentgrid query --tables` lists the "
            "tables and their columns");
}

TEST_F(Commands, WhatTsneChoosesItselfIsCalledAutoForPeopleAndZeroForPrograms) {
  jobs[1].params["reduction"] = {{{"method", "tsne"}, {"dim", 2}, {"learning_rate", 0.0}}};
  fill();
  run("ls hw4_table --columns architecture,tsne.learning_rate");
  EXPECT_EQ(out,
            "architecture  tsne.learning_rate\n"
            "AE1           -\n"
            "AE2           auto\n"
            "raw           -\n");
  run("ls hw4_table --columns architecture,tsne.learning_rate --format csv");
  EXPECT_NE(out.find("AE2,0"), std::string::npos) << out;
  run("show " + jobs[1].id);
  EXPECT_NE(out.find("tsne.learning_rate   auto\n"), std::string::npos) << out;
}

TEST_F(Commands, StatusCountsJobsByState) {
  fill();
  EXPECT_EQ(run("status"), 0);
  EXPECT_EQ(out,
            "sweep      jobs  complete  failed  skipped  pending  last activity\n"
            "hw4_table     3         1       1        0        1  2026-11-21T10:10:00.000Z\n");
  EXPECT_EQ(err,
            "no run works in " + results.folder().string() + "\n" + failed);
  run("status --json");
  Json json = Json::parse(out);
  EXPECT_EQ(json["held_by"], nullptr);
  EXPECT_EQ(json["sweeps"][0]["jobs"],
            (Json{{"total", 3}, {"complete", 1}, {"failed", 1}, {"skipped", 0}, {"pending", 1}}));
  EXPECT_EQ(err, "");
}

TEST_F(Commands, TheLockIsHeldAsLongAsItsProcessLives) {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  std::filesystem::path lock = results.folder() / "lock";
  EXPECT_EQ(lock_holder(lock), std::nullopt);
  std::string text = fmt::format("pid {} on {} since now", ::getpid(), host);
  std::ofstream(lock) << text;
  EXPECT_EQ(lock_holder(lock), text);
  std::ofstream(lock) << "pid 99999999 on " << host << " since now";
  EXPECT_EQ(lock_holder(lock), std::nullopt);
  std::ofstream(lock) << "pid 99999999 on elsewhere since now";
  EXPECT_EQ(lock_holder(lock), "pid 99999999 on elsewhere since now");
  std::ofstream(lock).close();
  EXPECT_EQ(lock_holder(lock), std::nullopt);
}

TEST_F(Commands, LsListsSweepsOrJobs) {
  fill();
  run("ls --format csv");
  EXPECT_EQ(out,
            "sweep,jobs,complete,revision,created_at,file\n"
            "hw4_table,3,1,1,2026-11-21T10:00:00.000Z,experiments/hw4_table.yaml\n");
  run("ls hw4_table --columns architecture,accuracy,state --format csv");
  EXPECT_EQ(out, "architecture,accuracy,state\nAE1,0.716,complete\nAE2,,failed\nraw,,pending\n");
  run("ls hw4_table -w state=failed -w architecture=AE2 --columns job --format csv");
  EXPECT_EQ(out, "job\n" + jobs[1].id + "\n");
}

TEST_F(Commands, LsKnowsParametersAsColumns) {
  jobs[2].params["reduction"] = Json::array();
  fill();
  run("ls hw4_table --where pca.dim=32 --columns job,PCA.dim,train.learning_rate --format csv");
  EXPECT_EQ(out, "job,pca.dim,learning_rate\n" + jobs[0].id + ",32,0.001\n");
  run("ls hw4_table --columns pca.dim --sort pca.dim");
  EXPECT_EQ(out, "pca.dim\n     32\n      -\n      -\n");
  run("ls hw4_table --where reduction=t-SNE --columns architecture --format csv");
  EXPECT_EQ(out, "architecture\nAE2\n");
  run("ls hw4_table --where \"accuracy>=0.7\" --columns architecture --format csv");
  EXPECT_EQ(out, "architecture\nAE1\n");
  run("ls hw4_table -w architecture=AE2,raw --columns architecture --format csv");
  EXPECT_EQ(out, "architecture\nAE2\nraw\n");
  EXPECT_TRUE(error("ls hw4_table --columns pca.dimm")
                  .starts_with("no job of the sweep has a column or parameter 'pca.dimm'; did you mean 'pca.dim'?"));
  EXPECT_EQ(error("ls hw4_table --where state"),
            "the condition 'state' has no comparison; write NAME=VALUE, NAME!=VALUE, NAME<VALUE or NAME>=VALUE, for "
            "example state=failed");
}

TEST_F(Commands, LsShowsWhatTheSweepVaries) {
  for (std::size_t i = 0; i < jobs.size(); ++i) jobs[i].axes.emplace_back("batch_size", 64 + i);
  fill();
  run("ls hw4_table");
  EXPECT_NE(out.find("  batch_size  k  seed  "), std::string::npos) << out;
}

struct TwoRevisions : Commands {
  void SetUp() override {
    fill();
    SweepRecord changed = sample_sweep("hw4_table");
    changed.text += "# changed\n";
    register_sweep(ResultsDb::open_for_writing(results.database()), changed, {jobs[1], jobs[2]});
  }
};

TEST_F(TwoRevisions, NoneIsHidden) {
  const std::string hidden = "1 job of earlier revisions is not in revision 2; `latentgrid ls hw4_table --revisions` lists them\n";
  run("ls hw4_table --columns architecture");
  EXPECT_EQ(out, "architecture\nAE2\nraw\n");
  EXPECT_EQ(err, hidden);
  run("ls hw4_table --revision 1 --columns architecture");
  EXPECT_EQ(out, "architecture\nAE1\nAE2\nraw\n");
  EXPECT_EQ(err, "");
  run("ls hw4_table --revisions");
  EXPECT_EQ(out,
            "revision  created_at                jobs  complete  not in the latest  file\n"
            "       1  2026-11-21T10:00:00.000Z     3         1                  1  experiments/hw4_table.yaml\n"
            "       2  2026-11-21T10:00:00.000Z     2         0                  0  experiments/hw4_table.yaml\n");
  run("status");
  EXPECT_EQ(err, "no run works in " + results.folder().string() + "\nhw4_table: " + hidden + failed);
  run("status --json");
  EXPECT_EQ(Json::parse(out)["sweeps"][0]["jobs_of_earlier_revisions"], 1);
  run("export results hw4_table --revision 1");
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 4);
  run("report hw4_table --revision 1 --json");
  EXPECT_EQ(Json::parse(out)["jobs"], 3);
  EXPECT_TRUE(std::filesystem::exists(results.folder() / "reports/hw4_table-revision-1/report.html"));
}

TEST_F(TwoRevisions, AnUnknownOneIsAnError) {
  EXPECT_EQ(error("ls hw4_table --revision 3"),
            "the sweep 'hw4_table' has no revision 3; it has 1, 2. `latentgrid ls hw4_table --revisions` lists them");
  EXPECT_EQ(error("ls --revisions"),
            "--revision and --revisions need the name of a sweep: latentgrid ls SWEEP --revisions");
}

TEST_F(Commands, QueryListsTablesAndTheirColumnsAlsoBeforeTheFirstRun) {
  run("query --tables");
  EXPECT_TRUE(out.starts_with("results (view): one row for each job of each sweep's latest revision: what it is and what it scored\n"
                              "  sweep                the sweep's name\n"
                              "  job                  the job's id: 12 hexadecimal digits\n"))
      << out;
  EXPECT_NE(out.find("\nsweep_revisions (table): every state of a sweep's file that was run\n"), std::string::npos);
  EXPECT_NE(out.find("stddev, stddev_pop, variance, median and quantile(x, q)"), std::string::npos);
  run("query --tables --json");
  const Json json = Json::parse(out);
  EXPECT_EQ(json[0]["table"], "results");
  EXPECT_EQ(json[0]["column"], nullptr);
  EXPECT_EQ(json[1]["column"], "sweep");
  EXPECT_EQ(error("query"),
            "query needs a SELECT: latentgrid query \"SELECT * FROM results\"; `latentgrid query --tables` lists what there "
            "is to select from");
}

TEST_F(Commands, LsSaysThatNoJobMeetsTheCondition) {
  fill();
  run("ls hw4_table --where architecture=AE7 --columns job");
  EXPECT_EQ(out, "job\n");
  EXPECT_EQ(err, "no job of the sweep 'hw4_table' has architecture AE7; there are AE1, AE2, raw\n");
  run("ls hw4_table --where architecture=raw --where epochs=20");
  EXPECT_EQ(err, "no job of the sweep 'hw4_table' meets all of these conditions, though each of them is met by some jobs\n");
}

TEST_F(Commands, LsSaysWhenItShowsAPart) {
  fill();
  run("ls hw4_table --limit 2 --columns job");
  EXPECT_EQ(out, "job\n" + jobs[0].id + "\n" + jobs[1].id + "\n");
  EXPECT_EQ(err, "2 of 3 jobs shown; --limit N shows more, and --offset 2 shows the next ones\n");
  run("ls hw4_table --limit 3");
  EXPECT_EQ(err, "");
}

TEST_F(Commands, AnUnknownSweepGetsASuggestion) {
  fill();
  EXPECT_EQ(error("ls hw4_tabel"), "there is no sweep 'hw4_tabel'\n  hint: did you mean 'hw4_table'?");
  EXPECT_EQ(error("ls zzz"), "there is no sweep 'zzz'\n  hint: the only sweep is hw4_table");
  register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("other"), {sample_job("raw", "pca", 32, 1)});
  EXPECT_EQ(error("ls hw4_tabel"), "there is no sweep 'hw4_tabel'\n  hint: did you mean 'hw4_table'? the sweeps are hw4_table, other");
  EXPECT_THROW(run("report nothing_like_it"), UsageError);
}

TEST_F(Commands, ShowTakesAPrefixAndSaysWhereNumbersCameFrom) {
  fill();
  run("show " + jobs[0].id.substr(0, 9) + " --json");
  Json json = Json::parse(out);
  EXPECT_EQ(json["job"], jobs[0].id);
  EXPECT_EQ(json["scores"]["accuracy_private"], 0.716);
  EXPECT_EQ(json["path"][1]["losses"], (Json{0.5, 0.25, 0.125}));
  EXPECT_EQ(json["path"][1]["provenance"]["git_commit"], "0123abc");
  EXPECT_EQ(json["path"][1]["folder"], (results.folder() / "artifacts/train" /
                                        jobs[0].path[1].artifact.key.substr(0, 2) / jobs[0].path[1].artifact.key / "20")
                                           .string());
  run("show " + jobs[0].id);
  for (const char* part : {"parameters\n", "batch_size", "scores\n", "path\n", "where the numbers came from\n",
                           "training losses\n", "0123abc"}) {
    EXPECT_NE(out.find(part), std::string::npos) << part;
  }
  run("show " + jobs[1].id);
  EXPECT_EQ(out.substr(0, out.find('\n')), "job " + jobs[1].id + ": failed, train: loss is NaN");
  EXPECT_NE(out.find("diverged"), std::string::npos);
}

TEST_F(Commands, PublicAndPrivateScoresAreShownWhereTheSweepHasASplit) {
  fill();
  run("ls hw4_table");
  EXPECT_NE(out.find("  accuracy_public  accuracy_private  "), std::string::npos) << out;
  run("show " + jobs[0].id);
  EXPECT_NE(out.find("accuracy_public"), std::string::npos) << out;

  SweepRecord sweep = sample_sweep("hw4_table");
  sweep.dataset["default_split"] = true;
  register_sweep(ResultsDb::open_for_writing(results.database()), sweep, jobs);
  for (const char* arguments : {"ls hw4_table", "report hw4_table"}) {
    run(arguments);
    EXPECT_NE(out.find("accuracy"), std::string::npos) << out;
    EXPECT_EQ(out.find("public"), std::string::npos) << out;
    EXPECT_EQ(out.find("private"), std::string::npos) << out;
  }
  run("show " + jobs[0].id);
  EXPECT_NE(out.find("accuracy"), std::string::npos) << out;
  EXPECT_EQ(out.find("accuracy_p"), std::string::npos) << out;
  run("ls hw4_table --columns accuracy_public --format csv");
  EXPECT_EQ(out, "accuracy_public\n\n\n\n") << "a random half is no public score";
}

TEST_F(Commands, AnAmbiguousOrUnknownPrefixIsAnError) {
  fill();
  JobRecord twin = sample_job("AE1", "pca", 32, 9);
  twin.id = jobs[0].id.substr(0, 11) + (jobs[0].id.back() == 'f' ? "e" : "f");
  std::vector<std::string> ids = {jobs[0].id, twin.id};
  std::sort(ids.begin(), ids.end());
  register_sweep(ResultsDb::open_for_writing(results.database()), sample_sweep("twins"), {jobs[0], twin});
  std::string prefix = jobs[0].id.substr(0, 11);
  EXPECT_EQ(error("show " + prefix),
            fmt::format("the ids of several jobs begin with '{}': {}, {}\n  hint: write more digits of the id", prefix, ids[0], ids[1]));
  EXPECT_EQ(error("show 0123456789"),
            "no job has an id that begins with '0123456789'\n  hint: `latentgrid ls SWEEP` lists the jobs and their ids");
  EXPECT_EQ(error("show best"),
            "'best' is not the id of a job\n  hint: `latentgrid ls SWEEP --sort accuracy -r --limit 1` shows the best job and its id");
  EXPECT_EQ(error("show twins"),
            "'twins' is a sweep, not a job\n  hint: `latentgrid ls twins --sort accuracy -r --limit 1` shows the best job and its id");
}

TEST_F(Commands, QueryPrintsAnySelectAndRefusesTheRest) {
  fill();
  run("query \"SELECT count(*) AS n FROM results\" --json");
  EXPECT_EQ(out, "[\n{\"n\":3}\n]\n");
  EXPECT_THROW(run("query \"DELETE FROM jobs\""), UsageError);
}

TEST_F(Commands, ReportWritesBesideTheResultsAndPrintsMarkdown) {
  fill();
  run("report hw4_table");
  EXPECT_TRUE(out.starts_with("### Scores of the settings of sweep hw4_table\n")) << out;
  EXPECT_TRUE(std::filesystem::exists(results.folder() / "reports/hw4_table/tables/hw4_table.tex"));
  run("report hw4_table --json --out " + (results.folder() / "elsewhere").string());
  Json json = Json::parse(out);
  EXPECT_EQ(json["incomplete"], 2);
  EXPECT_EQ(json["tables"][0]["csv"], (results.folder() / "elsewhere/tables/hw4_table.csv").string());
}

TEST_F(Commands, ReportPrintsOneFormAndWritesFilesOnlyIfToldWhere) {
  fill();
  run("report hw4_table --out " + (results.folder() / "files").string());
  const std::string incomplete = "note: 2 of 3 jobs have no result. The tables name them.\n";
  for (const char* form : {"md", "csv", "tex"}) {
    EXPECT_EQ(run(std::string("report hw4_table --format ") + form), 0);
    EXPECT_EQ(out, read_file(results.folder() / "files/tables" / (std::string("hw4_table.") + form)));
    EXPECT_EQ(err, incomplete);
  }
  EXPECT_FALSE(std::filesystem::exists(results.folder() / "reports"));
}

TEST_F(Commands, ReportWritesOneFormToAFile) {
  fill();
  for (const char* form : {"md", "csv", "tex"}) {
    run(std::string("report hw4_table --format ") + form);
    const std::string printed = out;
    const std::filesystem::path file = results.folder() / "new" / (std::string("table.") + form);
    EXPECT_EQ(run(fmt::format("report hw4_table --format {} --out {}", form, file.string())), 0);
    EXPECT_EQ(out, "");
    EXPECT_EQ(err, "wrote " + file.string() + "\nnote: 2 of 3 jobs have no result. The tables name them.\n");
    EXPECT_EQ(read_file(file), printed);
    EXPECT_EQ(run(fmt::format("report hw4_table --format {} --out -", form)), 0);
    EXPECT_EQ(out, printed);
  }
  EXPECT_FALSE(std::filesystem::exists(results.folder() / "reports"));
}

TEST_F(Commands, ReportRefusesAFileForAFolderAndAFolderForAFile) {
  fill();
  const std::string folder = results.folder().string();
  EXPECT_EQ(error("report hw4_table --format tex --out " + folder),
            folder + " is a folder, and --format md, csv or tex writes one file\n"
                     "  hint: name a file with --out, or leave out --format to write the whole report into the folder");
  EXPECT_EQ(error("report hw4_table --out " + folder + "/t.tex"),
            "a report is a folder of files, and " + folder + "/t.tex is the name of a file\n"
            "  hint: --format tex writes the tables to that file");
  EXPECT_EQ(error("report hw4_table --json --out " + folder + "/t.json"),
            "a report is a folder of files, and " + folder + "/t.json is the name of a file\n"
            "  hint: name a folder with --out; report.html, the tables and the figures are written into it");
  EXPECT_FALSE(std::filesystem::exists(results.folder() / "t.tex"));
  std::filesystem::create_directory(results.folder() / "old.txt");
  EXPECT_EQ(run("report hw4_table --out " + folder + "/old.txt"), 0);
}

TEST_F(Commands, AnUnknownFormatIsToldTheChoices) {
  auto message = [&](const std::string& arguments) {
    try {
      run(arguments);
    } catch (const CLI::ParseError& problem) {
      return std::string(problem.what());
    }
    return std::string();
  };
  EXPECT_EQ(message("ls --format xyz"), "--format: there is no format 'xyz'; choose table, json, csv or md");
  EXPECT_EQ(message("ls --format jsno"),
            "--format: there is no format 'jsno', did you mean 'json'? choose table, json, csv or md");
  EXPECT_EQ(message("report x --format pdf"), "--format: there is no format 'pdf'; choose table, md, csv, tex or json");
  fill();
  run("ls --format CSV");
  EXPECT_EQ(out.substr(0, 6), "sweep,");
}

}  // namespace
}  // namespace latentgrid::cli
