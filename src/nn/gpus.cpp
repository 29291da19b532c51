#include "nn/gpus.hpp"

#if LATENTGRID_WITH_CUDA
#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAFunctions.h>
#include <cuda_runtime_api.h>
#include <fmt/format.h>
#endif

namespace latentgrid::nn {

namespace {

Json find_gpus() {
  Json gpus = Json::array();
  Json cuda;
#if LATENTGRID_WITH_CUDA
  cuda = fmt::format("{}.{}", CUDART_VERSION / 1000, CUDART_VERSION % 1000 / 10);
  for (c10::DeviceIndex i = 0; i < c10::cuda::device_count(); ++i) {
    const cudaDeviceProp* properties = at::cuda::getDeviceProperties(i);
    gpus.push_back({{"name", properties->name}, {"memory_mib", properties->totalGlobalMem >> 20}});
  }
#endif
  return {{"cuda", cuda}, {"gpus", gpus}};
}

}  // namespace

const Json& describe_gpus() {
  static const Json gpus = find_gpus();
  return gpus;
}

void release_gpu_memory() {
#if LATENTGRID_WITH_CUDA
  c10::cuda::CUDACachingAllocator::emptyCache();
#endif
}

}  // namespace latentgrid::nn
