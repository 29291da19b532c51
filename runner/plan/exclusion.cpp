#include "plan/exclusion.hpp"

#include <algorithm>

namespace latentgrid {

namespace {

bool contains(const std::vector<AxisValue>& values, const Json& value) {
  return std::any_of(values.begin(), values.end(), [&](const AxisValue& v) { return v.value == value; });
}

bool agrees(const std::vector<FixedMethod>& methods, const std::vector<MethodChoice>& condition) {
  if (methods.size() != condition.size()) return false;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (methods[i].spec->name != condition[i].method) return false;
    const Json all = methods[i].spec->complete(methods[i].params);
    for (const Axis& axis : condition[i].params) {
      if (!all.contains(axis.name) || !contains(axis.values, all[axis.name])) return false;
    }
  }
  return true;
}

bool agrees(const Cell& cell, const Axis& condition, const std::function<const Json*()>& settings) {
  const std::string& axis = condition.name;
  auto any = [&](auto&& matches) { return std::any_of(condition.values.begin(), condition.values.end(), matches); };
  if (axis == "architecture") {
    return any([&](const AxisValue& value) {
      return value.value == cell.architecture->value &&
             std::all_of(value.axes.begin(), value.axes.end(),
                         [&](const Axis& below) { return agrees(cell, below, settings); });
    });
  }
  static const std::vector<FixedMethod> none;
  const std::vector<FixedMethod>& steps = cell.reduction ? cell.reduction->methods : none;
  if (axis == "reduction") return any([&](const AxisValue& value) { return agrees(steps, value.methods); });
  if (axis == "reduced_dim") {
    return !steps.empty() && contains(condition.values, steps.back().spec->complete(steps.back().params)["dim"]);
  }
  if (axis == "clustering") {
    return any([&](const AxisValue& value) { return agrees(clustering_of(cell), value.methods); });
  }
  if (axis == "seeds") return contains(condition.values, cell.seed ? cell.seed->value : Json(0));
  if (is_raw(cell) && axis != "threads") return false;
  if (axis == "latent_dim") return contains(condition.values, cell.latent ? cell.latent->value : Json("native"));
  const Json* all = settings();
  return !all || (all->contains(axis) && contains(condition.values, (*all)[axis]));
}

}  // namespace

bool agrees(const Cell& cell, const Exclusion& exclusion, const std::function<const Json*()>& settings) {
  return std::all_of(exclusion.axes.begin(), exclusion.axes.end(),
                     [&](const Axis& axis) { return agrees(cell, axis, settings); });
}

}  // namespace latentgrid
