#include "worker/stages.hpp"

#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace {

void run_train(TaskContext& context) {
  torch_module().run_train(context);
}

}  // namespace

const std::map<std::string, Stage>& stages() {
  static const std::map<std::string, Stage> table = {{"load", run_load},
                                                     {"train", run_train},
                                                     {"encode", run_encode},
                                                     {"reduce", run_reduce},
                                                     {"cluster", run_cluster},
                                                     {"score", run_score},
                                                     {"trustworthiness", run_trustworthiness},
                                                     {"reconstruct", run_reconstruct},
                                                     {"export", run_export}};
  return table;
}

bool needs_torch(const protocol::Run& task) {
  if (task.stage == "train" || task.stage == "reconstruct" || task.stage == "export") return true;
  if (task.stage == "reduce") return !task.device.empty();
  return task.stage == "encode" && task.params.value("method", "") == "autoencoder";
}

}  // namespace latentgrid::worker
