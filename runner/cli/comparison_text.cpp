#include "cli/comparison_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/text.hpp"
#include "methods/methods.hpp"
#include "methods/parameter_names.hpp"
#include "report/fields.hpp"
#include "report/parameters.hpp"

namespace latentgrid::cli {

std::string json_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::vector<Cell>> hashed_rows(const HashedDifferences& hashed) {
  auto text = [](const std::vector<std::string>& values) -> Cell {
    return values.empty() ? Cell() : Cell(fmt::format("{}", fmt::join(values, ", ")));
  };
  std::vector<std::vector<Cell>> rows;
  for (const HashedDifference& field : hashed.all()) {
    if (rows.size() == most_hashed_rows) break;
    rows.push_back({field.stage, field.name, text(field.first), text(field.second)});
  }
  return rows;
}

std::string more_hashed_text(const HashedDifferences& hashed) {
  if (hashed.all().size() <= most_hashed_rows) return "";
  return fmt::format("{} more fields of what was hashed differ; --json has them all.",
                     hashed.all().size() - most_hashed_rows);
}

Json json_of(const HashedDifferences& hashed) {
  Json fields = Json::array();
  for (const HashedDifference& field : hashed.all()) {
    fields.push_back({{"stage", field.stage}, {"name", field.name}, {"first", field.first}, {"second", field.second}});
  }
  return {{"fields", fields}, {"gaps", hashed.missing()}};
}

Json json_of(const SameTruth& same) {
  return {{"images", same.images}, {"labels", same.labels}, {"split", same.split}, {"range", same.range}};
}

Json json_of(const std::vector<ParameterDifference>& differences) {
  Json all = Json::array();
  for (const ParameterDifference& difference : differences) {
    all.push_back({{"name", difference.name}, {"first", difference.first}, {"second", difference.second}});
  }
  return all;
}

Json json_of(const std::optional<PairedDifference>& difference) {
  if (!difference) return nullptr;
  return {{"n", difference->n},
          {"mean", difference->mean},
          {"low", difference->low},
          {"high", difference->high},
          {"p", json_of(difference->p)}};
}

Json json_of(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Cell cell_of(const std::optional<double>& value) {
  return value ? Cell(*value) : Cell();
}

Cell cell_of(const std::string& parameter, const Json& value) {
  const bool word = value.is_boolean() || (value.is_number() && !value_word(parameter, value.get<double>()).empty());
  return word ? Cell(parameter_text(parameter, value)) : to_cell(value);
}

std::string doubt_text(const SameTruth& same) {
  if (!same.images)
    return "They are of different images, so their scores measure different things and nothing is tested.";
  if (!same.labels) {
    return "They are scored with different labels, so accuracy, ARI and NMI measure different things.";
  }
  if (!same.split) {
    return "Their public and private parts are different images, so those two accuracies measure different things.";
  }
  if (!same.range) {
    return "One scales its images to [-1, 1], the other to [0, 1], so their reconstruction losses are not compared.";
  }
  return "";
}

}  // namespace latentgrid::cli
