#include "report/parameters.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/key.hpp"
#include "methods/methods.hpp"
#include "methods/parameter_names.hpp"

namespace latentgrid {

Parameters all_parameters(const ResultRow& row) {
  using Of = JobParameter::Of;
  Parameters all = {{"dataset", row.dataset}, {"architecture", row.architecture}};
  if (trains_encoder(row.architecture)) {
    all.emplace_back("latent_dim", row.latent == "native" ? Json(row.latent) : Json(row.latent_dim));
    all.emplace_back("epochs", row.epochs);
  }
  std::vector<JobParameter> own = parameters_in(Json::parse(row.params, nullptr, false), row.clustering);
  auto add = [&](Of of) {
    for (JobParameter& one : own) {
      const bool is_there = one.repeats || !find_parameter(all, one.name).is_null();  // epochs of a cosine schedule
      if (one.of == of && !is_there) all.emplace_back(one.name, std::move(one.value));
    }
  };
  add(Of::training);
  all.emplace_back("reduction", row.reduction);
  all.emplace_back("reduced_dim", row.reduced_dim);
  add(Of::reduction);
  all.emplace_back("clustering", row.clustering);
  if (row.k > 0) all.emplace_back("k", row.k);  // otherwise the clustering finds it
  add(Of::clustering);
  all.emplace_back("seed", row.seed);
  add(Of::run);
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

std::string parameter_text(const std::string& name, const Json& value) {
  if (!value.is_number()) return parameter_text(value);
  const std::string_view word = value_word(name, value.get<double>());
  if (!word.empty()) return std::string(word);
  return value.is_number_float() ? fmt::format("{}", value.get<double>()) : parameter_text(value);
}

std::string value_text(const std::string& axis, const Cell& value) {
  return is_nothing(value) ? text_of(value) : parameter_text(axis, json_value(value));
}

std::string parameter_text(const Json& value) {
  if (value.is_null()) return "-";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_float()) return real_to_text(value.get<double>());
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace latentgrid
