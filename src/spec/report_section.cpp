#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "spec/sections.hpp"

namespace latentgrid {

namespace {

// Columns of the view `results`, and what tables derive from them; with the digits shown unless told otherwise.
const std::map<std::string, int>& fields() {
  static const std::map<std::string, int> known = {{"label", 0},
                                                   {"reduction_label", 0},
                                                   {"sweep", 0},
                                                   {"job", 0},
                                                   {"dataset", 0},
                                                   {"architecture", 0},
                                                   {"latent", 0},
                                                   {"latent_dim", 0},
                                                   {"epochs", 0},
                                                   {"reduction", 0},
                                                   {"reduced_dim", 0},
                                                   {"clustering", 0},
                                                   {"k", 0},
                                                   {"seed", 0},
                                                   {"recon_mse", 4},
                                                   {"accuracy", 4},
                                                   {"accuracy_public", 4},
                                                   {"accuracy_private", 4},
                                                   {"ari", 4},
                                                   {"nmi", 4},
                                                   {"silhouette", 4},
                                                   {"leaderboard_public", 4},
                                                   {"leaderboard_private", 4},
                                                   {"state", 0},
                                                   {"wall_s", 1}};
  return known;
}

class ReportReader {
 public:
  explicit ReportReader(Reader& reader) : reader_(reader) {
    for (const auto& [name, digits] : fields()) names_.push_back(name);
  }

  Json table(const YamlNode& node, const std::string& default_name) {
    Json table = {{"name", default_name}, {"title", ""},     {"columns", Json::array()},
                  {"sort", nullptr},      {"best", nullptr}, {"replicate", "seed"}};
    if (!reader_.expect_map(node, "a table")) return table;
    reader_.check_keys(node, {"name", "title", "columns", "sort", "best", "replicate"}, "a table");
    if (auto* entry = node.find("name")) table["name"] = file_name(entry->value);
    if (auto* entry = node.find("title")) table["title"] = reader_.text(entry->value, "title").value_or("");
    if (auto* entry = node.find("columns")) {
      for (const YamlNode* item : items_of(entry->value)) table["columns"].push_back(column(*item));
    }
    if (table["columns"].empty()) {
      reader_.error(node.where, "a table needs columns", "for example [label, recon_mse, accuracy]");
    }
    if (auto* entry = node.find("sort")) table["sort"] = sort(entry->value);
    if (auto* entry = node.find("best")) {
      table["best"] = best(entry->value);
      check_best(entry->value, table);
    }
    if (auto* entry = node.find("replicate")) {
      auto axis = reader_.parameter(entry->value, {.name = "replicate", .type = ParamType::text, .choices = {"seed"}});
      if (axis) table["replicate"] = *axis;
    }
    return table;
  }

 private:
  void check_best(const YamlNode& node, const Json& table) {
    const std::string name = table["best"].is_string() ? table["best"] : "";
    auto known = fields().find(name);
    if (known == fields().end()) return;  // said already
    const auto& columns = table["columns"];
    const bool shown = std::any_of(columns.begin(), columns.end(), [&](const Json& c) { return c["field"] == name; });
    if (known->second == 0) {
      reader_.error(node.where, fmt::format("'{}' is not measured: there is no best of it", name),
                    "for example recon_mse or accuracy");
    } else if (!shown) {
      reader_.error(node.where, fmt::format("'{}' is none of the table's columns", name), "the best is marked in its column");
    }
  }

  Json file_name(const YamlNode& node) {
    auto name = reader_.text(node, "name").value_or("");
    bool good = !name.empty() && std::all_of(name.begin(), name.end(),
                                             [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '-'; });
    if (!good) reader_.error(node.where, fmt::format("'{}' cannot be a file's name", name), "letters, digits, _ and -");
    return name;
  }

  Json field(const YamlNode& node) {
    auto name = reader_.text(node, "field");
    if (name && !fields().contains(*name)) reader_.unknown(node.where, "field", *name, names_);
    return name.value_or("");
  }

  Json column(const YamlNode& node) {
    Json column = Json::object();
    const YamlNode* written = &node;
    if (node.is_map()) {
      reader_.check_keys(node, {"field", "title", "precision"}, "a column");
      const YamlEntry* entry = node.find("field");
      if (!entry) {
        reader_.error(node.where, "a column needs a field");
        return column;
      }
      written = &entry->value;
    }
    column["field"] = field(*written);
    auto known = fields().find(column["field"]);
    column["title"] = column["field"];
    column["precision"] = known == fields().end() ? 0 : known->second;
    if (auto* entry = node.find("title")) {
      if (!entry->value.is_null()) column["title"] = reader_.text(entry->value, "title").value_or("");
    }
    if (auto* entry = node.find("precision"))
      column["precision"] = reader_.integer(entry->value, "precision", 0, 15).value_or(0);
    return column;
  }

  Json sort(const YamlNode& node) {
    Json sort = {{"field", nullptr}, {"descending", true}};
    if (!node.is_map()) {
      sort["field"] = field(node);
      return sort;
    }
    reader_.check_keys(node, {"field", "descending"}, "sort");
    if (auto* entry = node.find("field")) {
      sort["field"] = field(entry->value);
    } else {
      reader_.error(node.where, "sort needs a field");
    }
    if (auto* entry = node.find("descending"))
      sort["descending"] = reader_.boolean(entry->value, "descending").value_or(true);
    return sort;
  }

  Json best(const YamlNode& node) {
    if (!node.is_map()) return field(node);
    reader_.check_keys(node, {"field"}, "best");
    if (auto* entry = node.find("field")) return field(entry->value);
    reader_.error(node.where, "best needs a field");
    return nullptr;
  }

  Reader& reader_;
  std::vector<std::string> names_;
};

}  // namespace

Json read_report(const YamlNode& node, const std::string& sweep, Reader& reader) {
  if (!reader.expect_map(node, "report")) return nullptr;
  reader.check_keys(node, {"tables"}, "report");
  const YamlEntry* entry = node.find("tables");
  if (!entry || items_of(entry->value).empty()) {
    reader.error(node.where, "report needs tables, a list");
    return nullptr;
  }
  Json tables = Json::array();
  ReportReader report(reader);
  std::map<std::string, int> seen;
  for (const YamlNode* item : items_of(entry->value)) {
    Json table = report.table(*item, sweep);
    if (seen[table["name"]]++ == 1) {
      reader.error(item->where, fmt::format("a second table named '{}'", table["name"].get<std::string>()),
                   "every table is a file: give each a name of its own");
    }
    tables.push_back(std::move(table));
  }
  return {{"tables", tables}};
}

}  // namespace latentgrid
