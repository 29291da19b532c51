#pragma once

#include <string>
#include <vector>

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

// What `query` may select from: the views, then the tables, each with what it holds. It is the same in every database that can
// be opened.
std::vector<TableDescription> describe_tables();

}  // namespace latentgrid
