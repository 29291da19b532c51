#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/file_system.hpp"
#include "methods/stages.hpp"
#include "store/npy.hpp"
#include "support/command.hpp"
#include "support/temporary_folder.hpp"
#include "unit/worker/worker_process.hpp"
#include "unit/worker/worker_tasks.hpp"

namespace latentgrid::testing {
namespace {

class WorkerProcessTest : public ::testing::Test {
 protected:
  protocol::Hello hello(WorkerProcess& worker) { return std::get<protocol::Hello>(*worker.receive()); }

  // Runs a task and returns its last message.
  protocol::WorkerMessage run(WorkerProcess& worker, const protocol::Run& task) {
    worker.send(task);
    return worker.receive_until_the_end().back();
  }
  protocol::Failed failure(WorkerProcess& worker, const protocol::Run& task) {
    return std::get<protocol::Failed>(run(worker, task));
  }

  TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
};

TEST_F(WorkerProcessTest, SaysHelloWithItsStages) {
  WorkerProcess worker(folder_.path());
  protocol::Hello message = hello(worker);
  EXPECT_EQ(message.protocol, protocol::version);
  EXPECT_EQ(message.stages, all_versions());
}

TEST_F(WorkerProcessTest, LoadLeavesTheSelectedImages) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  DatasetSource source = small_dataset();
  source.pad_to = {10, 12};
  worker.send(load_task(source));
  auto messages = worker.receive_until_the_end();
  EXPECT_EQ(std::get<protocol::ArtifactReady>(messages.at(messages.size() - 2)).extent, 0);
  protocol::Done done = std::get<protocol::Done>(messages.back());
  EXPECT_EQ(done.task, 1);
  const Json record = store_.read_record("load", {load_key, 0});
  EXPECT_EQ(record["metrics"], Json({{"images", 64}}));
  EXPECT_GT(record["usage"]["wall_s"], 0.0);
  EXPECT_GT(record["usage"]["peak_rss_kb"], 0);
  NpyFile images(store_.folder("load", {load_key, 0}) / "images.npy");
  EXPECT_EQ(images.header().shape, (std::vector<std::int64_t>{64, 10, 12, 3}));
  std::vector<std::uint8_t> expected = load_images(source).pixels;
  EXPECT_TRUE(std::equal(expected.begin(), expected.end(), images.uint8s().begin()));
}

TEST_F(WorkerProcessTest, TheRecordSaysWhereItCameFrom) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  Json environment = Json::parse(run_command({worker_program().string(), "--describe"}).out);
  run(worker, load_task(small_dataset()));
  Json record = store_.read_record("load", {load_key, 0});
  EXPECT_EQ(record["stage"], "load");
  EXPECT_EQ(record["extent"], 0);
  const Json& provenance = record["provenance"];
  for (const char* name : {"build", "git_commit", "host", "device", "simd"}) EXPECT_EQ(provenance[name], environment[name]);
  EXPECT_EQ(provenance["libraries"], Json({{"blas", environment["blas"]}}));
  EXPECT_EQ(provenance["threads"], 1);
  EXPECT_EQ(provenance["stage_version"], find_stage("load").version);
  EXPECT_EQ(provenance["params"], load_task(small_dataset()).params);
  EXPECT_TRUE(record["usage"].contains("cpu_s"));
  EXPECT_EQ(read_file(store_.transcript("load", load_key)), "stage = text load\n");
}

TEST_F(WorkerProcessTest, ImagesThatChangedSincePlanningAreRefused) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  protocol::Run task = load_task(small_dataset());
  task.sources["dataset"]["synthetic"]["seed"] = 2;
  protocol::Failed failed = failure(worker, task);
  EXPECT_EQ(failed.kind, "input");
  EXPECT_EQ(failed.message, "the images of dataset 'small' have changed since the run was planned; run the sweep again");
  EXPECT_FALSE(store_.exists("load", {load_key, 0}));
}

TEST_F(WorkerProcessTest, AFailedTaskLeavesTheWorkerReadyForTheNext) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  protocol::Run unknown = load_task(small_dataset());
  unknown.stage = "dance";
  EXPECT_EQ(failure(worker, unknown).message, "this worker knows no stage 'dance'");
  protocol::Run orphan = encode_task("raw", 0);
  EXPECT_EQ(failure(worker, orphan).kind, "input");
  protocol::Run none = load_task(small_dataset());
  none.extents = {};
  EXPECT_EQ(failure(worker, none).kind, "parameter");
  protocol::Run threads = load_task(small_dataset());
  threads.threads = 0;
  EXPECT_EQ(failure(worker, threads).message, "threads must be at least 1, not 0");
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(worker, load_task(small_dataset()))));
}

