// A sweep file's report section is checked by spec/ and shown by report/, which share no code: their words must agree.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "report/fields.hpp"
#include "report/figures.hpp"
#include "spec/report_fields.hpp"
#include "spec/report_parts.hpp"

namespace latentgrid {
namespace {

TEST(ReportWords, FiguresThatMayBeListedAreThoseThatAreDrawn) {
  const std::vector<std::string> listed = figure_kind_names(), drawn = drawn_figure_kinds();
  EXPECT_EQ(std::set<std::string>(listed.begin(), listed.end()), std::set<std::string>(drawn.begin(), drawn.end()));
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
