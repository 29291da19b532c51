#include <fmt/format.h>

#include "methods/artifact_files.hpp"
#include "nn/export.hpp"
#include "worker/task_context.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

void run_export(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const std::string part = task.params.at("part"), format = task.params.at("format");
  if (part != "encoder" || format != "torchscript") {
    throw TaskError("parameter",
                    fmt::format("a model's encoder can be exported as torchscript, not its {} as {}", part, format));
  }
  context.progress(0, 1);
  const std::filesystem::path model = context.input("model"), staged = context.new_staging_folder();
  const nn::ExportedEncoder encoder =
      torch_module().export_encoder(model, nn::Arithmetic::from_json(task.params), staged / encoder_file);
  context.publish(0, staged, Json::object(),
                  {{"part", part}, {"format", format}, {"latent_dim", encoder.latent_dim}, {"input", encoder.input}});
}

}  // namespace latentgrid::worker
