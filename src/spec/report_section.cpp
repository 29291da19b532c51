#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "spec/report_parts.hpp"
#include "spec/sections.hpp"

namespace latentgrid {

std::string report_file_name(const YamlNode& node, Reader& reader) {
  auto name = reader.text(node, "name").value_or("");
  bool good = !name.empty() && std::all_of(name.begin(), name.end(),
                                           [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
  if (!good) reader.error(node.where, fmt::format("'{}' cannot be a file's name", name), "letters, digits, _ and -");
  return name;
}

namespace {

Json read_tables(const YamlNode& node, Sweep& sweep, Reader& reader) {
  Json tables = Json::array();
  std::map<std::string, int> seen;
  for (const YamlNode* item : items_of(node)) {
    Json table = read_report_table(*item, sweep.name, reader, sweep.table_conditions, sweep.report_parameters);
    if (seen[table["name"]]++ == 1) {
      reader.error(item->where, fmt::format("a second table named '{}'", table["name"].get<std::string>()),
                   "every table is a file: give each a name of its own");
    }
    tables.push_back(std::move(table));
  }
  return tables;
}

std::vector<FigureRequest> read_figures(const YamlNode& node, const FigureContext& context, Reader& reader) {
  std::vector<FigureRequest> figures;
  std::set<std::string> names;
  for (const YamlNode* item : items_of(node)) {
    FigureRequest figure = read_report_figure(*item, context, reader);
    if (!figure.name.empty() && !names.insert(figure.name).second) {
      reader.error(item->where, fmt::format("a second figure named '{}'", figure.name),
                   fmt::format("every figure is a file: {}: {{name: ...}}", figure.kind));
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace

void read_report(const YamlNode& node, const std::filesystem::path& folder,
                 const std::optional<std::filesystem::path>& data, Sweep& sweep, Reader& reader) {
  if (!reader.expect_map(node, "report")) return;
  reader.check_keys(node, {"tables", "figures"}, "report");
  const YamlEntry *tables = node.find("tables"), *figures = node.find("figures");
  if (!tables && !figures) return reader.error(node.where, "report needs tables or figures, a list");
  sweep.report = Json::object();
  if (tables) {
    sweep.report["tables"] = read_tables(tables->value, sweep, reader);
    if (sweep.report["tables"].empty())
      reader.error(tables->key_where, "report needs tables, a list", "leave it out for the usual table");
  }
  if (!figures) return;
  sweep.figures = read_figures(figures->value, {folder, data, sweep.architectures}, reader);
  sweep.report["figures"] = Json::array();
  for (const FigureRequest& figure : sweep.figures) sweep.report["figures"].push_back(figure.json);
}

}  // namespace latentgrid
