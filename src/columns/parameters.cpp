#include "columns/parameters.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

namespace latentgrid {

namespace {

Json member(const Json& object, std::string_view name) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(name);
  return found == object.end() ? Json() : *found;
}

struct ParameterName {
  std::string_view method;  // "" for those of training
  int occurrence = 1;
  std::string_view parameter;
};

ParameterName split(std::string_view name) {
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos) return {"", 1, name};
  ParameterName parts{name.substr(0, dot), 1, name.substr(dot + 1)};
  const std::size_t bracket = parts.method.find('[');
  if (bracket == std::string_view::npos) return parts;
  std::from_chars(parts.method.data() + bracket + 1, parts.method.data() + parts.method.size(), parts.occurrence);
  parts.method = parts.method.substr(0, bracket);
  return parts;
}

}  // namespace

Json parameter_in(const Json& params, std::string_view clustering, std::string_view name) {
  const auto [method, occurrence, parameter] = split(name);
  if (method.empty()) return name == "threads" ? member(params, name) : member(member(params, "train"), name);
  if (parameter == "method") return nullptr;
  if (method == clustering && occurrence == 1) return member(member(params, "clustering"), parameter);
  const Json steps = member(params, "reduction");
  int found = 0;
  if (!steps.is_array()) return nullptr;
  for (const Json& step : steps) {
    if (member(step, "method") == method && ++found == occurrence) return member(step, parameter);
  }
  return nullptr;
}

std::vector<std::string> parameter_names(const Json& params, std::string_view clustering) {
  std::vector<std::string> names;
  auto add = [&](const Json& object, const std::string& prefix) {
    if (!object.is_object()) return;
    for (const auto& [name, value] : object.items()) {
      if (name != "method" && !value.is_null()) names.push_back(prefix + name);
    }
  };
  add(member(params, "train"), "");
  if (!member(params, "threads").is_null()) names.emplace_back("threads");
  std::map<std::string, int> count;
  const Json steps = member(params, "reduction");
  if (steps.is_array()) {
    for (const Json& step : steps) {
      const Json method = member(step, "method");
      if (!method.is_string()) continue;
      const int number = ++count[method.get<std::string>()];
      add(step, number == 1 ? method.get<std::string>() + "." : fmt::format("{}[{}].", method.get<std::string>(), number));
    }
  }
  add(member(params, "clustering"), std::string(clustering) + ".");
  return names;
}

Json ParameterReader::value(const std::string& name, const std::string& params, const std::string& clustering) {
  if (params != text_) {
    params_ = Json::parse(params, nullptr, false);
    text_ = params;
  }
  return parameter_in(params_, clustering, name);
}

}  // namespace latentgrid
