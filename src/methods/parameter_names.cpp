#include "methods/parameter_names.hpp"

#include <algorithm>

namespace latentgrid {

namespace {

constexpr MethodKind kinds_in_names[] = {MethodKind::reduction, MethodKind::clustering};

}  // namespace

std::optional<ParamType> parameter_type(std::string_view column) {
  const std::size_t dot = column.find('.');
  if (dot == std::string_view::npos) {
    const ParamSpec* spec = find_method(MethodKind::training, "autoencoder")->find(column);
    return spec ? std::optional(spec->type) : std::nullopt;
  }
  const std::string_view method = column.substr(0, std::min(dot, column.find('[')));
  for (MethodKind kind : kinds_in_names) {
    const MethodSpec* known = find_method(kind, method);
    const ParamSpec* spec = known ? known->find(column.substr(dot + 1)) : nullptr;
    if (spec) return spec->type;
  }
  return std::nullopt;
}

std::string_view automatic_word(std::string_view column, double value) {
  const bool of_tsne = column.starts_with("tsne.") || column.starts_with("tsne[");
  return of_tsne && column.ends_with(".learning_rate") && value == 0 ? "auto" : "";
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
