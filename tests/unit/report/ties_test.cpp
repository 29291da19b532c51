#include "report/ties.hpp"

#include <gtest/gtest.h>

#include "report/comparison.hpp"
#include "report/table_csv.hpp"
#include "report/table_latex.hpp"
#include "unit/report/scored_rows.hpp"

namespace latentgrid {
namespace {

using namespace testing;

TableSpec private_table() {
  return {.name = "t",
          .title = "t",
          .columns = {{"label", "", 0}, {"accuracy_private", "private score", 3}},
          .sort = TableSpec::Sort{"accuracy_private", true},
          .best = "accuracy_private"};
}

std::vector<ResultRow> seeds(const std::string& architecture, const std::vector<double>& scores) {
  std::vector<ResultRow> rows;
  for (std::size_t seed = 0; seed < scores.size(); ++seed) {
    rows.push_back(scored(architecture, "none", 2048, static_cast<std::int64_t>(seed), {}, scores[seed], scores[seed]));
  }
  return rows;
}

ComparisonInput together(const std::vector<std::vector<ResultRow>>& parts) {
  std::vector<ResultRow> rows;
  for (const auto& part : parts) rows.insert(rows.end(), part.begin(), part.end());
  return comparison_input(rows);
}

bool says(const Table& table, const std::string& sentence) {
  return std::find(table.footnotes.begin(), table.footnotes.end(), sentence) != table.footnotes.end() ||
         std::find(table.details.begin(), table.details.end(), sentence) != table.details.end();
}

std::string foot(const Table& table) {
  std::string text;
  for (const auto* sentences : {&table.footnotes, &table.details}) {
    for (const std::string& sentence : *sentences) text += sentence + "\n";
  }
  return text;
}

// scipy.stats.ttest_rel([.70, .72, .71], [.72, .73, .75]): p = 0.1181, interval of the difference -0.0613 to 0.0146;
// ttest_rel([.60, .61, .62], [.72, .73, .75]): p = 0.00073. Holm's correction multiplies the smaller by 2.
TEST(Ties, RowsThatDoNotDifferFromTheBestOverSeedsAreMarked) {
  const Table table =
      compare(private_table(),
              together({seeds("A", {.72, .73, .75}), seeds("B", {.70, .72, .71}), seeds("C", {.60, .61, .62})}));
  EXPECT_EQ(markdown_rows(table),
            "| | private score |\n"
            "|---|---:|\n"
            "| A | **0.733 ± 0.015 (3)** |\n"
            "| B | 0.710 ± 0.010 (3) † |\n"
            "| C | 0.610 ± 0.010 (3) |\n");
  EXPECT_TRUE(says(
      table, "† marks what does not differ significantly from the best (paired t tests over seeds, 5 % level, Holm's "
             "correction)."))
      << foot(table);
  EXPECT_TRUE(
      says(table,
           "2 other rows were tested against A, the best. Those marked † differ from it by these amounts (in brackets "
           "the 95 % confidence interval, which is not corrected, and the corrected p-value): B -0.0233 (-0.0613 to "
           "+0.0146; p = 0.118)."))
      << foot(table);
  EXPECT_NE(to_latex(table).find("0.710 $\\pm$ 0.010 (3)\\rlap{\\,$^\\dagger$}"), std::string::npos);
  EXPECT_NE(to_csv(table).find("private score best,private score tied\n"), std::string::npos);
}

TEST(Ties, FewReplicatesAreSaid) {
  const Table table = compare(private_table(), together({seeds("A", {.72, .73, .75}), seeds("B", {.70, .72, .71})}));
  EXPECT_TRUE(says(table, "With only 3 seeds, the test can find only large differences.")) << foot(table);
}

TEST(Ties, OneRowIsNotTheBest) {
  const Table table = compare(private_table(), together({seeds("A", {.72, .73, .75})}));
  EXPECT_EQ(markdown_rows(table), "| | private score |\n|---|---:|\n| A | 0.733 ± 0.015 (3) |\n");
  EXPECT_EQ(foot(table).find("Bold"), std::string::npos) << foot(table);
}

TEST(Ties, WhereEveryRowDiffersItIsSaid) {
  const Table table = compare(private_table(), together({seeds("A", {.72, .73, .75}), seeds("C", {.60, .61, .62})}));
  EXPECT_TRUE(says(table, "The one other row that was tested differs from the best (paired t test over seeds, 5 % "
                          "level)."))
      << foot(table);
}

TEST(Ties, RowsOfOneMeanAreBestTogetherAndNotTested) {
  const Table table = compare(private_table(), together({seeds("A", {.7, .7, .7}), seeds("B", {.7, .7, .7})}));
  EXPECT_TRUE(table.rows[0][1].best && table.rows[1][1].best);
  EXPECT_TRUE(says(table, "Bold: the best private score, which 2 rows share.")) << foot(table);
  EXPECT_EQ(foot(table).find("paired"), std::string::npos) << foot(table);
}

TEST(Ties, ADifferenceThatNoSeedChangesIsNoClaim) {
  const Table table = compare(private_table(), together({seeds("A", {.75, .75, .75}), seeds("B", {.5, .5, .5})}));
  EXPECT_TRUE(says(table, "1 row was not tested: it differs from the best by the same amount in every seed."))
      << foot(table);
  EXPECT_EQ(foot(table).find("paired"), std::string::npos) << foot(table);
}

TEST(Ties, TwoSeedsMakeNoClaim) {
  const Table table = compare(private_table(), together({seeds("A", {.72, .73}), seeds("B", {.72, .72})}));
  EXPECT_TRUE(says(table, "1 row was not tested: it has fewer than three seeds in common with the best."))
      << foot(table);
  EXPECT_FALSE(table.rows[1][1].tied);
}

TEST(Ties, ASeedThatTheBestLacksDoesNotCount) {
  std::vector<ResultRow> of_b = seeds("B", {.70, .72, .71, .69});
  of_b[0].state = "failed";  // seeds 1, 2 and 3 are left, and the best has 0, 1 and 2
  const Table table = compare(private_table(), together({seeds("A", {.72, .73, .75}), of_b}));
  EXPECT_TRUE(says(table, "1 row was not tested: it has fewer than three seeds in common with the best."))
      << foot(table);
}

struct SingleRuns : ::testing::Test {
  ComparisonInput input = together({seeds("A", {.75}), seeds("B", {.74}), seeds("C", {.5})});
  std::vector<std::string> asked;

