#include "report/comparison.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "report/grouping.hpp"
#include "report/table_csv.hpp"
#include "unit/report/scored_rows.hpp"

namespace latentgrid {
namespace {

using namespace testing;

TableSpec hw4() {
  return {.name = "hw4",
          .title = "hw4",
          .columns = {{"label", "", 0},
                      {"recon_mse", "reconstruction loss", 4},
                      {"accuracy_public", "public score", 4},
                      {"accuracy_private", "private score", 4}},
          .sort = TableSpec::Sort{"accuracy_public", true},
          .best = "accuracy_private"};
}

std::vector<std::string> labels(const Table& table) {
  std::vector<std::string> found;
  for (const auto& row : table.rows) found.push_back(std::get<std::string>(row.at(0).value));
  return found;
}

constexpr const char* upper_bound =
    "Accuracies are an upper bound, as clusters are matched with classes one to one so that as many labelled images as "
    "possible are right.";

// numpy.mean and numpy.std(ddof=1).
TEST(Estimate, IsMeanAndSampleDeviation) {
  Estimate three = estimate({0.717, 0.708, 0.723});
  EXPECT_DOUBLE_EQ(three.mean, 0.716);
  EXPECT_NEAR(*three.deviation, 0.007549834435270757, 1e-15);
  EXPECT_EQ(three.n, 3);
  Estimate one = estimate({0.5});
  EXPECT_EQ(one.mean, 0.5);
  EXPECT_EQ(one.deviation, std::nullopt);
}

// A t-SNE job of this perplexity, with its parameters as the database keeps them.
ResultRow with_perplexity(double perplexity, std::int64_t seed, double score) {
  ResultRow row = scored("AE1", "tsne", 2, seed, 0.04, score, score);
  row.params = Json{{"train", {{"learning_rate", 0.001}}},
                    {"reduction", Json::array({{{"method", "tsne"}, {"dim", 2}, {"perplexity", perplexity}}})}}
                   .dump();
  row.job += fmt::format("-{}", perplexity);
  return row;
}

TEST(Comparison, ParametersOfTheJobsMayBeColumnsAndSortKeys) {
  ResultRow pca = scored("AE1", "pca", 8, 0, 0.04, 0.5, 0.5);
  pca.params = R"({"train": {"learning_rate": 0.001}, "reduction": [{"method": "pca", "dim": 8}]})";
  TableSpec spec{.name = "t",
                 .title = "t",
                 .columns = {{"tsne.perplexity", "perplexity", 0},
                             {"pca.dim", "dim", 0},
                             {"learning_rate", "rate", 0},
                             {"accuracy_public", "public", 2}},
                 .sort = TableSpec::Sort{"tsne.perplexity", true}};
  const std::vector<ResultRow> rows = {with_perplexity(5, 0, 0.6), pca, with_perplexity(30.5, 0, 0.7),
                                       with_perplexity(100, 0, 0.8), with_perplexity(5, 1, 0.8)};
  EXPECT_EQ(markdown_rows(compare(spec, comparison_input(rows))),
            "| perplexity | dim | rate | public |\n"
            "|---|---:|---|---:|\n"
            "| 100 | – | 0.001 | 0.80 (1) |\n"
            "| 30.5 | – | 0.001 | 0.70 (1) |\n"
            "| 5 | – | 0.001 | 0.70 ± 0.14 (2) |\n"
            "| – | 8 | 0.001 | 0.50 (1) |\n");
}

TEST(Comparison, AShownParameterKeepsRowsApartThatAreAveragedOtherwise) {
  TableSpec spec{.name = "t", .title = "t", .columns = {{"label", "", 0}, {"accuracy_public", "public", 2}}};
  spec.average_over = {"tsne.perplexity"};
  const std::vector<ResultRow> rows = {with_perplexity(5, 0, 0.6), with_perplexity(30, 0, 0.7)};
  EXPECT_EQ(compare(spec, comparison_input(rows)).rows.size(), 1u);
  spec.columns.insert(spec.columns.begin(), {"tsne.perplexity", "perplexity", 0});
  EXPECT_EQ(compare(spec, comparison_input(rows)).rows.size(), 2u);
}

TEST(Comparison, ADefaultThatIsNotRecordedIsShownAndTrueIsNoNumber) {
  const auto whitened = [](const char* params) {
    ResultRow row = scored("AE1", "pca", 8, 0, std::nullopt, 0.6, 0.6);
    row.params = params;
    return row;
  };
  const TableSpec spec{.name = "t", .title = "t", .columns = {{"pca.whiten", "whitened", 0}}};
  const Table table = compare(spec, comparison_input({whitened(R"({"reduction": [{"method": "pca", "dim": 8}]})"),
                                                      whitened(R"({"reduction": [{"method": "pca", "dim": 8, "whiten": true}]})")}));
  EXPECT_EQ(markdown_rows(table), "| whitened |\n|---|\n| false |\n| true |\n");
}

TEST(Comparison, OneSeedIsThePlainTableOfTheSecondReport) {
  Table table = compare(hw4(), comparison_input({scored("AE1", "pca", 32, 0, 0.04, 0.717, 0.716),
                                                 scored("AE2", "tsne", 2, 0, 0.02, 0.769, 0.779),
                                                 scored("raw", "pca", 32, 0, std::nullopt, 0.708, 0.708)}));
  EXPECT_EQ(to_markdown(table),
            fmt::format("### hw4\n"
                        "\n"
                        "| | reconstruction loss | public score | private score |\n"
                        "|---|---:|---:|---:|\n"
                        "| AE2 + t-SNE(dim = 2) | 0.0200 | 0.7690 | **0.7790** |\n"
                        "| AE1 + PCA(dim = 32) | 0.0400 | 0.7170 | 0.7160 |\n"
                        "| raw pixels + PCA(dim = 32) | – | 0.7080 | 0.7080 |\n"
                        "\n"
                        "{} All results are of one seed (0). Bold: the best private score.\n"
                        "\n"
                        "- Public and private scores of these 3 rows have a rank correlation (Spearman) of 1.00. AE2 + "
                        "t-SNE(dim = 2) has the best public score and is 1st of 3 by private score.\n",
                        upper_bound));
}

TEST(Comparison, LossesOfAnotherRangeSaySo) {
  ResultRow row = scored("AE1", "none", 8, 0, 0.04, 0.7, 0.7);
  const std::string sentence = "Reconstruction losses are mean squared errors of values on [0, 1].";
  auto said = [&] {
    const std::vector<std::string> footnotes = compare(hw4(), comparison_input({row})).footnotes;
    return std::find(footnotes.begin(), footnotes.end(), sentence) != footnotes.end();
  };
  EXPECT_FALSE(said());
  row.params = R"({"range": [0, 1]})";
  EXPECT_TRUE(said());
  row["recon_mse"].reset();
  EXPECT_FALSE(said()) << "there is no loss";
}

TEST(Comparison, RowsWithFewerClustersThanKAreNamed) {
  auto row = [](const std::string& architecture, std::int64_t seed, std::optional<double> found) {
    ResultRow made = scored(architecture, "none", 8, seed, 0.04, 0.7, 0.7);
    made.k = 8;
    made["clusters_found"] = found;
    return made;
  };
  auto said = [](std::vector<ResultRow> rows) {
    const Table table = compare(hw4(), comparison_input(std::move(rows)));
    std::vector<std::string> found;
    for (const auto* sentences : {&table.footnotes, &table.details}) {
      for (const std::string& sentence : *sentences) {
        if (sentence.find("ewer clusters") != std::string::npos) found.push_back(sentence);
      }
    }
    return found;
  };
  EXPECT_EQ(said({row("AE1", 0, 8), row("AE2", 0, std::nullopt)}), std::vector<std::string>());
  EXPECT_EQ(said({row("AE1", 0, 8), row("AE1", 1, 3), row("AE1", 2, 7), row("raw", 0, 1), row("AE2", 0, 8)}),
            (std::vector<std::string>{
                "3 of 5 jobs have fewer clusters than k, which happens when many images have equal points.",
                "These have fewer clusters than k: AE1 [seed 1: 3 of 8; seed 2: 7 of 8], raw pixels [seed 0: 1 of 8]."}));
}

TEST(Comparison, CsvSaysOfEachRowWhereThereAreFewerClustersThanK) {
  auto row = [](const std::string& architecture, std::int64_t seed, std::optional<double> found) {
    ResultRow made = scored(architecture, "none", 8, seed, 0.04, 0.7, 0.7);
    made.k = 8;
    made["clusters_found"] = found;
    return made;
  };
  TableSpec spec = hw4();
  spec.columns = {{"label", "", 0}};
  spec.best.reset();
  spec.sort.reset();
  EXPECT_EQ(to_csv(compare(spec, comparison_input({row("AE1", 0, 8), row("AE1", 1, 8), row("AE2", 0, std::nullopt)}))),
            "label\nAE1\nAE2\n");
  const ComparisonInput input = comparison_input({row("AE1", 0, 5), row("AE1", 1, 3), row("AE2", 0, std::nullopt), row("raw", 0, 8)});
  const Table table = compare(spec, input);
  EXPECT_EQ(to_csv(table),
            "label,jobs with fewer clusters than k,fewest clusters found\nAE1,2,3\nAE2,0,\nraw pixels,0,8\n");
  EXPECT_EQ(to_markdown(table).find("fewest"), std::string::npos) << "its notes say it";
  spec.columns.clear();
  spec.pivot = TableSpec::Pivot{{{"reduction", "", 0}}, {{"architecture", "", 0}}, {{"accuracy_public", "", 1}}};
  const std::string pivot = to_csv(compare(spec, input));
  EXPECT_TRUE(pivot.ends_with(",2,3\n")) << pivot;
}

TEST(Comparison, SeedsBecomeMeanAndDeviation) {
  Table table = compare(
      hw4(), comparison_input(
                 {scored("AE1", "pca", 32, 0, 0.04, 0.717, 0.75), scored("AE1", "pca", 32, 1, 0.05, 0.708, 0.75),
                  scored("AE1", "pca", 32, 2, 0.06, 0.723, 0.75), scored("raw", "none", 3072, 0, {}, 0.7, 0.75)}));
  EXPECT_EQ(labels(table), (std::vector<std::string>{"AE1 + PCA(dim = 32)", "raw pixels"}));
  EXPECT_EQ(to_csv(table),
            "label,reconstruction loss,reconstruction loss std,reconstruction loss n,public score,public score "
            "std,public score n,"
            "private score,private score std,private score n,private score best,private score tied\n"
            "AE1 + PCA(dim = "
            "32),0.049999999999999996,0.009999999999999998,3,0.7159999999999999,0.007549834435270757,3,0.75,0.0,3,1,0\n"
            "raw pixels,,,0,0.7,,1,0.75,,1,1,0\n");
  EXPECT_EQ(
      table.footnotes[1],
      "Values are means ± sample standard deviations over 3 seeds (0, 1, 2). The number of seeds behind a value is in "
      "brackets.");
}

TEST(Comparison, RawPixelsHaveNoEpochs) {
  TableSpec spec = hw4();
  spec.columns.push_back({"epochs", "epochs", 0});
  ResultRow trained = scored("AE1", "pca", 32, 0, 0.04, 0.717, 0.75);
  trained.epochs = 20;
  std::string markdown =
      to_markdown(compare(spec, comparison_input({trained, scored("raw", "pca", 32, 0, {}, 0.7, 0.7)})));
  EXPECT_NE(markdown.find("**0.7500** | 20 |"), std::string::npos) << markdown;
  EXPECT_NE(markdown.find("0.7000 | – |"), std::string::npos) << markdown;
}

TEST(Comparison, WhatIsIncompleteIsNamedAndNotAveraged) {
  std::vector<ResultRow> rows = {scored("AE1", "pca", 32, 0, 0.04, 0.71, 0.7),
                                 scored("AE1", "pca", 32, 1, 0.05, 0.9, 0.9), scored("AE2", "pca", 32, 0, {}, 0.9, 0.9),
                                 scored("AE2", "pca", 32, 1, {}, 0.9, 0.9)};
  rows[1].state = "failed";
  rows[1].reason = "train: loss is NaN at epoch 3";
  rows[2].state = rows[3].state = "pending";
  Table table = compare(hw4(), comparison_input(rows));
  EXPECT_EQ(labels(table), (std::vector<std::string>{"AE1", "AE2"})) << "no score: last";
  EXPECT_EQ(std::get<Estimate>(table.rows[0][2].value).mean, 0.71);
  EXPECT_EQ(table.rows[1][2].value.index(), 0u);
  EXPECT_EQ(table.footnotes.back(), "3 of 4 jobs have no result.");
  EXPECT_EQ(
      table.details.back(),
      "These have no result: AE1 [seed 1 failed: train: loss is NaN at epoch 3], AE2 [seed 0 pending; seed 1 pending].");
}

TEST(Comparison, TheFootSaysWhereLeaderboardScoresComeFrom) {
  std::vector<ResultRow> rows = {scored("AE1", "pca", 32, 0, 0.04, 0.71, 0.7),
                                 scored("raw", "none", 3072, 0, {}, 0.7, 0.7)};
  rows[0]["leaderboard_private"] = 0.6954;
  TableSpec spec = hw4();
  spec.columns = {{"label", "", 0}, {"leaderboard_private", "leaderboard private", 4}};
  spec.best = "leaderboard_private";
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(std::get<Estimate>(table.rows[0][1].value).mean, 0.6954);
  EXPECT_TRUE(table.rows[0][1].best);
  EXPECT_EQ(table.rows[1][1].value.index(), 0u);
  EXPECT_EQ(
      table.details[0],
      "1 of 2 jobs have a leaderboard score, which is what the competition gave for their submitted labels. Of several "
      "submissions of a job, the one with the best public score counts.");
  for (const std::string& sentence : compare(hw4(), comparison_input(rows)).details) {
    EXPECT_EQ(sentence.find("eaderboard"), std::string::npos) << sentence;
  }
}

TEST(Comparison, TheFootSaysHowManyImagesAreLabelled) {
  ComparisonInput some = comparison_input({scored("AE1", "pca", 32, 0, 0.04, 0.7, 0.7)});
  some.images = 9000;
  some.labelled = 500;
  EXPECT_EQ(compare(hw4(), some).footnotes[1], "Scores use the 500 labelled images of 9000.");
  some.labelled = 0;
  EXPECT_EQ(compare(hw4(), some).footnotes[0],
            "None of the 9000 images has a label, so there are no scores against classes.");
}

TEST(Comparison, TheLatentIsInTheLabelOnlyWhereItVaries) {
  std::vector<ResultRow> rows = {scored("AE2", "pca", 8, 0, {}, 0.6, 0.6), scored("AE2", "pca", 8, 0, {}, 0.5, 0.5),
                                 scored("AE1", "pca", 8, 0, {}, 0.4, 0.4)};
  rows[0].latent = "32";
  rows[1].latent = "64";
  rows[2].latent = "32";
  EXPECT_EQ(labels(compare(hw4(), comparison_input(rows))), (std::vector<std::string>{"AE2(32)", "AE2(64)", "AE1"}));
}

TEST(Comparison, RowsThatLookAlikeGetTheAxesThatDiffer) {
  std::vector<ResultRow> rows = {scored("AE1", "tsne", 2, 0, {}, 0.6, 0.6), scored("AE1", "tsne", 2, 0, {}, 0.5, 0.5)};
  rows[0].job = "short";
  rows[1].job = "long";
  rows[1].params = R"({"reduction": [{"iterations": 1000}]})";
  ComparisonInput alike = comparison_input(rows);
  alike.axes_of = [](const std::string& job) {
    return Axes{
        {"architecture", "AE1"}, {"iterations", std::int64_t{job == "short" ? 250 : 1000}}, {"seed", std::int64_t{0}}};
  };
  const Table table = compare(hw4(), alike);
  EXPECT_EQ(labels(table), (std::vector<std::string>{"iterations = 250", "iterations = 1000"}));
  EXPECT_EQ(table.footnotes[0], "All rows are of AE1 + t-SNE(dim = 2).");
}

TEST(Comparison, MethodsAndWhatTheyChooseAreCalledAsReadersKnowThem) {
  std::vector<ResultRow> rows = {scored("AE1", "tsne", 2, 0, {}, 0.6, 0.6), scored("AE1", "tsne", 2, 0, {}, 0.5, 0.5)};
  rows[0].params = R"({"reduction": [{"method": "tsne", "learning_rate": 0.0}]})";
  rows[1].params = R"({"reduction": [{"method": "tsne", "learning_rate": 200.0}]})";
  TableSpec spec = hw4();
  spec.columns = {{"reduction", "reduction", 0}, {"tsne.learning_rate", "rate", 0}, {"accuracy_public", "", 1}};
  spec.row_titles = {{"t-SNE", "ours"}};
  const Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(cell_text(table.rows[0][0]), "ours");
  EXPECT_EQ(cell_text(table.rows[0][1]), "auto");
  EXPECT_EQ(cell_text(table.rows[1][1]), "200");
}

TEST(Comparison, ARowsTitleMayBeGivenUnderTheNameThatItsLabelHadBefore) {
  TableSpec spec = hw4();
  spec.row_titles = {{"AE1 + TSNE(dim = 2)", "ours"}};
  const Table table = compare(spec, comparison_input({scored("AE1", "tsne", 2, 0, {}, 0.6, 0.6), scored("AE2", "tsne", 2, 0, {}, 0.5, 0.5)}));
  EXPECT_EQ(table.problems, std::vector<std::string>());
  EXPECT_EQ(labels(table).front(), "ours");
}

TEST(Comparison, TheBestLossIsTheSmallestAndTiesAreAllMarked) {
  TableSpec spec = hw4();
  spec.best = "recon_mse";
  Table table = compare(
      spec, comparison_input({scored("AE1", "pca", 8, 0, 0.03, 0.6, 0.6), scored("AE2", "pca", 8, 0, 0.02, 0.5, 0.5),
                              scored("AE3", "pca", 8, 0, 0.02, 0.4, 0.4)}));
  EXPECT_FALSE(table.rows[0][1].best);
  EXPECT_TRUE(table.rows[1][1].best);
  EXPECT_TRUE(table.rows[2][1].best);
}

TEST(Comparison, WithoutASortTheFilesOrderStays) {
  TableSpec spec = hw4();
  spec.sort.reset();
  EXPECT_EQ(labels(compare(spec, comparison_input({scored("AE2", "pca", 8, 0, {}, 0.1, 0.1),
                                                   scored("AE1", "pca", 8, 0, {}, 0.9, 0.9)}))),
            (std::vector<std::string>{"AE2", "AE1"}));
}

TEST(Comparison, AColumnOfSeedsKeepsTheSeedsApart) {
  TableSpec spec = hw4();
  spec.columns.push_back({"seed", "seed", 0});
  EXPECT_EQ(compare(spec, comparison_input(
                              {scored("AE1", "pca", 8, 0, {}, 0.1, 0.1), scored("AE1", "pca", 8, 1, {}, 0.9, 0.9)}))
                .rows.size(),
            2u);
}

TEST(Comparison, ManyIncompleteRowsAreCounted) {
  std::vector<ResultRow> rows;
  for (std::int64_t dim = 1; dim <= 25; ++dim) {
    rows.push_back(scored("AE1", "pca", dim, 0, {}, 0, 0));
    rows.back().state = "pending";
  }
  const Table table = compare(hw4(), comparison_input(rows));
  EXPECT_EQ(table.footnotes.back(), "25 of 25 jobs have no result.");
  EXPECT_TRUE(table.details.back().starts_with("These have no result: PCA(dim = 1) [seed 0 pending], "))
      << table.details.back();
  EXPECT_TRUE(table.details.back().ends_with(", and 5 more rows, which the table of all jobs lists.")) << table.details.back();
}

}  // namespace
}  // namespace latentgrid
