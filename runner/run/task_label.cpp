#include "run/task_label.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace latentgrid {

std::string task_label(const TaskNode& node, const Job& job) {
  if (node.stage == "load") return "load " + (node.dataset ? node.dataset->value("name", "") : job.dataset);
  std::string model = job.architecture;
  if (job.model && job.latent != "native") model += " latent " + job.latent;
  if (job.model) model += fmt::format(" seed {}", job.seed);
  if (node.stage == "train") return fmt::format("train {} to {} epochs", model, node.extents.back());
  if (job.model) model += fmt::format(" epoch {}", job.epochs);
  if (node.stage == "encode" || node.stage == "reconstruct") return node.stage + " " + model;
  if (node.stage == "trustworthiness") return "trustworthiness of a map of " + model;
  if (node.stage == "reduce") {
    const Json& params = *node.params;
    std::string method = params.at("method");
    if (method != "pca") method += fmt::format(" {}-D", params.value("dim", job.reduced_dim));
    return fmt::format("{} to {} of {}", method, fmt::join(node.extents, ", "), model);
  }
  std::string points = job.reduction.empty() ? "" : fmt::format(" {} {}-D of", job.reduction_name, job.reduced_dim);
  if (!job.model) model += fmt::format(" seed {}", job.seed);
  return fmt::format("{}{} {}", node.stage, points, model);
}

}  // namespace latentgrid
