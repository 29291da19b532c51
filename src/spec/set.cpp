#include "spec/set.hpp"

#include <fmt/format.h>

#include <charconv>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

namespace latentgrid {

namespace {

constexpr std::string_view prefix = "--set ";

void renumber(YamlNode& node, const SourcePosition& where) {
  node.where = where;
  for (YamlNode& item : node.items) renumber(item, where);
  for (YamlEntry& entry : node.entries) {
    entry.key_where = where;
    renumber(entry.value, where);
  }
}

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::stringstream stream(path);
  for (std::string part; std::getline(stream, part, '.');) parts.push_back(part);
  if (path.empty() || path.back() == '.') parts.emplace_back();
  return parts;
}

// The child that a path's part names; made where a map has none. Null with an explanation in `problem`.
YamlNode* descend(YamlNode& node, const std::string& part, const SourcePosition& where, std::string& problem) {
  if (node.is_list()) {
    std::size_t index = 0;
    auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), index);
    if (error == std::errc() && end == part.data() + part.size() && index < node.items.size())
      return &node.items[index];
    problem = fmt::format("'{}' is no index of this list: it has {} values, counted from 0", part, node.items.size());
    return nullptr;
  }
  if (node.is_scalar()) {
    problem = fmt::format("'{}' goes below '{}', which is a single value", part, node.text);
    return nullptr;
  }
  node.kind = YamlNode::Kind::map;
  if (YamlEntry* entry = node.find(part)) return &entry->value;
  node.entries.push_back({part, where, {.where = where}});
  return &node.entries.back().value;
}

// "write --set grid.0.epochs=... for the first" where a path names a key of a list of maps.
std::string hint_of_list(const YamlNode& node, const std::vector<std::string>& parts, std::size_t at) {
  const bool digits = parts[at].find_first_not_of("0123456789") == std::string::npos;
  if (digits || !node.is_list() || node.items.empty() || !node.items[0].is_map()) return "";
  std::string path;
  for (std::size_t i = 0; i < parts.size(); ++i) path += fmt::format("{}{}{}", i == 0 ? "" : ".", i == at ? "0." : "", parts[i]);
  return fmt::format("write --set {}=... for the first of them", path);
}

// The grids of a sweep: one, or those of a list.
std::vector<YamlNode*> grids_of(YamlNode& root) {
  std::vector<YamlNode*> grids;
  YamlEntry* entry = root.find("grid");
  if (entry && entry->value.is_map()) grids.push_back(&entry->value);
  if (!entry || !entry->value.is_list()) return grids;
  for (YamlNode& item : entry->value.items) {
    if (item.is_map()) grids.push_back(&item);
  }
  return grids;
}

void put(YamlNode& map, const std::string& key, const YamlNode& value) {
  if (YamlEntry* entry = map.find(key)) {
    entry->value = value;
  } else {
    map.entries.push_back({key, value.where, value});
  }
}

// At the top of the file where it has them there or has no grid, else in each grid.
void set_seeds(YamlNode& root, const YamlNode& value) {
  const std::vector<YamlNode*> grids = grids_of(root);
  const bool at_the_top = root.find("seeds") || grids.empty();
  if (at_the_top) put(root, "seeds", value);
  for (YamlNode* grid : grids) {
    if (!at_the_top || grid->find("seeds")) put(*grid, "seeds", value);
  }
}

void apply(YamlNode& root, const std::string& option, const SourcePosition& where, Diagnostics& diagnostics) {
  std::size_t equals = option.find('=');
  if (equals == std::string::npos || equals == 0) {
    return diagnostics.error(where, "expects path=value", "for example --set train.epochs=5");
  }
  Diagnostics problems;
  YamlNode value = parse_yaml(option.substr(equals + 1), "", problems);
  for (const Diagnostic& problem : problems.all()) diagnostics.error(where, problem.message, problem.hint);
  if (problems.has_errors()) return;
  renumber(value, where);
  const std::string path = option.substr(0, equals);
  if (root.is_map() && (path == "seeds" || path == "grid.seeds")) return set_seeds(root, value);
  YamlNode* node = &root;
  const std::vector<std::string> parts = split_path(path);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].empty()) return diagnostics.error(where, "an empty name in the path");
    std::string problem;
    YamlNode* child = descend(*node, parts[i], where, problem);
    if (!child) {
      return diagnostics.error(where, problem, hint_of_list(*node, parts, i));
    }
    node = child;
  }
  *node = std::move(value);
}

}  // namespace

void apply_set(YamlNode& root, const std::string& option, Diagnostics& diagnostics) { apply(root, option, {std::string(prefix) + option, 0, 0}, diagnostics); }

void apply_slurm(YamlNode& root, const std::string& option, Diagnostics& diagnostics) { apply(root, "slurm." + option, {"--slurm " + option, 0, 0}, diagnostics); }

bool from_set(const SourcePosition& where) { return where.line == 0 && where.file.starts_with(prefix); }

std::string set_option_for(const SourcePosition& where, const std::string& word, const std::string& path,
                           const std::string& around) {
  if (!from_set(where)) return "";
  const std::string option = where.file.substr(prefix.size());
  const std::size_t equals = option.find('=');
  if (split_path(option.substr(0, equals)).back() != word) return "";
  std::string value = around;
  value.replace(value.find('@'), 1, option.substr(equals + 1));
  const std::string set = fmt::format("{}={}", path, value);
  return set.find_first_of(" {}*") == std::string::npos ? fmt::format("--set {}", set) : fmt::format("--set '{}'", set);
}

}  // namespace latentgrid
