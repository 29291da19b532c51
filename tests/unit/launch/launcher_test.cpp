#include "launch/launcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

class LauncherTest : public ::testing::Test {
 protected:
  LauncherTest() {
    request_.name = "lg-0f3c-gpu";
    request_.argv = {"/bin/true"};
    request_.log = folder_ / "worker-{index}.log";
  }
  std::string error_with(const std::function<void(WorkerRequest&)>& change) const {
    WorkerRequest request = request_;
    change(request);
    try {
      check_request(request);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  testing::TemporaryFolder folder_;
  WorkerRequest request_;
};

TEST_F(LauncherTest, ARequestThatNoSchedulerCouldCarryOutIsRefused) {
  EXPECT_EQ(error_with([](WorkerRequest&) {}), "");
  for (const char* name : {"", "a b", "a,b", "a+b", "-a", "0a", "a/b", "a%b", "ä"}) {
    EXPECT_THAT(error_with([&](WorkerRequest& r) { r.name = name; }),
                ::testing::HasSubstr("can't be the name of a job"))
        << name;
  }
  EXPECT_NE(error_with([](WorkerRequest& r) { r.name = std::string(65, 'a'); }), "");
  EXPECT_NE(error_with([](WorkerRequest& r) { r.argv.clear(); }), "");
  EXPECT_NE(error_with([](WorkerRequest& r) { r.count = 0; }), "");
  EXPECT_NE(error_with([](WorkerRequest& r) { r.first = -1; }), "");
  EXPECT_NE(error_with([](WorkerRequest& r) { r.log = "relative.log"; }), "");
  EXPECT_EQ(error_with([](WorkerRequest& r) { r.log = "/no/such/folder/log"; }),
            "the folder of the workers' logs, /no/such/folder, does not exist");
}

TEST_F(LauncherTest, OfSeveralRecordsOfAWorkerTheLiveliestCounts) {
  const auto record = [](int index, const char* id, WorkerState state, std::int64_t since) {
    return ListedWorker{"w", index, id, state, "", "", since};
  };
  const std::vector<ListedWorker> workers = liveliest({
      record(1, "9_1", WorkerState::ended, 50),
      record(0, "7_0", WorkerState::ended, 10),
      record(0, "9_0", WorkerState::ended, 20),
      record(1, "7_1", WorkerState::running, 10),
      record(2, "9_2", WorkerState::pending, 30),
      record(2, "7_2", WorkerState::ending, 10),
  });
  ASSERT_EQ(workers.size(), 3u);
  EXPECT_EQ(workers[0].id, "9_0") << "the latest";
  EXPECT_EQ(workers[1].id, "7_1");
  EXPECT_EQ(workers[2].id, "7_2");
}

}  // namespace
}  // namespace latentgrid
