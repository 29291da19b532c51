// The loop of a competition: a job's labels out, its scores in, both beside each other in the report. The worker is the
// fake one; the artifacts it leaves empty are written here.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Json;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;

namespace {

namespace fs = std::filesystem;

// Six images, of which the first four have the labels 3 and 7; two jobs.
constexpr const char* sweep = R"(name: scenes
dataset: {images: images.npy, labels: {file: labels.npy, first_image: 0}, split: {seed: 0}}
grid:
  architecture: raw
  reduction: none
  seeds: [0, 1]
report:
  figures: []
  tables:
    - name: scenes
      title: Scenes
      columns: [seed, accuracy_public, leaderboard_public, {field: leaderboard_private, title: hidden, precision: 2}]
)";

class Leaderboard : public SweepFixture {
 protected:
  void SetUp() override {
    write("sweep.yaml", sweep);
    const std::vector<std::uint8_t> pixels(6 * 4 * 4, 9);
    latentgrid::write_npy(folder_ / "images.npy", std::span(pixels), {6, 4, 4});
    write_list(folder_ / "labels.npy", {7, 3, 3, 3});
    EXPECT_EQ(run()["jobs"]["complete"], 2);
    for (const Json& row : query("SELECT job FROM results ORDER BY seed")) jobs_.push_back(row["job"]);
    ASSERT_EQ(jobs_.size(), 2u);
    for (const std::string& job : jobs_) {
      write_list(fs::path(folder_of(job, "cluster")) / "clusters.npy", {0, 1, 1, 0, 1, 0});
      write_list(fs::path(folder_of(job, "score")) / "assignment.npy", {1, 0});
    }
  }
  std::map<std::string, std::string> environment() override {
    return {{"LATENTGRID_WORKER", LATENTGRID_BINARY_DIR "/bin/latentgrid-fake-worker"}};
  }

  static void write_list(const fs::path& file, const std::vector<std::int32_t>& values) {
    latentgrid::write_npy(file, std::span(values), {static_cast<std::int64_t>(values.size())});
  }
  std::string folder_of(const std::string& job, const std::string& stage) {
    const Json shown = Json::parse(call({"show", job, "--json"}).out);
    for (const Json& step : shown["path"]) {
      if (step["stage"] == stage) return step["folder"];
    }
    throw std::runtime_error("no " + stage + " on the path of " + job);
  }
  CommandResult import(const std::string& text) {
    write("scores.csv", text);
    return call({"scores", "import", (folder_ / "scores.csv").string()});
  }

  std::vector<std::string> jobs_;
};

const std::string header = "fileName,date,description,status,publicScore,privateScore\n";

}  // namespace

TEST_F(Leaderboard, ALabelFileGoesOutAndScoresComeBackIntoTheReport) {
  CommandResult submission = call({"submission", jobs_[1].substr(0, 8)});
  ASSERT_EQ(submission.exit_code, 0) << submission.err;
  const fs::path file = folder_ / "results" / "submissions" / ("submission_" + jobs_[1] + ".csv");
  EXPECT_EQ(latentgrid::read_file(file), "id,label\n0,7\n1,3\n2,3\n3,7\n4,3\n5,7\n");
  const std::string description = "latentgrid job " + jobs_[1] + ": raw pixels, k = 2, seed 1";
  EXPECT_EQ(submission.err,
            "wrote " + file.string() +
                ": 6 rows, one for each image of images.npy\n"
                "the clusters were matched to classes on 4 labelled images; the accuracy on them is 0.7500, an upper "
                "bound\n"
                "labels of the clusters, in order: 7, 3\n"
                "upload it with this description, by which `latentgrid scores import` finds the job:\n  " +
                description + "\n");

  CommandResult imported = import(header + "answer.csv,2026-11-22 10:00:00,\"" + description + "\",complete,0.71,\n" +
                                  "submission_" + jobs_[0] + ".csv,2026-11-23 10:00:00,,complete,0.5,0.25\n" +
                                  "answer.csv,2026-11-24 10:00:00,,pending,,\n");
  EXPECT_EQ(imported.exit_code, 0);
  EXPECT_EQ(imported.out, "imported=2 known=0 skipped=1\n");
  EXPECT_EQ(imported.err, "");

  CommandResult report = call({"report", "scenes", "--format", "md"});
  EXPECT_EQ(
      report.out,
      "### Scenes\n"
      "\n"
      "| seed | public score | leaderboard public | hidden |\n"
      "|---:|---:|---:|---:|\n"
      "| 0 | 0.5000 | 0.5000 | 0.25 |\n"
      "| 1 | 0.5000 | 0.7100 | – |\n"
      "\n"
      "Accuracies are an upper bound, as clusters are matched with classes one to one so that as many labelled images "
      "as possible are right. Scores use the 4 labelled images of 6.\n"
      "\n"
      "- 2 of 2 jobs have a leaderboard score, which is what the competition gave for their submitted labels. Of "
      "several submissions of a job, the one with the best public score counts.\n"
      "- The standard error of the public leaderboard score is not known, because the number of public images is "
      "not.\n"
      "- The standard error of the private leaderboard score is not known, because the number of private images is "
      "not.\n");
}

TEST_F(Leaderboard, ScoresMayComeFromAPipe) {
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  std::thread writer([&] { std::ofstream(folder_ / "pipe") << header << "a.csv,d1," << jobs_[0] << ",complete,0.5,\n"; });
  const CommandResult imported = call({"scores", "import", (folder_ / "pipe").string()});
  const int end = ::open((folder_ / "pipe").c_str(), O_RDONLY | O_NONBLOCK);  // lets the writer go if nobody read
  writer.join();
  ::close(end);
  EXPECT_EQ(imported.out, "imported=1 known=0 skipped=0\n") << imported.err;
}

