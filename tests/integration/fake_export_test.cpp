// `latentgrid export encoder`: whom it asks, what it keeps and what it says, with a worker that computes nothing.
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"

using latentgrid::Json;
using latentgrid::read_file;
using latentgrid::testing::Command;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

constexpr const char* two_jobs = R"(name: fake
dataset:
  synthetic: {images: 60, classes: 2, seed: 1}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid:
  architecture: [tiny, raw]
  epochs: 1
)";
constexpr const char* fake_bytes = "fake encoder\n";

class FakeExport : public SweepFixture {
 protected:
  void SetUp() override {
    write("sweep.yaml", two_jobs);
    run();
    model_ = job("tiny");
  }

  std::map<std::string, std::string> environment() override {
    std::map<std::string, std::string> variables{{"LATENTGRID_WORKER", worker_}};
    if (fs::exists(folder_ / "rules.json")) variables["FAKE_WORKER_RULES"] = (folder_ / "rules.json").string();
    return variables;
  }
  void rules(const Json& rules) { write("rules.json", rules.dump()); }

  std::string job(const std::string& architecture) {
    return query("SELECT job FROM results WHERE architecture = '" + architecture + "'")[0]["job"];
  }
  std::vector<std::string> words(const std::string& job) { return {"export", "encoder", job, "--out", out()}; }
  CommandResult export_of(const std::string& job) { return call(words(job)); }
  std::string out() { return (folder_ / "encoder.pt").string(); }

  std::string worker_ = LATENTGRID_BINARY_DIR "/bin/latentgrid-fake-worker";
  std::string model_;
};

}  // namespace

TEST_F(FakeExport, AWorkerMakesTheFileOnceAndLaterExportsCopyIt) {
  std::vector<std::string> json = words(model_.substr(0, 6));
  json.push_back("--json");
  const CommandResult first = call(json);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const Json expected{{"job", model_}, {"file", out()}, {"bytes", 13}, {"latent_dim", 2 * 16 * 16}};
  EXPECT_EQ(Json::parse(first.out), expected);
  EXPECT_EQ(read_file(out()), fake_bytes);
  fs::remove(out());
  worker_ = "/nonexistent/worker";
  const CommandResult second = export_of(model_);
  EXPECT_EQ(second.exit_code, 0) << second.err;
  EXPECT_EQ(second.out, out() + ": the encoder of job " + model_ + ", 512 values an image, 13 bytes\n");
  EXPECT_EQ(read_file(out()), fake_bytes);
}

TEST_F(FakeExport, AnExportThatIsThereNeedsNeitherTheModelNorTheLock) {
  ASSERT_EQ(export_of(model_).exit_code, 0);
  fs::remove_all(folder_ / "results/artifacts/train");
  const int lock = ::open((folder_ / "results/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  EXPECT_EQ(export_of(model_).exit_code, 0);
  ::close(lock);
}

TEST_F(FakeExport, WhileARunWorksInTheFolderItSaysSo) {
  const int lock = ::open((folder_ / "results/lock").c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_EQ(::flock(lock, LOCK_EX), 0);
  const CommandResult result = export_of(model_);
  ::close(lock);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("another run works in"), std::string::npos) << result.err;
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(FakeExport, ADamagedExportIsMadeAnew) {
  ASSERT_EQ(export_of(model_).exit_code, 0);
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "results/artifacts/export")) {
    if (entry.path().filename() == "encoder.pt") fs::resize_file(entry.path(), 3);
  }
  ASSERT_EQ(export_of(model_).exit_code, 0);
  EXPECT_EQ(read_file(out()), fake_bytes);
}

TEST_F(FakeExport, RawPixelsHaveNoEncoder) {
  const std::string raw = job("raw");
  const CommandResult result = export_of(raw);
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err, "latentgrid: job " + raw + " clusters raw pixels: there is no encoder to export\n");
}

TEST_F(FakeExport, AMissingModelIsNamedWithItsRemedy) {
  fs::remove_all(folder_ / "results/artifacts/train");
  const CommandResult result = export_of(model_);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(result.err.starts_with("latentgrid: the model of job " + model_ +
                                     " (complete) is not there: " + (folder_ / "results/artifacts/train").string()))
      << result.err;
  EXPECT_TRUE(result.err.ends_with("\n  hint: `latentgrid run " + (folder_ / "sweep.yaml").string() +
                                   " --checkpoints` trains it\n"))
      << result.err;
}

TEST_F(FakeExport, WhatCannotBeMeantIsWrongUsage) {
  EXPECT_EQ(export_of("zzz").err, "latentgrid: 'zzz' is not the id of a job\n  hint: `latentgrid ls SWEEP --sort accuracy -r --limit 1` shows the best job and its id\n");
  EXPECT_EQ(export_of("zzz").exit_code, 2);
  EXPECT_NE(export_of("").err.find("the ids of several jobs begin with '': "), std::string::npos);
  const CommandResult folder = call({"export", "encoder", model_, "--out", folder_.path().string()});
  EXPECT_EQ(folder.exit_code, 2);
  EXPECT_EQ(folder.err, "latentgrid: " + folder_.path().string() + " is a folder: name the file to write, e.g. --out " +
                            (folder_ / "encoder.pt").string() + "\n");
  const CommandResult word = call({"export", "encodr", model_, "--out", out()});
  EXPECT_EQ(word.exit_code, 2);
  EXPECT_TRUE(word.err.starts_with("latentgrid: no command 'encodr' after 'export', did you mean 'encoder'? there are: ")) << word.err;
  EXPECT_EQ(call({"export"}).exit_code, 2);
}

TEST_F(FakeExport, AFileThatCannotBeWrittenIsNamed) {
  write("occupied", "a file, not a folder");
  const std::string nowhere = (folder_ / "occupied/encoder.pt").string();
  const CommandResult result = call({"export", "encoder", model_, "--out", nowhere});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "latentgrid: cannot make the folder " + (folder_ / "occupied").string() + ": Not a directory\n");
}

TEST_F(FakeExport, ALostWorkerIsReplacedOnceAndAFailureIsSaid) {
  rules({{{"stage", "export"}, {"attempt", 1}, {"action", "crash"}}});
  EXPECT_EQ(export_of(model_).exit_code, 0);
  EXPECT_EQ(read_file(out()), fake_bytes);
  fs::remove_all(folder_ / "results/artifacts/export");
  rules({{{"stage", "export"}, {"action", "exit"}}});
  const CommandResult twice = export_of(model_);
  EXPECT_EQ(twice.exit_code, 1);
  EXPECT_NE(twice.err.find("export failed (exit): the worker ended: exit code 7; see "), std::string::npos)
      << twice.err;
  rules({{{"stage", "export"}, {"action", "fail"}, {"text", "memory: out of memory in export"}}});
  EXPECT_EQ(export_of(model_).err,
            "latentgrid: export failed (memory): out of memory in export\n  log: " + (folder_ / "results/logs/worker-0.log").string() + "\n");
}

TEST_F(FakeExport, InterruptedItLeavesWithin130AndNoFile) {
  rules({{{"stage", "export"}, {"action", "sleep"}, {"text", "60"}}});
  const fs::path log = folder_ / "results/logs/worker-0.log";
  fs::remove(log);
  Command running(command(words(model_)), environment());
  for (int i = 0; i < 500 && !fs::exists(log); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(20));
  running.signal(SIGINT);
  EXPECT_EQ(running.wait().exit_code, 130);
  EXPECT_FALSE(fs::exists(out()));
}
