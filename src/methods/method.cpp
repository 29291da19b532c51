#include "methods/method.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace latentgrid {

namespace {

bool is_used(const ParamSpec& param, const Json& values) {
  if (param.used_if.empty()) return true;
  auto condition = values.find(param.used_if);
  if (condition == values.end()) return false;
  if (param.used_if_values.empty()) return condition->get<double>() > 0;
  return std::any_of(param.used_if_values.begin(), param.used_if_values.end(), [&](const std::string& value) { return *condition == value; });
}

}  // namespace

const char* kind_text(MethodKind kind) {
  switch (kind) {
    case MethodKind::training:
      return "training";
    case MethodKind::encoder:
      return "encoder";
    case MethodKind::augmentation:
      return "augmentation";
    case MethodKind::refinement:
      return "refinement";
    case MethodKind::reduction:
      return "reduction";
    case MethodKind::clustering:
      return "clustering";
  }
  return "";
}

const ParamSpec* MethodSpec::find(std::string_view parameter) const {
  auto found = std::find_if(params.begin(), params.end(), [&](const ParamSpec& p) { return p.name == parameter; });
  return found == params.end() ? nullptr : &*found;
}

Json MethodSpec::value(const Json& complete_params, std::string_view parameter) const {
  const auto found = complete_params.find(parameter);
  if (found != complete_params.end()) return *found;
  const ParamSpec* spec = find(parameter);
  if (!spec || !spec->default_is_dropped) return nullptr;
  return with_dropped_defaults(complete_params).value(spec->name, Json());
}

Json MethodSpec::with_dropped_defaults(Json complete_params) const {
  for (const ParamSpec& param : params) {
    if (!param.default_is_dropped || complete_params.contains(param.name) || !is_used(param, complete_params)) continue;
    complete_params[param.name] = param.default_value;
  }
  return complete_params;
}

bool MethodSpec::draws_random_numbers(const Json& complete_params) const {
  return stochastic && (stochastic_if.empty() || complete_params.value(stochastic_if, "") == stochastic_if_value);
}

Json MethodSpec::complete(const Json& given) const {
  Json all = Json::object();
  for (const ParamSpec& param : params) {
    auto value = given.find(param.name);
    if (value != given.end()) {
      all[param.name] = *value;
    } else if (!param.default_value.is_null()) {
      all[param.name] = param.default_value;
    }
  }
  Json used = Json::object();
  for (const ParamSpec& param : params) {
    if (!all.contains(param.name) || !is_used(param, all)) continue;
    if (param.default_is_dropped && all[param.name] == param.default_value) continue;
    used[param.name] = all[param.name];
  }
  return used;
}

std::int64_t MethodSpec::result_width(const Json& complete_params, std::int64_t width) const {
  return complete_params.value("dim", width);
}

std::optional<Problem> too_many_dimensions(const std::string& display_name, std::int64_t dim, const PointsSize& points,
                                           bool limited_by_width) {
  const std::string what = fmt::format("{} cannot make {} dimensions from", display_name, dim);
  if (limited_by_width && dim > points.width) return Problem{"dim", fmt::format("{} {}", what, points.what), ""};
  if (dim <= points.count) return std::nullopt;
  return Problem{"dim", fmt::format("{} {}", what, counted(points.count, "image")),
                 fmt::format("choose a dim of at most {}", points.count)};
}

std::vector<Problem> empty_ranges(const std::string& display_name, const Json& params, const std::vector<std::string>& ranges) {
  std::vector<Problem> problems;
  for (const std::string& range : ranges) {
    const std::string lower = range + "_min", upper = range + "_max";
    if (params.at(lower).get<double>() <= params.at(upper).get<double>()) continue;
    problems.push_back({.parameter = lower,
                        .message = fmt::format("{} must not be larger than {} in {}", lower, upper, display_name),
                        .hint = fmt::format("write a smaller {}, or a larger {}", lower, upper),
                        .or_parameter = upper});
  }
  return problems;
}

Problem too_few_images(const MethodSpec& method, std::int64_t n_neighbors, const PointsSize& points, std::int64_t least) {
  const bool possible = points.count >= least;
  return Problem{.parameter = "n_neighbors",
                 .message = fmt::format("{} with n_neighbors {} needs as many images, and there are {}", method.display_name, n_neighbors, points.count),
                 .hint = possible ? fmt::format("write {}: {{n_neighbors: {}}}, or less", method.name, points.count)
                                  : fmt::format("choose more images, or another {}", method.kind == MethodKind::reduction ? "reduction" : "clustering"),
                 .possible = possible ? Json(points.count) : Json()};
}

std::int64_t shared_width(std::int64_t dim, std::int64_t smallest, std::int64_t most) {
  std::int64_t width = smallest;
  while (width < dim) width *= 2;
  return std::min(width, most);
}

}  // namespace latentgrid
