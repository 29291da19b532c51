// percent, n, notes and caption of a table.
#include <gtest/gtest.h>

#include "report/comparison.hpp"
#include "report/table_csv.hpp"
#include "report/table_latex.hpp"
#include "unit/report/scored_rows.hpp"

namespace latentgrid {
namespace {

using namespace testing;

TableSpec scores() {
  return {.name = "t",
          .title = "Scores",
          .columns = {{"label", "", 0}, {"recon_mse", "loss", 3}, {"accuracy_private", "private score", 1}},
          .best = "accuracy_private"};
}

std::vector<ResultRow> of_three_seeds(const std::string& architecture, const std::vector<double>& values) {
  std::vector<ResultRow> rows;
  for (std::size_t seed = 0; seed < values.size(); ++seed) {
    rows.push_back(scored(architecture, "none", 8, static_cast<std::int64_t>(seed), 0.125, 0, values[seed]));
  }
  return rows;
}

std::vector<ResultRow> jobs_of_two_rows() {
  std::vector<ResultRow> rows = of_three_seeds("A", {.72, .73, .75});
  for (ResultRow& row : of_three_seeds("B", {.70, .72, .71})) rows.push_back(row);
  return rows;
}

ComparisonInput two_rows() { return comparison_input(jobs_of_two_rows()); }

TEST(Percent, IsOfAccuraciesInCellsTitlesAndTests) {
  TableSpec spec = scores();
  spec.percent = true;
  const Table table = compare(spec, two_rows());
  EXPECT_EQ(markdown_rows(table),
            "| | loss | private score (%) |\n"
            "|---|---:|---:|\n"
            "| A | 0.125 ± 0.000 (3) | **73.3 ± 1.5 (3)** |\n"
            "| B | 0.125 ± 0.000 (3) | 71.0 ± 1.0 (3) † |\n");
  EXPECT_NE(table.details.at(0).find("p-value): B -2.33 (-6.13 to +1.46; p = 0.118)."), std::string::npos)
      << table.details[0];
  EXPECT_TRUE(to_csv(table).starts_with("label,loss,loss std,loss n,private score (%),")) << to_csv(table);
  EXPECT_NE(to_latex(table).find("private score (\\%)"), std::string::npos);
}

TEST(Percent, IsNotSaidTwiceAndALeaderboardsOwnPercentStays) {
  TableSpec spec = scores();
  spec.percent = true;
  spec.columns = {{"label", "", 0}, {"accuracy_private", "% right", 1}, {"leaderboard_public", "board", 1}};
  std::vector<ResultRow> jobs = jobs_of_two_rows();
  jobs[0]["leaderboard_public"] = 71.5;
  const Table table = compare(spec, comparison_input(jobs));
  EXPECT_EQ(table.columns[1].title, "% right");
  EXPECT_EQ(table.columns[2].title, "board");
}

TEST(Percent, OfAPivotIsSaidBelowIt) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .pivot = TableSpec::Pivot{
                     {{"architecture", "", 0}}, {{"reduction_label", "", 0}}, {{"accuracy_private", "score", 1}}}};
  spec.percent = true;
  const Table table = compare(spec, two_rows());
  EXPECT_EQ(table.footnotes[0], "Each cell shows the score (%) by reduction.");
}

TEST(WithoutN, ThereIsNoNumberOfSeedsInAnyForm) {
  TableSpec spec = scores();
  spec.n = false;
  const Table table = compare(spec, two_rows());
  EXPECT_NE(to_markdown(table).find("| A | 0.125 ± 0.000 | **0.7 ± 0.0** |"), std::string::npos) << to_markdown(table);
  EXPECT_NE(to_latex(table).find("A & 0.125 $\\pm$ 0.000 & \\textbf{0.7 $\\pm$ 0.0}"), std::string::npos)
      << to_latex(table);
  EXPECT_TRUE(to_csv(table).starts_with("label,loss,loss std,private score,private score std,")) << to_csv(table);
  EXPECT_EQ(table.footnotes[1], "Values are means ± sample standard deviations over 3 seeds (0, 1, 2).");
}

