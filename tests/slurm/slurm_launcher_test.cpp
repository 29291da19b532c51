#include "launch/slurm_launcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <memory>

#include "base/file_system.hpp"
#include "slurm/slurm_cluster.hpp"

namespace latentgrid {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class SlurmLauncherTest : public ::testing::Test {
 protected:
  void start(const std::vector<std::string>& settings = {}) {
    cluster_ = std::make_unique<testing::SlurmCluster>(settings);
    request_.name = "lg-0f3c-cpu";
    request_.argv = {"/bin/sh", "-c", "echo \"[$SBATCH_PARTITION] {index} begins\"; exec sleep 300"};
    request_.log = cluster_->folder() / "worker-{index}.log";
    request_.resources.cpus = 1;
  }
  void SetUp() override {
    ASSERT_TRUE(testing::SlurmCluster::is_installed()) << "install slurmctld, slurmd and slurm-client, as ./run_tests does";
  }

  std::string refusal(const std::function<void(WorkerRequest&)>& change) {
    WorkerRequest request = request_;
    change(request);
    try {
      launcher_.check(request);
    } catch (const SchedulerError& error) {
      EXPECT_FALSE(error.temporary());
      return text_with_hint(error);
    }
    return "accepted";
  }

  static int slurm_year() {
    const std::string version = run_command({.argv = {"sbatch", "--version"}}).out;
    return std::atoi(version.c_str() + version.find_first_of("0123456789"));
  }

