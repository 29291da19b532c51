#include "methods/parameter_table.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "methods/methods.hpp"
#include "methods/stages.hpp"
#include "methods/training.hpp"

namespace latentgrid {

namespace {

std::string default_text(const ParamSpec& param) {
  const Json& value = param.default_value;
  if (value.is_null()) return param.name == "k" ? "classes" : "required";  // labels tell how many clusters there are
  if (param.automatic && value.is_number() && value.get<double>() == *param.automatic) return "auto";
  if (value.is_string()) return value.get<std::string>();
  return value.is_number_float() ? fmt::format("{}", value.get<double>()) : value.dump();
}

std::string meaning(const ParamSpec& param) {
  if (param.used_if.empty()) return param.doc;
  return param.used_if_values.empty() ? fmt::format("{} (with {} above 0)", param.doc, param.used_if)
                                      : fmt::format("{} (with {}: {})", param.doc, param.used_if, fmt::join(param.used_if_values, " or "));
}

// Its own, and those that its stage records of every method. Who trains is told of the encoder too.
std::vector<std::string> recorded_metrics(const MethodSpec& method) {
  std::vector<std::string> names = method.metrics;
  if (method.kind == MethodKind::training) names.insert(names.end(), encoder_of(method).metrics.begin(), encoder_of(method).metrics.end());
  for (const StageSpec& stage : all_stages()) {
    if (stage.kind == method.kind) names.insert(names.end(), stage.metrics.begin(), stage.metrics.end());
  }
  if (method.has_noise) names.push_back("noise");
  return names;
}

std::string shared_options_sentence(const MethodSpec& training) {
  if (&training == &default_training()) return "Every training has the options from epochs to threads; they may also stand in `train:`, or in the grid as axes of their own.";
  std::vector<std::string> without;
  for (const ParamSpec& option : training_options()) {
    if (!training.find(option.name)) without.push_back(option.name);
  }
  return fmt::format("It has the options of every training too (`latentgrid methods {}` lists them){}.", default_training().name,
                     without.empty() ? "" : fmt::format(", except {}", fmt::join(without, ", ")));
}

}  // namespace

std::vector<ParameterRow> parameter_rows(const MethodSpec& method) {
  std::vector<ParameterRow> rows;
  for (const ParamSpec& param : method.params) {
    if (&method != &default_training() && is_shared_option(method, param.name)) continue;  // told once, of the first
    rows.push_back({param.name, default_text(param), allowed_values(param), meaning(param)});
  }
  return rows;
}

std::vector<std::string> sentences_about(const MethodSpec& method) {
  std::vector<std::string> sentences = {sentence_case(method.doc) + "."};
  if (!method.source.empty()) sentences.push_back(fmt::format("Source: {}.", method.source));
  if (!method.example.empty()) sentences.push_back(fmt::format("For example `{}`.", method.example));
  if (method.extent) {
    const bool any_value = method.has_slices() || !method.extent->counted_in.empty();
    sentences.push_back(any_value ? fmt::format("One run serves all values of {}.", method.extent->parameter)
                               : fmt::format("A run with fewer {0} is the beginning of one with more: one run serves both.",
                                             method.extent->parameter));
  }
  if (const auto& separate = method.separate_runs) {
    sentences.push_back(fmt::format("Runs of other {0} are separate ones, because {1} depends on the total number of {0}.", separate->parameter, separate->because));
  }
  if (method.kind == MethodKind::training) sentences.push_back(shared_options_sentence(method));
  if (!method.default_augment.empty()) {
    sentences.push_back(fmt::format("Without `augment` in the grid its views are made by {}.", fmt::join(method.default_augment, ", ")));
  }
  if (method.finds_k() && !method.by_heads) sentences.push_back("It finds the number of clusters itself.");
  if (method.has_noise) sentences.push_back("It may leave images out of every cluster, as noise.");
  if (method.stochastic) {
    const std::string when = method.stochastic_if.empty() ? "" : fmt::format(" with {}: {}", method.stochastic_if, method.stochastic_if_value);
    sentences.push_back(fmt::format("Its result depends on the seed{}.", when));
  }
  if (const std::vector<std::string> metrics = recorded_metrics(method); !metrics.empty()) {
    sentences.push_back(fmt::format("It records {}.", fmt::join(metrics, ", ")));
  }
  return sentences;
}

std::string markdown_of(const MethodSpec& method) {
  std::string text = fmt::format("### {} ({})\n\n{}\n", method.name, kind_text(method.kind), fmt::join(sentences_about(method), " "));
  if (method.params.empty()) return text;
  text += "\n| parameter | default | values | meaning |\n|---|---|---|---|\n";
  for (const ParameterRow& row : parameter_rows(method)) {
    text += fmt::format("| `{}` | {} | {} | {} |\n", row.name, row.default_value, row.values, row.meaning);
  }
  return text;
}

}  // namespace latentgrid
