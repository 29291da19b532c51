#include "base/text.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

TEST(Text, IsTrimmedOfSpaceAroundIt) {
  EXPECT_EQ(trimmed(" \ta b\r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed(""), "");
}

TEST(Text, CountsInTheSingularAndThePlural) {
  EXPECT_EQ(counted(1, "job"), "1 job");
  EXPECT_EQ(counted(0, "job"), "0 jobs");
  EXPECT_EQ(counted(12, "clustering"), "12 clusterings");
}

}  // namespace
}  // namespace latentgrid
