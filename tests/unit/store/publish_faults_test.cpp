// Every operation of publishing an artifact and of removing one fails once, and once for good: it is there whole, or not.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "store/artifact_store.hpp"
#include "support/faulty_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using testing::FaultyFileSystem;
using testing::TemporaryFolder;
using Names = FaultyFileSystem::Names;
namespace fs = std::filesystem;

const std::string key = "3f" + std::string(62, 'a');
constexpr const char* transcript = "stage = text train\n";

void publish(const ArtifactStore& store, FaultyFileSystem& files, std::int64_t extent) {
  const fs::path staged = store.new_staging_folder();
  write_file(staged / "losses.npy", "0.5 0.25", files);
  if (files.make_folder(staged / "optimizer") != 0) throw Error("no folder");
  write_file(staged / "optimizer" / "steps.npy", "12", files);
  store.publish(staged, "train", {key, extent}, {{"metrics", {{"train_loss", 0.25}}}}, transcript);
}

bool succeeds(const std::function<void()>& work) {
  try {
    work();
    return true;
  } catch (const Error&) {
    return false;
  }
}

// Whether the artifact is there; if so, all of it is.
bool is_there(const fs::path& root, std::int64_t extent, const std::string& where) {
  const ArtifactStore store(root);
  if (!store.exists("train", {key, extent})) {
    EXPECT_FALSE(fs::exists(store.folder("train", {key, extent}))) << where << ": a folder without its record";
    return false;
  }
  EXPECT_EQ(store.damage("train", {key, extent}), std::nullopt) << where;
  const Json files = {{"losses.npy", 8}, {"optimizer/steps.npy", 2}};
  EXPECT_EQ(store.read_record("train", {key, extent})["files"], files) << where;
  EXPECT_EQ(read_file(store.folder("train", {key, extent}) / "losses.npy"), "0.5 0.25") << where;
  EXPECT_EQ(read_file(store.transcript("train", key)), transcript) << where;
  return true;
}

// In the living file system, and in what a power loss leaves of it.
std::vector<bool> states(const TemporaryFolder& folder, const FaultyFileSystem& files, std::int64_t extent, const std::string& where) {
  std::vector<bool> there = {is_there(folder / "here", extent, where + " now")};
  for (const Names names : {Names::synced, Names::all}) {
    const fs::path left = folder / ("left" + std::to_string(std::distance(fs::directory_iterator(folder.path()), {})));
    files.lose_power(names, left);
    there.push_back(is_there(left, extent, where + (names == Names::synced ? " synced" : " all names")));
  }
  return there;
}

class StoreFaults : public ::testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Failing, StoreFaults, ::testing::Bool(),
                         [](const auto& failing) { return failing.param ? "ForGood" : "Once"; });

TEST_P(StoreFaults, AnArtifactIsPublishedWholeOrNotAtAll) {
  bool failed = true;
  int n = 0;
  while (failed) {
    TemporaryFolder folder(testing::folder_in_memory());
    fs::create_directory(folder / "here");
    FaultyFileSystem files(folder / "here");
    const ArtifactStore store(folder / "here", "run", files);
    const std::string where = "operation " + std::to_string(++n);
    files.fail(n, GetParam());
    const bool published = succeeds([&] { publish(store, files, 1); });
    failed = files.has_failed();
    const std::vector<bool> there = states(folder, files, 1, where);
    EXPECT_TRUE(!published || there == std::vector<bool>(3, true)) << where;
    files.succeed();
    // Whatever failed: the same, and a further extent, are there for good once they could be published.
    publish(store, files, 1);
    publish(store, files, 2);
    EXPECT_EQ(states(folder, files, 1, where + ", again"), std::vector<bool>(3, true));
    EXPECT_EQ(states(folder, files, 2, where + ", more"), std::vector<bool>(3, true));
    ASSERT_FALSE(HasFailure());
  }
  // Staging: a folder in two tries, 2 files of 2 operations each and their folder. Publishing: 2 files more, 4 folders, syncs of 4
  // files and 2 folders, of 4 folders above, two renames and the last sync.
  EXPECT_EQ(n, 2 + 4 + 1 + 4 + 4 + 6 + 4 + 2 + 1 + 1) << "and one that fails nothing";
}

TEST_P(StoreFaults, AnArtifactIsRemovedWholeOrNotAtAll) {
  bool failed = true;
  int n = 0;
  while (failed) {
    TemporaryFolder folder(testing::folder_in_memory());
    fs::create_directory(folder / "here");
    FaultyFileSystem files(folder / "here");
    const ArtifactStore store(folder / "here", "run", files);
    publish(store, files, 1);
    const std::string where = "operation " + std::to_string(++n);
    files.fail(n, GetParam());
    const bool removed = succeeds([&] { store.remove("train", {key, 1}); });
    failed = files.has_failed();
    const std::vector<bool> there = states(folder, files, 1, where);
    EXPECT_NE(removed, there[0]) << where;
    files.succeed();
    store.remove("train", {key, 1});
    EXPECT_FALSE(is_there(folder / "here", 1, where));
    ASSERT_FALSE(HasFailure());
  }
  EXPECT_EQ(n, 2 + 1) << "a folder to put it, the rename, and one that fails nothing";
}

}  // namespace
}  // namespace latentgrid
