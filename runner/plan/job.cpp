#include "plan/job.hpp"

#include <algorithm>
#include <cstdlib>

#include "methods/stages.hpp"

namespace latentgrid {

bool MethodStep::same_work(const MethodStep& other) const {
  return method == other.method && extent == other.extent && *params == *other.params;
}

Json MethodStep::complete_params() const {
  Json all = *params;
  if (method->extent) all[method->extent->parameter] = extent;
  return all;
}

std::int64_t take_extent(const MethodSpec& method, Json& params) {
  const std::int64_t extent = params.at(method.extent->parameter);
  params.erase(method.extent->parameter);
  return extent;
}

std::string name_of(std::span<const SharedStep> chain) {
  if (chain.empty()) return "none";
  std::string name;
  for (const SharedStep& step : chain) {
    name += (name.empty() ? "" : "+") + step->method->name;
    // The dimension of the last one is a column of its own.
    if (step != chain.back() && step->method->find("dim")) name += std::to_string(step->width);
  }
  return name;
}

// Asked for a million jobs, so nothing is copied.
const Json& Job::augmentations() const {
  static const Json none = Json::array();
  if (!training()) return none;
  const auto found = training()->params->find(augment_parameter);
  return found == training()->params->end() ? none : *found;
}

Json parameter_of(const Job& job, const std::string& axis) {
  const std::size_t dot = axis.find('.');
  if (axis == "threads") return job.threads;
  if (axis == arithmetic_parameter && !job.model) return job.portable ? Json(portable_arithmetic) : Json();
  // The second PCA of a chain is "pca[2]"; what has no method is of the training.
  const std::size_t bracket = std::min(axis.find('['), dot);
  const bool of_training = dot == std::string::npos;
  if (axis == "training") return job.training() ? Json(job.training()->method->name) : Json();
  if (axis == augment_parameter) return job.training() ? Json(augment_name(job.augmentations())) : Json();
  if (axis == refine_parameter && job.training()) return job.refinement() ? Json(job.refinement()->method->name) : Json("none");
  const std::string method = of_training ? "" : axis.substr(0, bracket), parameter = of_training ? axis : axis.substr(dot + 1);
  int occurrence = !of_training && bracket < dot ? std::atoi(axis.c_str() + bracket + 1) : 1;
  for (const Json& step : job.augmentations()) {
    if (!of_training && step.at("method") == method) return find_method(MethodKind::augmentation, method)->value(step, parameter);
  }
  for (const SharedStep& step : job.path) {
    const MethodSpec& known = *step->method;
    if (known.kind == MethodKind::encoder || (of_training && known.kind != MethodKind::training)) continue;
    if ((!of_training && known.name != method) || --occurrence > 0) continue;
    if (known.is_extent(parameter)) return step->extent;
    if (known.kind == MethodKind::refinement && !known.find(parameter)) return nullptr;  // its arithmetic is the training's
    return known.value(*step->params, parameter);
  }
  return nullptr;
}

std::vector<std::pair<std::string, Json>> Job::axes() const {
  std::vector<std::pair<std::string, Json>> all = {{"architecture", architecture}};
  if (model) {
    all.emplace_back("latent_dim", latent == "native" ? Json(latent) : Json(latent_dim()));
    all.emplace_back("epochs", epochs());
  }
  all.insert(all.end(), {{"reduction", name_of(reductions())},
                         {"reduced_dim", reduced_dim()},
                         {"clustering", clustering().method->name}});
  if (k > 0) all.emplace_back("k", k);
  all.emplace_back("seed", seed);
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
