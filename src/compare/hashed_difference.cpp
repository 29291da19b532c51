#include "compare/hashed_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "columns/parameters.hpp"
#include "methods/stages.hpp"

namespace latentgrid {

namespace {

bool any_named(const std::vector<ParameterDifference>& named, const auto& meant) {
  return std::any_of(named.begin(), named.end(), [&](const ParameterDifference& p) { return meant(p.name); });
}

// "autoencoder" of "autoencoder.encoder[0].kernel_size[0]"
std::string_view head_of(std::string_view name) {
  return name.substr(0, name.find_first_of(".["));
}

// Whether a parameter that differs says the same as this field of a stage's key, or is the reason for it.
bool is_explained(const std::string& stage, const std::string& field,
                  const std::vector<ParameterDifference>& named) {
  const StageSpec& spec = find_stage(stage);
  const std::string name = hashed_name(field);
  const std::string_view head = head_of(name);
  return any_named(named, [&](const std::string& parameter) {
    if (parameter == head || parameter == name || parameter.ends_with("." + name)) return true;
    if (!spec.dataset_part.empty()) return parameter == "dataset";
    // The layers follow from the architecture, the bottleneck and the size of the images.
    if (spec.kind == MethodKind::training && head == model_parameter) {
      return parameter == "architecture" || parameter == "latent_dim" || parameter == "dataset";
    }
    if (spec.kind == MethodKind::refinement) return parameter == refine_parameter;
    if (spec.kind == MethodKind::encoder && head == "method") return parameter == "architecture";
    if (spec.kind == MethodKind::reduction) {
      const bool of_dim = head == "width" || head == "dim";
      return parameter == "reduction" || (of_dim && (parameter == "reduced_dim" || repeated_column(parameter) == "reduced_dim"));
    }
    return spec.kind == MethodKind::clustering && parameter == "clustering";
  });
}

void add_new(std::vector<std::string>& values, const std::optional<std::string>& value) {
  if (value && std::find(values.begin(), values.end(), *value) == values.end()) values.push_back(*value);
}

}  // namespace

std::string hashed_name(const std::string& field) {
  constexpr std::string_view prefix = "params.";
  return field.starts_with(prefix) ? field.substr(prefix.size()) : field;
}

void HashedDifferences::add(const std::vector<StageDifference>& stages,
                            const std::vector<ParameterDifference>& named) {
  bool incomplete = false;
  for (const StageDifference& stage : stages) {
    if (stage.sharing != Sharing::different) continue;
    const std::string name = stage_name(stage.stage, stage.step);
    if (!stage.from_transcripts) {
      // What follows from another stage has another key for that reason alone.
      if (!stage.follows.empty()) continue;
      incomplete = true;
      const std::string text = fmt::format("{} of {}", stage.missing, name);
      if (std::find(missing_.begin(), missing_.end(), text) == missing_.end()) missing_.push_back(text);
      continue;
    }
    for (const FieldDifference& field : stage.fields) {
      if (!is_explained(stage.stage, field.name, named)) add(name, in_words(stage.stage, field));
    }
  }
  incomplete_works_ += incomplete;
}

void HashedDifferences::add(const std::string& stage, const FieldDifference& field) {
  const std::string name = hashed_name(field.name);
  auto known = std::find_if(all_.begin(), all_.end(), [&](const HashedDifference& difference) {
    return difference.stage == stage && difference.name == name;
  });
  if (known == all_.end()) known = all_.insert(all_.end(), {stage, name, {}, {}});
  add_new(known->first, field.first);
  add_new(known->second, field.second);
}

}  // namespace latentgrid
