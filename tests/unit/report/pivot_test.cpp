#include <gtest/gtest.h>

#include "report/comparison.hpp"
#include "report/table_csv.hpp"
#include "report/table_latex.hpp"
#include "unit/report/scored_rows.hpp"

namespace latentgrid {
namespace {

using namespace testing;

std::vector<ResultRow> grid() {
  std::vector<ResultRow> rows;
  double score = 0.5;
  for (const char* architecture : {"AE1", "AE2"}) {
    for (const auto& [reduction, dim] : {std::pair("pca", 8), std::pair("pca", 16), std::pair("tsne", 2)}) {
      for (std::int64_t seed : {0, 1}) {
        rows.push_back(scored(architecture, reduction, dim, seed, 0.1, score, score + 0.1));
        score += 0.01;
      }
    }
  }
  return rows;
}

TableSpec::Pivot by_reduction() {
  return {{{"architecture", "", 0}},
          {{"reduction_label", "", 0}, {"reduced_dim", "", 0}},
          {{"accuracy_public", "public", 3}}};
}

TEST(Pivot, SpreadsAValueOverTheValuesOfItsColumns) {
  TableSpec spec{.name = "t", .title = "t", .pivot = by_reduction(), .best = "accuracy_public"};
  const Table table = compare(spec, comparison_input(grid()));
  EXPECT_EQ(markdown_rows(table),
            "| | PCA, 8 | PCA, 16 | t-SNE, 2 |\n"
            "|---|---:|---:|---:|\n"
            "| AE1 | 0.505 ± 0.007 (2) | 0.525 ± 0.007 (2) | 0.545 ± 0.007 (2) |\n"
            "| AE2 | 0.565 ± 0.007 (2) | 0.585 ± 0.007 (2) | **0.605 ± 0.007 (2)** |\n");
}

TEST(Pivot, ColumnsOfIntegersAscendWhateverRowNamesThemFirst) {
  TableSpec spec{.name = "t", .title = "t", .pivot = by_reduction()};
  std::vector<ResultRow> rows = {scored("AE1", "pca", 16, 0, {}, 0.5, 0.5), scored("AE1", "tsne", 2, 0, {}, 0.6, 0.6),
                                 scored("AE2", "pca", 8, 0, {}, 0.7, 0.7)};
  EXPECT_EQ(markdown_rows(compare(spec, comparison_input(rows))),
            "| | PCA, 8 | PCA, 16 | t-SNE, 2 |\n"
            "|---|---:|---:|---:|\n"
            "| AE1 | | 0.500 | 0.600 |\n"
            "| AE2 | 0.700 | | |\n");
}

// Raw pixels have no epochs, and "–" is no number that another column could have too.
TEST(Pivot, AColumnOfNumbersMayLackOne) {
  TableSpec spec{.name = "t", .title = "t", .pivot = by_reduction()};
  spec.pivot->columns[1] = {"epochs", "", 0};
  std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0.5, 0.5), scored("AE1", "pca", 8, 0, {}, 0.6, 0.6),
                                 scored("raw", "pca", 8, 0, {}, 0.7, 0.7)};
  rows[0].epochs = 1;
  rows[1].epochs = 2;
  rows[2].epochs = 0;
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(markdown_rows(table),
            "| | PCA, 1 | PCA, 2 | PCA, – |\n"
            "|---|---:|---:|---:|\n"
            "| AE1 | 0.500 | 0.600 | |\n"
            "| raw | | | 0.700 |\n");
  EXPECT_EQ(table.footnotes.back(), "Blank cells are not in the grid (3 of 6).");
}

TEST(Pivot, SeveralValuesStandSideBySide) {
  TableSpec spec{.name = "t", .title = "t", .pivot = by_reduction()};
  spec.pivot->columns = {{"reduction_label", "", 0}};
  spec.pivot->values.push_back({"accuracy_private", "private", 3});
  const Table table = compare(spec, comparison_input(grid()));
  EXPECT_EQ(markdown_rows(table),
            "| | PCA, public | PCA, private | t-SNE, public | t-SNE, private |\n"
            "|---|---:|---:|---:|---:|\n"
            "| AE1 | 0.515 ± 0.007 (2) | 0.615 ± 0.007 (2) | 0.545 ± 0.007 (2) | 0.645 ± 0.007 (2) |\n"
            "| AE2 | 0.575 ± 0.007 (2) | 0.675 ± 0.007 (2) | 0.605 ± 0.007 (2) | 0.705 ± 0.007 (2) |\n");
  EXPECT_NE(to_latex(table).find("    \\toprule\n"
                                 "     & \\multicolumn{2}{c}{PCA} & \\multicolumn{2}{c}{t-SNE} \\\\\n"
                                 "    \\cmidrule(lr){2-3}\\cmidrule(lr){4-5}\n"
                                 "     & public & private & public & private \\\\\n"
                                 "    \\midrule\n"),
            std::string::npos)
      << to_latex(table);
  // Of each seed the mean over both dimensions, then mean and deviation over seeds.
  EXPECT_EQ(table.footnotes[1], "Some cells are averages over reduced dimension (8, 16), taken within each seed.");
}

