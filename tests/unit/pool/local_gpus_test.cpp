#include "pool/local_gpus.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace latentgrid {
namespace {

TEST(LocalGpus, ThoseThatCudaVisibleDevicesNamesAreReadAsCudaDoes) {
  EXPECT_EQ(gpus_named("0,1", 4), 2);
  EXPECT_EQ(gpus_named("3", 4), 1);
  EXPECT_EQ(gpus_named("1,9,0", 4), 1);  // what follows one that isn't there is not read
  EXPECT_EQ(gpus_named("0,1,2", 2), 2);
  EXPECT_EQ(gpus_named("GPU-5ebe9f43-ac33,0", 2), 2);
  for (const char* none : {"", "-1", "-1,0", "none", "NoDevFiles", ",0", "0x1"}) EXPECT_EQ(gpus_named(none, 4), 0) << none;
  EXPECT_EQ(gpus_named("0", 0), 0);
}

TEST(LocalGpus, NoGpuIsVisibleThatTheUserHides) {
  ASSERT_EQ(::setenv("CUDA_VISIBLE_DEVICES", "-1", 1), 0);
  EXPECT_EQ(visible_gpus(), 0);
  ASSERT_EQ(::setenv("CUDA_VISIBLE_DEVICES", "", 1), 0);
  EXPECT_EQ(visible_gpus(), 0);
  ::unsetenv("CUDA_VISIBLE_DEVICES");
}

}  // namespace
}  // namespace latentgrid
