#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "columns/measures.hpp"
#include "columns/metrics.hpp"
#include "db/details.hpp"
#include "report/table.hpp"

namespace latentgrid {

// What a column of a table may show: what a job is (columns/fields.hpp), a metric (columns/metrics.hpp), a measure
// (columns/measures.hpp) or a parameter of the jobs ("tsne.perplexity").
struct Field {
  enum class Made { sweep, label, reduction_label };
  enum class Parameter { whole, other };  // whole: an integer in every job that has it
  using Source = std::variant<Made, Parameter, std::string ResultRow::*, std::int64_t ResultRow::*, const Metric*, const Measure*>;

  std::string name;
  std::string title;  // unless the sweep says otherwise
  Source source;
  int precision = 0;
  bool lower_is_better = false;  // of measured fields
  bool fraction = false;         // of 1: a table may show it in percent

  ColumnKind kind() const;
  const Metric* metric() const;    // null for what is no metric
  const Measure* measure() const;  // null for what is no measure
};

const std::vector<Field>& all_fields();  // but for parameters, which are many, and measures, which only tables have
// By its canonical name (columns/names.hpp); throws Error with a suggestion. Not thread-safe: parameters are remembered.
const Field& find_field(std::string_view name);
// How a reader is told of a field or parameter: "latent dimension", "t-SNE perplexity", "learning rate".
std::string title_of_field(const std::string& name);

// What a column is called that shows percent: `accuracy (%)`.
std::string percent_title(const std::string& title);

// What a reader is told of a field of text: methods as reports write them.
std::string shown_text(const Field& field, const ResultRow& row);
// `AE1 + PCA(dim = 32)`, `AE2(64) + t-SNE(dim = 2)`, `raw pixels`. The latent is shown where `with_latent`.
std::string row_label(const ResultRow& row, bool with_latent);
// "AE1(64) + PCA(dim = 32), 20 epochs, k-means k = 10", and with ", seed 0" behind it
std::string setting_text(const ResultRow& row);
std::string job_text(const ResultRow& row);
// `PCA`, `t-SNE`, `PCA 50 + t-SNE`, `none`.
std::string reduction_label(const ResultRow& row);

}  // namespace latentgrid
