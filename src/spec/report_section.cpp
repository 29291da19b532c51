#include "spec/report_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "spec/report_figures.hpp"
#include "spec/report_tables.hpp"

namespace latentgrid {

std::string report_file_name(const YamlNode& node, Reader& reader) {
  auto name = reader.text(node, "name").value_or("");
  bool good = !name.empty() && std::all_of(name.begin(), name.end(),
                                           [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
  if (!good) reader.error(node.where, fmt::format("'{}' cannot be a file's name", name), "a name has letters, digits, _ and - only");
  return name;
}

namespace {

Json read_tables(const YamlNode& node, Sweep& sweep, Reader& reader) {
  Json tables = Json::array();
  std::map<std::string, int> seen;
  for (const YamlNode* item : items_of(node)) {
    Json table = read_report_table(*item, sweep.name, reader, sweep.table_jobs, sweep.report_parameters);
    if (seen[table["name"]]++ == 1) {
      reader.error(item->where, fmt::format("there is a second table named '{}'", table["name"].get<std::string>()),
                   "give each table a name of its own, because each is a file");
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
      reader.error(item->where, fmt::format("there is a second figure named '{}'", figure.name),
                   fmt::format("give each figure a name of its own, because each is a file: {}: {{name: ...}}", figure.kind));
    }
    figures.push_back(std::move(figure));
  }
  return figures;
}

}  // namespace

const std::vector<std::string>& report_keys() {
  static const std::vector<std::string> keys = {"tables", "figures"};
  return keys;
}

void read_report(const YamlNode& node, const std::filesystem::path& folder,
                 const std::optional<std::filesystem::path>& data, Sweep& sweep, Reader& reader) {
  if (!reader.expect_map(node, "report")) return;
  reader.check_keys(node, report_keys(), "report");
  const YamlEntry *tables = node.find("tables"), *figures = node.find("figures");
  if (!tables && !figures) {
    const std::string meant = node.entries.empty() ? "" : closest_match(node.entries[0].key, report_keys());
    return reader.missing(node, meant, "report has neither tables nor figures",
                          "for example report: {tables: [{columns: [label, accuracy]}]}");
  }
  sweep.report = Json::object();
  if (tables) {
    sweep.report["tables"] = read_tables(tables->value, sweep, reader);
    if (sweep.report["tables"].empty())
      reader.error(tables->key_where, "tables is an empty list", "list a table, or remove tables to get the usual one");
  }
  if (!figures) return;
  sweep.figures = read_figures(figures->value, {folder, data, sweep.architectures}, reader);
  sweep.report["figures"] = Json::array();
  for (const FigureRequest& figure : sweep.figures) sweep.report["figures"].push_back(figure.json);
}

}  // namespace latentgrid
