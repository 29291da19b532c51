#include "db/descriptions.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace latentgrid {
namespace {

TEST(Descriptions, AreThereForEveryTableAndColumn) {
  const std::vector<TableDescription> tables = describe_tables();
  ASSERT_GE(tables.size(), 16u);
  EXPECT_EQ(tables[0].name, "results");
  EXPECT_EQ(tables[0].kind, "view");
  EXPECT_EQ(tables[1].name, "job_results");
  EXPECT_EQ(tables[2].kind, "view");
  EXPECT_EQ(tables[3].name, "sweeps");
  for (const TableDescription& table : tables) {
    EXPECT_NE(table.text, "") << table.name;
    for (const ColumnDescription& column : table.columns) EXPECT_NE(column.text, "") << table.name << "." << column.name;
  }
}

}  // namespace
}  // namespace latentgrid
