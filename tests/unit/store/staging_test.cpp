#include "store/staging.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

#include "base/file_system.hpp"
#include "store/inventory.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

namespace fs = std::filesystem;

class Staging : public ::testing::Test {
 protected:
  ArtifactStore of_run(const std::string& name) { return ArtifactStore(folder_.path(), name); }
  fs::path stage(const ArtifactStore& store) {
    const fs::path staged = store.new_staging_folder();
    write_file(staged / "text", "12345");
    return staged;
  }
  testing::TemporaryFolder folder_;
};

TEST_F(Staging, ARunStagesInAFolderOfItsOwnWhichGoesWithIt) {
  const ArtifactStore store = of_run("one");
  {
    const HeldStaging held(store);
    EXPECT_EQ(stage(store).parent_path(), folder_ / "tmp" / "one");
    EXPECT_TRUE(is_held(folder_ / "tmp" / "one"));
  }
  EXPECT_FALSE(fs::exists(folder_ / "tmp"));
}

TEST_F(Staging, WhatAnotherRunStagesStays) {
  const ArtifactStore one = of_run("one"), two = of_run("two");
  const HeldStaging held(one);
  const fs::path staged = stage(one), abandoned = stage(two), of_an_older_version = stage(of_run(""));
  remove_abandoned_staging(two);
  EXPECT_TRUE(fs::exists(staged / "text"));
  EXPECT_FALSE(fs::exists(abandoned));
  EXPECT_FALSE(fs::exists(of_an_older_version));
  std::optional<HeldStaging> other(two);
  other.reset();
  EXPECT_TRUE(fs::exists(staged / "text"));
}

TEST_F(Staging, TheLastProcessOfARunRemovesIt) {
  const ArtifactStore store = of_run("one");
  std::optional<HeldStaging> coordinator(store), worker(store);
  const fs::path staged = stage(store);
  coordinator.reset();
  EXPECT_TRUE(fs::exists(staged)) << "a worker outlives its coordinator";
  remove_abandoned_staging(of_run("two"));
  EXPECT_TRUE(fs::exists(staged));
  worker.reset();
  EXPECT_FALSE(fs::exists(staged));
}

TEST_F(Staging, AProcessThatWasKilledHoldsNothing) {
  const ArtifactStore store = of_run("one");
  const pid_t child = ::fork();
  if (child == 0) {
    const HeldStaging held(store);
    stage(store);
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(fs::exists(store.staging() / "lock"));
  EXPECT_FALSE(is_held(store.staging()));
  remove_abandoned_staging(store);
  EXPECT_FALSE(fs::exists(folder_ / "tmp"));
}

TEST_F(Staging, NamesOfRunsDiffer) { EXPECT_NE(new_run_name(), new_run_name()); }

TEST_F(Staging, TheInventoryTellsAbandonedFilesFromThoseOfARunAtWork) {
  const ArtifactStore one = of_run("one"), two = of_run("two");
  const HeldStaging held(one);
  stage(one);
  stage(two);
  const Inventory found = take_inventory(two);
  EXPECT_EQ(found.temporaries, 1);
  EXPECT_EQ(found.temporary_bytes, 5);
  EXPECT_EQ(found.staged_bytes, 5);
}

}  // namespace
}  // namespace latentgrid
