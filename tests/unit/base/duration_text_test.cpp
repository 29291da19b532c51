#include "base/duration_text.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

TEST(DurationText, ReadsLikeAPerson) {
  EXPECT_EQ(duration_text(0.416), "0.42 s");
  EXPECT_EQ(duration_text(12.4), "12 s");
  EXPECT_EQ(duration_text(185), "3 min 05 s");
  EXPECT_EQ(duration_text(7800), "2 h 10 min");
}

}  // namespace
}  // namespace latentgrid
