#pragma once

#include <string>
#include <vector>

#include "db/results_db.hpp"

namespace latentgrid {

struct ColumnDescription {
  std::string name, type;  // of a view's computed column the type is ""
  std::string text;
};
struct TableDescription {
  std::string name, kind;  // "view" or "table"
  std::string text;
  std::vector<ColumnDescription> columns;
};

// What `query` may select from: the views, then the tables, each with what it holds.
std::vector<TableDescription> describe_tables(const ResultsDb& db);

}  // namespace latentgrid
