#include "cli/display_width.hpp"

#include <gtest/gtest.h>

namespace latentgrid::cli {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width("pca"), 3u);
  EXPECT_EQ(display_width("größe"), 5u);
  EXPECT_EQ(display_width("e\u0301"), 1u) << "a combining accent";
  EXPECT_EQ(display_width("実験"), 4u);
  EXPECT_EQ(display_width("🙂"), 2u);
  EXPECT_EQ(display_width("\xff\xc3"), 2u) << "no UTF-8";
}

TEST(Printable, LeavesNothingThatSteersATerminal) {
  EXPECT_EQ(printable("a\nb\x1b[31mü"), "a b?[31mü");
}

}  // namespace
}  // namespace latentgrid::cli