TEST_F(WorkerProcessTest, RawPixelsAreEncodedWithoutAnError) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  run(worker, load_task(small_dataset()));
  run(worker, encode_task("raw", 0));
  EXPECT_EQ(store_.read_record("encode", {encode_key, 0})["metrics"], Json::object());
  auto folder = store_.folder("encode", {encode_key, 0});
  EXPECT_EQ(NpyFile(folder / "latents.npy").header().shape, (std::vector<std::int64_t>{64, 192}));
  EXPECT_FALSE(std::filesystem::exists(folder / "errors.npy"));
}

TEST_F(WorkerProcessTest, StopEndsAnIdleWorker) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  worker.send(protocol::Stop{});
  EXPECT_EQ(worker.wait(), 0);
}

TEST_F(WorkerProcessTest, EndOfFileEndsAnIdleWorker) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  worker.close_input();
  EXPECT_EQ(worker.wait(), 0);
}

TEST_F(WorkerProcessTest, ABadLineEndsTheWorkerWithAnError) {
  WorkerProcess worker(folder_.path());
  hello(worker);
  worker.send_line("what?");
  EXPECT_EQ(worker.wait(), 1);
  EXPECT_TRUE(worker.log().ends_with("\nlatentgrid-worker: not a protocol message: what?\n")) << worker.log();
}

TEST_F(WorkerProcessTest, AWorkerOfAnotherParentRefusesToStart) {
  CommandResult result = run_command({worker_program().string(), "--parent", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "latentgrid-worker: the coordinator (process 1) has ended\n");
}

TEST_F(WorkerProcessTest, AWorkerDiesWithItsCoordinator) {
  int report[2];
  ASSERT_EQ(::pipe(report), 0);
  pid_t coordinator = ::fork();
  if (coordinator == 0) {
    WorkerProcess worker(folder_.path());
    worker.receive();
    pid_t pid = worker.pid();
    ssize_t written = ::write(report[1], &pid, sizeof pid);
    ::kill(::getpid(), SIGKILL);
    ::_exit(written > 0);
  }
  pid_t worker = 0;
  ASSERT_EQ(::read(report[0], &worker, sizeof worker), ssize_t(sizeof worker));
  ::waitpid(coordinator, nullptr, 0);
  int tries = 0;
  // Orphans are reaped by init; a container without one leaves a zombie.
  auto alive = [&] {
    std::string path = "/proc/" + std::to_string(worker) + "/stat";
    if (!std::filesystem::exists(path)) return false;
    std::string stat = read_file(path);
    return stat[stat.rfind(')') + 2] != 'Z';
  };
  while (alive() && ++tries < 1000) ::usleep(10000);
  EXPECT_FALSE(alive());
  ::close(report[0]);
  ::close(report[1]);
}

TEST_F(WorkerProcessTest, DescribePrintsTheEnvironmentAndNothingElse) {
  CommandResult result = run_command({worker_program().string(), "--describe"});
  EXPECT_EQ(result.exit_code, 0);
  const Json environment = Json::parse(result.out);
  for (const char* name : {"simd", "blas", "cores", "host", "build", "git_commit", "pid", "device"}) {
    EXPECT_TRUE(environment.contains(name)) << name;
  }
}

TEST_F(WorkerProcessTest, TheOpenMpBuildOfOpenBlasIsTakenWhereItIsInstalled) {
  if (!std::filesystem::exists("/usr/lib/x86_64-linux-gnu/openblas-openmp")) {
    GTEST_SKIP() << "libopenblas0-openmp is not installed";
  }
  Json blas = Json::parse(run_command({worker_program().string(), "--describe"}).out)["blas"];
  EXPECT_EQ(blas["threading"], "openmp");
}

TEST_F(WorkerProcessTest, WithoutArgumentsItSaysHowItIsCalled) {
  CommandResult result = run_command({worker_program().string()});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.out, "");
  EXPECT_EQ(result.err, run_command({worker_program().string(), "--help"}).out);
}

TEST_F(WorkerProcessTest, WrongOptionsAreUsageErrors) {
  CommandResult result = run_command({worker_program().string(), "--result", "x"});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_EQ(result.err,
            "latentgrid-worker: unknown option '--result'\n"
            "  hint: `latentgrid-worker --help` shows how it is called\n");
}

}  // namespace
}  // namespace latentgrid::testing
