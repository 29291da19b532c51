#include "db/run_options.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

TEST(RunOptions, AreSaidAsTheyAreTyped) {
  EXPECT_EQ(run_options_text({{"set", {"train.epochs=1", "grid.architecture=[a, b]"}}, {"data", "it's/here"}}),
            "--set train.epochs=1 --set 'grid.architecture=[a, b]' --data 'it'\\''s/here'");
  EXPECT_EQ(run_options_text({{"set", Json::array()}, {"data", ""}}), "");
  EXPECT_EQ(run_options_text(Json::object()), "");
  EXPECT_EQ(run_options_text(nullptr), "");
}

}  // namespace
}  // namespace latentgrid
