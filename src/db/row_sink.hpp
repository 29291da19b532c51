#pragma once

#include <string>
#include <vector>

#include "columns/cell.hpp"

namespace latentgrid {

// Takes the rows of a query one by one, so that a large result needs no memory.
class RowSink {
 public:
  virtual ~RowSink() = default;
  virtual void begin(const std::vector<std::string>& columns) = 0;
  virtual void row(const std::vector<Cell>& cells) = 0;
};

}  // namespace latentgrid