TEST(WithoutN, SeedsThatOnlySomeValuesHaveAreSaid) {
  TableSpec spec = scores();
  spec.n = false;
  std::vector<ResultRow> jobs = jobs_of_two_rows();
  jobs[1].state = "failed";
  EXPECT_EQ(compare(spec, comparison_input(jobs)).footnotes[1], "Values are means ± sample standard deviations over 2 to 3 of the 3 seeds "
                                          "(0, 1, 2).");
}

TEST(WithoutNotes, ThereIsNeitherANoteNorAMarkThatNeedsOne) {
  TableSpec spec = scores();
  spec.notes = false;
  const Table table = compare(spec, two_rows());
  EXPECT_EQ(table.footnotes, std::vector<std::string>());
  EXPECT_EQ(table.details, std::vector<std::string>());
  EXPECT_TRUE(
      to_markdown(table).ends_with("| A | 0.125 ± 0.000 (3) | **0.7 ± 0.0 (3)** |\n"
                                   "| B | 0.125 ± 0.000 (3) | 0.7 ± 0.0 (3) |\n"))
      << to_markdown(table);
  EXPECT_EQ(to_latex(table).find("minipage"), std::string::npos);
  EXPECT_EQ(to_latex(table).find("dagger"), std::string::npos);
}

TEST(WithoutNotes, CsvHasWhatTheTestsFound) {
  TableSpec spec = scores();
  const std::string with_notes = to_csv(compare(spec, two_rows()));
  EXPECT_TRUE(with_notes.ends_with(",3,0,1\n")) << with_notes;
  spec.notes = false;
  EXPECT_EQ(to_csv(compare(spec, two_rows())), with_notes);
}

TEST(Rounding, AHalfIsRoundedAwayFromZeroInEveryForm) {
  TableSpec spec = scores();
  spec.percent = true;
  spec.best.reset();
  const Table table = compare(spec, comparison_input({scored("A", "none", 8, 0, 0.0625, 0, 0.7125), scored("B", "none", 8, 0, 0.0005, 0, 0.6135)}));
  EXPECT_EQ(markdown_rows(table),
            "| | loss | private score (%) |\n"
            "|---|---:|---:|\n"
            "| A | 0.063 | 71.3 |\n"
            "| B | 0.001 | 61.4 |\n");
  EXPECT_NE(to_latex(table).find("A & 0.063 & 71.3"), std::string::npos) << to_latex(table);
  EXPECT_NE(to_csv(table).find("A,0.0625,,1,71.25,,1"), std::string::npos) << to_csv(table);
}

TEST(Percent, EqualValuesHaveADeviationOfZero) {
  TableSpec spec = scores();
  spec.percent = true;
  const std::string csv = to_csv(compare(spec, comparison_input(of_three_seeds("A", {.5005, .5005, .5005, .5005, .5005}))));
  EXPECT_NE(csv.find("A,0.125,0.0,5,50.05,0.0,5"), std::string::npos) << csv;
}

TEST(Caption, StandsBelowTheTitleAndIsLatexsCaption) {
  TableSpec spec = scores();
  spec.caption = "All of it: 100 % of A & B.";
  const Table table = compare(spec, two_rows());
  EXPECT_TRUE(to_markdown(table).starts_with("### Scores\n\nAll of it: 100 % of A & B.\n\n| |")) << to_markdown(table);
  EXPECT_NE(to_latex(table).find("\\caption{All of it: 100~\\% of A \\& B.}"), std::string::npos) << to_latex(table);
}

TEST(Latex, ARowThatBeginsWithABracketIsNoArgumentOfTheOneAbove) {
  TableSpec spec = scores();
  spec.row_titles = {{"A", "[1] first"}, {"B", "*"}};
  const std::string text = to_latex(compare(spec, two_rows()));
  EXPECT_NE(text.find("    {}[1] first & "), std::string::npos) << text;
  EXPECT_NE(text.find("    {}* & "), std::string::npos) << text;
}

}  // namespace
}  // namespace latentgrid
