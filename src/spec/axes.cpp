#include "spec/axes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "base/text.hpp"
#include "methods/training.hpp"

namespace latentgrid {

namespace {

// More values than this on one axis are a slip in the file; written out they would not fit in memory.
constexpr double most_values = 1e7;

ParamSpec seed_spec() {
  return {.name = "seeds", .type = ParamType::integer, .minimum = 0};
}
ParamSpec latent_spec() {
  return {.name = "latent_dim", .type = ParamType::integer, .minimum = 1, .maximum = 1 << 24};
}
ParamSpec reduced_spec() {
  return {.name = "reduced_dim", .type = ParamType::integer, .minimum = 1};
}

// "write [0,1] for several values" for the text 0,1 where one value is a number.
std::string list_that_is_meant(const YamlNode& node, const ParamSpec& spec) {
  if (!node.is_scalar() || node.quoted || node.text.find(',') == std::string::npos || check_value(spec, node.text).empty()) return "";
  std::istringstream parts(node.text);
  for (std::string part; std::getline(parts, part, ',');) {
    YamlNode one = node;
    one.text = trimmed(part);
    if (!check_value(spec, typed_scalar(one, spec.type)).empty()) return "";
  }
  return fmt::format("write [{}] for several values", node.text);
}

// Whose value "pca: 8" or "kmeans: [2, 3]" is.
std::string map_that_is_meant(const MethodSpec& method, const YamlNode& value) {
  const std::string example = "for example " + method.example;
  if (method.main_parameter.empty()) return example;
  std::vector<std::string> values;
  for (const YamlNode* item : items_of(value)) {
    if (!typed_scalar(*item, ParamType::integer).is_number()) return example;
    values.push_back(item->text);
  }
  const std::string list = fmt::format("{}", fmt::join(values, ", "));
  return fmt::format("write {}: {{{}: {}}}", method.name, method.main_parameter, value.is_list() ? "[" + list + "]" : list);
}

// The method of this name whose axis is another than that of `kind`; null if there is none.
const MethodSpec* on_another_axis(MethodKind kind, const std::string& name) {
  for (MethodKind other : {MethodKind::training, MethodKind::augmentation, MethodKind::refinement, MethodKind::reduction, MethodKind::clustering}) {
    const MethodSpec* found = other == kind ? nullptr : find_method(other, name);
    if (found) return found;
  }
  return nullptr;
}

}  // namespace

AxisReader::AxisReader(const std::map<std::string, Architecture>& architectures, Reader& reader)
    : architectures_(architectures),
      reader_(reader),
      names_{"architecture", "latent_dim", "training", augment_parameter, refine_parameter, "reduction", "clustering", "seeds"} {
  for (const ParamSpec& param : training_options()) {
    names_.push_back(param.name);
    train_names_.push_back(param.name);
  }
}

Axis AxisReader::read(const YamlEntry& entry, Use use) {
  Axis axis = {entry.key, entry.key_where, {}};
  const std::size_t before = reader_.errors();
  if (entry.key == "architecture") {
    axis.values = architecture_values(entry.value);
  } else if (entry.key == "latent_dim") {
    axis.values = latent_values(entry.value);
  } else if (const auto kind = methods_on_axis(entry.key)) {
    axis.values = method_values(entry.value, *kind, use);
  } else if (entry.key == "seeds") {
    axis.values = parameter_values(entry.value, seed_spec());
    warn_of_a_number_of_seeds(entry.value, axis.values);
  } else if (entry.key == "reduced_dim") {
    axis.values = parameter_values(entry.value, reduced_spec());
  } else {
    axis.values = parameter_values(entry.value, *find_training_option(entry.key));
  }
  if (axis.values.empty() && reader_.errors() == before) {
    reader_.error(entry.value.where, fmt::format("{} has no values", entry.key), "write a value or a list of values, or remove the key");
  }
  return axis;
}

std::vector<AxisValue> AxisReader::parameter_values(const YamlNode& node, const ParamSpec& spec) {
  if (node.is_map()) return range_values(node, spec);
  std::vector<AxisValue> values;
  if (const std::string hint = list_that_is_meant(node, spec); !hint.empty()) {
    reader_.error(node.where, fmt::format("{} {}, got {}", spec.name, check_value(spec, node.text), shown(node)), hint);
    return values;
  }
  for (const YamlNode* item : items_of(node)) {
    if (auto value = reader_.parameter(*item, spec))
      values.push_back({.where = item->where, .value = std::move(*value)});
  }
  return values;
}

void AxisReader::warn_of_a_number_of_seeds(const YamlNode& node, const std::vector<AxisValue>& values) {
  constexpr std::int64_t most = 20;  // a larger number is hardly meant as a number of seeds
  if (!node.is_scalar() || values.size() != 1) return;
  const auto number = values[0].value.get<std::int64_t>();
  if (number < 2 || number > most) return;
  reader_.warning(node.where, fmt::format("seeds: {0} means the single seed {0}, not {0} seeds", number),
                  fmt::format("write seeds: {{range: [0, {}]}} for {} seeds, or seeds: [{}] if one is what you want", number - 1,
                              number, number));
}

std::vector<AxisValue> AxisReader::range_values(const YamlNode& node, const ParamSpec& spec) {
  std::vector<AxisValue> values;
  reader_.check_keys(node, {"range"}, spec.name);
  const YamlEntry* range = node.find("range");
  if (!range) return values;
  auto complain = [&](const SourcePosition& where, const std::string& message) {
    reader_.error(where, message, "{range: [start, stop]} or {range: [start, stop, step]}; stop is included");
    return std::vector<AxisValue>{};
  };
  if (spec.type != ParamType::integer && spec.type != ParamType::real) {
    return complain(range->key_where, fmt::format("{} has no order: a range needs numbers", spec.name));
  }
  const std::vector<YamlNode>& items = range->value.items;
  if (items.size() < 2 || items.size() > 3) return complain(range->value.where, "range expects two or three numbers");
  std::vector<double> numbers;
  ParamSpec step_spec = {.name = "step", .type = spec.type, .minimum = 0, .exclusive_minimum = true};
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto number = reader_.parameter(items[i], i < 2 ? spec : step_spec);
    if (!number) return values;
    numbers.push_back(number->get<double>());
  }
  const double start = numbers[0], stop = numbers[1], step = items.size() == 3 ? numbers[2] : 1;
  if (stop < start) return complain(items[1].where, "the range ends before it starts");
  const double rounding = spec.type == ParamType::real ? 1e-9 : 0;  // (0.3 - 0) / 0.1 is a little less than 3
  const double count = std::floor((stop - start) / step + rounding) + 1;
  if (count > most_values) return complain(range->value.where, fmt::format("the range has {:.0f} values", count));
  for (std::int64_t i = 0; i < static_cast<std::int64_t>(count); ++i) {
    const double number = start + static_cast<double>(i) * step;
    // 0.1 + 2*0.1 should be the 0.3 that a person would write.
    Json value = spec.type == ParamType::integer ? Json(static_cast<std::int64_t>(number))
                                                 : Json(std::stod(fmt::format("{:.12g}", number)));
    values.push_back({.where = range->value.where, .value = std::move(value)});
  }
  return values;
}

