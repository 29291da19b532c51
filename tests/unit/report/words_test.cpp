// A sweep file's report section is checked by spec/ and shown by report/, which share no code: their words must agree.
#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <regex>

#include "base/file_system.hpp"
#include "columns/figure_kinds.hpp"
#include "report/fields.hpp"
#include "spec/report_fields.hpp"

namespace latentgrid {
namespace {

TEST(ReportWords, EveryKindOfFigureIsExplained) {
  const std::string page = read_file(std::filesystem::path(LATENTGRID_SOURCE_DIR) / "experiments" / "README.md");
  for (const FigureKind& kind : figure_kinds()) {
    EXPECT_TRUE(std::regex_search(page, std::regex("\n    - " + kind.name + "[ :\n]"))) << kind.name;
  }
}

TEST(ReportWords, ColumnsThatMayBeListedAreThoseThatTablesKnowWithTheSameDigits) {
  std::map<std::string, int> known;
  for (const Field& field : all_fields()) {
    if (field.name != "params") known[field.name] = field.precision;  // a long text of JSON, only for `query`
  }
  EXPECT_EQ(report_fields(), known);
}

TEST(ReportWords, FractionsAreTheSameToBoth) {
  for (const Field& field : all_fields()) EXPECT_EQ(is_fraction(field.name), field.fraction) << field.name;
}

}  // namespace
}  // namespace latentgrid
