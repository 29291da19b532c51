#include "run/results_lock.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <optional>
#include <stdexcept>

#include "base/error.hpp"
#include "support/fake_clock.hpp"
#include "support/network_file_system.hpp"
#include "support/temporary_folder.hpp"

using namespace latentgrid;
using latentgrid::testing::FakeClock;
using latentgrid::testing::NetworkFileSystem;
using latentgrid::testing::TemporaryFolder;

TEST(ResultsLock, TellsASecondHolderWhoHasIt) {
  TemporaryFolder folder;
  ResultsLock lock(folder / "lock");
  try {
    ResultsLock second(folder / "lock");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("pid " + std::to_string(::getpid()) + " on "), std::string::npos) << error.what();
  }
}

TEST(ResultsLock, IsFreeAgainAfterItsHolder) {
  TemporaryFolder folder;
  { ResultsLock lock(folder / "lock"); }
  ResultsLock again(folder / "lock");
}

namespace {

using Locks = NetworkFileSystem::Locks;

// On a file system that other machines have too, where flock() fails or does nothing.
class NetworkLock : public ::testing::TestWithParam<Locks> {
 protected:
  NetworkLock() {
    ::setenv("LATENTGRID_FILE_SYSTEM", "shared", 1);
    files_.locks = GetParam();
  }
  ~NetworkLock() override { ::unsetenv("LATENTGRID_FILE_SYSTEM"); }

  HolderTerms here() {
    HolderTerms terms;
    terms.run = "run digits.yaml";
    terms.files = &files_;
    terms.clock = &clock_;
    terms.sleep = [this](double seconds) {
      clock_.advance(seconds);
      slept_ += seconds;
    };
    return terms;
  }
  HolderTerms on_node2() {
    HolderTerms terms = here();
    terms.here.host = "node2";
    terms.here.boot = "boot of node2";
    return terms;
  }
  std::string refusal(HolderTerms terms) {
    try {
      const ResultsLock lock(file_, std::move(terms));
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }
  TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "lock";
  NetworkFileSystem files_{folder_.path()};
  FakeClock clock_;
  double slept_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Locks, NetworkLock, ::testing::Values(Locks::work, Locks::fail, Locks::do_nothing), [](const auto& locks) {
  return locks.param == Locks::work ? "Work" : locks.param == Locks::fail ? "Fail" : "DoNothing";
});

TEST_P(NetworkLock, IsOneProcessesAtATime) {
  {
    const ResultsLock lock(file_, here());
    const std::string refused = refusal(here());
    const std::string self = std::to_string(::getpid());
    EXPECT_NE(refused.find(GetParam() == Locks::work ? "pid " + self + " on " : "process " + self + " on "), std::string::npos) << refused;
    EXPECT_EQ(read_file(file_), "pid " + self + " on " + host_name() + " since 2026-01-02T03:04:05.678Z") << "whoever was refused";
  }
  EXPECT_EQ(refusal(on_node2()), "");
  EXPECT_EQ(slept_, 0);
}

TEST_P(NetworkLock, WhoWasKilledOnThisMachineHoldsNothing) {
  const pid_t child = ::fork();
  if (child == 0) {
    HolderTerms terms;
    terms.files = &files_;
    const ResultsLock lock(file_, terms);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(refusal(here()), "");
  EXPECT_EQ(slept_, 0);
}

TEST_P(NetworkLock, WhoIsSilentOnAnotherMachineIsFollowed) {
  Holder killed{on_node2().here, "run digits.yaml", "2026-01-01T00:00:00.000Z", new_holder_id(), 5};
  write_file(folder_ / "lock.holder", to_text(killed));
  ::testing::internal::CaptureStderr();
  EXPECT_EQ(refusal(here()), "");
  const std::string said = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(said, fmt::format("{} is held by process {} on node2 since 2026-01-01T00:00:00.000Z: waiting up to 60 s to see whether it is alive\n",
                              folder_.path().string(), ::getpid()));
  EXPECT_GE(slept_, seconds_without_a_beat);
}

TEST_P(NetworkLock, WhoBeatsOnAnotherMachineIsNamedWithWhatToDo) {
  Holder alive{on_node2().here, "run digits.yaml", "2026-01-01T00:00:00.000Z", new_holder_id(), 5};
  write_file(folder_ / "lock.holder", to_text(alive));
  HolderTerms terms = here();
  terms.watching = [](const Holder&) {};
  terms.sleep = [&](double seconds) {
    clock_.advance(seconds);
    ++alive.beats;
    write_file(folder_ / "lock.holder", to_text(alive));
  };
  EXPECT_EQ(refusal(terms), fmt::format("another run works in {0}: process {1} on node2 since 2026-01-01T00:00:00.000Z (run digits.yaml)\n"
                                        "  hint: wait for it to end, end it with `latentgrid cancel SWEEP` (`latentgrid status` names the sweep), or use another folder with --results DIR. If that process is dead, remove {0}/lock.holder",
                                        folder_.path().string(), ::getpid()));
}

TEST_P(NetworkLock, WhereThereAreNeitherLocksNorLinksThatIsSaid) {
  files_.has_links = false;
  const std::string refused = refusal(here());
  if (GetParam() == Locks::fail) {
    EXPECT_NE(refused.find("can't be locked, as its file system has neither locks nor links"), std::string::npos) << refused;
  } else {
    EXPECT_EQ(refused, "") << "flock() alone is what there was before";
  }
}

}  // namespace

TEST(ResultsLock, OnALocalDiskNobodyWaitsAfterARestart) {
  ::setenv("LATENTGRID_FILE_SYSTEM", "local", 1);
  TemporaryFolder folder;
  Holder before{this_process(), "", "", new_holder_id(), 5};
  before.process.boot = "before the restart";
  write_file(folder / "lock.holder", to_text(before));
  FakeClock clock;
  HolderTerms terms;
  terms.clock = &clock;
  terms.sleep = [](double) { throw std::runtime_error("it waits"); };
  ResultsLock lock(folder / "lock", terms);
  ::unsetenv("LATENTGRID_FILE_SYSTEM");
}
