#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/grouping.hpp"

namespace latentgrid {

// What the rows of a table are called, in the table and in its notes.
//
// In the table: the columns' texts, with the sweep's own titles for them (`row_titles`). Rows that look alike in all
// columns get the axes that tell them apart: `PCA(dim = 8) (learning_rate = 0.01)`; so does every other row that has
// these axes (row_differences.hpp).
// In the notes: by what the reader sees in the table, and by as little of it as tells rows apart: the label, then the
// columns in which rows of one label differ (`AE1, epochs 4`), then the row's number. A cell of a pivot is called by
// its row and its column: `AE1 / PCA, 8`. Never by a job's id.
class RowNames {
 public:
  RowNames(const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping)
      : spec_(spec), input_(input), grouping_(grouping) {}

  // Fills in names and differences of all rows, in the table's order.
  void give(std::vector<RowGroup>& groups);

  // A cell of a column that is not measured.
  TableCell shown(const RowGroup& group, const TableSpec::Column& column) const;
  // A text of a pivot's headings.
  std::string titled(const std::string& text) const;
  // Rows look alike, and no column of text can say what tells them apart: the table needs one.
  bool needs_column() const { return needs_column_; }
  // What is left out of the labels because it is the same in all rows; "": nothing.
  std::string in_every_row() const;
  // What rows that look alike differ in and most rows share, "augment = crop, epochs = 24": no row says it; "": nothing.
  const std::string& unless_said() const { return unless_said_; }
  // Whether that, or a label, says the latent dimension that all rows share.
  bool latent_is_said() const;
  // Titles whose row is not there.
  std::vector<std::string> titles_of_nothing() const;

 private:
  using Members = std::vector<std::size_t>;

  std::vector<TableSpec::Column> columns() const;
  const TableSpec::Column* telling_column() const;
  void tell_apart(std::vector<RowGroup>& groups);
  std::string pivot_name(const RowGroup& group) const;
  void name_by_columns(std::vector<RowGroup>& groups) const;
  void add_columns(std::vector<RowGroup>& groups, const Members& members) const;
  std::string job_or_place(const std::vector<RowGroup>& groups, std::size_t i) const;
  const std::string* title_of(const std::string& text) const;

  const TableSpec& spec_;
  const ComparisonInput& input_;
  const Grouping& grouping_;
  std::string unless_said_;
  bool needs_column_ = false;
  bool differences_alone_ = false;  // labels are the same in all rows: only what tells rows apart is shown
  mutable std::set<std::string> used_titles_;
};

}  // namespace latentgrid