  using Listed = std::vector<ListedWorker>;
  static std::size_t count(const Listed& workers, WorkerState state) {
    return static_cast<std::size_t>(
        std::count_if(workers.begin(), workers.end(), [&](const ListedWorker& w) { return w.state == state; }));
  }
  // The first list that is as it should be, or the last one after half a minute. A controller may be on its way up.
  Listed list_until(const std::function<bool(const Listed&)>& is_good, int end = 5) {
    Listed workers;
    const double begun = system_clock().monotonic_seconds();
    do {
      try {
        workers = launcher_.list({{request_.name, end}, {"another", 1}}).wait();
        if (is_good(workers)) break;
      } catch (const SchedulerError& error) {
        if (!error.temporary()) throw;
      }
      ::usleep(100'000);
    } while (system_clock().monotonic_seconds() < begun + 30);
    return workers;
  }

  std::unique_ptr<testing::SlurmCluster> cluster_;
  WorkerRequest request_;
  SlurmLauncher launcher_{system_clock()};
};

TEST_F(SlurmLauncherTest, ACheckSaysWhatSlurmWouldRefuse) {
  start({"EnforcePartLimits=ALL"});
  EXPECT_EQ(refusal([](WorkerRequest&) {}), "accepted");
  EXPECT_EQ(refusal([](WorkerRequest& r) {
              r.count = 500;
              r.resources = {"short", "any", "", "", 2, "1000M", "0:01:00", {"--nice=10"}};
            }),
            "accepted");
  EXPECT_THAT(refusal([](WorkerRequest& r) { r.resources.partition = "nowhere"; }),
              AllOf(HasSubstr("Invalid partition name specified"), HasSubstr("this cluster has the partitions "),
                    HasSubstr("short")));
  if (slurm_year() < 24) {  // root may use any since
    EXPECT_THAT(refusal([](WorkerRequest& r) {
                  r.resources.partition = "closed";
                  r.resources.account = "physics";
                }),
                AllOf(HasSubstr("Invalid account or account/partition combination specified"),
                      HasSubstr("hint: name an account")));
  }
  EXPECT_THAT(refusal([](WorkerRequest& r) { r.resources.cpus = 64; }),
              AllOf(HasSubstr("sbatch said: "), HasSubstr("hint: no node that is up has cpus=64: ask for less; `sinfo -o '%P %c %m %G'`")));
  EXPECT_THAT(refusal([](WorkerRequest& r) {
                r.resources.partition = "short";
                r.resources.memory = "64G";
              }),
              HasSubstr("hint: no node that is up has all of partition=short cpus=1 memory=64G (Slurm's 64G is 65536 MiB): ask for less"));
  EXPECT_THAT(refusal([](WorkerRequest& r) { r.resources.memory = "lots"; }), HasSubstr("hint: memory is a number with K, M, G or T behind it, as in 4G"));
  EXPECT_THAT(refusal([](WorkerRequest& r) { r.resources.gres = "fpga:1"; }), HasSubstr("hint: `sinfo -o '%P %G'`"));
  EXPECT_THAT(
      refusal([](WorkerRequest& r) {
        r.resources.partition = "short";
        r.resources.time = "1:00:00";
      }),
      AllOf(HasSubstr("Requested time limit is invalid"), HasSubstr("hint: a partition has a limit of its own")));
  EXPECT_THAT(refusal([](WorkerRequest& r) { r.resources.time = "soon"; }), HasSubstr("hint: a time is minutes"));
  EXPECT_THAT(refusal([](WorkerRequest& r) { r.resources.extra = {"--no-such-option"}; }),
              HasSubstr("hint: extra arguments are sbatch's"));
}

// Slurm's default takes what can't run.
TEST_F(SlurmLauncherTest, WhereSlurmDoesNotRefuseWhatCanNotRunThatIsToldByTheList) {
  start();
  EXPECT_THAT(refusal([](WorkerRequest& r) {
                r.resources.partition = "short";
                r.resources.time = "1:00:00";
              }),
              AllOf(HasSubstr("short lets no job run for 1:00:00"), HasSubstr("at most 2 minutes")));
  request_.resources.extra = {"--hold"};
  ASSERT_EQ(refusal([](WorkerRequest&) {}), "accepted");
  launcher_.submit(request_).wait();
  const Listed workers = list_until([](const Listed& w) { return w.size() == 1 && w[0].stuck; });
  ASSERT_EQ(workers.size(), 1u);
  EXPECT_TRUE(workers[0].stuck) << workers[0].reason;
  EXPECT_EQ(workers[0].reason, "JobHeldUser");
}

TEST_F(SlurmLauncherTest, WorkersAreSubmittedListedAndCancelled) {
  start();
  ::setenv("SBATCH_PARTITION", "nowhere", 1);
  request_.count = 5;
  request_.resources.cpus = 2;  // as many as a node has
  const std::vector<Submitted> submitted = launcher_.submit(request_).wait();
  ::unsetenv("SBATCH_PARTITION");
  ASSERT_EQ(submitted.size(), 1u);
  EXPECT_EQ(submitted[0].count, 5);
  EXPECT_EQ(launcher_.list({{request_.name, 5}}).wait().size(), 5u) << "they are known at once";

  Listed workers = list_until([](const Listed& w) {
    return w.size() == 5 && count(w, WorkerState::running) == 3 && w[4].reason != "None" && w[4].reason != "";
  });
  ASSERT_EQ(workers.size(), 5u);
  EXPECT_EQ(count(workers, WorkerState::pending), 2u);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(workers[i].index, i);
    EXPECT_EQ(workers[i].id, submitted[0].id + "_" + std::to_string(i));
    EXPECT_GT(workers[i].since, 1'700'000'000);
  }
  EXPECT_THAT(workers[0].node, ::testing::MatchesRegex("n[1-3]"));
  EXPECT_THAT(workers[4].reason, ::testing::AnyOf("Resources", "Priority"));
  EXPECT_FALSE(workers[4].stuck);
  const std::filesystem::path log = launcher_.log_of(request_, 0);
  for (int i = 0; i < 100 && !std::filesystem::exists(log); ++i) ::usleep(100'000);
  for (int i = 0; i < 100 && read_file(log).empty(); ++i) ::usleep(100'000);
  EXPECT_EQ(read_file(log), "[] 0 begins\n");

  run_command({.argv = {"scancel", workers[4].id, workers[1].id}});
  workers = list_until([](const Listed& w) {
    return w.size() == 4 && w[1].state == WorkerState::ended && w[3].state == WorkerState::running;
  });
  ASSERT_EQ(workers.size(), 4u) << "one that never began is not known any more";
  EXPECT_EQ(workers[1].reason, "CANCELLED");
  EXPECT_EQ(count(workers, WorkerState::running), 3u);

  launcher_.cancel(WorkerRange{request_.name, 5}).wait();
  workers = list_until([](const Listed& w) { return count(w, WorkerState::ended) == w.size(); });
  EXPECT_EQ(count(workers, WorkerState::ended), 4u);
  launcher_.cancel(WorkerRange{request_.name, 5}).wait();
}

TEST_F(SlurmLauncherTest, MoreWorkersThanAnArrayTakesAreSeveralArrays) {
  start({"MaxArraySize=11"});
  request_.count = 25;
  request_.argv = {"/bin/sh", "-c", "echo {index}; exit $(({index} == 24 ? 3 : 0))"};
  EXPECT_EQ(refusal([](WorkerRequest&) {}), "accepted");
  EXPECT_EQ(launcher_.submit(request_).wait().size(), 3u);
  const Listed workers =
      list_until([](const Listed& w) { return w.size() == 25 && count(w, WorkerState::ended) == 25; }, 25);
  ASSERT_EQ(workers.size(), 25u);
  for (int i = 0; i < 25; ++i) {
    EXPECT_EQ(workers[i].index, i);
    EXPECT_EQ(workers[i].reason, i == 24 ? "FAILED (exit code 3)" : "COMPLETED");
    EXPECT_EQ(read_file(launcher_.log_of(request_, i)), std::to_string(i) + "\n");
  }
}

TEST_F(SlurmLauncherTest, AControllerThatIsDownIsSaidAndOnceItIsBackAllIsWell) {
  start();
  request_.count = 2;
  launcher_.submit(request_).wait();
  list_until([](const Listed& w) { return count(w, WorkerState::running) == 2; });
  ::usleep(6'000'000);  // what happened in the last five seconds the controller may not have saved
  cluster_->kill("controller");
  try {
    launcher_.list({{request_.name, 2}}).wait();
    FAIL() << "listed by a controller that is dead";
  } catch (const SchedulerError& error) {
    EXPECT_TRUE(error.temporary());
    EXPECT_THAT(text_with_hint(error),
                AllOf(HasSubstr("cannot list the workers: squeue said: "),
                      HasSubstr("Unable to contact slurm controller"), HasSubstr("hint: `scontrol ping`")));
  }
  cluster_->start("controller");
  const Listed workers = list_until([](const Listed& w) { return count(w, WorkerState::running) == 2; });
  EXPECT_EQ(count(workers, WorkerState::running), 2u);
  launcher_.cancel(WorkerRange{request_.name, 2}).wait();
}

}  // namespace
}  // namespace latentgrid
