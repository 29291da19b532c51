#include "report/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/key.hpp"
#include "methods/parameter_names.hpp"

namespace latentgrid {

namespace {

void append(Parameters& all, Parameters more) {
  for (auto& [name, value] : more) {
    const bool known = std::any_of(all.begin(), all.end(), [&](const auto& other) { return other.first == name; });
    if (!known) all.emplace_back(name, std::move(value));
  }
}

void append_reduction(Parameters& all, const Json& steps) {
  if (!steps.is_array()) return;
  std::map<std::string, int> count;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    Json step = steps[i];
    if (!step.is_object()) continue;
    const std::string method = step.value("method", "");
    const int number = ++count[method];
    step.erase("method");
    if (i + 1 == steps.size()) step.erase("dim");  // it is reduced_dim
    append(all, flattened(step, number == 1 ? method : fmt::format("{}[{}]", method, number)));
  }
}

}  // namespace

Parameters all_parameters(const ResultRow& row) {
  const Json params = Json::parse(row.params, nullptr, false);
  Parameters all = {{"dataset", row.dataset}, {"architecture", row.architecture}};
  if (row.epochs > 0) {
    all.emplace_back("latent_dim", row.latent == "native" ? Json(row.latent) : Json(row.latent_dim));
    all.emplace_back("epochs", row.epochs);
  }
  append(all, flattened(member_of(params, "train")));
  all.emplace_back("reduction", row.reduction);
  all.emplace_back("reduced_dim", row.reduced_dim);
  append_reduction(all, member_of(params, "reduction"));
  all.emplace_back("clustering", row.clustering);
  all.emplace_back("k", row.k);
  Json clustering = member_of(params, "clustering");
  if (clustering.is_object()) clustering.erase("k");
  append(all, flattened(clustering, row.clustering));
  all.emplace_back("seed", row.seed);
  if (Json threads = member_of(params, "threads"); !threads.is_null()) append(all, {{"threads", threads}});
  return all;
}

Json find_parameter(const Parameters& parameters, const std::string& name) {
  auto found = std::find_if(parameters.begin(), parameters.end(), [&](const auto& p) { return p.first == name; });
  return found == parameters.end() ? Json() : found->second;
}

std::vector<ParameterDifference> differing_parameters(const Parameters& first, const Parameters& second) {
  std::vector<ParameterDifference> found;
  for (const auto& [name, value] : first) {
    if (Json other = find_parameter(second, name); other != value) found.push_back({name, value, std::move(other)});
  }
  for (const auto& [name, value] : second) {
    if (find_parameter(first, name).is_null()) found.push_back({name, nullptr, value});
  }
  return found;
}

Parameters flattened(const Json& value, const std::string& name) {
  if (value.is_null() || (value.is_object() && value.empty())) return {};
  if (!value.is_structured() || value.empty()) {
    if (name.empty()) return {};
    return {{name, value}};
  }
  Parameters all;
  std::size_t place = 0;
  for (const auto& [key, item] : value.items()) {
    const std::string inner = value.is_array() ? fmt::format("{}[{}]", name, place++)
                              : name.empty()   ? key
                                               : name + "." + key;
    for (auto& parameter : flattened(item, inner)) all.push_back(std::move(parameter));
  }
  return all;
}

Json member_of(const Json& object, const char* name) {
  return object.is_object() && object.contains(name) ? object.at(name) : Json();
}

std::string parameter_text(const std::string& name, const Json& value) {
  if (!value.is_number()) return parameter_text(value);
  const std::string_view word = automatic_word(name, value.get<double>());
  if (!word.empty()) return std::string(word);
  return value.is_number_float() ? fmt::format("{}", value.get<double>()) : parameter_text(value);
}

Json with_words(Json params) {
  if (!params.is_object() || !params.contains("reduction") || !params["reduction"].is_array()) return params;
  for (Json& step : params["reduction"]) {
    if (!step.is_object()) continue;
    const std::string method = step.value("method", "");
    for (auto& [name, value] : step.items()) {
      const std::string_view word = value.is_number() ? automatic_word(method + "." + name, value.get<double>()) : "";
      if (!word.empty()) value = word;
    }
  }
  return params;
}

std::string parameter_text(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return real_to_text(value.get<double>());
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace latentgrid
