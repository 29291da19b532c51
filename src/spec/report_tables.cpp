#include "spec/report_tables.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "base/error.hpp"
#include "base/synonyms.hpp"
#include "columns/condition.hpp"
#include "columns/fields.hpp"
#include "columns/measures.hpp"
#include "columns/names.hpp"
#include "methods/parameter_names.hpp"
#include "spec/report_section.hpp"

namespace latentgrid {

namespace {

// Axes that a table may average over, besides those of methods, which are called "tsne.perplexity".
const std::vector<std::string>& common_axes() {
  static const std::vector<std::string> axes = [] {
    std::vector<std::string> all = axes_of_every_job();
    std::erase(all, "seed");
    all.insert(all.end(), {"batch_size", "learning_rate", "weight_decay", "optimizer", "lr_schedule"});
    return all;
  }();
  return axes;
}

class TableReader {
 public:
  TableReader(Reader& reader, std::vector<TableJobs>& jobs, std::vector<ReportParameter>& parameters)
      : reader_(reader), jobs_(jobs), parameters_(parameters), names_(report_fields()) {
    for (std::string& parameter : parameter_names()) names_.push_back(std::move(parameter));
  }

  Json table(const YamlNode& node, const std::string& default_name) {
    Json table = {{"name", default_name}, {"title", ""},     {"columns", Json::array()},
                  {"sort", nullptr},      {"best", nullptr}, {"replicate", "seed"}};
    if (!reader_.expect_map(node, "a table", "for example {columns: [label, accuracy]}")) return table;
    reader_.check_keys(node,
                       {"name", "title", "caption", "columns", "pivot", "form", "where", "average_over", "group_by_all_except", "sort",
                        "best", "percent", "n", "notes", "row_titles", "replicate", "space"},
                       "a table");
    if (auto* entry = node.find("name")) table["name"] = report_file_name(entry->value, reader_);
    if (auto* entry = node.find("title")) table["title"] = reader_.text(entry->value, "title").value_or("");
    read_looks(node, table);
    if (auto* entry = node.find("where")) table["where"] = where(entry->value);
    if (auto* entry = node.find("columns")) table["columns"] = columns(entry->value);
    if (auto* entry = node.find("pivot")) table["pivot"] = pivot(*entry, node);
    if (auto* entry = node.find("columns"); entry && table["columns"].empty() && !table.contains("pivot")) {
      reader_.error(entry->value.where, "columns names no column", "leave it out for the usual columns");
    }
    if (auto* entry = node.find("form")) table["form"] = form(*entry, table);
    read_averages(node, table);
    if (auto* entry = node.find("sort")) {
      table["sort"] = sort(entry->value);
      check_sort(entry->value, table);
    }
    if (auto* entry = node.find("best")) {
      table["best"] = best(entry->value);
      check_best(entry->value, table);
    }
    if (auto* entry = node.find("replicate")) {
      auto axis = reader_.parameter(entry->value, {.name = "replicate", .type = ParamType::text, .choices = {"seed"}});
      if (axis) table["replicate"] = *axis;
    }
    read_space(node, table);
    return table;
  }

 private:
  // Before the columns: percent decides their digits.
  void read_looks(const YamlNode& node, Json& table) {
    if (auto* entry = node.find("caption")) table["caption"] = reader_.text(entry->value, "caption").value_or("");
    for (const char* const name : {"percent", "n", "notes"}) {
      if (auto* entry = node.find(name)) table[name] = reader_.boolean(entry->value, name).value_or(false);
    }
    percent_ = table.value("percent", false);
    const YamlEntry* titles = node.find("row_titles");
    if (!titles || !reader_.expect_map(titles->value, "row_titles")) return;
    table["row_titles"] = Json::object();
    for (const YamlEntry& entry : titles->value.entries) {
      if (auto title = reader_.text(entry.value, "a row's title")) table["row_titles"][entry.key] = *title;
    }
  }

