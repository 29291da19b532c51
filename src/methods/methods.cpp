#include "methods/methods.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>

#include "methods/stages.hpp"

namespace latentgrid {

#define DECLARE(name) MethodSpec name##_method();
LATENTGRID_REDUCTIONS(DECLARE)
LATENTGRID_CLUSTERINGS(DECLARE)
#undef DECLARE
#define DECLARE(name) MethodSpec name##_encoder();
LATENTGRID_ENCODERS(DECLARE)
#undef DECLARE
#define DECLARE(name) MethodSpec name##_augmentation();
LATENTGRID_AUGMENTATIONS(DECLARE)
#undef DECLARE
#define DECLARE(name) MethodSpec name##_training();
LATENTGRID_TRAININGS(DECLARE)
#undef DECLARE
#define DECLARE(name) MethodSpec name##_refinement();
LATENTGRID_REFINEMENTS(DECLARE)
#undef DECLARE

const std::vector<MethodSpec>& all_methods() {
#define MAKE(name) name##_method(),
#define MAKE_ENCODER(name) name##_encoder(),
#define MAKE_AUGMENTATION(name) name##_augmentation(),
#define MAKE_TRAINING(name) name##_training(),
#define MAKE_REFINEMENT(name) name##_refinement(),
  static const std::vector<MethodSpec> methods = {LATENTGRID_TRAININGS(MAKE_TRAINING) LATENTGRID_ENCODERS(MAKE_ENCODER)
                                                  LATENTGRID_AUGMENTATIONS(MAKE_AUGMENTATION) LATENTGRID_REFINEMENTS(MAKE_REFINEMENT)
                                                  LATENTGRID_REDUCTIONS(MAKE) LATENTGRID_CLUSTERINGS(MAKE)};
#undef MAKE_REFINEMENT
#undef MAKE_TRAINING
#undef MAKE_AUGMENTATION
#undef MAKE_ENCODER
#undef MAKE
  return methods;
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

std::string axis_of(MethodKind kind) {
  if (kind == MethodKind::augmentation) return augment_parameter;
  return kind == MethodKind::refinement ? refine_parameter : kind_text(kind);
}

std::optional<MethodKind> methods_on_axis(std::string_view axis) {
  for (const MethodKind kind : {MethodKind::training, MethodKind::augmentation, MethodKind::refinement, MethodKind::reduction, MethodKind::clustering}) {
    if (axis == axis_of(kind)) return kind;
  }
  return std::nullopt;
}

std::string method_meant_by(MethodKind kind, std::string_view word) {
  std::string plain;
  for (char c : word) {
    if (c != '_' && c != '-' && c != ' ') plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  for (const MethodSpec& method : all_methods()) {
    if (method.kind == kind && std::ranges::find(method.other_names, plain) != method.other_names.end()) return method.name;
  }
  return "";
}

bool is_of_every_job(std::string_view training_option) {
  return training_option == "threads" || training_option == arithmetic_parameter;
}

const MethodSpec& default_training() {
  static const MethodSpec& method = all_methods().front();
  return method;
}

std::string augment_name(const Json& steps) {
  std::vector<std::string> names;
  for (const Json& step : steps) names.push_back(step.at("method"));
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, "+"));
}

const MethodSpec& encoder_of(const MethodSpec& training) { return *find_method(MethodKind::encoder, training.encoder); }

const MethodSpec* training_in(const Json& params) {
  const auto name = params.is_object() ? params.find("method") : params.end();
  if (name == params.end()) return &default_training();
  return name->is_string() ? find_method(MethodKind::training, name->get_ref<const std::string&>()) : nullptr;
}

const MethodSpec* trained_by(const Json& params) {
  if (const MethodSpec* method = training_in(params)) return method;
  const auto name = params.find("method");
  return name != params.end() && name->is_string() ? find_method(MethodKind::refinement, name->get_ref<const std::string&>()) : nullptr;
}

namespace {

bool applies_a_model(std::string_view encoder) {
  return std::ranges::any_of(all_methods(), [&](const MethodSpec& method) {
    return method.kind == MethodKind::training && method.encoder == encoder;
  });
}

}  // namespace

const MethodSpec* untrained_encoder(std::string_view architecture) {
  return applies_a_model(architecture) ? nullptr : find_method(MethodKind::encoder, architecture);
}

std::vector<std::string> untrained_encoder_names() {
  std::vector<std::string> names = method_names(MethodKind::encoder);
  std::erase_if(names, applies_a_model);
  return names;
}

bool trains_encoder(std::string_view architecture) { return !untrained_encoder(architecture); }

std::string display_name_of_architecture(const std::string& architecture) {
  const MethodSpec* untrained = untrained_encoder(architecture);
  return untrained ? untrained->display_name : architecture;
}

const std::string& vectors_of_architecture(std::string_view architecture) {
  const MethodSpec* untrained = untrained_encoder(architecture);
  return (untrained ? *untrained : encoder_of(default_training())).vectors;
}

const MethodSpec& default_clustering() {
  static const MethodSpec& method = *std::find_if(all_methods().begin(), all_methods().end(), [](const MethodSpec& known) {
    return known.kind == MethodKind::clustering;
  });
  return method;
}

std::vector<std::string> default_map_methods() {
  std::vector<std::string> names;
  for (const MethodSpec& method : all_methods()) {
    if (method.default_map) names.push_back(method.name);
  }
  return names;
}

std::string example_chain(MethodKind kind) {
  std::vector<std::string> names = method_names(kind);
  names.resize(std::min<std::size_t>(names.size(), 2));
  if (kind == MethodKind::reduction) names = default_map_methods();
  std::vector<std::string> steps;
  for (const std::string& name : names) {
    const std::string& example = find_method(kind, name)->example;
    steps.push_back(example == name ? example : fmt::format("{{{}}}", example));
  }
  return fmt::format("[{}]", fmt::join(steps, ", "));
}

std::string display_name_of(std::string_view method) {
  for (const MethodSpec& known : all_methods()) {
    if (known.name == method) return known.display_name;
  }
  return std::string(method);
}

}  // namespace latentgrid
