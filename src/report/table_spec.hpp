#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace latentgrid {

// One table as a sweep asks for it; its JSON is
//   {"name": "hw4", "title": "...", "columns": [{"field": "accuracy_public", "title": "public score", "precision": 4},
//   ...],
//    "sort": {"field": "accuracy_public", "descending": true}, "best": "accuracy_private", "replicate": "seed"}
// where everything but the columns' fields may be missing or null.
struct TableSpec {
  struct Column {
    std::string field, title;
    int precision = 4;
  };
  struct Sort {
    std::string field;
    bool descending = false;
  };

  std::string name, title;
  std::vector<Column> columns;
  std::optional<Sort> sort;         // none: the order of the sweep's file
  std::optional<std::string> best;  // field whose best values are marked
  std::string replicate = "seed";   // rows that differ only in this become one
};

// The tables of a sweep's `report`; one with the usual columns if it asks for none. Throws Error for what is no report.
std::vector<TableSpec> table_specs(const Json& report, const std::string& sweep, bool labelled);

}  // namespace latentgrid
