#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/comparison_input.hpp"
#include "report/fields.hpp"
#include "report/row_label.hpp"
#include "report/table.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// The jobs behind one row of a table, or one cell of a pivot, by their place in ComparisonInput::rows.
struct RowGroup {
  std::vector<std::size_t> rows;
  std::string name = {};        // in notes: what the reader sees in the table; see row_names.hpp
  std::string difference = {};  // "iterations = 250", where columns alone leave rows that look alike
  std::string whole_difference = {};  // with what most rows share, which the table says below
};

// Which jobs belong together, in the order of the file: those that differ in nothing but the replicate and what the
// table averages over; in a pivot, those that agree in its rows and columns.
class Grouping {
 public:
  Grouping(const TableSpec& spec, const ComparisonInput& input);

  std::vector<RowGroup> groups() const;
  bool pivots() const { return spec_.pivot.has_value(); }  // then a group is a cell, not a row

  // What a column of text or integers shows for a group. The `label` leaves out what is the same in all rows.
  TableCell shown(const RowGroup& group, const Field& field) const;

  std::string label(const RowGroup& group, LabelParts parts) const;
  // With what the labels of the table leave out: `AE1(64)`, where the sweep has several latent dimensions and the table one.
  std::string full_label(const RowGroup& group) const;
  const std::string& in_every_label() const { return in_every_label_; }  // what labels leave out; "": nothing
  bool latent_in_every_label() const { return latent_in_every_label_; }  // and whether that says the latent dimension
  bool latent_in_full_labels() const;

  // What a measured field is multiplied by: 100 where the table shows percent.
  double scale_of(const Field& field) const;

  // A measured field as the table shows it, a value a replicate: the mean over the group's jobs of that replicate. A
  // replicate counts where all of its jobs are complete and have the value.
  std::map<std::int64_t, double> measured(const RowGroup& group, const Field& field) const;

  // What a job has in a column of text or integers, or as a parameter; "–" for nothing.
  std::string value_text(std::size_t row, const std::string& name) const;

  // Other than the replicate: what the jobs of some group differ in, by its name ("latent_dim", "tsne.perplexity").
  std::vector<std::string> averaged_over(const std::vector<RowGroup>& groups) const;

 private:
  const ResultRow& first(const RowGroup& group) const { return input_.rows[group.rows.front()]; }
  TableCell parameter_cell(const ResultRow& row, const std::string& name) const;
  bool shows(const std::string& field) const;
  bool has_latents(const ResultRow& row) const;
  bool shows_latent(const ResultRow& row) const { return has_latents(row) && !one_latent_; }
  std::string identity(const ResultRow& row) const;
  std::string pivot_identity(const RowGroup& alone) const;
  std::string parameters_that_count(const ResultRow& row) const;
  std::vector<const ResultRow*> jobs_of(const RowGroup& group) const;

  const TableSpec& spec_;
  const ComparisonInput& input_;
  std::map<std::string, std::set<std::string>> latents_;  // architecture -> those it has in this sweep
  bool one_latent_ = false;  // the table's jobs all have the same: labels leave it out
  LabelParts label_parts_;
  std::string in_every_label_;
  bool latent_in_every_label_ = false;
};

// " (text)", as a difference stands behind a name; "" for "".
std::string in_brackets(const std::string& text);

// Whether a column says what an axis says, in other words: reduced_dim and tsne.dim.
bool says(const std::string& field, const std::string& axis);

// Of a column of text or integers; "–" for nothing.
std::string cell_text(const TableCell& cell);

// The replicate's value of a job.
std::int64_t replicate_of(const TableSpec& spec, const ResultRow& row);

}  // namespace latentgrid
