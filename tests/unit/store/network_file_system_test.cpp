// What is stored on a file system where flock(2) fails or is of one machine, renameat2(2) knows no RENAME_NOREPLACE, and answers
// get lost.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <optional>
#include <thread>
#include <tuple>
#include <vector>

#include "base/file_system.hpp"
#include "store/staging.hpp"
#include "support/fake_clock.hpp"
#include "support/network_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using testing::NetworkFileSystem;
using testing::TemporaryFolder;
using Locks = NetworkFileSystem::Locks;
namespace fs = std::filesystem;

const std::string network_key = "5a" + std::string(62, 'b');

class NetworkStore : public ::testing::Test {
 protected:
  NetworkStore() { ::setenv("LATENTGRID_FILE_SYSTEM", "shared", 1); }
  ~NetworkStore() override { ::unsetenv("LATENTGRID_FILE_SYSTEM"); }

  fs::path staged(const ArtifactStore& store, const std::string& text) {
    const fs::path folder = store.new_staging_folder();
    write_file(folder / "text", text, files_);
    return folder;
  }
  bool publish(const ArtifactStore& store, const std::string& text, std::int64_t extent) {
    return store.publish(staged(store, text), "train", {network_key, extent}, Json::object(), "stage = text train\n");
  }
  TemporaryFolder folder_{testing::folder_in_memory()};
  NetworkFileSystem files_{folder_.path()};
};

class NetworkPublish : public NetworkStore, public ::testing::WithParamInterface<std::pair<bool, bool>> {};
INSTANTIATE_TEST_SUITE_P(Ways, NetworkPublish,
                         ::testing::Values(std::pair(true, false), std::pair(true, true), std::pair(false, false), std::pair(false, true)),
                         [](const auto& way) {
                           return std::string(way.param.first ? "Links" : "NoLinks") + (way.param.second ? "LostAnswers" : "");
                         });

TEST_P(NetworkPublish, TheFirstWins) {
  std::tie(files_.has_links, files_.forgets_answers) = GetParam();
  const ArtifactStore store(folder_.path(), "run", files_);
  EXPECT_TRUE(publish(store, "one", 10));
  EXPECT_FALSE(publish(store, "two", 10));
  EXPECT_TRUE(publish(store, "three", 20));
  EXPECT_EQ(read_file(store.folder("train", {network_key, 10}) / "text"), "one");
  EXPECT_EQ(store.damage("train", {network_key, 10}), std::nullopt);
  EXPECT_EQ(store.damage("train", {network_key, 20}), std::nullopt);
  EXPECT_EQ(read_file(store.transcript("train", network_key)), "stage = text train\n");
  EXPECT_FALSE(fs::exists(store.folder("train", {network_key, 10}) / "key.txt"));
  EXPECT_FALSE(fs::exists(store.folder("train", {network_key, 20}) / "key.txt"));
  EXPECT_TRUE(fs::is_empty(store.staging()));
}

TEST_P(NetworkPublish, AFileIsReplacedWhole) {
  std::tie(files_.has_links, files_.forgets_answers) = GetParam();
  write_file_atomically(folder_ / "digests.json", "one", files_);
  write_file_atomically(folder_ / "digests.json", "two", files_);
  EXPECT_EQ(read_file(folder_ / "digests.json"), "two");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_.path()), {}), 1);
}

TEST_F(NetworkStore, OfManyPublishersOneIsTheFirst) {
  const ArtifactStore store(folder_.path(), "run");
  class Plain : public FileSystem {
    int rename_onto_absent(const fs::path&, const fs::path&) override {
      errno = EINVAL;
      return -1;
    }
  } plain;
  const ArtifactStore on_network(folder_.path(), "run", plain);
  std::atomic<int> first = 0;
  std::vector<std::thread> publishers;
  for (int i = 0; i < 8; ++i) {
    publishers.emplace_back([&, i] {
      const fs::path folder = on_network.new_staging_folder();
      write_file(folder / "text", std::to_string(i));
      first += on_network.publish(folder, "train", {network_key, 1}, Json::object(), "stage = text train\n");
    });
  }
  for (std::thread& publisher : publishers) publisher.join();
  EXPECT_EQ(first, 1);
  EXPECT_EQ(store.damage("train", {network_key, 1}), std::nullopt);
}

