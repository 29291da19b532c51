#include "spec/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "spec/sections.hpp"

namespace latentgrid {

namespace {

std::string sweep_name(const YamlNode& root, Reader& reader) {
  const YamlEntry* entry = root.find("name");
  if (!entry) {
    reader.error(root.where, "the sweep has no name", "name: what it is called in tables and in the database");
    return "";
  }
  std::string name = reader.text(entry->value, "name").value_or("");
  bool good = !name.empty() && std::all_of(name.begin(), name.end(),
                                           [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
  if (!good && entry->value.is_scalar()) {
    reader.error(entry->value.where, fmt::format("'{}' cannot be a sweep's name", name), "letters, digits, _ and -");
  }
  return name;
}

void read_sections(const YamlNode& root, const SpecOptions& options, Sweep& sweep, Reader& reader) {
  reader.check_keys(root, {"name", "dataset", "architectures", "train", "grid", "seeds", "report"}, "");
  sweep.name = sweep_name(root, reader);
  const auto folder = std::filesystem::absolute(sweep.file).parent_path();
  if (auto* entry = root.find("dataset")) {
    sweep.dataset_where.section = entry->key_where;
    sweep.dataset = read_dataset(entry->value, folder, options.data, sweep.dataset_where, reader);
  } else {
    reader.error(root.where, "the sweep has no dataset");
  }
  sweep.architectures = built_in_architectures();
  if (auto* entry = root.find("architectures")) read_architectures(entry->value, sweep.architectures, reader);
  if (auto* entry = root.find("train")) sweep.train = read_train(entry->value, reader);
  if (auto* entry = root.find("grid")) {
    sweep.grids = read_grids(entry->value, root.find("seeds"), sweep.architectures, reader);
  } else {
    reader.error(root.where, "the sweep has no grid");
  }
  if (auto* entry = root.find("report")) sweep.report = read_report(entry->value, sweep.name, reader);
}

}  // namespace

std::optional<Sweep> load_sweep(const std::filesystem::path& file, const SpecOptions& options,
                                Diagnostics& diagnostics) {
  Sweep sweep;
  sweep.file = file.string();
  try {
    sweep.text = read_file(file);
  } catch (const Error& problem) {
    diagnostics.error({sweep.file, 0, 0}, problem.what());
    return std::nullopt;
  }
  diagnostics.add_source(sweep.file, sweep.text);
  YamlNode root = parse_yaml(sweep.text, sweep.file, diagnostics);
  for (const std::string& option : options.sets) apply_set(root, option, diagnostics);
  if (!root.is_map()) {
    if (!diagnostics.has_errors()) {
      diagnostics.error({sweep.file, 1, 1},
                        fmt::format("a sweep is a map with name, dataset and grid, got {}", shown(root)));
    }
    return std::nullopt;
  }
  Reader reader(diagnostics);
  read_sections(root, options, sweep, reader);
  if (diagnostics.has_errors()) return std::nullopt;
  return sweep;
}

}  // namespace latentgrid
