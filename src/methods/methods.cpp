#include "methods/methods.hpp"

#include <fmt/format.h>

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
MethodSpec autoencoder_training();

const std::vector<MethodSpec>& all_methods() {
#define MAKE(name) name##_method(),
#define MAKE_ENCODER(name) name##_encoder(),
#define MAKE_AUGMENTATION(name) name##_augmentation(),
  static const std::vector<MethodSpec> methods = {autoencoder_training(), LATENTGRID_ENCODERS(MAKE_ENCODER)
                                                  LATENTGRID_AUGMENTATIONS(MAKE_AUGMENTATION) LATENTGRID_REDUCTIONS(MAKE) LATENTGRID_CLUSTERINGS(MAKE)};
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

bool is_of_every_job(std::string_view training_parameter) {
  return training_parameter == "threads" || training_parameter == arithmetic_parameter;
}

const MethodSpec& training_method() {
  static const MethodSpec& method = all_methods().front();
  return method;
}

const MethodSpec& trained_encoder() {
  static const MethodSpec& method = *find_method(MethodKind::encoder, training_method().name);
  return method;
}

const MethodSpec* untrained_encoder(std::string_view architecture) {
  const MethodSpec* encoder = find_method(MethodKind::encoder, architecture);
  return encoder == &trained_encoder() ? nullptr : encoder;
}

std::vector<std::string> untrained_encoder_names() {
  std::vector<std::string> names = method_names(MethodKind::encoder);
  std::erase(names, trained_encoder().name);
  return names;
}

bool trains_encoder(std::string_view architecture) { return !untrained_encoder(architecture); }

std::string display_name_of_architecture(const std::string& architecture) {
  const MethodSpec* untrained = untrained_encoder(architecture);
  return untrained ? untrained->display_name : architecture;
}

const std::string& vectors_of_architecture(std::string_view architecture) {
  const MethodSpec* untrained = untrained_encoder(architecture);
  return (untrained ? *untrained : trained_encoder()).vectors;
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

std::string example_chain() {
  std::string chain;
  for (const std::string& name : default_map_methods()) {
    chain += fmt::format("{}{{{}}}", chain.empty() ? "" : ", ", find_method(MethodKind::reduction, name)->example);
  }
  return fmt::format("[{}]", chain);
}

std::string display_name_of(std::string_view method) {
  for (const MethodSpec& known : all_methods()) {
    if (known.name == method) return known.display_name;
  }
  return std::string(method);
}

}  // namespace latentgrid
