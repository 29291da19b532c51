#include "cli/slow_notice.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace latentgrid::cli {
namespace {

TEST(SlowNotice, IsSaidOnceItHasTakenSoLong) {
  ::testing::internal::CaptureStderr();
  {
    const SlowNotice notice("waiting", 0.001);
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "waiting\n");
}

TEST(SlowNotice, IsNotSaidOfWhatIsOver) {
  ::testing::internal::CaptureStderr();
  { const SlowNotice notice("waiting", 600); }
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace latentgrid::cli