std::vector<AxisValue> AxisReader::latent_values(const YamlNode& node) {
  if (node.is_map()) return range_values(node, latent_spec());
  std::vector<AxisValue> values;
  for (const YamlNode* item : items_of(node)) {
    if (item->is_scalar() && item->text == "native") {
      values.push_back({.where = item->where, .value = "native"});
    } else if (Json number = typed_scalar(*item, ParamType::integer); item->is_scalar() && number.is_number()) {
      if (auto value = reader_.parameter(*item, latent_spec()))
        values.push_back({.where = item->where, .value = *value});
    } else {
      const std::string list = list_that_is_meant(*item, latent_spec());
      std::string close = closest_match(item->text, {"native"});
      reader_.error(item->where, fmt::format("latent_dim expects an integer or native, got {}", shown(*item)),
                    !list.empty() ? list : close.empty() ? "" : "did you mean 'native'?");
    }
  }
  return values;
}

std::vector<AxisValue> AxisReader::architecture_values(const YamlNode& node) {
  std::vector<AxisValue> values;
  for (const YamlNode* item : items_of(node)) {
    if (item->is_map()) {
      for (const YamlEntry& entry : item->entries)
        values.push_back(architecture(entry.key, entry.key_where, &entry.value));
    } else if (item->is_scalar()) {
      values.push_back(architecture(item->text, item->where, nullptr));
    } else {
      reader_.error(item->where, fmt::format("architecture expects a name, got {}", shown(*item)), "for example AE1, or {AE1: {epochs: 10}}");
    }
  }
  return values;
}

AxisValue AxisReader::architecture(const std::string& name, const SourcePosition& where, const YamlNode* below) {
  AxisValue value = {.where = where, .value = name};
  const MethodSpec* untrained = untrained_encoder(name);
  if (!untrained && !architectures_.contains(name)) {
    std::vector<std::string> known = untrained_encoder_names();
    for (const auto& [other, architecture] : architectures_) known.push_back(other);
    reader_.unknown(where, "architecture", name, known);
  }
  if (!below || below->is_null()) return value;
  if (!reader_.expect_map(*below, name, fmt::format("for example {}: {{epochs: 20}}", name))) return value;
  if (untrained && !below->entries.empty()) {
    reader_.error(below->entries[0].key_where, fmt::format("{} are not trained, so there is nothing to set", untrained->display_name),
                  fmt::format("write only {}", name));
    return value;
  }
  std::vector<std::string> known = train_names_;
  known.insert(known.end(), {"latent_dim", "training", augment_parameter, refine_parameter});
  reader_.check_keys(*below, known, name);
  for (const YamlEntry& entry : below->entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) value.axes.push_back(read(entry, Use::grid));
  }
  return value;
}

