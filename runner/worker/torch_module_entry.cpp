// The one symbol that latentgrid-torch.so is loaded for.
#include "nn/gpus.hpp"
#include "nn/runtime.hpp"
#include "worker/refine_stage.hpp"
#include "worker/torch_module.hpp"
#include "worker/train_stage.hpp"

extern "C" __attribute__((visibility("default"))) const latentgrid::worker::TorchModule* latentgrid_torch_module() {
  using namespace latentgrid;
  static const worker::TorchModule module{.run_train = worker::train,
                                          .run_refine = worker::refine,
                                          .encode_images = nn::encode_images,
                                          .reconstruct_images = nn::reconstruct_images,
                                          .interpolate_images = nn::interpolate_images,
                                          .sample_images = nn::sample_images,
                                          .export_encoder = nn::export_encoder,
                                          .run_kernel = nn::run_kernel,
                                          .set_threads = nn::set_threads,
                                          .describe = nn::describe_runtime,
                                          .is_out_of_memory = nn::is_out_of_memory,
                                          .is_gpu_failure = nn::is_gpu_failure,
                                          .release_gpu_memory = nn::release_gpu_memory,
                                          .message_without_backtrace = nn::message_without_backtrace};
  return &module;
}
