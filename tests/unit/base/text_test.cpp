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

TEST(Text, OneWordForAShell) {
  EXPECT_EQ(shell_word("a b"), "'a b'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word("/a/b-1.gz"), "/a/b-1.gz");
  EXPECT_EQ(shell_word(""), "''");
  EXPECT_EQ(shell_word("-x"), "'-x'");
}

}  // namespace
}  // namespace latentgrid
