#include "worker/running_task.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <vector>

#include "store/npy.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid::worker {
namespace {

TEST(RunningTask, PublishesNoFileThatItsStageDoesNotList) {
  testing::TemporaryFolder results;
  const ArtifactStore store(results.path());
  const protocol::Run task{.task = 1, .stage = "cluster", .key = std::string(64, 'a'), .params = {{"method", "kmeans"}}, .extents = {0}};
  int in[2], out[2];
  ASSERT_EQ(::pipe(in) + ::pipe(out), 0);
  Channel channel(in[0], out[1]);
  RunningTask context(task, store, channel);
  auto publish = [&](const std::vector<const char*>& names) {
    const std::filesystem::path staged = context.new_staging_folder();
    const std::vector<std::int32_t> clusters{0, 1};
    for (const char* name : names) write_npy(staged / name, std::span<const std::int32_t>(clusters), {2});
    try {
      context.publish(0, staged, Json::object(), Json::object());
    } catch (const TaskError& error) {
      EXPECT_FALSE(std::filesystem::exists(staged));
      return error.kind() + ": " + error.what();
    }
    return std::string();
  };
  EXPECT_EQ(publish({"clusters.npy", "centers.npy"}), "internal: stage 'cluster' lists no file 'centers.npy' in its row, and its artifact has one");
  EXPECT_EQ(publish({}), "internal: an artifact of stage 'cluster' has no file 'clusters.npy'");
  EXPECT_FALSE(store.exists("cluster", {task.key, 0}));
  EXPECT_EQ(publish({"clusters.npy"}), "");
  EXPECT_TRUE(store.exists("cluster", {task.key, 0}));
  for (int fd : {in[0], in[1], out[0], out[1]}) ::close(fd);
}

}  // namespace
}  // namespace latentgrid::worker
