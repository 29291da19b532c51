#include "worker/rolling_checkpoint.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.hpp"
#include "support/temporary_folder.hpp"
#include "worker/usage.hpp"

namespace latentgrid::worker {
namespace {

namespace fs = std::filesystem;

class RollingCheckpointTest : public ::testing::Test {
 protected:
  void leave(const std::string& text) {
    fs::path staged = store_.new_staging_folder();
    write_file_atomically(staged / text, text);
    replace_partial(store_, "k", staged, {1.5, 2.5, 3});
  }
  std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(store_.partial("k"))) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  }
  testing::TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
};

TEST_F(RollingCheckpointTest, TheNewReplacesTheOldAndLeavesNothingElse) {
  leave("one");
  EXPECT_EQ(names(), (std::vector<std::string>{"one", "seal", "usage.json"}));
  leave("two");
  EXPECT_EQ(names(), (std::vector<std::string>{"seal", "two", "usage.json"}));
  EXPECT_TRUE(fs::is_empty(folder_ / "tmp"));
}

TEST_F(RollingCheckpointTest, OnlyAWholeOneIsFound) {
  EXPECT_FALSE(find_partial(store_, "k"));
  leave("one");
  const auto found = find_partial(store_, "k");
  ASSERT_TRUE(found);
  EXPECT_EQ(to_json(found->usage()), Json({{"wall_s", 1.5}, {"cpu_s", 2.5}, {"peak_rss_kb", 3}}));
  write_file_atomically(store_.partial("k") / "one", "two");
  EXPECT_FALSE(find_partial(store_, "k"));
  EXPECT_FALSE(fs::exists(store_.partial("k")));
  leave("one");
  fs::remove(store_.partial("k") / "one");
  EXPECT_FALSE(find_partial(store_, "k"));
}

TEST_F(RollingCheckpointTest, RemovingWhatIsNotThereIsFine) {
  remove_partial(store_, "k");
  leave("one");
  remove_partial(store_, "k");
  EXPECT_FALSE(fs::exists(store_.partial("k")));
}

}  // namespace
}  // namespace latentgrid::worker