std::vector<AxisValue> AxisReader::method_values(const YamlNode& node, MethodKind kind, Use use) {
  std::vector<AxisValue> values;
  for (const YamlNode* item : items_of(node)) {
    if (item->is_list() && is_chained(kind)) {
      values.push_back(chain(*item, kind, use));
    } else {
      for (AxisValue& value : choices(*item, kind, use)) values.push_back(std::move(value));
    }
  }
  return values;
}

// A name, or a map of names to parameters: each is a value of its own.
std::vector<AxisValue> AxisReader::choices(const YamlNode& item, MethodKind kind, Use use) {
  std::vector<AxisValue> values;
  if (item.is_list()) {
    reader_.error(item.where, fmt::format("a {} is the name of a method, not a list", kind_text(kind)), "only augmentations and reductions can be chained");
  }
  if (item.is_scalar()) {
    if (may_be_none(kind) && item.text == "none") return {{.where = item.where}};
    if (auto choice = method(kind, item.text, item.where, nullptr, use)) {
      values.push_back({.where = item.where, .methods = {std::move(*choice)}});
    }
  }
  for (const YamlEntry& entry : item.entries) {
    if (may_be_none(kind) && entry.key == "none" && entry.value.is_null()) {
      values.push_back({.where = entry.key_where});
    } else if (auto choice = method(kind, entry.key, entry.key_where, &entry.value, use)) {
      values.push_back({.where = entry.key_where, .methods = {std::move(*choice)}});
    }
  }
  return values;
}

AxisValue AxisReader::chain(const YamlNode& list, MethodKind kind, Use use) {
  AxisValue value = {.where = list.where};
  if (list.items.empty()) {
    reader_.error(list.where, fmt::format("this chain of {}s is empty", kind_text(kind)), fmt::format("write none for no {}", kind_text(kind)));
  }
  std::set<std::string> seen;
  for (const YamlNode& step : list.items) {
    std::vector<AxisValue> one = step.is_list() ? std::vector<AxisValue>{} : choices(step, kind, use);
    if (step.is_list() || one.size() > 1 || (one.size() == 1 && one[0].methods.empty())) {
      reader_.error(step.where, "a step of a chain must be one method", fmt::format("for example {}", example_chain(kind)));
      continue;
    }
    if (one.empty()) continue;
    if (!seen.insert(one[0].methods[0].method).second) {
      reader_.error(step.where, fmt::format("this chain uses {} twice", one[0].methods[0].method), "remove one of them");
    }
    value.methods.push_back(std::move(one[0].methods[0]));
  }
  return value;
}

std::optional<MethodChoice> AxisReader::method(MethodKind kind, const std::string& name, const SourcePosition& where,
                                               const YamlNode* params, Use use) {
  const MethodSpec* spec = find_method(kind, name);
  if (!spec) {
    const std::string axis = kind_text(kind);
    std::vector<std::string> known = method_names(kind);
    if (may_be_none(kind)) known.insert(known.begin(), "none");
    if (const std::string meant = method_meant_by(kind, name); !meant.empty()) {
      reader_.error(where, fmt::format("unknown {} '{}'", axis, name), fmt::format("did you mean '{}'?", meant));
    } else if (const MethodSpec* other = on_another_axis(kind, name)) {
      reader_.error(where, fmt::format("unknown {} '{}'", axis, name),
                    fmt::format("it belongs to {0}: write {0}: {1}", axis_of(other->kind), other->name));
    } else {
      reader_.unknown(where, axis, name, known, "", params);
    }
    return std::nullopt;
  }
  MethodChoice choice = {name, where, {}};
  std::set<std::string> written;
  const std::size_t before = reader_.errors();
  if (params && !params->is_null() && reader_.expect_map(*params, name, map_that_is_meant(*spec, *params))) {
    std::vector<std::string> known;
    for (const ParamSpec& param : spec->params) known.push_back(param.name);
    reader_.check_keys(*params, known, name);
    for (const YamlEntry& entry : params->entries) {
      const ParamSpec* param = spec->find(entry.key);
      if (!param) continue;
      written.insert(entry.key);
      Axis axis = {entry.key, entry.key_where, parameter_values(entry.value, *param)};
      if (entry.value.is_null() || (entry.value.is_list() && entry.value.items.empty())) {
        reader_.error(entry.value.where, fmt::format("{} has no values", entry.key), "write a value or a list of values, or remove the key");
      }
      choice.params.push_back(std::move(axis));
    }
  }
  if (reader_.errors() > before) return choice;  // what is missing may be misspelt
  for (const ParamSpec& param : spec->params) {
    const bool may_miss = !param.default_value.is_null() || kind != MethodKind::reduction || use == Use::exclusion;
    if (!may_miss && !written.contains(param.name)) {
      reader_.error(where, fmt::format("{} needs {}", name, param.name),
                    fmt::format("{}: {{{}: ...}}", name, param.name));
    }
  }
  return choice;
}

}  // namespace latentgrid