  // The one that some measures are taken in.
  void read_space(const YamlNode& node, Json& table) {
    const YamlEntry* entry = node.find("space");
    if (entry) table["space"] = reader_.text(entry->value, "space").value_or("");
    if (!entry && in_space_) {
      reader_.error(in_space_->second, fmt::format("{} needs the table's space", in_space_->first),
                    fmt::format("for example space: {}, or the id of a job, whose points are then the space", untrained_encoder_names().front()));
    } else if (entry && !in_space_) {
      reader_.error(entry->key_where, "no column of the table is taken in a space",
                    fmt::format("{} are, in the same one for all jobs", fmt::join(names_of_measures_in_space(), " and ")));
    }
  }

  // Two names for one thing.
  void read_averages(const YamlNode& node, Json& table) {
    const YamlEntry *over = node.find("average_over"), *except = node.find("group_by_all_except");
    if (over && except) {
      reader_.error(except->key_where, "group_by_all_except says the same as average_over", "remove one of them");
    } else if (over || except) {
      table["group_by_all_except"] = axes((over ? over : except)->value);
    }
  }

  // A map of columns and their values, or a list of conditions; the report reads them again.
  Json where(const YamlNode& node) {
    Json texts = Json::array();
    TableJobs jobs{node.where, {}};
    auto add = [&](const YamlNode& at, const SourcePosition& of_column, const std::string& text) {
      if (std::optional<Condition> condition = condition_in(at, of_column, text)) {
        jobs.conditions.push_back({std::move(*condition), of_column, at.where});
        texts.push_back(text);
      }
    };
    if (node.is_map()) {
      for (const YamlEntry& entry : node.entries) add(entry.value, entry.key_where, condition_text(entry));
    } else {
      for (const YamlNode* item : items_of(node)) {
        if (auto text = reader_.text(*item, "a condition")) add(*item, item->where, *text);
      }
    }
    jobs_.push_back(std::move(jobs));
    if (texts.empty() && (node.is_map() ? node.entries.empty() : items_of(node).empty())) {
      reader_.error(node.where, "where has no condition",
                    "for example where: {architecture: [AE1, AE2], epochs: '>= 4'}");
    }
    return texts;
  }

  // `epochs: [4, 20]`, `epochs: ">= 4"`.
  std::string condition_text(const YamlEntry& entry) {
    const YamlNode& value = entry.value;
    if (value.is_scalar() && value.text.find_first_of("=!<>") == 0) return entry.key + " " + value.text;
    std::string text;
    for (const YamlNode* item : items_of(value)) {
      if (!item->is_scalar()) {
        reader_.error(item->where, fmt::format("{} expects a value or a list of values", entry.key));
        continue;
      }
      text += (text.empty() ? "" : ", ") + item->text;
    }
    return entry.key + " = " + text;
  }

  // Nothing for one that cannot be read, or whose column there cannot be.
  std::optional<Condition> condition_in(const YamlNode& at, const SourcePosition& of_column, const std::string& text) {
    Condition condition;
    try {
      condition = parse_condition(text);
    } catch (const UsageError& error) {
      reader_.error(at.where, error.what());
      return std::nullopt;
    }
    const std::string& column = condition.column;
    if (is_axis(column) || (is_report_field(column) && is_recorded(column))) return condition;
    std::vector<std::string> known = common_axes();
    for (const std::string& name : report_fields()) {
      if (is_recorded(name)) known.push_back(name);
    }
    reader_.unknown(of_column, "column", column, known, "where");
    return std::nullopt;
  }

  static bool is_axis(const std::string& name) {
    return std::find(common_axes().begin(), common_axes().end(), name) != common_axes().end() || parameter_type(name);
  }

  // In the database, and neither put together nor computed when a table asks.
  static bool is_recorded(const std::string& name) {
    const JobField* field = find_job_field(name);
    return !find_measure(name) && !(field && field->kind == JobField::Kind::made);
  }

  static bool shows(const Json& columns, const std::string& name) {
    return std::any_of(columns.begin(), columns.end(), [&](const Json& c) { return c.value("field", "") == name; });
  }

