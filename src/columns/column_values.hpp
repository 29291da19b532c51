#pragma once

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "columns/condition.hpp"

namespace latentgrid {

// The values that some jobs have in one column: what a condition on it could have asked for.
class ColumnValues {
 public:
  // Of one job, with its other name (other_name_of()).
  void add(const Cell& value, const Cell& other_name = Cell()) { values_.emplace(value, other_name); }

  bool empty() const;  // no job has a value
  bool meets(const Condition& condition) const;  // some job does

  // What asks for something that no job has: one of the values of = or !=, or all that <, >= or != would take.
  struct Missing {
    std::string predicate;  // "has epochs 7", of which "no job has epochs 7" can be made
    std::string known;      // "there are 1, 2, 4"
  };
  std::optional<Missing> missing(const Condition& condition) const;

 private:
  std::string known(const std::string& column) const;

  std::set<std::pair<Cell, Cell>> values_;
};

}  // namespace latentgrid
