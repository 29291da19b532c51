#include "methods/parameter_names.hpp"

#include <algorithm>

#include "methods/training.hpp"

namespace latentgrid {

namespace {

// Which training it is, by which augmentations, and how it is refined: options of the jobs as any other.
const std::vector<ParamSpec>& names_of_methods() {
  static const std::vector<ParamSpec> specs = {
      {.name = kind_text(MethodKind::training), .type = ParamType::text, .choices = method_names(MethodKind::training)},
      {.name = augment_parameter, .type = ParamType::text},
      {.name = refine_parameter, .type = ParamType::text}};
  return specs;
}

}  // namespace

const ParamSpec* find_parameter_spec(std::string_view column) {
  const std::size_t dot = column.find('.');
  for (const ParamSpec& spec : names_of_methods()) {
    if (column == spec.name) return &spec;
  }
  if (dot == std::string_view::npos) return find_training_option(column);
  const std::string_view method = column.substr(0, std::min(dot, column.find('[')));
  for (MethodKind kind : {MethodKind::training, MethodKind::augmentation, MethodKind::refinement, MethodKind::reduction, MethodKind::clustering}) {
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
  for (const ParamSpec& spec : names_of_methods()) names.push_back(spec.name);
  for (const ParamSpec& option : training_options()) names.push_back(option.name);
  for (const MethodSpec& method : all_methods()) {
    for (const ParamSpec& parameter : method.params) {
      if (!is_shared_option(method, parameter.name)) names.push_back(method.name + "." + parameter.name);
    }
  }
  return names;
}

}  // namespace latentgrid
