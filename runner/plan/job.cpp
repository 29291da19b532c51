#include "plan/job.hpp"

#include <algorithm>
#include <cstdlib>

#include "methods/methods.hpp"

namespace latentgrid {

namespace {

Json value_in(const Json& params, const std::string& parameter, const MethodSpec& method, Dropped dropped) {
  if (dropped == Dropped::at_their_defaults) return method.value(params, parameter);
  const auto found = params.find(parameter);
  return found == params.end() ? Json() : *found;
}

}  // namespace

Json parameter_of(const Job& job, const std::string& axis, Dropped dropped) {
  const std::size_t dot = axis.find('.');
  if (dot == std::string::npos) {
    if (axis == "threads") return job.threads;
    return job.train ? value_in(*job.train, axis, *find_method(MethodKind::training, "autoencoder"), dropped) : Json();
  }
  // The second PCA of a chain is "pca[2]".
  const std::size_t bracket = std::min(axis.find('['), dot);
  const std::string method = axis.substr(0, bracket), parameter = axis.substr(dot + 1);
  int occurrence = bracket < dot ? std::atoi(axis.c_str() + bracket + 1) : 1;
  if (method == job.clustering) {
    return job.clustering_params->contains(parameter) ? (*job.clustering_params)[parameter] : Json();
  }
  for (const ReductionStep& step : job.reduction) {
    if (step.method != method || --occurrence > 0) continue;
    if (parameter == "dim") return step.dim;
    if (parameter == "iterations") return step.extent;
    return value_in(*step.params, parameter, *find_method(MethodKind::reduction, method), dropped);
  }
  return nullptr;
}

std::vector<std::pair<std::string, Json>> Job::axes() const {
  std::vector<std::pair<std::string, Json>> all = {{"architecture", architecture}};
  if (model) {
    all.emplace_back("latent_dim", latent == "native" ? Json(latent) : Json(latent_dim));
    all.emplace_back("epochs", epochs);
  }
  all.insert(all.end(), {{"reduction", reduction_name},
                         {"reduced_dim", reduced_dim},
                         {"clustering", clustering},
                         {"k", k},
                         {"seed", seed}});
  if (range != PixelRange()) all.emplace_back("range", range_text(range));
  if (!axis_names) return all;
  for (const std::string& name : *axis_names) {
    bool known = std::any_of(all.begin(), all.end(), [&](const auto& axis) { return axis.first == name; });
    if (known) continue;
    if (Json value = parameter_of(*this, name); !value.is_null()) all.emplace_back(name, std::move(value));
  }
  return all;
}

}  // namespace latentgrid