TEST(Pivot, ACellThatMissesJobsIsNamed) {
  TableSpec spec{.name = "t", .title = "t", .pivot = by_reduction()};
  std::vector<ResultRow> rows = grid();
  rows[2].state = "failed";
  rows[2].reason = "reduce: no memory";
  rows[3].state = "pending";
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(table.footnotes.back(), "2 of 12 jobs have no result.");
  EXPECT_EQ(table.details.back(),
            "These have no result: AE1 / PCA, 16 [seed 0 failed: reduce: no memory; seed 1 pending].");
  EXPECT_EQ(table.rows[0][2].value.index(), 0u) << "a dash";
}

TEST(Pivot, ACombinationThatTheGridLacksIsBlankAndNotMissing) {
  TableSpec spec{.name = "t", .title = "t", .pivot = by_reduction()};
  std::vector<ResultRow> rows = grid();
  rows.resize(8);  // of AE2 only PCA 8
  rows[2].state = rows[3].state = "pending";
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(markdown_rows(table),
            "| | PCA, 8 | PCA, 16 | t-SNE, 2 |\n"
            "|---|---:|---:|---:|\n"
            "| AE1 | 0.505 ± 0.007 (2) | – | 0.545 ± 0.007 (2) |\n"
            "| AE2 | 0.565 ± 0.007 (2) | | |\n");
  EXPECT_EQ(table.footnotes.back(), "Blank cells are not in the grid (2 of 6).");
  EXPECT_TRUE(to_csv(table).ends_with(",2,,,0,,,0\n")) << to_csv(table);
}

TEST(LongForm, HasARowAMeasuredValue) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .columns = {{"label", "model", 0}, {"accuracy_public", "public", 2}, {"recon_mse", "", 3}},
                 .form = TableSpec::Form::tall};
  std::vector<ResultRow> rows = {scored("AE1", "none", 8, 0, 0.25, 0.5, 0.5),
                                 scored("raw", "none", 8, 0, {}, 0.75, 0.5)};
  EXPECT_EQ(to_csv(compare(spec, comparison_input(rows))),
            "model,measure,value,value std,value n\n"
            "AE1,public,0.5,,1\n"
            "AE1,reconstruction loss,0.25,,1\n"
            "raw pixels,public,0.75,,1\n"
            "raw pixels,reconstruction loss,,,0\n");
}

TEST(LongForm, GivesEachMeasureItsOwnDigits) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .percent = true,
                 .columns = {{"label", "model", 0}, {"accuracy_public", "public", 1}, {"recon_mse", "loss", 4}},
                 .form = TableSpec::Form::tall};
  const Table table = compare(spec, comparison_input({scored("AE1", "none", 8, 0, 0.25, 0.5, 0.5)}));
  EXPECT_EQ(markdown_rows(table),
            "| model | measure | value |\n"
            "|---|---|---:|\n"
            "| AE1 | public (%) | 50.0 |\n"
            "| AE1 | loss | 0.2500 |\n");
  const std::string latex = to_latex(table);
  EXPECT_NE(latex.find("public (\\%) & 50.0 \\\\\n"), std::string::npos) << latex;
  EXPECT_NE(latex.find("loss & 0.2500 \\\\\n"), std::string::npos) << latex;
}

TEST(GroupByAllExcept, AveragesOverAnAxisWithinEachSeed) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .columns = {{"architecture", "", 0}, {"accuracy_public", "public", 3}},
                 .average_over = {"reduction", "reduced_dim"}};
  const Table table = compare(spec, comparison_input(grid()));
  EXPECT_EQ(markdown_rows(table),
            "| | public |\n"
            "|---|---:|\n"
            "| AE1 | 0.525 ± 0.007 (2) |\n"
            "| AE2 | 0.585 ± 0.007 (2) |\n");
  EXPECT_EQ(table.footnotes[1], "Each row is an average over reduction (PCA, t-SNE) and reduced dimension (2, 8, 16), taken within each seed.");
}

TEST(GroupByAllExcept, AParameterOfAMethodGoesByItsName) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .columns = {{"label", "", 0}, {"accuracy_public", "public", 3}},
                 .average_over = {"tsne.perplexity"}};
  std::vector<ResultRow> rows = {scored("AE1", "tsne", 2, 0, {}, 0.5, 0.5), scored("AE1", "tsne", 2, 0, {}, 0.7, 0.7)};
  rows[0].params = R"({"reduction": [{"method": "tsne", "perplexity": 10.0}]})";
  rows[1].params = R"({"reduction": [{"method": "tsne", "perplexity": 30.0}]})";
  const Table table = compare(spec, comparison_input(rows));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_DOUBLE_EQ(std::get<Estimate>(table.rows[0][1].value).mean, 0.6);
  EXPECT_EQ(table.footnotes[1], "Each row is an average over t-SNE perplexity (10, 30), taken within each seed.");
}

