#include "report/job_table.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "methods/methods.hpp"
#include "methods/parameter_names.hpp"
#include "report/fields.hpp"
#include "report/parameters.hpp"
#include "report/selection.hpp"

namespace latentgrid {

namespace {

class TextCodes {
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
    std::vector<Json> scores, identity;
    for (const Field& field : all_fields()) {
      if (field.name == "sweep" || field.name == "params" || field.name == "reduction_label") continue;
      if (is_metric(field.name, &Metric::of_one_embedding) && !one_embedding()) continue;  // a list that can be sorted would rank them
      if (needs_split(field.name) && !data_.revision.has_split) continue;
      if (field.name == "clusters_found" && !has_empty_clusters()) continue;  // it repeats k
      Json column = field.kind() == ColumnKind::text ? text_column(field) : number_column(field);
      const bool is_score = field.metric() && field.metric()->is_score;
      if (!column.is_null()) (is_score ? scores : identity).push_back(std::move(column));
      if (field.name == "seed") add_axes(identity);
    }
    hide(identity);
    return {{"columns", in_order(std::move(scores), std::move(identity))}};
  }

 private:
  bool has_empty_clusters() const {
    return std::any_of(data_.rows.begin(), data_.rows.end(), [](const ResultRow& row) {
      return row["clusters_found"] && *row["clusters_found"] < static_cast<double>(row.k);
    });
  }
  bool one_embedding() const {
    return share_one_embedding(data_, data_.every_row());
  }

  // Axes that are no column of their own and differ somewhere: learning_rate, tsne.perplexity.
  void add_axes(std::vector<Json>& columns) const {
    const std::vector<Field>& fields = all_fields();
    for (const AxisColumn& axis : data_.axes()) {
      const bool is_field =
          std::any_of(fields.begin(), fields.end(), [&](const Field& field) { return field.name == axis.name; });
      if (is_field || !repeated_column(axis.name).empty() || axis.values.size() < 2) continue;
      columns.push_back(axis_column(axis));
    }
  }

  // What a reader looks for first: which job, its scores, whether it has any; then what the label does not say of it, its id,
  // and what the label says.
  static Json in_order(std::vector<Json> scores, std::vector<Json> identity) {
    static const std::map<std::string, int> places = {{"label", 0},      {"state", 2},     {"job", 4},       {"architecture", 5},
                                                      {"latent", 5},     {"latent_dim", 5}, {"reduction", 5}, {"reduced_dim", 5}, {"wall_s", 6}};
    const auto place = [](const Json& column) {
      const auto found = places.find(column["field"].get_ref<const std::string&>());
      return found == places.end() ? 3 : found->second;
    };
    // The loss behind the scores against classes, which the sweep is about.
    std::stable_partition(scores.begin(), scores.end(), [](const Json& column) { return column["field"] != "recon_mse"; });
    std::stable_sort(identity.begin(), identity.end(), [&](const Json& a, const Json& b) { return place(a) < place(b); });
    Json all = Json::array();
    auto next = identity.begin();
    for (; next != identity.end() && place(*next) < 1; ++next) all.push_back(std::move(*next));
    for (Json& column : scores) all.push_back(std::move(column));
    for (; next != identity.end(); ++next) all.push_back(std::move(*next));
    return all;
  }

  // Columns that would tell nothing: the same value in every job, or the values of another column.
  void hide(std::vector<Json>& columns) const {
    if (data_.rows.size() < 2) return;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string field = columns[i]["field"];
      if (field == "label" || field == "job" || field == "wall_s") continue;
      const Json& values = columns[i]["values"];
      if (std::all_of(values.begin(), values.end(), [&](const Json& value) { return value == values.front(); })) {
        columns[i]["hidden"] = "same";
        continue;
      }
      const bool repeats = std::any_of(columns.begin(), columns.begin() + static_cast<std::ptrdiff_t>(i), [&](const Json& other) {
        return !other.contains("hidden") && other["kind"] == columns[i]["kind"] && other["kind"] != "text" && other["values"] == values;
      });
      if (repeats || (field == "latent" && latent_dim_says_latent())) columns[i]["hidden"] = "repeats";
    }
  }

  // "native" and "32" follow from the latent dimension, unless that is some encoder's own and asked of another.
  bool latent_dim_says_latent() const {
    std::map<std::int64_t, std::string> latents;
    return std::all_of(data_.rows.begin(), data_.rows.end(), [&](const ResultRow& row) {
      return latents.try_emplace(row.latent_dim, row.latent).first->second == row.latent;
    });
  }

  static Json axis_column(const AxisColumn& axis) {
    const auto is_text = [&](const Cell& cell) {
      const std::optional<double> number = number_of(cell);
      return !number || !value_word(axis.name, *number).empty();
    };
    const bool text = std::any_of(axis.values.begin(), axis.values.end(), is_text);
    Json levels = Json::array(), values = Json::array();
    for (const Cell& cell : axis.values) levels.push_back(text ? Json(value_text(axis.name, cell)) : json_value(cell));
    for (int value : axis.value_of) {
      values.push_back(value < 0 ? Json() : text ? Json(value) : levels[static_cast<std::size_t>(value)]);
    }
    const bool real = std::any_of(axis.values.begin(), axis.values.end(),
                                  [](const Cell& cell) { return std::holds_alternative<double>(cell); });
    Json column = {{"field", axis.name},
                   {"title", title_of_field(axis.name)},
                   {"kind", text   ? "text"
                            : real ? "real"
                                   : "integer"},
                   {"precision", real ? Json() : Json(0)},  // as it was written
                   {"values", std::move(values)}};
    if (text) column["levels"] = std::move(levels);
    return column;
  }

  Json text_column(const Field& field) {
    TextCodes levels;
    Json values = Json::array();
    for (const ResultRow& row : data_.rows) {
      const std::string text = text_of(field, row);
      values.push_back(text.empty() ? Json() : Json(levels.code(text)));
    }
    if (levels.levels().empty()) return nullptr;
    return {{"field", field.name},
            {"title", field.name == "label" ? "model and reduction" : field.title},
            {"kind", "text"},
            {"precision", 0},
            {"levels", levels.levels()},
            {"values", std::move(values)}};
  }

  std::string text_of(const Field& field, const ResultRow& row) const {
    if (std::holds_alternative<std::string ResultRow::*>(field.source)) return shown_text(field, row);
    return row_label(row, row.latent != "native" && !row.latent.empty() && latents_.at(row.architecture).size() > 1);
  }

  Json number_column(const Field& field) {
    Json values = Json::array();
    bool any = false;
    for (const ResultRow& row : data_.rows) {
      Json value;
      if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) {
        if (field.name != "epochs" || trains_encoder(row.architecture)) value = row.*(*number);
      } else if (const auto& measured = row[*field.metric()]) {
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
