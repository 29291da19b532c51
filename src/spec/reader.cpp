#include "spec/reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "base/synonyms.hpp"
#include "columns/cell.hpp"
#include "methods/training.hpp"
#include "spec/dataset_section.hpp"
#include "spec/report_section.hpp"
#include "spec/set.hpp"
#include "spec/yaml_mistake.hpp"

namespace latentgrid {

namespace {

std::optional<double> parse_real(std::string_view text) {
  const std::optional<double> value = number_in(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::int64_t> parse_integer(std::string_view text) {
  if (const std::optional<std::int64_t> value = integer_in(text)) return value;
  constexpr double exact = 9007199254740992.0;  // 2^53: up to here a double holds every integer
  auto number = parse_real(text);
  if (!number || std::trunc(*number) != *number || std::abs(*number) > exact) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::vector<std::string> keys_of_grid() {
  std::vector<std::string> axes = {"architecture", "latent_dim", "reduction", "clustering", "seeds", "zip", "exclude", "include"};
  for (MethodKind kind : {MethodKind::training, MethodKind::augmentation, MethodKind::refinement}) axes.push_back(axis_of(kind));
  return axes;
}

// "it belongs to dataset: ..." for a key of another section.
std::string section_of(const std::string& word, const std::string& here, const SourcePosition& where) {
  static const std::vector<std::pair<std::string, std::vector<std::string>>> sections = {
      {"dataset", dataset_keys()},
      {"grid", keys_of_grid()},
      {"report", report_keys()}};
  for (const auto& [section, keys] : sections) {
    const bool elsewhere_too = !here.empty() && (word == "name" || word == "range");  // these have a meaning in other places
    const bool inside = section == here || (section == "grid" && (here == "zip" || here == "include" || here == "exclude"));
    const bool known = std::find(keys.begin(), keys.end(), word) != keys.end();
    const std::string name = known ? word : section == "grid" ? same_thing(word, keys) : "";
    if (inside || elsewhere_too || name.empty()) continue;
    const std::string option = set_option_for(where, word, name == "seeds" ? name : fmt::format("{}.{}", section, name));
    return fmt::format("{} {}: write {}", known ? "it belongs to" : fmt::format("it is called {} and belongs to", name), section,
                       option.empty() ? fmt::format("{}: {{{}: ...}}", section, name) : option);
  }
  return "";
}

// "remove it here: ..." for a random_state of a method.
std::string seeds_are_meant(const std::string& word, const SourcePosition& where) {
  if (same_thing(word, {"seeds"}).empty()) return "";
  const std::string option = set_option_for(where, word, "seeds", "[@]");
  return option.empty() ? "remove it here: the random numbers of all methods follow the seeds of the grid, for example seeds: [1]"
                        : fmt::format("the random numbers of all methods follow the seeds of the grid: write {}", option);
}

// "it belongs to idec" for a key of another refinement than `here`. Options of trainings that refinements lack would be another training's.
std::string another_refinement(const std::string& word, const std::string& here) {
  for (const MethodSpec& method : all_methods()) {
    if (method.kind == MethodKind::refinement && method.name != here && method.find(word)) return fmt::format("it belongs to {}: write refine: {{{}: {{{}: ...}}}}", method.name, method.name, word);
  }
  return "";
}

// "it belongs to tsne: ..." for a key that is a parameter, but not of the section `here`.
std::string where_it_belongs(const std::string& word, const std::string& here, const SourcePosition& where) {
  const std::vector<std::string> sections = {"", "grid", "zip", "include", "exclude", "train", "dataset", "report"};
  const bool in_section = std::find(sections.begin(), sections.end(), here) != sections.end();
  if (const std::string section = in_section ? section_of(word, here, where) : ""; !section.empty()) return section;
  const bool in_method = std::any_of(all_methods().begin(), all_methods().end(),
                                     [&](const MethodSpec& method) { return method.name == here; });
  if (const std::string seeds = in_method ? seeds_are_meant(word, where) : ""; !seeds.empty()) return seeds;
  if (find_method(MethodKind::refinement, here)) return another_refinement(word, here);
  std::vector<MethodSpec> methods = all_methods();  // last those whose parameters have short names, or another's
  std::stable_partition(methods.begin(), methods.end(), [](const MethodSpec& method) {
    return method.kind != MethodKind::augmentation && method.kind != MethodKind::refinement;
  });
  for (const MethodSpec& method : methods) {
    std::vector<std::string> names;
    for (const ParamSpec& param : method.params) names.push_back(param.name);
    const std::string name = same_thing(word, names);
    if (name.empty()) continue;
    const std::string belongs = name == word ? "it belongs to" : fmt::format("it is called {} and belongs to", name);
    const bool training = is_shared_option(method, name);
    if (training && here != "train" && (in_section || in_method)) {
      const std::string option = set_option_for(where, word, "train." + name);
      return fmt::format("{} train: write {}", belongs, option.empty() ? fmt::format("train: {{{}: ...}}", name) : option);
    }
    if (!training && in_section) {
      const std::string axis = axis_of(method.kind);
      const std::string option = set_option_for(where, word, "grid." + axis, fmt::format("{{{}: {{{}: @}}}}", method.name, name));
      return fmt::format("{} {}: write {}", belongs, method.name,
                         option.empty() ? fmt::format("{}: {{{}: {{{}: ...}}}}", axis, method.name, name) : option);
    }
  }
  return "";
}

// What a word is that YAML read as one text because a character is missing: "epochs:4", "epochs 4", "map - costs".
// `value` is what stands after the colon of a key: "pca dim: 4".
std::string what_is_missing_in(const std::string& word, const std::vector<std::string>& known, const YamlNode* value = nullptr) {
  if (std::string hint = missing_colon_hint(word); !hint.empty()) return "a space is missing after the colon: " + hint;
  if (word.find("\xEF\xBC\x9A") != std::string::npos) return "write an ordinary colon (:) and a space";
  const std::string first = word.substr(0, word.find(' '));
  if (first.size() == word.size() || std::find(known.begin(), known.end(), first) == known.end()) return "";
  const std::string rest = word.substr(first.size() + 1);
  if (rest.starts_with("- ")) return "the '-' of the next item is not in the column of the first: align them";
  if (!value) return fmt::format("a colon is missing: write {}: {}", first, rest);
  return fmt::format("a colon is missing after '{0}': write {0}: {{{1}: {2}}}", first, rest, value->is_scalar() ? value->text : "...");
}

}  // namespace

Json typed_scalar(const YamlNode& node, ParamType type) {
  if (!node.quoted) {
    if (type == ParamType::integer) {
      if (auto value = parse_integer(node.text)) return *value;
    } else if (type == ParamType::real) {
      if (auto value = parse_real(node.text)) return *value;
    } else if (type == ParamType::boolean) {
      if (node.text == "true" || node.text == "True" || node.text == "TRUE") return true;
      if (node.text == "false" || node.text == "False" || node.text == "FALSE") return false;
    }
  }
  return node.text;
}

std::string shown(const YamlNode& node) {
  return node.is_scalar() ? fmt::format("'{}'", node.text) : std::string(node.kind_name());
}

std::vector<const YamlNode*> items_of(const YamlNode& node) {
  std::vector<const YamlNode*> items;
  if (node.is_list()) {
    for (const YamlNode& item : node.items) items.push_back(&item);
  } else if (!node.is_null()) {
    items.push_back(&node);
  }
  return items;
}

void Reader::error(const SourcePosition& where, std::string message, std::string hint) {
  ++errors_;
  diagnostics_.error(where, std::move(message), std::move(hint));
}

void Reader::warning(const SourcePosition& where, std::string message, std::string hint) {
  diagnostics_.warning(where, std::move(message), std::move(hint));
}

std::optional<Json> Reader::parameter(const YamlNode& node, const ParamSpec& spec) {
  Json value = node.is_scalar() ? typed_scalar(node, spec.type) : Json();
  if (spec.automatic && value == "auto") return spec.automatic_value();
  std::string problem = check_value(spec, value);
  if (problem.empty()) return value;
  std::string hint;
  if (node.is_scalar()) {
    std::string close = closest_match(node.text, spec.choices);
    if (!close.empty()) hint = fmt::format("did you mean '{}'?", close);
    const std::string elsewhere = spec.choices.empty() || !close.empty() ? "" : known_elsewhere(node.text);
    if (!elsewhere.empty()) hint = fmt::format("there is no {}", elsewhere);
    YamlNode bare = node;
    bare.quoted = false;
    if (node.quoted && check_value(spec, typed_scalar(bare, spec.type)).empty()) {
      hint = "remove the quotes: in quotes it is text";
    }
    if (spec.type == ParamType::boolean && (node.text == "yes" || node.text == "on")) hint = "write true";
    if (spec.type == ParamType::boolean && (node.text == "no" || node.text == "off")) hint = "write false";
  }
  if (node.is_null() && spec.type == ParamType::text) hint = "write it behind the colon; a text that begins with '#' needs quotes";
  error(node.where, fmt::format("{} {}, got {}", spec.name, problem, shown(node)), hint);
  return std::nullopt;
}

std::optional<std::int64_t> Reader::integer(const YamlNode& node, const std::string& what, std::int64_t minimum,
                                            std::int64_t maximum) {
  ParamSpec spec = {.name = what, .type = ParamType::integer, .minimum = static_cast<double>(minimum)};
  if (maximum != std::numeric_limits<std::int32_t>::max()) spec.maximum = static_cast<double>(maximum);
  auto value = parameter(node, spec);
  if (!value) return std::nullopt;
  if (value->get<std::int64_t>() > maximum) {
    error(node.where, fmt::format("{} is too large: at most {}", what, maximum));
    return std::nullopt;
  }
  return value->get<std::int64_t>();
}

std::optional<double> Reader::real(const YamlNode& node, const std::string& what, double minimum, double maximum) {
  auto value = parameter(node, {.name = what, .type = ParamType::real, .minimum = minimum, .maximum = maximum});
  return value ? std::optional<double>(value->get<double>()) : std::nullopt;
}

std::optional<bool> Reader::boolean(const YamlNode& node, const std::string& what) {
  auto value = parameter(node, {.name = what, .type = ParamType::boolean});
  return value ? std::optional<bool>(value->get<bool>()) : std::nullopt;
}

std::optional<std::string> Reader::text(const YamlNode& node, const std::string& what) {
  auto value = parameter(node, {.name = what, .type = ParamType::text});
  return value ? std::optional<std::string>(value->get<std::string>()) : std::nullopt;
}

bool Reader::expect_map(const YamlNode& node, const std::string& what, const std::string& hint) {
  if (node.is_map()) return true;
  const std::string missing = node.is_scalar() ? what_is_missing_in(node.text, {}) : "";
  error(node.where, fmt::format("{} expects keys and values, got {}", what, shown(node)), missing.empty() ? hint : missing);
  return false;
}

void Reader::check_keys(const YamlNode& map, const std::vector<std::string>& known, const std::string& what,
                        const std::vector<std::string>& former) {
  for (const YamlEntry& entry : map.entries) {
    if (std::find(former.begin(), former.end(), entry.key) != former.end()) {
      warning(entry.key_where, fmt::format("{} is no longer an option and is ignored", entry.key), "remove this line");
    } else if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
      unknown(entry.key_where, "key", entry.key, known, what, &entry.value);
      misspelt_.emplace(&map, closest_match(entry.key, known));
    }
  }
}

void Reader::missing(const YamlNode& map, const std::string& key, std::string message, std::string hint) {
  missing(map.where, map, key, std::move(message), std::move(hint));
}

void Reader::missing(const SourcePosition& where, const YamlNode& map, const std::string& key, std::string message, std::string hint) {
  if (!misspelt_.contains({&map, key})) return error(where, std::move(message), std::move(hint));
  ++errors_;
}

void Reader::unknown(const SourcePosition& where, const std::string& kind, const std::string& word,
                     const std::vector<std::string>& known, const std::string& what, const YamlNode* value) {
  const std::string message = fmt::format("unknown {} '{}'{}", kind, word, what.empty() ? "" : " in " + what);
  std::string hint = what_is_missing_in(word, known, value);
  if (hint.empty() && kind == "key" && same_thing(word, known).empty()) hint = where_it_belongs(word, what, where);
  const std::string close = hint.empty() ? closest_match(word, known) : "";
  if (!close.empty()) hint = fmt::format("did you mean '{}'?", close);
  if (hint.empty()) {
    const std::string elsewhere = known_elsewhere(word);
    const std::string there = !known.empty() ? fmt::format("known here: {}", fmt::join(known, ", "))
                              : what.empty() ? fmt::format("there is no {} to choose from", kind)
                                             : fmt::format("{} has no {}", what, kind == "key" ? "parameters" : kind + "s");
    hint = (elsewhere.empty() ? "" : fmt::format("there is no {}; ", elsewhere)) + there;
  }
  error(where, message, hint);
}

}  // namespace latentgrid