TEST(GroupByAllExcept, AParameterOfTheClusteringGoesByItsNameToo) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .columns = {{"label", "", 0}, {"accuracy_public", "public", 3}},
                 .average_over = {"kmeans.n_init"}};
  std::vector<ResultRow> rows = {scored("AE1", "none", 8, 0, {}, 0.5, 0.5), scored("AE1", "none", 8, 0, {}, 0.7, 0.7)};
  for (std::size_t i = 0; i < 2; ++i) {
    rows[i].clustering = "kmeans";
    rows[i].params = Json{{"clustering", {{"method", "kmeans"}, {"k", 2}, {"n_init", 1 + 9 * i}}}}.dump();
  }
  const Table table = compare(spec, comparison_input(rows));
  ASSERT_EQ(table.rows.size(), 1u);
  EXPECT_EQ(table.footnotes[1], "Each row is an average over k-means n_init (1, 10), taken within each seed.");
}

TEST(GroupByAllExcept, AColumnThatIsAParameterTooIsNamedOnce) {
  TableSpec spec{.name = "t", .title = "t", .columns = {{"label", "", 0}, {"accuracy_public", "public", 3}}, .average_over = {"k"}};
  std::vector<ResultRow> rows = {scored("AE1", "none", 8, 0, {}, 0.5, 0.5), scored("AE1", "none", 8, 0, {}, 0.7, 0.7)};
  for (std::size_t i = 0; i < 2; ++i) {
    rows[i].clustering = "kmeans";
    rows[i].k = static_cast<std::int64_t>(4 + i);
    rows[i].params = Json{{"clustering", {{"method", "kmeans"}, {"k", 4 + i}}}}.dump();
  }
  EXPECT_EQ(compare(spec, comparison_input(rows)).footnotes[1], "Each row is an average over k (4, 5), taken within each seed.");
}

TEST(GroupByAllExcept, ARowThatHasFewerValuesIsNotTakenForTheSameAverage) {
  TableSpec spec{.name = "t", .title = "t", .columns = {{"label", "", 0}, {"accuracy_public", "public", 3}}, .average_over = {"epochs"}};
  std::vector<ResultRow> rows;
  for (std::int64_t epochs : {1, 2, 10}) {
    rows.push_back(scored("AE1", "none", 8, 0, {}, 0.5, 0.5));
    rows.back().epochs = epochs;
    if (epochs == 10) rows.push_back(scored("AE2", "none", 8, 0, {}, 0.5, 0.5));
    rows.back().epochs = epochs;
  }
  const Table table = compare(spec, comparison_input(rows));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_EQ(table.footnotes[1], "Some rows are averages over epochs (1, 2, 10), taken within each seed.");
  EXPECT_EQ(table.details.at(0), "These rows are averages: AE1 [epochs 1, 2, 10]. Each other row is a single setting.");
}

TEST(GroupByAllExcept, ValuesThatNoRowAveragesOverAreNotNamed) {
  TableSpec spec{.name = "t", .title = "t", .columns = {{"architecture", "", 0}, {"reduction", "", 0}, {"accuracy_public", "public", 3}},
                 .average_over = {"epochs", "reduced_dim"}};
  std::vector<ResultRow> rows;
  auto add = [&](const char* architecture, const char* reduction, std::int64_t dim, std::int64_t epochs) {
    rows.push_back(scored(architecture, reduction, dim, 0, 0.1, 0.5, 0.5));
    rows.back().epochs = epochs;
  };
  for (std::int64_t epochs : {1, 3}) add("AE1", "none", 2048, epochs);
  for (std::int64_t dim : {8, 32}) add("AE2", "pca", dim, 2);
  EXPECT_EQ(compare(spec, comparison_input(rows)).footnotes[1],
            "The rows are averages over epochs (1, 3) and reduced dimension (8, 32), taken within each seed. Not every row has all "
            "of these values.");
}

// A replicate of which one job is missing would average over something else than the others.
TEST(GroupByAllExcept, ASeedThatMissesAJobDoesNotCount) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .columns = {{"architecture", "", 0}, {"accuracy_public", "public", 3}},
                 .average_over = {"reduction", "reduced_dim"}};
  std::vector<ResultRow> rows = grid();
  rows[0].state = "pending";
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(std::get<Estimate>(table.rows[0][1].value).n, 1);
  EXPECT_EQ(table.details.back(), "These have no result: AE1 [seed 0 pending].")
      << "no job's name: the row averages over its axes";
}

}  // namespace
}  // namespace latentgrid
