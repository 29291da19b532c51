#include "nn/runtime.hpp"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <new>
#include <stdexcept>

namespace latentgrid::nn {
namespace {

TEST(Runtime, DescribesWhatIsLoaded) {
  set_threads(2);
  Json runtime = describe_runtime();
  EXPECT_EQ(runtime["threads"], 2);
  set_threads(1);
  EXPECT_EQ(describe_runtime()["threads"], 1);
  EXPECT_NE(runtime["libtorch"], "");
  EXPECT_NE(runtime["libtorch_simd"], "unknown");
}

TEST(Runtime, ExhaustedMemoryIsRecognisedWhoeverReportsIt) {
  EXPECT_TRUE(is_out_of_memory(std::bad_alloc()));
  EXPECT_FALSE(is_out_of_memory(std::runtime_error("shapes don't match")));
  try {
    at::empty({std::int64_t{1} << 45});
    FAIL() << "it was allocated";
  } catch (const std::exception& error) {
    EXPECT_TRUE(is_out_of_memory(error)) << error.what();
    EXPECT_EQ(message_without_backtrace(error).find("frame #"), std::string::npos);
  }
}

TEST(Runtime, AGpuThatFailedIsToldFromOneThatIsFullAndFromMistakes) {
  EXPECT_TRUE(is_gpu_failure(std::runtime_error("CUDA error: an illegal memory access was encountered")));
  EXPECT_TRUE(is_gpu_failure(std::runtime_error("CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling `cublasSgemm`")));
  EXPECT_TRUE(is_gpu_failure(std::runtime_error("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED")));
  EXPECT_FALSE(is_gpu_failure(std::runtime_error("CUDA error: out of memory")));
  EXPECT_FALSE(is_gpu_failure(std::runtime_error("CUDA out of memory. Tried to allocate 20.00 MiB")));
  EXPECT_FALSE(is_gpu_failure(std::runtime_error("shapes don't match")));
}

}  // namespace
}  // namespace latentgrid::nn
