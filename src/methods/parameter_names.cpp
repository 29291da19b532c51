#include "methods/parameter_names.hpp"

#include <algorithm>

namespace latentgrid {

const ParamSpec* find_parameter_spec(std::string_view column) {
  const std::size_t dot = column.find('.');
  if (dot == std::string_view::npos) return training_method().find(column);
  const std::string_view method = column.substr(0, std::min(dot, column.find('[')));
  for (MethodKind kind : {MethodKind::augmentation, MethodKind::reduction, MethodKind::clustering}) {
    const MethodSpec* known = find_method(kind, method);
    const ParamSpec* spec = known ? known->find(column.substr(dot + 1)) : nullptr;
    if (spec) return spec;
  }
  return nullptr;
}

std::optional<ParamType> parameter_type(std::string_view column) {
  const ParamSpec* spec = find_parameter_spec(column);
  return spec ? std::optional(spec->type) : std::nullopt;
}

std::string_view value_word(std::string_view column, double value) {
  const ParamSpec* spec = find_parameter_spec(column);
  if (spec && spec->type == ParamType::boolean) return value == 0 ? "false" : "true";
  return spec && spec->automatic == value ? "auto" : "";
}

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  for (const MethodSpec& method : all_methods()) {
    const std::string prefix = method.kind == MethodKind::training ? "" : method.name + ".";
    for (const ParamSpec& parameter : method.params) names.push_back(prefix + parameter.name);
  }
  return names;
}

}  // namespace latentgrid
