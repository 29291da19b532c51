#include "plan/exclusion.hpp"

#include <algorithm>

#include "methods/methods.hpp"
#include "plan/gpus.hpp"

namespace latentgrid {

namespace {

bool contains(const std::vector<AxisValue>& values, const Json& value) {
  return std::any_of(values.begin(), values.end(), [&](const AxisValue& v) { return v.value == value; });
}

// `all`: complete parameters, whose dropped defaults the method knows.
bool agrees(const MethodSpec& method, const Json& all, const Axis& condition, const Gpus& gpus) {
  const Json value = method.value(all, condition.name);
  if (value.is_null()) return false;
  if (contains(condition.values, value)) return true;
  return condition.name == "device" && contains(condition.values, device_and_gpu(value, gpus.of(method)).first);
}

bool agrees(const MethodSpec& method, const Json& all, const MethodChoice& condition, const Gpus& gpus) {
  return method.name == condition.method && std::all_of(condition.params.begin(), condition.params.end(), [&](const Axis& axis) {
           return agrees(method, all, axis, gpus);
         });
}

bool agrees(const std::vector<FixedMethod>& methods, const std::vector<MethodChoice>& condition, const Gpus& gpus) {
  if (methods.size() != condition.size()) return false;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (!agrees(*methods[i].spec, methods[i].spec->complete(methods[i].params), condition[i], gpus)) return false;
  }
  return true;
}

bool agrees(const GridCell& cell, const Axis& condition, const Gpus& gpus, const std::function<const Json*()>& settings) {
  const std::string& axis = condition.name;
  auto any = [&](auto&& matches) { return std::any_of(condition.values.begin(), condition.values.end(), matches); };
  if (axis == "architecture") {
    return any([&](const AxisValue& value) {
      return value.value == cell.architecture->value &&
             std::all_of(value.axes.begin(), value.axes.end(),
                         [&](const Axis& below) { return agrees(cell, below, gpus, settings); });
    });
  }
  static const std::vector<FixedMethod> none;
  const std::vector<FixedMethod>& steps = cell.reduction ? cell.reduction->methods : none;
  if (axis == "reduction") return any([&](const AxisValue& value) { return agrees(steps, value.methods, gpus); });
  if (axis == "reduced_dim") {
    // The last step that says how many: those behind it keep them.
    const auto last = std::find_if(steps.rbegin(), steps.rend(), [](const FixedMethod& step) { return step.spec->find("dim"); });
    return last != steps.rend() && contains(condition.values, last->spec->complete(last->params)["dim"]);
  }
  if (axis == "clustering") {
    return any([&](const AxisValue& value) { return agrees(clustering_of(cell), value.methods, gpus); });
  }
  if (axis == "seeds") return contains(condition.values, cell.seed ? cell.seed->value : Json(0));
  if (untrained(cell) && !is_of_every_job(axis)) return false;
  if (axis == "latent_dim") return contains(condition.values, cell.latent ? cell.latent->value : Json("native"));
  if (axis == augment_parameter) {
    const std::vector<FixedMethod> augment = augmentations_of(cell);
    return any([&](const AxisValue& value) { return agrees(augment, value.methods, gpus); });
  }
  if (axis == refine_parameter) {
    const FixedMethod* const refinement = refinement_of(cell);
    const std::vector<FixedMethod> refined = refinement ? std::vector{*refinement} : none;
    return any([&](const AxisValue& value) { return agrees(refined, value.methods, gpus); });
  }
  const Json* all = settings();
  const MethodSpec& training = *training_of(cell).spec;
  if (axis == "training") {
    return any([&](const AxisValue& value) { return !all || agrees(training, *all, value.methods[0], gpus); });
  }
  return !all || agrees(training, *all, condition, gpus);
}

}  // namespace

bool agrees(const GridCell& cell, const Exclusion& exclusion, const Gpus& gpus, const std::function<const Json*()>& settings) {
  return std::all_of(exclusion.axes.begin(), exclusion.axes.end(),
                     [&](const Axis& axis) { return agrees(cell, axis, gpus, settings); });
}

}  // namespace latentgrid
