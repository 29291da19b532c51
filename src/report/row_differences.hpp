#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "report/grouping.hpp"

namespace latentgrid {

// What rows say of themselves that look alike in all columns: the axes in which they differ, `learning_rate = 0.01`. Every
// other row that has such an axis says it too, as one that did not would seem not to have it. Left out are a value that all of
// those rows share, and one that more than three in four of at least three share, which is said once, below the table;
// but not where rows would look alike again. An axis that a row averages over is never among them.
class RowDifferences {
 public:
  // Gives `groups` their differences. All must outlive this.
  RowDifferences(const TableSpec& spec, const ComparisonInput& input, std::vector<RowGroup>& groups);

  // `look_alikes`: the places of rows that look alike. Returns what is said below the table, "augment = crop, epochs = 24".
  std::string tell_apart(const std::vector<std::vector<std::size_t>>& look_alikes);

 private:
  using Values = std::map<std::string, std::string>;  // by axis
  using Members = std::vector<std::size_t>;

  Values axes_of(const RowGroup& group) const;
  void add_parameter(std::size_t row, const std::string& axis);
  std::set<std::string> differing_axes(const Members& members);
  std::string difference_of(std::size_t row, const Values& left_out) const;
  std::size_t distinct(const std::vector<Members>& look_alikes) const;
  // Of the rows that have the axis.
  struct CommonValue {
    std::string value;
    bool in_all = false;
  };
  std::optional<CommonValue> common_value(const std::string& axis) const;
  bool leave_out(const std::string& axis, const std::string& value, const std::vector<Members>& look_alikes);

  const TableSpec& spec_;
  const ComparisonInput& input_;
  std::vector<RowGroup>& groups_;
  std::vector<Values> values_;        // of each row
  std::set<std::string> axes_;        // that rows say
  Values left_out_;                   // the values of some of these that they don't
};

}  // namespace latentgrid