  static bool is_measured(const Json& column) {
    const std::string name = column.value("field", "");
    return find_metric(name) || find_measure(name);
  }

  // A cell of a pivot holds several jobs: only what its rows and columns name is the same for all of them.
  void check_sort(const YamlNode& node, const Json& table) {
    if (!table.contains("pivot") || !table["sort"].is_object() || !table["sort"]["field"].is_string()) return;
    const std::string name = table["sort"]["field"];
    const Json& pivot = table["pivot"];
    if (!is_field(name)) return;  // said already
    if (shows(pivot["rows"], name) || shows(pivot["columns"], name) || shows(pivot["values"], name)) return;
    if (misspelt_.contains(name)) return;
    reader_.error(node.where, fmt::format("'{}' is in neither rows, columns nor values of the pivot", name),
                  "a pivot is sorted by what it shows");
  }

  void check_best(const YamlNode& node, const Json& table) {
    const std::string name = table["best"].is_string() ? table["best"] : "";
    if (!is_field(name)) return;  // said already
    const bool by_default = table["columns"].empty() && !table.contains("pivot");  // which they are is known after the run
    const bool shown = by_default || misspelt_.contains(name) || shows(table["columns"], name) ||
                       (table.contains("pivot") && shows(table["pivot"]["values"], name));
    if (find_measure(name)) {
      reader_.error(node.where, fmt::format("no best is marked by {}, which may be no better than chance", name), "sort: takes it");
    } else if (!find_metric(name)) {
      reader_.error(node.where, fmt::format("'{}' is not measured: there is no best of it", name),
                    "for example recon_mse or accuracy");
    } else if (!shown) {
      reader_.error(node.where, fmt::format("'{}' is none of the table's columns", name),
                    "the best is marked in its column");
    }
  }

  Json pivot(const YamlEntry& entry, const YamlNode& table) {
    Json pivot = {{"rows", Json::array()}, {"columns", Json::array()}, {"values", Json::array()}};
    constexpr const char* example = "for example {rows: architecture, columns: reduction_label, values: accuracy}";
    if (!reader_.expect_map(entry.value, "pivot", example)) return pivot;
    reader_.check_keys(entry.value, {"rows", "columns", "values"}, "pivot");
    for (const char* const other : {"columns", "form", "average_over", "group_by_all_except"}) {
      const YamlEntry* found = table.find(other);
      if (found)
        reader_.error(found->key_where, fmt::format("a pivot has no {} beside it", other), "remove one of them");
    }
    for (const char* const part : {"rows", "columns", "values"}) {
      const YamlEntry* found = entry.value.find(part);
      if (!found) {
        if (std::string(part) != "columns") {
          reader_.missing(entry.value, part, fmt::format("a pivot needs {}", part), example);
        }
        continue;
      }
      pivot[part] = columns(found->value);
      const bool measured = std::string(part) == "values";
      for (std::size_t i = 0; i < pivot[part].size(); ++i) {
        const Json& column = pivot[part][i];
        if (column.value("field", "").empty() || is_measured(column) == measured) continue;
        reader_.error(items_of(found->value)[i]->where,
                      fmt::format("'{}' is {}measured", column["field"].get<std::string>(), measured ? "not " : ""),
                      measured ? "values are fields such as recon_mse or accuracy"
                               : "rows and columns are fields such as architecture or latent_dim");
      }
    }
    return pivot;
  }

  Json form(const YamlEntry& entry, const Json& table) {
    auto chosen =
        reader_.parameter(entry.value, {.name = "form", .type = ParamType::text, .choices = {"wide", "long"}});
    const Json& columns = table["columns"];
    if (chosen == Json("long") && !table.contains("pivot") && !columns.empty() &&
        std::none_of(columns.begin(), columns.end(), [&](const Json& c) { return is_measured(c); })) {
      reader_.error(entry.value.where, "a table in long form needs a measured column", "for example accuracy");
    }
    return chosen.value_or("wide");
  }