TEST_F(Leaderboard, ImportingAgainChangesNothingButWhatIsNew) {
  const std::string first = header + "a.csv,d1," + jobs_[0] + ",complete,0.5,\n";
  EXPECT_EQ(import(first).out, "imported=1 known=0 skipped=0\n");
  const std::string before = latentgrid::read_file(folder_ / "results" / "latentgrid.db");
  EXPECT_EQ(import(first).out, "imported=0 known=1 skipped=0\n");
  EXPECT_TRUE(latentgrid::read_file(folder_ / "results" / "latentgrid.db") == before);
  EXPECT_EQ(import(header + "a.csv,d1," + jobs_[0] + ",complete,0.5,0.45\n").out,
            "imported=0 updated=1 known=0 skipped=0\n");
  EXPECT_EQ(query("SELECT private_score AS p FROM submissions")[0]["p"], 0.45);
}

TEST_F(Leaderboard, RowsThatCantBeUsedAreNamedAndTheOthersImported) {
  CommandResult result =
      import(header + "a.csv,d1,job 000000000000,complete,0.5,\na.csv,d2," + jobs_[0] + ",complete,0.5,\n");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.out, "imported=1 known=0 skipped=0\n");
  EXPECT_EQ(result.err, (folder_ / "scores.csv").string() + ":2: no job begins with '000000000000'\n");
  CommandResult json = call({"scores", "import", (folder_ / "scores.csv").string(), "--json"});
  EXPECT_EQ(json.exit_code, 1);
  EXPECT_EQ(Json::parse(json.out),
            (Json{{"imported", 0},
                  {"updated", 0},
                  {"known", 1},
                  {"skipped", 0},
                  {"problems", {{{"line", 2}, {"message", "no job begins with '000000000000'"}}}}}));
}

TEST_F(Leaderboard, AFileThatIsNoListOfSubmissionsIsWrongUsage) {
  CommandResult result = import("id,label\n0,1\n");
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("; found: id, label\n  hint: this is what is uploaded"), std::string::npos) << result.err;
  EXPECT_EQ(import(header + "\"a.csv,d\n").exit_code, 2);
  for (const auto& [bytes, is] : {std::pair{std::string("SQLite format 3\0", 16), "an SQLite database"}, {"\x89PNG\r\n", "a PNG image, a single picture"},
                                  {"%PDF-1.4\n", "a PDF document"}}) {
    result = import(bytes);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err, "latentgrid: " + (folder_ / "scores.csv").string() + " is " + is +
                              "\n  hint: the scores are a CSV file, as `kaggle competitions submissions -c NAME --csv` prints it, or with the columns "
                              "job, public, private\n");
  }
  CommandResult absent = call({"scores", "import", "/nonexistent/scores.csv"});
  EXPECT_EQ(absent.exit_code, 2);
  EXPECT_EQ(absent.err, "latentgrid: there is no file '/nonexistent/scores.csv'\n");
  EXPECT_EQ(query("SELECT count(*) AS n FROM submissions")[0]["n"], 0);
}

TEST_F(Leaderboard, NoDatabaseIsMadeForScores) {
  results_ = "elsewhere";
  CommandResult result = import(header);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_NE(result.err.find("does not exist; `latentgrid run FILE` makes it"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(folder_ / "elsewhere"));
}

TEST_F(Leaderboard, ARunThatWorksIsNotDisturbed) {
  const int lock = ::open((folder_ / "results" / "lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  const std::string scores = header + "a.csv,d1," + jobs_[0] + ",complete,0.5,\n";
  CommandResult result = import(scores);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("another run works in " + (folder_ / "results").string()), std::string::npos) << result.err;
  EXPECT_EQ(query("SELECT count(*) AS n FROM submissions")[0]["n"], 0);
  ::close(lock);
  EXPECT_EQ(import(scores).out, "imported=1 known=0 skipped=0\n");
}

TEST_F(Leaderboard, AMissingArtifactIsNamedAndMadeAnewAsTheHintSays) {
  const fs::path folder = folder_of(jobs_[0], "cluster"), file = folder / "clusters.npy";
  fs::remove(file);
  const std::string missing =
      "latentgrid: clusters.npy of job " + jobs_[0] + " is missing: " + file.string() + "\n  hint: ";
  const std::string run_it = "`latentgrid run " + (folder_ / "sweep.yaml").string() + "` makes it anew\n";
  CommandResult result = call({"submission", jobs_[0]});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, missing + "remove " + folder.string() + ", then " + run_it);
  EXPECT_EQ(result.out, "");
  fs::remove_all(folder);
  EXPECT_EQ(call({"submission", jobs_[0]}).err, missing + run_it);
  EXPECT_EQ(run()["tasks"]["executed"], 1);
  EXPECT_TRUE(fs::exists(folder));
}

TEST_F(Leaderboard, ExportHoldsWhatCameBack) {
  import("job,public,private\n" + jobs_[1] + ",0.71,0.7\n");
  CommandResult result = call({"export", "results", "scenes", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const Json rows = Json::parse(result.out);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0]["leaderboard_public"], nullptr);
  EXPECT_EQ(rows[1]["leaderboard_public"], 0.71);
  EXPECT_EQ(rows[1]["leaderboard_private"], 0.7);
  EXPECT_EQ(rows[1]["accuracy"], 0.75);
}