TEST_F(NetworkStore, FoldersThatCannotBeSyncedAreNoFault) {
  class NoFolderSync : public FileSystem {
    int sync(int file) override {
      if (!fs::is_directory("/proc/self/fd/" + std::to_string(file))) return FileSystem::sync(file);
      errno = EINVAL;
      return -1;
    }
  } files;
  const ArtifactStore store(folder_.path(), "run", files);
  EXPECT_TRUE(publish(store, "one", 10));
}

class NetworkStaging : public NetworkStore, public ::testing::WithParamInterface<Locks> {
 protected:
  NetworkStaging() { files_.locks = GetParam(); }
  ArtifactStore of_run(const std::string& name) { return ArtifactStore(folder_.path(), name, files_); }
  ProcessIdentity of_node2() {
    ProcessIdentity process = this_process();
    process.host = "node2";
    process.boot = "boot of node2";
    return process;
  }
};
INSTANTIATE_TEST_SUITE_P(Locks, NetworkStaging, ::testing::Values(Locks::fail, Locks::do_nothing),
                         [](const auto& locks) { return locks.param == Locks::fail ? "Fail" : "DoNothing"; });

TEST_P(NetworkStaging, WhatAnotherRunStagesStays) {
  const ArtifactStore one = of_run("one"), two = of_run("two");
  std::optional<HeldStaging> held(one);
  const fs::path text = staged(one, "1") / "text", abandoned = staged(two, "2");
  EXPECT_TRUE(is_held(one.staging(), files_));
  remove_abandoned_staging(two);
  EXPECT_TRUE(fs::exists(text));
  EXPECT_FALSE(fs::exists(abandoned));
  held.reset();
  EXPECT_FALSE(fs::exists(one.staging()));
}

TEST_P(NetworkStaging, TheLastProcessOfARunRemovesIt) {
  const ArtifactStore store = of_run("one");
  std::optional<HeldStaging> coordinator(store), worker(store);
  const fs::path text = staged(store, "1") / "text";
  coordinator.reset();
  remove_abandoned_staging(of_run("two"));
  EXPECT_TRUE(fs::exists(text));
  worker.reset();
  EXPECT_FALSE(fs::exists(folder_ / "tmp"));
}

TEST_P(NetworkStaging, AProcessOfThisMachineThatWasKilledHoldsNothing) {
  const ArtifactStore store = of_run("one");
  const pid_t child = ::fork();
  if (child == 0) {
    const HeldStaging held(store);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_FALSE(is_held(store.staging(), files_));
  remove_abandoned_staging(of_run("two"));
  EXPECT_FALSE(fs::exists(folder_ / "tmp"));
}

// Somebody who works on another machine, and somebody who was killed there.
TEST_P(NetworkStaging, OfAnotherMachineOnlyTheSilentGoes) {
  testing::FakeClock clock;
  const ArtifactStore working = of_run("working"), killed = of_run("killed"), here = of_run("here");
  const HeldStaging held(working, of_node2());
  const Holder silent{of_node2(), "killed", "", new_holder_id(), 7};
  fs::create_directories(killed.staging());
  write_file(killed.staging() / ("held." + silent.id), to_text(silent));
  EXPECT_TRUE(is_held(killed.staging(), files_)) << "it may live";
  StagingOfOthers others(here, clock);
  remove_abandoned_staging(here);
  others.remove_silent();
  EXPECT_TRUE(fs::exists(killed.staging())) << "it was not watched for long";
  clock.advance(seconds_without_a_beat);
  for (const auto& entry : fs::directory_iterator(working.staging())) {
    if (is_sign_of_holder(entry.path())) HeartbeatWriter(entry.path()).beat();
  }
  others.remove_silent();
  EXPECT_FALSE(fs::exists(killed.staging()));
  EXPECT_TRUE(fs::exists(working.staging()));
}

}  // namespace
}  // namespace latentgrid
