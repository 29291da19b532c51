#include "worker/stages.hpp"

#include "methods/methods.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace {

void run_train(TaskContext& context) {
  torch_module().run_train(context);
}

void run_refine(TaskContext& context) {
  torch_module().run_refine(context);
}

}  // namespace

const std::map<std::string, Stage>& stages() {
  static const std::map<std::string, Stage> table = {{"load", run_load},
                                                     {"train", run_train},
                                                     {refine_parameter, run_refine},
                                                     {"encode", run_encode},
                                                     {"reduce", run_reduce},
                                                     {"cluster", run_cluster},
                                                     {"labels", run_labels},
                                                     {"score", run_score},
                                                     {"probe", run_probe},
                                                     {"trustworthiness", run_trustworthiness},
                                                     {"reconstruct", run_reconstruct},
                                                     {"interpolate", run_interpolate},
                                                     {"sample", run_sample},
                                                     {"augment", run_augment},
                                                     {"export", run_export}};
  return table;
}

}  // namespace latentgrid::worker
