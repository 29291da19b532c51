#include "report/answer.hpp"

#include <gtest/gtest.h>

#include "unit/report/scored_rows.hpp"

namespace latentgrid {
namespace {

using namespace testing;
using Sentences = std::vector<std::string>;

// The table shows all jobs of the sweep.
Sentences answer(const ComparisonInput& input, const TableSpec& table) { return latentgrid::answer(input, table, input); }

const TableSpec by_accuracy = {.name = "t", .title = "t", .best = "accuracy"};

// A job a score, of seeds 0, 1, ...; a negative one is a job that failed.
std::vector<ResultRow> seeds(const std::string& architecture, const std::vector<double>& scores) {
  std::vector<ResultRow> rows;
  for (std::size_t seed = 0; seed < scores.size(); ++seed) {
    rows.push_back(scored(architecture, "none", 2048, static_cast<std::int64_t>(seed), {}, scores[seed], scores[seed]));
    ResultRow& row = rows.back();
    if (scores[seed] >= 0) {
      row["accuracy"] = scores[seed];
    } else {
      row.state = "failed";
      row["accuracy_public"] = row["accuracy_private"] = std::nullopt;
    }
  }
  return rows;
}

ComparisonInput together(const std::vector<std::vector<ResultRow>>& parts) {
  std::vector<ResultRow> rows;
  for (const auto& part : parts) rows.insert(rows.end(), part.begin(), part.end());
  return comparison_input(rows);
}

ComparisonInput with_disagreement(ComparisonInput input, std::variant<Disagreement, Omission> found) {
  input.disagreement = [found](const std::string&, const std::string&, Split) { return found; };
  return input;
}

// scipy.stats.ttest_rel([.60, .61, .62], [.72, .73, .75]): p = 0.00073; ([.70, .72, .71], [.72, .73, .75]): p = 0.1181.
// Holm's correction multiplies the smaller by 2.
TEST(Answer, OverSeedsTheLeadsOverTheNextAndOverRawPixelsAreTested) {
  EXPECT_EQ(answer(together({seeds("raw", {.60, .61, .62}), seeds("A", {.72, .73, .75}), seeds("B", {.70, .72, .71})}), by_accuracy),
            (Sentences{"A has the highest accuracy, 0.7333 ± 0.0153 over 3 seeds: 0.0233 above the next, B, and 0.1233 above "
                       "the best without a trained encoder, raw pixels.",
                       "The lead over the next may be chance (paired t test over 3 seeds, p = 0.12 after Holm's "
                       "correction for 2 tests), but the lead over raw pixels is more than chance (p = 0.0015)."}));
}

TEST(Answer, ALeadBeyondChanceIsCalledThat) {
  EXPECT_EQ(answer(together({seeds("raw", {.60, .61, .62}), seeds("A", {.72, .73, .75})}), by_accuracy),
            (Sentences{"A has the highest accuracy, 0.7333 ± 0.0153 over 3 seeds: 0.1233 above the next, raw pixels, which is "
                       "the best without a trained encoder.",
                       "The lead over the next is more than chance (paired t test over 3 seeds, p < 0.001)."}));
}

TEST(Answer, WhereRawPixelsWinThatIsSaid) {
  EXPECT_EQ(answer(together({seeds("raw", {.72, .73, .75}), seeds("A", {.60, .61, .62})}), by_accuracy),
            (Sentences{"Raw pixels have the highest accuracy, 0.7333 ± 0.0153 over 3 seeds: 0.1233 above the next, A.",
                       "No trained encoder does better than raw pixels.",
                       "The lead over the next is more than chance (paired t test over 3 seeds, p < 0.001)."}));
  EXPECT_EQ(answer(together({seeds("raw", {.75, .80, .70}), seeds("A", {.75, .80, .70}), seeds("B", {.60, .61, .62})}), by_accuracy).at(1),
            "Raw pixels do as well as the best trained encoder.");
  EXPECT_EQ(answer(together({seeds("features", {.72, .73, .75}), seeds("A", {.60, .61, .62})}), by_accuracy).at(1),
            "No trained encoder does better than features.");
}

TEST(Answer, AReductionOfRawPixelsIsOneThing) {
  std::vector<ResultRow> reduced = seeds("raw", {.72, .73, .75});
  for (ResultRow& row : reduced) {
    row.reduction = "pca";
    row.steps = {{.method = "pca", .dim = "8"}};
    row.reduced_dim = 8;
  }
  EXPECT_EQ(answer(together({reduced, seeds("A", {.60, .61, .62})}), by_accuracy).at(0),
            "Raw pixels + PCA(dim = 8) has the highest accuracy, 0.7333 ± 0.0153 over 3 seeds: 0.1233 above the next, A.");
}

TEST(Answer, OneSeedIsTestedImageByImageAndSpeaksOfTheseRunsAlone) {
  const ComparisonInput runs = together({seeds("A", {.75}), seeds("B", {.74})});
  EXPECT_EQ(answer(with_disagreement(runs, Disagreement{30, 20, 1000}), by_accuracy),
            (Sentences{"A has the highest accuracy, 0.7500: 0.0100 above the next, B.",
                       "On these images that lead over the next may be chance: of 1000 labelled images, A alone is right on 30 and B "
                       "alone on 20 (McNemar's exact test, p = 0.2). There is one seed (0); another may give another order."}));
  EXPECT_EQ(answer(with_disagreement(runs, Disagreement{40, 10, 1000}), by_accuracy).back(),
            "On these images that lead over the next is more than chance: of 1000 labelled images, A alone is right on 40 and B alone on "
            "10 (McNemar's exact test, p < 0.001). There is one seed (0); another may give another order.");
  EXPECT_EQ(answer(with_disagreement(runs, Omission{"predictions.npy is missing"}), by_accuracy).back(),
            "There is one seed (0), and nothing says whether another would give the same order.");
}

TEST(Answer, TwoSeedsAreTooFewForATest) {
  EXPECT_EQ(answer(together({seeds("A", {.75, .76}), seeds("B", {.70, .72})}), by_accuracy).back(),
            "The two have 2 seeds in common, and a test needs three, so nothing says whether that lead is more than chance.");
}

TEST(Answer, ADifferenceThatIsTheSameInEverySeedSaysNothingAboutChance) {
  EXPECT_EQ(answer(together({seeds("A", {.75, .5, .625}), seeds("B", {.5, .25, .375})}), by_accuracy).back(),
            "The next is behind by the same amount in each of 3 seeds, which says nothing about chance.");
}

TEST(Answer, SettingsThatShareTheBestAreCounted) {
  const auto a = seeds("A", {.75, .80, .70});
  EXPECT_EQ(answer(together({a, seeds("B", {.75, .80, .70}), seeds("C", {.5, .5, .5})}), by_accuracy).front(),
            "A and B share the highest accuracy, 0.7500 ± 0.0500 over 3 seeds: 0.2500 above the next, C.");
  EXPECT_EQ(answer(together({a, seeds("B", {.75, .80, .70}), seeds("C", {.75, .80, .70}), seeds("D", {.5, .5, .5})}), by_accuracy).front(),
            "A, B and C share the highest accuracy, 0.7500 ± 0.0500 over 3 seeds: 0.2500 above the next, D.");
  EXPECT_EQ(answer(together({a, seeds("B", {.75, .80, .70})}), by_accuracy),
            (Sentences{"Both settings have the same accuracy, 0.7500 ± 0.0500 over 3 seeds."}));
}

// scipy.stats.ttest_rel: B against A p = 0.4226, C 0.5076, D 2.86e-5; after Holm 0.845, 0.845, 8.6e-5.
TEST(Answer, SettingsThatCannotBeToldFromTheBestAreCounted) {
  EXPECT_EQ(answer(together({seeds("A", {.72, .73, .75}), seeds("B", {.70, .74, .73}), seeds("C", {.74, .70, .72}),
                             seeds("D", {.10, .11, .12})}),
                   by_accuracy)
                .back(),
            "The lead over the next may be chance (paired t test over 3 seeds, p = 0.85 after Holm's correction for 3 "
            "tests). 2 of the 3 other settings cannot be told from the best.");
}

TEST(Answer, WhereNoSettingCanBeToldFromTheBestThatIsSaid) {
  EXPECT_EQ(answer(together({seeds("A", {.72, .73, .75}), seeds("B", {.70, .74, .73}), seeds("C", {.74, .70, .72})}), by_accuracy).back(),
            "The lead over the next may be chance (paired t test over 3 seeds, p = 0.85 after Holm's correction for 2 "
            "tests). None of the 2 other settings can be told from the best.");
}

TEST(Answer, JobsWithoutAResultMightHaveBeenBetter) {
  const Sentences said = answer(together({seeds("A", {.72, .73, .75}), seeds("B", {-1, .72, .71})}), by_accuracy);
  EXPECT_EQ(said.front(), "A has the highest accuracy, 0.7333 ± 0.0153 over 3 seeds: 0.0183 above the next, B.");
  EXPECT_EQ(said.at(1), "The two have 2 seeds in common, and a test needs three, so nothing says whether that lead is more than chance.");
  EXPECT_EQ(said.back(), "1 of 6 jobs has no result (1 failed), so another setting may turn out to be better.");
  EXPECT_EQ(answer(together({seeds("B", {.72, .73, .75}), seeds("A", {-1, .95, .90})}), by_accuracy).front(),
            "A has the highest accuracy, 0.9250 ± 0.0354 over 2 of 3 seeds: 0.1917 above the next, B.");
}

TEST(Answer, WithoutAResultOrWithOneSettingThereIsNothingToCompare) {
  EXPECT_EQ(answer(together({seeds("A", {-1, -1})}), by_accuracy),
            (Sentences{"No job has a result yet, so nothing can be said about which setting is best.",
                       "2 of 2 jobs have no result (2 failed)."}));
  EXPECT_EQ(answer(together({seeds("A", {.72, .73, .75})}), by_accuracy),
            (Sentences{"There is one setting, A: its accuracy is 0.7333 ± 0.0153 over 3 seeds. There is nothing to compare it with."}));
  EXPECT_EQ(answer(together({seeds("A", {.72}), seeds("B", {-1})}), by_accuracy).front(),
            "Only one setting has a result, A: its accuracy is 0.7200. There is nothing to compare it with.");
  EXPECT_EQ(answer(together({}), by_accuracy), (Sentences{"The sweep has no jobs."}));
}

TEST(Answer, WithoutLabelsTheTrainingsAreComparedByTheirLossAndNoClusteringIsBest) {
  std::vector<ResultRow> rows;
  for (const auto& [architecture, loss] : {std::pair("A", 0.03), std::pair("B", 0.02)}) {
    for (const char* reduction : {"none", "pca"}) rows.push_back(scored(architecture, reduction, 32, 0, loss, 0, 0));
  }
  rows.push_back(scored("raw", "none", 3072, 0, {}, 0, 0));
  for (ResultRow& row : rows) row["accuracy_public"] = row["accuracy_private"] = std::nullopt;
  ComparisonInput input = comparison_input(rows);
  input.labelled = 0;
  EXPECT_EQ(answer(input, by_accuracy),
            (Sentences{"None of the 8500 images has a label, so nothing says which setting clusters best.",
                       "B has the lowest reconstruction loss, 0.0200: 0.0100 below the next, A.",
                       "There is one seed (0), and nothing says whether another would give the same order."}));
}

TEST(Answer, TheMeasureIsWhatTheFirstTableMarksIfThatIsAScore) {
  const ComparisonInput input = together({seeds("A", {.75}), seeds("B", {.74})});
  EXPECT_EQ(answer(input, {.name = "t", .title = "t", .best = "accuracy_private"}).front(),
            "A has the highest private score, 0.7500: 0.0100 above the next, B.");
  EXPECT_EQ(answer(input, {.name = "t", .title = "t", .best = "recon_mse"}).front(),
            "A has the highest accuracy, 0.7500: 0.0100 above the next, B.");
}

// The sums of these differ in their last bit.
TEST(Answer, EqualMeansAreATieInWhateverOrderTheirSeedsStand) {
  EXPECT_EQ(answer(together({seeds("A", {.71, .72, .76}), seeds("B", {.76, .71, .72}), seeds("C", {.5, .5, .5})}), by_accuracy).front(),
            "A and B share the highest accuracy, 0.7300 ± 0.0265 over 3 seeds: 0.2300 above the next, C.");
  std::vector<std::vector<ResultRow>> many;
  for (const char* name : {"A", "B", "C", "D", "E"}) many.push_back(seeds(name, {.75}));
  many.push_back(seeds("F", {.5}));
  EXPECT_EQ(answer(together(many), by_accuracy).front(),
            "A and 4 other settings share the highest accuracy, 0.7500: 0.2500 above the next, F.");
}

TEST(Answer, IsOfTheRowsThatTheFirstTableHolds) {
  const ComparisonInput all = together({seeds("A", {.75}), seeds("B", {.74}), seeds("C", {.70})});
  ComparisonInput some = all;
  some.rows = all.rows.selection({1, 2});
  TableSpec table = by_accuracy;
  table.where = {"architecture = B, C", "epochs >= 0"};
  EXPECT_EQ(latentgrid::answer(some, table, all),
            (Sentences{"B has the highest accuracy, 0.7400: 0.0400 above the next, C.",
                       "There is one seed (0), and nothing says whether another would give the same order.",
                       "Of all settings of the sweep, each by itself, A has the highest accuracy: 0.7500.",
                       "This is about the first table, which holds 2 of the sweep's 3 jobs: those with architecture = B, C and epochs >= 0."}));
  some.held = {{"architecture", "B"}, {"epochs", "0"}, {"k", "2"}};
  table.where = {"epochs = 0"};
  EXPECT_EQ(latentgrid::answer(some, table, all).back(), "In all of these jobs, k = 2.");
  some.rows = {};
  EXPECT_EQ(latentgrid::answer(some, table, all),
            (Sentences{"No job meets the conditions of the first table, so nothing can be said about which setting is best."}));
}

ResultRow after(std::int64_t epochs, ResultRow row) {
  row.epochs = epochs;
  row.job += fmt::format("@{}", epochs);
  return row;
}

// B is best after 20 epochs, but A on average.
TEST(Answer, AveragesOverWhatTheFirstTableAveragesOver) {
  std::vector<ResultRow> rows;
  for (const auto& [architecture, first, second] : {std::tuple("A", .70, .72), std::tuple("B", .50, .74)}) {
    rows.push_back(after(10, seeds(architecture, {first}).front()));
    rows.push_back(after(20, seeds(architecture, {second}).front()));
  }
  ComparisonInput input = comparison_input(rows);
  input.axes_of = [rows](const std::string& job) {
    return Axes{{"epochs", job.ends_with("@10") ? std::int64_t{10} : std::int64_t{20}}};
  };
  TableSpec table = by_accuracy;
  table.average_over = {"epochs"};
  EXPECT_EQ(answer(input, table),
            (Sentences{"A has the highest accuracy, 0.7100: 0.0900 above the next, B.",
                       "As in the first table, each of these values is an average over epochs (10, 20), taken within each seed.",
                       "The two have 1 seed in common, and a test needs three, so nothing says whether that lead is more than chance.",
                       "Of all settings of the sweep, each by itself, B (epochs = 20) has the highest accuracy: 0.7400."}));
}

TEST(Answer, OfAPivotSpeaksOfItsCells) {
  TableSpec table = by_accuracy;
  table.pivot = TableSpec::Pivot{{{"architecture", "", 0}}, {{"reduction_label", "", 0}}, {{"accuracy", "", 3}}};
  std::vector<ResultRow> rows;
  for (const auto& [dim, score] : {std::pair(2, .70), std::pair(8, .80)}) {
    rows.push_back(scored("A", "pca", dim, 0, {}, score, score));
    rows.back()["accuracy"] = score;
  }
  rows.push_back(scored("A", "none", 64, 0, {}, .72, .72));
  rows.back()["accuracy"] = .72;
  const Sentences said = answer(comparison_input(rows), table);
  EXPECT_EQ(said.at(0), "A / PCA has the highest accuracy, 0.750: 0.030 above the next, A / none.");
  EXPECT_EQ(said.at(1), "As in the first table, a value may be an average over reduced dimension (2, 8), taken within each seed.");
  EXPECT_EQ(said.back(), "Of all settings of the sweep, each by itself, A + PCA(dim = 8) has the highest accuracy: 0.800.");
}

TEST(Answer, IsInPercentWhereTheFirstTableIs) {
  TableSpec table = by_accuracy;
  table.columns = {{"label", "", 0}, {"accuracy", "", 1}};
  table.percent = true;
  EXPECT_EQ(answer(together({seeds("A", {.72, .73, .75}), seeds("B", {.70, .71, .72})}), table).front(),
            "A has the highest accuracy, 73.3 ± 1.5 % over 3 seeds: 2.3 percentage points above the next, B.");
}

TEST(Answer, SaysThatItIsOfMeansWhereTheFirstTableListsRuns) {
  TableSpec table = by_accuracy;
  table.columns = {{"label", "", 0}, {"seed", "seed", 0}, {"accuracy", "", 4}};
  const Sentences said = answer(together({seeds("A", {.75, .76}), seeds("B", {.70, .72})}), table);
  EXPECT_EQ(said.front(), "A has the highest accuracy, 0.7550 ± 0.0071 over 2 seeds: 0.0450 above the next, B.");
  EXPECT_EQ(said.back(), "The first table lists single runs. Here the runs of one setting count as their mean over the seeds.");
  EXPECT_EQ(answer(together({seeds("A", {.75}), seeds("B", {.70})}), table).size(), 2u);
}

TEST(Answer, CallsRowsAsTheTableDoes) {
  TableSpec table = by_accuracy;
  table.row_titles = {{"A", "small"}};
  EXPECT_EQ(answer(together({seeds("A", {.75}), seeds("B", {.74})}), table).front(),
            "small has the highest accuracy, 0.7500: 0.0100 above the next, B.");
}

TEST(Answer, SaysWhereThereAreFewerClustersThanK) {
  std::vector<ResultRow> rows = {seeds("A", {.72})[0], seeds("B", {.70})[0]};
  for (ResultRow& row : rows) row["clusters_found"] = 2;
  EXPECT_EQ(answer(comparison_input(rows), by_accuracy).size(), 2u);
  rows[0]["clusters_found"] = 1;
  EXPECT_EQ(answer(comparison_input(rows), by_accuracy).back(),
            "1 of 2 jobs has fewer clusters than k, which happens when many images have equal points.");
}

}  // namespace
}  // namespace latentgrid
