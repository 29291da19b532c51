#include "nn/runtime.hpp"

#include <gtest/gtest.h>

namespace latentgrid::nn {
namespace {

TEST(Runtime, DescribesWhatIsLoaded) {
  set_threads(2);
  Json runtime = describe_runtime();
  EXPECT_EQ(runtime["threads"], 2);
  set_threads(1);
  EXPECT_EQ(describe_runtime()["threads"], 1);
  EXPECT_EQ(runtime["device"], "cpu");
  EXPECT_GE(runtime["cores"], 1);
  EXPECT_NE(runtime["libtorch"], "");
  EXPECT_NE(runtime["simd"], "unknown");
  EXPECT_NE(runtime["blas"]["library"], "");
}

}  // namespace
}  // namespace latentgrid::nn