  Table with(std::variant<Disagreement, Omission> answer) {
    input.disagreement = [this, answer](const std::string& a, const std::string& b, Split split) {
      asked = {a, b, split == Split::private_part ? "private" : "other"};
      return answer;
    };
    return compare(private_table(), input);
  }
};

TEST_F(SingleRuns, AreComparedImageByImage) {
  const Table table = with(Disagreement{6, 4, 4250});  // scipy.stats.binomtest(4, 10).pvalue = 0.754
  EXPECT_EQ(asked, (std::vector<std::string>{"Anone2048-0", "Bnone2048-0", "private"}));
  EXPECT_TRUE(says(
      table, "† marks the next row, which does not differ significantly from the best row (McNemar's exact test on "
             "4250 private images, p = 0.75)."))
      << foot(table);
  EXPECT_TRUE(says(table, "No other row was tested.")) << foot(table);
  EXPECT_TRUE(
      says(table,
           "A alone is right on 6 images, and B alone on 4. Each is one run: the test says nothing about other seeds."))
      << foot(table);
  EXPECT_TRUE(table.rows[1][1].tied);
  EXPECT_FALSE(table.rows[2][1].tied) << "only the two best are compared";
}

TEST_F(SingleRuns, ThatShareTheBestAreComparedWithTheNext) {
  input = together({seeds("A", {.75}), seeds("B", {.75}), seeds("C", {.5})});
  const Table table = with(Disagreement{6, 4, 4250});
  EXPECT_EQ(asked, (std::vector<std::string>{"Anone2048-0", "Cnone2048-0", "private"}));
  EXPECT_TRUE(table.rows[0][1].best && table.rows[1][1].best && table.rows[2][1].tied);
  EXPECT_TRUE(says(table, "Bold: the best private score, which 2 rows share.")) << foot(table);
  EXPECT_TRUE(says(table, "† marks the next row, which does not differ significantly from A, one of the best (McNemar's exact test on "
                          "4250 private images, p = 0.75)."))
      << foot(table);
}

// The sums of these differ in their last bit.
TEST(Ties, EqualMeansAreATieInWhateverOrderTheirSeedsStand) {
  const Table table = compare(private_table(), together({seeds("A", {.71, .72, .76}), seeds("B", {.76, .71, .72})}));
  EXPECT_TRUE(says(table, "Bold: the best private score, which 2 rows share.")) << foot(table);
}

TEST_F(SingleRuns, MayDiffer) {
  const Table table = with(Disagreement{40, 4, 4250});
  EXPECT_FALSE(table.rows[1][1].tied);
  EXPECT_TRUE(says(table, "The two best rows differ significantly (McNemar's exact test on 4250 private images, p = "
                          "1.7e-08)."))
      << foot(table);
}

TEST_F(SingleRuns, WithoutPredictionsTheGapIsNamed) {
  const Table table = with(Omission{"predictions.npy of job B is missing"});
  EXPECT_TRUE(says(table, "Whether A and B differ could not be tested: predictions.npy of job B is missing."))
      << foot(table);
}

TEST(PublicAndPrivate, AllThatShareTheBestPublicScoreAreNamed) {
  auto said = [](const std::vector<double>& publics) {
    TableSpec spec = private_table();
    spec.columns.push_back({"accuracy_public", "public score", 4});
    std::vector<ResultRow> rows;
    for (std::size_t i = 0; i < publics.size(); ++i) {
      rows.push_back(scored(fmt::format("M{}", i), "none", 8, 0, {}, publics[i], i == 1 ? 0.9 : 0.8 - 0.05 * static_cast<double>(i)));
    }
    return compare(spec, comparison_input(rows));
  };
  EXPECT_TRUE(says(said({.77, .77, .70}),
                   "Public and private scores of these 3 rows have a rank correlation (Spearman) of 0.87. M1 and M0 share the best "
                   "public score. By private score they are 1st and 2nd of 3."));
  EXPECT_TRUE(says(said({.77, .77, .77, .77, .77, .70}),
                   "Public and private scores of these 6 rows have a rank correlation (Spearman) of 0.65. 5 rows share the best "
                   "public score. By private score they are 1st to 5th of 6."));
}

TEST(PublicAndPrivate, AllThatShareBothScoresShareAPlace) {
  TableSpec spec = private_table();
  spec.columns.push_back({"accuracy_public", "public score", 4});
  const std::vector<ResultRow> rows = {scored("M0", "none", 8, 0, {}, 0.7, 0.9), scored("M1", "none", 8, 0, {}, 0.8, 0.6),
                                       scored("M2", "none", 8, 0, {}, 0.8, 0.6)};
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_TRUE(says(table, "Public and private scores of these 3 rows have a rank correlation (Spearman) of -1.00. M1 and M2 share the best "
                          "public score. By private score they share place 2 of 3.")) << foot(table);
}

// The first report's six rows: its public winner is fourth on private.
TEST(PublicAndPrivate, TheRanksAreCompared) {
  TableSpec spec = private_table();
  spec.columns.push_back({"accuracy_public", "public score", 4});
  std::vector<ResultRow> rows;
  const double publics[] = {.7773, .7771, .7700, .7600, .7500, .7400},
               privates[] = {.7700, .7768, .7766, .7750, .7600, .7500};
  for (int i = 0; i < 6; ++i) rows.push_back(scored(fmt::format("M{}", i), "none", 8, 0, {}, publics[i], privates[i]));
  // scipy.stats.spearmanr: 0.6571
  EXPECT_TRUE(
      says(compare(spec, comparison_input(rows)),
           "Public and private scores of these 6 rows have a rank correlation (Spearman) of 0.66. M0 has the best "
           "public score and is 4th of 6 by private score."));
  spec.best = "accuracy_public";
  EXPECT_TRUE(
      says(compare(spec, comparison_input(rows)),
           "Public and private scores of these 6 rows have a rank correlation (Spearman) of 0.66. M0 has the best "
           "public score and is 4th of 6 by private score. The best here was chosen by its public score, so that score "
           "looks better than it is."));
}

TEST(PublicAndPrivate, TheLeaderboardsRanksAreComparedToo) {
  TableSpec spec = private_table();
  spec.columns = {{"label", "", 0}, {"leaderboard_public", "", 4}, {"leaderboard_private", "", 4}};
  spec.sort.reset();
  spec.best = "leaderboard_public";
  std::vector<ResultRow> rows;
  for (int i = 0; i < 3; ++i) {
    rows.push_back(scored(fmt::format("M{}", i), "none", 8, 0, {}, 0, 0));
    rows.back()["leaderboard_public"] = 0.5 + 0.1 * i;
    rows.back()["leaderboard_private"] = 0.5 - 0.1 * i;
  }
  EXPECT_TRUE(says(
      compare(spec, comparison_input(rows)),
      "The leaderboard's public and private scores of these 3 rows have a rank correlation (Spearman) of -1.00. M2 has "
      "the best public score on the leaderboard and is 3rd of 3 by private score. The best here was chosen by its "
      "public score, so that score looks better than it is."));
}

TEST(Silhouettes, OfDifferentEmbeddingsAreNotRankedTogether) {
  TableSpec spec = private_table();
  spec.columns = {{"label", "", 0}, {"k", "k", 0}, {"silhouette", "silhouette", 2}};
  spec.sort = TableSpec::Sort{"silhouette", true};
  spec.best = "silhouette";
  std::vector<ResultRow> rows;
  for (const auto& [name, k, value] : {std::tuple("A", 2, .3), std::tuple("A", 3, .4), std::tuple("B", 2, .9)}) {
    rows.push_back(scored(name, "pca", 8, 0, {}, 0, 0));
    rows.back().k = k;
    rows.back()["silhouette"] = value;
  }
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(markdown_rows(table),
            "| | k | silhouette |\n"
            "|---|---:|---:|\n"
            "| A | 2 | 0.30 |\n"
            "| A | 3 | **0.40** |\n"
            "| B | 2 | 0.90 |\n");
  EXPECT_TRUE(
      says(table,
           "Silhouettes are ranked only among rows of one embedding, as each is measured in its own space."));
}

// One row is of PCA to 8 dimensions, the other a mean over 8 and 16.
TEST(Silhouettes, AMeanOverEmbeddingsIsNotRankedWithOneOfThem) {
  TableSpec spec = private_table();
  spec.columns = {{"k", "k", 0}, {"silhouette", "silhouette", 2}};
  spec.sort.reset();
  spec.best = "silhouette";
  spec.average_over = {"reduced_dim"};
  std::vector<ResultRow> rows;
  for (const auto& [k, dim, value] : {std::tuple(2, 8, .3), std::tuple(3, 8, .4), std::tuple(3, 16, .6)}) {
    rows.push_back(scored("A", "pca", dim, 0, {}, 0, 0));
    rows.back().k = k;
    rows.back()["silhouette"] = value;
  }
  EXPECT_EQ(markdown_rows(compare(spec, comparison_input(rows))),
            "| k | silhouette |\n"
            "|---:|---:|\n"
            "| 2 | 0.30 |\n"
            "| 3 | 0.50 |\n");
}

TEST(Leaderboard, AScoreAloneHasItsBinomialError) {
  TableSpec spec = private_table();
  spec.columns = {{"label", "", 0}, {"leaderboard_public", "leaderboard public", 4}};
  spec.best.reset();
  spec.sort.reset();
  std::vector<ResultRow> rows = seeds("A", {.75});
  rows[0]["leaderboard_public"] = 0.7768;
  ComparisonInput input = comparison_input(rows);
  EXPECT_TRUE(says(
      compare(spec, input),
      "The standard error of the public leaderboard score is not known, because the number of public images is not."));
  input.parts_of_competition = [] { return CompetitionSplit{4500, 4501}; };
  EXPECT_TRUE(
      says(compare(spec, input),
           "The best public leaderboard score is 0.7768. Its binomial standard error over 4500 images is 0.0062."));
}

TEST(Ordinal, InEnglish) {
  EXPECT_EQ(ordinal(1) + ordinal(2) + ordinal(3) + ordinal(4) + ordinal(11) + ordinal(21) + ordinal(112),
            "1st2nd3rd4th11th21st112th");
}

}  // namespace
}  // namespace latentgrid
