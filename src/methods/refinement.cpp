// What every refinement of a trained encoder has in common.
#include "methods/refinement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "base/text.hpp"
#include "methods/methods.hpp"
#include "methods/training.hpp"

namespace latentgrid {

namespace {

// An option of the trainings, with a default of its own.
ParamSpec option(std::string_view name, Json default_value) {
  ParamSpec spec = *find_training_option(name);
  spec.default_value = std::move(default_value);
  return spec;
}

double refinement_cost(const Json& params, std::int64_t epochs, const PointsSize& images, bool on_gpu) {
  constexpr double refined_images_per_s = 500, gpu_speedup_of_refining = 80;
  const double batches = static_cast<double>(images.count) / params.at("batch_size").get<double>();
  const double passes_for_targets = batches / params.at("update_interval").get<double>() / 3;  // forward alone
  const double seconds = static_cast<double>(images.count) * static_cast<double>(epochs) * (1 + passes_for_targets) / refined_images_per_s;
  return on_gpu ? seconds / gpu_speedup_of_refining : seconds;
}

std::vector<Problem> problems_with_clusters(const Json& params, const PointsSize& images) {
  if (images.count == PointsSize::unknown) return {};
  const std::int64_t k = params.value("k", std::int64_t{0});
  if (k > images.count) {
    return {{.parameter = "k",
             .message = fmt::format("{} cannot be divided into {} clusters", counted(images.count, "image"), k),
             .hint = fmt::format("choose a k of at most {}", images.count)}};
  }
  const std::int64_t size = params.at("batch_size"), batches = params.at("epochs").get<std::int64_t>() * ((images.count + size - 1) / size), interval = params.at("update_interval");
  if (batches > interval) return {};
  return {{.parameter = "update_interval",
           .message = fmt::format("the targets are computed once only: there are {} batches in all, and the update_interval is {}", batches, interval),
           .hint = "write a smaller update_interval, or more epochs",
           .warning = true,
           .or_parameter = "epochs"}};
}

}  // namespace

MethodSpec refinement(std::string_view optimizer, double learning_rate, double momentum, std::vector<ParamSpec> own) {
  using namespace param;
  std::vector<ParamSpec> params = {
      integer("epochs", 20, 1, "passes over the images, fewer where the clusters stop changing"),
      integer("k", nullptr, 1, "clusters; the number of classes if there are labels"),
      real("tolerance", 0.001, 0, "stop when no larger share of the images changes its cluster from one update of the targets to the next"),
      integer("update_interval", 140, 1, "batches between two updates of the targets, each over all images"),
      option("batch_size", 256),
      option("optimizer", optimizer),
      positive_real("learning_rate", learning_rate, "step size")};
  for (const char* of_optimizer : {"beta1", "beta2", "epsilon"}) params.push_back(*find_training_option(of_optimizer));
  params.push_back(option("momentum", momentum));
  for (ParamSpec& param : own) params.push_back(std::move(param));
  return {.kind = MethodKind::refinement,
          .main_parameter = "k",
          .params = std::move(params),
          .extent = Extent{"epochs", Extent::Kind::prefix},
          .stochastic = true,
          .blas = true,
          .libtorch = true,
          .metrics = {"refinement_loss", "clusters_changed"},
          .not_finite = "the refinement diverged: lower its learning_rate",
          .problems = problems_with_clusters,
          .cost = refinement_cost};
}

}  // namespace latentgrid