  Json axes(const YamlNode& node) {
    Json names = Json::array();
    for (const YamlNode* item : items_of(node)) {
      auto name = reader_.text(*item, "an axis");
      if (!name) continue;
      *name = canonical_column(*name);
      if (*name == "seed" || *name == "seeds") continue;  // every row is the mean over its seeds
      if (!is_axis(*name)) reader_.unknown(item->where, "axis", *name, common_axes());
      names.push_back(*name);
    }
    return names;
  }

  // A column of the jobs or a parameter of them, under its canonical name.
  static bool is_field(const std::string& name) {
    return is_report_field(name) || parameter_type(name).has_value();
  }

  Json field(const YamlNode& node) {
    auto name = reader_.text(node, "field");
    if (!name) return "";
    *name = canonical_column(*name);
    if (!is_field(*name)) {
      unknown_field(node.where, *name);
    } else if (!is_report_field(*name)) {
      parameters_.push_back({*name, node.where});
    }
    if (const Measure* measure = find_measure(*name); measure && measure->needs_space && !in_space_) in_space_ = {*name, node.where};
    return *name;
  }

  void unknown_field(const SourcePosition& where, const std::string& name) {
    const std::string close = closest_match(name, names_);
    misspelt_.insert(close);
    if (!unknown_.insert(name).second) return;  // `sort` and `best` name a column that is misspelt already
    const std::string elsewhere = known_elsewhere(name);
    reader_.error(where, fmt::format("unknown field '{}'", name),
                  close.empty() ? fmt::format("{}known here: {}, and parameters of the jobs such as {}",
                                              elsewhere.empty() ? "" : fmt::format("there is no {}; ", elsewhere),
                                              fmt::join(report_fields(), ", "), example_parameter)
                                : fmt::format("did you mean '{}'?", close));
  }

  Json columns(const YamlNode& node) {
    Json all = Json::array();
    for (const YamlNode* item : items_of(node)) all.push_back(column(*item));
    return all;
  }

  Json column(const YamlNode& node) {
    Json column = Json::object();
    const YamlNode* written = &node;
    if (node.is_map()) {
      reader_.check_keys(node, {"field", "title", "precision"}, "a column");
      const YamlEntry* entry = node.find("field");
      if (!entry) {
        reader_.missing(node, "field", "a column needs a field");
        return column;
      }
      written = &entry->value;
    }
    column["field"] = field(*written);
    const Metric* metric = find_metric(column["field"].get_ref<const std::string&>());
    column["title"] = column["field"];
    const Measure* measure = find_measure(column["field"].get_ref<const std::string&>());
    column["precision"] = measure ? measure->digits : !metric ? 0 : percent_ && metric->fraction ? 1 : metric->digits;
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
      reader_.missing(node, "field", "sort needs a field");
    }
    if (auto* entry = node.find("descending"))
      sort["descending"] = reader_.boolean(entry->value, "descending").value_or(true);
    return sort;
  }

  Json best(const YamlNode& node) {
    if (!node.is_map()) return field(node);
    reader_.check_keys(node, {"field"}, "best");
    if (auto* entry = node.find("field")) return field(entry->value);
    reader_.missing(node, "field", "best needs a field");
    return nullptr;
  }

  Reader& reader_;
  std::vector<TableJobs>& jobs_;
  std::vector<ReportParameter>& parameters_;
  std::vector<std::string> names_;
  std::set<std::string> unknown_, misspelt_;  // fields as they are written, and as they are meant
  bool percent_ = false;
  std::optional<std::pair<std::string, SourcePosition>> in_space_;  // the first field that needs a space
};

}  // namespace

Json read_report_table(const YamlNode& node, const std::string& default_name, Reader& reader,
                       std::vector<TableJobs>& jobs, std::vector<ReportParameter>& parameters) {
  return TableReader(reader, jobs, parameters).table(node, default_name);
}

}  // namespace latentgrid
