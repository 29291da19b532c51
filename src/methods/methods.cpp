#include "methods/methods.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>
#include <utility>

namespace latentgrid {

namespace {

constexpr std::array<std::pair<std::string_view, int>, 9> stage_versions = {
    {{"load", 1}, {"train", 3}, {"encode", 4}, {"reduce", 5}, {"cluster", 2}, {"score", 1},
     {"trustworthiness", 1}, {"reconstruct", 3}, {"export", 1}}};

bool is_used(const ParamSpec& param, const Json& values) {
  if (param.used_if.empty()) return true;
  auto condition = values.find(param.used_if);
  return condition != values.end() && *condition == param.used_if_value;
}

std::string bounds_text(const ParamSpec& spec) {
  auto number = [&](double value) {
    return spec.type == ParamType::integer ? fmt::format("{:.0f}", value) : fmt::format("{}", value);
  };
  if (spec.minimum && spec.maximum) {
    return fmt::format(" {} {} and {} {}", spec.exclusive_minimum ? "above" : "of at least", number(*spec.minimum),
                       spec.exclusive_maximum ? "below" : "at most", number(*spec.maximum));
  }
  if (spec.minimum)
    return fmt::format(" {} {}", spec.exclusive_minimum ? "above" : "of at least", number(*spec.minimum));
  return "";
}

std::string expected(const ParamSpec& spec) {
  if (!spec.choices.empty()) {
    const std::string numbered = spec.numbered_choice.empty() ? "" : fmt::format(" or {}:0", spec.numbered_choice);
    return fmt::format("expects {}{}", fmt::join(spec.choices, " or "), numbered);
  }
  switch (spec.type) {
    case ParamType::integer:
      return "expects an integer" + bounds_text(spec);
    case ParamType::real:
      return "expects a number" + bounds_text(spec);
    case ParamType::boolean:
      return "expects true or false";
    case ParamType::text:
      return "expects text";
  }
  return "";
}

bool in_bounds(const ParamSpec& spec, double value) {
  if (!std::isfinite(value)) return false;
  if (spec.minimum && (spec.exclusive_minimum ? value <= *spec.minimum : value < *spec.minimum)) return false;
  return !spec.maximum || (spec.exclusive_maximum ? value < *spec.maximum : value <= *spec.maximum);
}

bool is_choice(const ParamSpec& spec, const std::string& text) {
  if (spec.choices.empty() || std::find(spec.choices.begin(), spec.choices.end(), text) != spec.choices.end())
    return true;
  const std::string prefix = spec.numbered_choice + ":";
  if (spec.numbered_choice.empty() || !text.starts_with(prefix)) return false;
  const std::string number = text.substr(prefix.size());
  const bool digits = std::all_of(number.begin(), number.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits && !number.empty() && number.size() <= 3 && (number.size() == 1 || number.front() != '0');
}

bool is_valid(const ParamSpec& spec, const Json& value) {
  switch (spec.type) {
    case ParamType::integer:
      return value.is_number_integer() && in_bounds(spec, value.get<double>());
    case ParamType::real:
      return value.is_number() && in_bounds(spec, value.get<double>());
    case ParamType::boolean:
      return value.is_boolean();
    case ParamType::text:
      return value.is_string() && is_choice(spec, value.get<std::string>());
  }
  return false;
}

}  // namespace

const ParamSpec* MethodSpec::find(std::string_view parameter) const {
  auto found = std::find_if(params.begin(), params.end(), [&](const ParamSpec& p) { return p.name == parameter; });
  return found == params.end() ? nullptr : &*found;
}

Json MethodSpec::value(const Json& complete_params, std::string_view parameter) const {
  const auto found = complete_params.find(parameter);
  if (found != complete_params.end()) return *found;
  const ParamSpec* spec = find(parameter);
  return spec && spec->default_is_dropped ? spec->default_value : Json();
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

std::string check_value(const ParamSpec& spec, const Json& value) {
  return is_valid(spec, value) ? "" : expected(spec);
}

const MethodSpec* find_method(MethodKind kind, std::string_view name) {
  const auto& methods = all_methods();
  auto found = std::find_if(methods.begin(), methods.end(),
                            [&](const MethodSpec& method) { return method.kind == kind && method.name == name; });
  return found == methods.end() ? nullptr : &*found;
}

std::vector<std::string> method_names(MethodKind kind) {
  std::vector<std::string> names;
  for (const MethodSpec& method : all_methods()) {
    if (method.kind == kind) names.push_back(method.name);
  }
  return names;
}

int stage_version(std::string_view stage) {
  auto found = std::find_if(stage_versions.begin(), stage_versions.end(),
                            [&](const auto& entry) { return entry.first == stage; });
  if (found == stage_versions.end()) throw std::invalid_argument(fmt::format("no stage is called '{}'", stage));
  return found->second;
}

const std::vector<std::string>& stage_names() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> all;
    for (const auto& [name, version] : stage_versions) all.emplace_back(name);
    return all;
  }();
  return names;
}

}  // namespace latentgrid
