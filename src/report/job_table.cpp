#include "report/job_table.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "report/fields.hpp"
#include "report/public_split.hpp"
#include "report/selection.hpp"

namespace latentgrid {

namespace {

class Levels {
 public:
  std::int64_t code(const std::string& text) {
    auto [found, fresh] = codes_.try_emplace(text, static_cast<std::int64_t>(codes_.size()));
    if (fresh) levels_.push_back(text);
    return found->second;
  }
  const Json& levels() const { return levels_; }

 private:
  std::map<std::string, std::int64_t> codes_;
  Json levels_ = Json::array();
};

class JobTable {
 public:
  explicit JobTable(const ReportData& data) : data_(data) {
    for (const ResultRow& row : data.rows) latents_[row.architecture].insert(row.latent);
  }

  Json build() {
    Json columns = Json::array();
    for (const Field& field : all_fields()) {
      if (field.name == "sweep" || field.name == "params" || field.name == "reduction_label") continue;
      if (field.name == "silhouette" && !one_embedding()) continue;  // a list that can be sorted would rank them
      if (needs_split(field.name) && !says_split(data_.revision.dataset)) continue;
      if (field.name == "clusters_found" && !has_empty_clusters()) continue;  // it repeats k
      Json column = field.kind() == ColumnKind::text ? text_column(field) : number_column(field);
      if (!column.is_null()) columns.push_back(std::move(column));
      if (field.name == "seed") add_axes(columns);  // what identifies a job before what was measured of it
    }
    return {{"columns", columns}};
  }

 private:
  bool has_empty_clusters() const {
    return std::any_of(data_.rows.begin(), data_.rows.end(), [](const ResultRow& row) {
      return row.clusters_found && *row.clusters_found < static_cast<double>(row.k);
    });
  }
  bool one_embedding() const {
    std::vector<std::size_t> all(data_.rows.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return share_one_embedding(data_, all);
  }

  // Axes that are no column of their own and differ somewhere: learning_rate, tsne.perplexity.
  void add_axes(Json& columns) const {
    const std::vector<Field>& fields = all_fields();
    for (const AxisColumn& axis : data_.axes()) {
      const bool is_field =
          std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.name == axis.name; });
      const bool repeats = axis.name.ends_with(".dim") || axis.name.ends_with(".k");  // reduced_dim and k say it
      if (is_field || repeats || axis.values.size() < 2) continue;
      columns.push_back(axis_column(axis));
    }
  }

  static Json axis_column(const AxisColumn& axis) {
    const auto is_text = [](const Cell& cell) { return std::holds_alternative<std::string>(cell); };
    const bool text = std::any_of(axis.values.begin(), axis.values.end(), is_text);
    Json levels = Json::array(), values = Json::array();
    for (const Cell& cell : axis.values) levels.push_back(text ? Json(level_text(cell)) : number(cell));
    for (int value : axis.value_of) {
      values.push_back(value < 0 ? Json() : text ? Json(value) : levels[static_cast<std::size_t>(value)]);
    }
    const bool real = std::any_of(axis.values.begin(), axis.values.end(),
                                  [](const Cell& cell) { return std::holds_alternative<double>(cell); });
    Json column = {{"field", axis.name},
                   {"title", axis.name},
                   {"kind", text   ? "text"
                            : real ? "real"
                                   : "integer"},
                   {"precision", real ? 6 : 0},
                   {"values", std::move(values)}};
    if (text) column["levels"] = std::move(levels);
    return column;
  }

  static Json number(const Cell& cell) {
    if (const auto* integer = std::get_if<std::int64_t>(&cell)) return *integer;
    return std::get<double>(cell);
  }
  static std::string level_text(const Cell& cell) {
    if (const auto* text = std::get_if<std::string>(&cell)) return *text;
    return number(cell).dump();
  }

  Json text_column(const Field& field) {
    Levels levels;
    Json values = Json::array();
    for (const ResultRow& row : data_.rows) {
      const std::string text = text_of(field, row);
      values.push_back(text.empty() ? Json() : Json(levels.code(text)));
    }
    if (levels.levels().size() < 2 && field.name != "label" && field.name != "job") return nullptr;
    return {{"field", field.name},
            {"title", field.name == "label" ? "model and reduction" : field.title},
            {"kind", "text"},
            {"precision", 0},
            {"levels", levels.levels()},
            {"values", std::move(values)}};
  }

  std::string text_of(const Field& field, const ResultRow& row) const {
    if (const auto* text = std::get_if<std::string ResultRow::*>(&field.source)) return row.*(*text);
    return row_label(row, row.latent != "native" && !row.latent.empty() && latents_.at(row.architecture).size() > 1);
  }

  Json number_column(const Field& field) {
    Json values = Json::array();
    bool any = false;
    for (const ResultRow& row : data_.rows) {
      Json value;
      if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) {
        if (field.name != "epochs" || row.epochs > 0) value = row.*(*number);  // raw pixels have none
      } else if (const auto& measured = row.*std::get<std::optional<double> ResultRow::*>(field.source)) {
        value = *measured;
      }
      any = any || !value.is_null();
      values.push_back(std::move(value));
    }
    if (!any) return nullptr;
    return {{"field", field.name},
            {"title", field.title},
            {"kind", field.kind() == ColumnKind::integer ? "integer" : "real"},
            {"precision", field.precision},
            {"values", std::move(values)}};
  }

  const ReportData& data_;
  std::map<std::string, std::set<std::string>> latents_;
};

}  // namespace

Json job_table(const ReportData& data) {
  return JobTable(data).build();
}

}  // namespace latentgrid
