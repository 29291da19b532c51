// What rows are called in a table and in its notes.
#include "report/row_names.hpp"

#include <gtest/gtest.h>

#include "report/comparison.hpp"
#include "unit/report/scored_rows.hpp"

namespace latentgrid {
namespace {

using namespace testing;

std::string notes_of(const Table& table) {
  std::string text;
  for (const auto* sentences : {&table.footnotes, &table.details}) {
    for (const std::string& sentence : *sentences) text += sentence + "\n";
  }
  return text;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TableSpec scores(std::vector<TableSpec::Column> columns) {
  columns.push_back({"accuracy_private", "score", 3});
  return {.name = "t", .title = "t", .columns = std::move(columns), .best = "accuracy_private"};
}

std::vector<std::string> first_cells(const Table& table) {
  std::vector<std::string> texts;
  for (const auto& row : table.rows) texts.push_back(std::get<std::string>(row.at(0).value));
  return texts;
}

ResultRow with_latent(ResultRow row, std::int64_t dim) {
  row.latent = std::to_string(dim);
  row.latent_dim = dim;
  return row;
}

ComparisonInput tested(std::vector<ResultRow> rows) {
  ComparisonInput input = comparison_input(std::move(rows));
  input.disagreement = [](const std::string&, const std::string&, Split) { return Disagreement{6, 4, 4250}; };
  return input;
}

// The first report's columns: no label, and a reduction that several rows have.
TEST(RowNames, NotesCallRowsByTheColumnsThatTellThemApart) {
  const TableSpec spec = scores({{"reduction_label", "Reduced Method", 0},
                                 {"latent_dim", "Latent Dimension", 0},
                                 {"reduced_dim", "Reduced Dimension", 0}});
  const std::vector<ResultRow> rows = {with_latent(scored("AE2", "tsne", 2, 0, {}, 0, 0.8), 64),
                                       with_latent(scored("AE2", "tsne", 2, 0, {}, 0, 0.7), 32),
                                       with_latent(scored("AE2", "pca", 8, 0, {}, 0, 0.6), 32)};
  const std::string notes = notes_of(compare(spec, tested(rows)));
  EXPECT_TRUE(contains(notes,
                       "t-SNE, Latent Dimension 64 alone is right on 6 images, and t-SNE, Latent Dimension 32 alone on "
                       "4."))
      << notes;
  EXPECT_FALSE(contains(notes, "AE2")) << "no column shows the architecture: " << notes;
}

// Both are labelled AE1 + PCA(dim = 8): "AE1 against AE1" would be a row against itself.
TEST(RowNames, RowsOfOneLabelAreToldApartByAnotherColumn) {
  const TableSpec spec = scores({{"label", "", 0}, {"epochs", "training", 0}});
  std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE1", "pca", 8, 0, {}, 0, 0.7),
                                 scored("AE2", "pca", 8, 0, {}, 0, 0.6)};
  rows[0].epochs = 5;
  rows[1].epochs = 15;
  rows[2].epochs = 5;
  const std::string notes = notes_of(compare(spec, tested(rows)));
  EXPECT_TRUE(contains(notes,
                       "AE1, training 5 alone is right on 6 images, and AE1, training 15 alone on 4."))
      << notes;
}

TEST(RowNames, AJobsIdIsNoName) {
  const TableSpec spec = scores({{"job", "job", 0}, {"seed", "seed", 0}});
  const std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE1", "pca", 8, 1, {}, 0, 0.7)};
  const std::string notes = notes_of(compare(spec, tested(rows)));
  EXPECT_TRUE(contains(notes, "seed 0 alone is right on 6 images, and seed 1 alone on")) << notes;
}

TEST(RowNames, WhereNothingElseTellsRowsApartTheirJobsDo) {
  const std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE2", "pca", 8, 0, {}, 0, 0.7)};
  std::string notes = notes_of(compare(scores({{"job", "job", 0}}), tested(rows)));
  EXPECT_TRUE(contains(notes, "job AE1pca8-0 alone is right on 6 images, and job AE2pca8-0 alone on")) << notes;
  notes = notes_of(compare(scores({{"reduction", "", 0}, {"job", "job", 0}}), tested(rows)));
  EXPECT_TRUE(contains(notes, "PCA (job AE1pca8-0) alone is right on 6 images, and PCA (job AE2pca8-0) alone on")) << notes;
}

// Otherwise the notes would name parameters that the table does not show.
TEST(RowNames, WhatTellsRowsApartGetsAColumnWhereNoTextCanSayIt) {
  const TableSpec spec = scores({{"epochs", "epochs", 0}});
  std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE1", "pca", 8, 0, {}, 0, 0.7)};
  rows[0].job = "slow";
  rows[1].job = "fast";
  rows[1].params = R"({"learning_rate": 0.01})";
  ComparisonInput input = tested(rows);
  input.axes_of = [](const std::string& job) { return Axes{{"learning_rate", job == "slow" ? 0.001 : 0.01}}; };
  const Table table = compare(spec, input);
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"learning_rate = 0.001", "learning_rate = 0.01"}));
  EXPECT_TRUE(contains(notes_of(table), "learning_rate = 0.001 alone is right on")) << notes_of(table);
}

TEST(RowNames, AMeanOverAnAxisListsItsValues) {
  TableSpec spec = scores({{"label", "", 0}});
  spec.average_over = {"reduced_dim"};
  const std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE1", "pca", 16, 0, {}, 0, 0.7),
                                       scored("AE2", "pca", 8, 0, {}, 0, 0.6), scored("AE2", "pca", 16, 0, {}, 0, 0.5),
                                       scored("AE2", "none", 4096, 0, {}, 0, 0.5)};
  EXPECT_EQ(first_cells(compare(spec, comparison_input(rows))),
            (std::vector<std::string>{"AE1 + PCA(dim = 8/16)", "AE2 + PCA(dim = 8/16)", "AE2"}));
}

TEST(RowNames, AMeanOverMethodsOrArchitecturesBearsTheNameOfNone) {
  TableSpec spec = scores({{"label", "", 0}, {"reduction_label", "", 0}});
  spec.average_over = {"reduction", "reduced_dim"};
  std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE1", "tsne", 2, 0, {}, 0, 0.7),
                                 scored("AE2", "none", 9, 0, {}, 0, 0.6)};
  Table table = compare(spec, comparison_input(rows));
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"AE1 + PCA(dim = 8)/t-SNE(dim = 2)", "AE2"}));
  EXPECT_EQ(std::get<std::string>(table.rows[0][1].value), "PCA/t-SNE");
  spec.average_over = {"architecture"};
  spec.columns.erase(spec.columns.begin() + 1);
  EXPECT_EQ(first_cells(compare(
                spec, comparison_input({scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE2", "pca", 8, 0, {}, 0, 0.7),
                                        scored("AE2", "pca", 16, 0, {}, 0, 0.7)}))),
            (std::vector<std::string>{"AE1/AE2 + PCA(dim = 8)", "AE2 + PCA(dim = 16)"}));
}

TEST(RowNames, OfManyValuesTheNumberIsSaid) {
  TableSpec spec = scores({{"label", "", 0}});
  spec.average_over = {"reduced_dim"};
  std::vector<ResultRow> rows = {scored("raw", "none", 3072, 0, {}, 0, 0.5)};
  for (std::int64_t dim = 1; dim <= 5; ++dim) rows.push_back(scored("AE1", "pca", dim, 0, {}, 0, 0.5));
  EXPECT_EQ(first_cells(compare(spec, comparison_input(rows))),
            (std::vector<std::string>{"raw pixels", "AE1 + PCA(5 values of dim)"}));
}

// Rows that look alike are told apart by axes, but never by one that they average over.
TEST(RowNames, AnAxisThatARowAveragesOverTellsNothing) {
  TableSpec spec = scores({{"architecture", "", 0}});
  spec.average_over = {"reduction", "reduced_dim"};
  std::vector<ResultRow> rows;
  for (const char* optimizer : {"adam", "sgd"}) {
    for (std::int64_t iterations : {250, 1000}) {
      rows.push_back(scored("AE1", "tsne", 2, 0, {}, 0, 0.5));
      rows.back().job = std::string(optimizer) + std::to_string(iterations);
      rows.back().params = Json{{"train", {{"optimizer", optimizer}}}}.dump();
    }
  }
  ComparisonInput input = comparison_input(rows);
  input.axes_of = [](const std::string& job) {
    return Axes{{"optimizer", job.substr(0, job.find_first_of("0123456789"))},
                {"tsne.iterations", std::int64_t{job.ends_with("250") ? 250 : 1000}}};
  };
  EXPECT_EQ(first_cells(compare(spec, input)),
            (std::vector<std::string>{"AE1 (optimizer = adam)", "AE1 (optimizer = sgd)"}));
}

// A row that left it out would seem not to be whitened.
TEST(RowNames, AnAxisThatTellsSomeRowsApartIsSaidInEveryRowThatHasIt) {
  const TableSpec spec = scores({{"label", "", 0}});
  std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE1", "pca", 8, 0, {}, 0, 0.7),
                                 scored("AE2", "pca", 8, 0, {}, 0, 0.6), scored("AE2", "tsne", 2, 0, {}, 0, 0.5)};
  rows[0].job = "whitened";
  rows[1].job = "plain";
  rows[1].params = R"({"pca": {"whiten": false}})";
  rows[2].job = "whitened too";
  rows[3].job = "without";
  ComparisonInput input = comparison_input(rows);
  input.axes_of = [](const std::string& job) {
    if (job == "without") return Axes{};
    return Axes{{"pca.whiten", job != "plain"}};
  };
  EXPECT_EQ(first_cells(compare(spec, input)),
            (std::vector<std::string>{"AE1 + PCA(dim = 8) (pca.whiten = true)", "AE1 + PCA(dim = 8) (pca.whiten = false)",
                                      "AE2 + PCA(dim = 8) (pca.whiten = true)", "AE2 + t-SNE(dim = 2)"}));
}

// Five trainings of 24 epochs, and one of 8.
TEST(RowNames, WhatMostRowsShareIsSaidOnceBelowTheTable) {
  const TableSpec spec = scores({{"label", "", 0}});
  std::vector<ResultRow> rows;
  for (const auto& [job, dim] : {std::pair("long 2", 2), {"short 2", 2}, {"long 4", 4}, {"long 8", 8}, {"long 16", 16}, {"long 32", 32}}) {
    rows.push_back(scored("AE1", "pca", dim, 0, {}, 0, 0.8 - 0.01 * dim));
    rows.back().job = job;
    rows.back().params = Json{{"job", job}}.dump();
  }
  ComparisonInput input = comparison_input(rows);
  input.axes_of = [](const std::string& job) { return Axes{{"epochs", std::int64_t{job.starts_with("long") ? 24 : 8}}}; };
  const Table table = compare(spec, input);
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"PCA(dim = 2)", "PCA(dim = 2) (epochs = 8)", "PCA(dim = 4)",
                                                          "PCA(dim = 8)", "PCA(dim = 16)", "PCA(dim = 32)"}));
  EXPECT_TRUE(contains(notes_of(table), "Where it applies, and unless a row says otherwise: epochs = 24.")) << notes_of(table);
}

// A row that has no such axis would look like those whose value is left out.
TEST(RowNames, WhatMostRowsShareIsSaidWhereOnlyThatTellsThemFromARowWithoutIt) {
  const TableSpec spec = scores({{"label", "", 0}});
  std::vector<ResultRow> rows;
  for (const auto& [job, dim] : {std::pair("long 2", 2), {"none 2", 2}, {"long 4", 4}, {"long 8", 8}, {"long 16", 16}}) {
    rows.push_back(scored("AE1", "pca", dim, 0, {}, 0, 0.8 - 0.01 * dim));
    rows.back().job = job;
    rows.back().params = Json{{"job", job}}.dump();
  }
  ComparisonInput input = comparison_input(rows);
  input.axes_of = [](const std::string& job) { return job.starts_with("long") ? Axes{{"epochs", std::int64_t{24}}} : Axes{}; };
  EXPECT_EQ(first_cells(compare(spec, input)),
            (std::vector<std::string>{"PCA(dim = 2) (epochs = 24)", "PCA(dim = 2)", "PCA(dim = 4) (epochs = 24)",
                                      "PCA(dim = 8) (epochs = 24)", "PCA(dim = 16) (epochs = 24)"}));
}

// Of two mixtures both have 10 starts: it is the clustering that tells them from k-means.
TEST(RowNames, WhatAllRowsThatHaveItShareTellsNothing) {
  const TableSpec spec = scores({{"label", "", 0}});
  std::vector<ResultRow> rows = {scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("AE1", "pca", 8, 0, {}, 0, 0.7), scored("AE1", "pca", 4, 0, {}, 0, 0.6)};
  const char* const jobs[] = {"kmeans", "gmm", "gmm of 4"};
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].job = jobs[i];
    rows[i].params = Json{{"job", jobs[i]}}.dump();
  }
  ComparisonInput input = comparison_input(rows);
  input.axes_of = [](const std::string& job) {
    if (job == "kmeans") return Axes{{"clustering", std::string("kmeans")}};
    return Axes{{"clustering", std::string("gmm")}, {"gmm.n_init", std::int64_t{10}}};
  };
  const Table table = compare(spec, input);
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"PCA(dim = 8) (clustering = kmeans)", "PCA(dim = 8) (clustering = gmm)",
                                                          "PCA(dim = 4) (clustering = gmm)"}));
  EXPECT_FALSE(contains(notes_of(table), "n_init")) << notes_of(table);
}

TEST(RowNames, WhatIsTheSameInAllRowsIsSaidOnce) {
  const TableSpec spec = scores({{"label", "", 0}});
  Table table = compare(
      spec, comparison_input({scored("AE1", "pca", 32, 0, {}, 0, 0.8), scored("raw", "pca", 32, 0, {}, 0, 0.7)}));
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"AE1", "raw pixels"}));
  EXPECT_EQ(table.footnotes[0], "All rows are of PCA(dim = 32).");
  table = compare(spec,
                  comparison_input({scored("AE1", "pca", 32, 0, {}, 0, 0.8), scored("AE1", "none", 9, 0, {}, 0, 0.7)}));
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"PCA(dim = 32)", "no reduction"}));
  EXPECT_EQ(table.footnotes[0], "All rows are of AE1.");
  table = compare(spec, comparison_input({scored("AE1", "pca", 32, 0, {}, 0, 0.8)}));
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"AE1 + PCA(dim = 32)"})) << "a single row";
}

// A table of some jobs: what the sweep varies, and these jobs don't.
TEST(RowNames, WhatTheConditionsOfATableHoldIsSaidBelowIt) {
  const TableSpec spec = scores({{"label", "", 0}});
  ComparisonInput input = comparison_input({with_latent(scored("tiny", "tsne", 2, 0, {}, 0, 0.8), 64),
                                            with_latent(scored("tiny", "pca", 8, 0, {}, 0, 0.7), 64)});
  input.latents = {{"tiny", {"16", "64"}}};
  input.held = {{"architecture", "tiny"}, {"epochs", "2"}, {"k", "10"}, {"latent_dim", "64"}, {"seed", "0"}};
  Table table = compare(spec, input);
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"t-SNE(dim = 2)", "PCA(dim = 8)"}));
  EXPECT_EQ(table.footnotes[0], "All rows are of tiny(64).");
  EXPECT_EQ(table.footnotes[1], "In all rows, epochs = 2 and k = 10.");

  input.rows = std::vector{input.rows[0], scored("raw", "tsne", 2, 0, {}, 0, 0.7)};
  input.held = {{"latent_dim", "64", false}, {"reduced_dim", "2"}, {"reduction", "t-SNE"}};
  table = compare(spec, input);
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"tiny", "raw pixels"}));
  EXPECT_EQ(table.footnotes[0], "All rows are of t-SNE(dim = 2).");
  EXPECT_EQ(table.footnotes[1], "In all rows that have it, latent_dim = 64.");

  TableSpec pivot{.name = "t",
                  .title = "t",
                  .pivot = TableSpec::Pivot{{{"architecture", "", 0}}, {{"reduction", "", 0}}, {{"accuracy_private", "", 2}}}};
  table = compare(pivot, input);
  EXPECT_EQ(table.footnotes[0], "In all cells, reduced_dim = 2.");
  EXPECT_EQ(table.footnotes[1], "In all cells that have it, latent_dim = 64.");
}

TEST(RowNames, OneLatentOfSeveralIsLeftOutOnlyWhereAllRowsShareIt) {
  const TableSpec spec = scores({{"label", "", 0}});
  ComparisonInput input = comparison_input({with_latent(scored("A", "pca", 8, 0, {}, 0, 0.8), 64),
                                            with_latent(scored("B", "pca", 8, 0, {}, 0, 0.7), 32)});
  input.latents = {{"A", {"16", "64"}}, {"B", {"32"}}};
  EXPECT_EQ(first_cells(compare(spec, input)), (std::vector<std::string>{"A(64)", "B"}));
}

TEST(RowTitles, StandInTheTableAndInItsNotes) {
  TableSpec spec = scores({{"label", "", 0}});
  spec.row_titles = {{"AE1 + PCA(dim = 8)", "small & linear"}, {"raw pixels", "baseline"}};
  const Table table =
      compare(spec, tested({scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("raw", "none", 9, 0, {}, 0, 0.7)}));
  EXPECT_EQ(first_cells(table), (std::vector<std::string>{"small & linear", "baseline"}));
  EXPECT_TRUE(contains(notes_of(table), "small & linear alone is right on")) << notes_of(table);
  EXPECT_EQ(table.problems, std::vector<std::string>());
}

TEST(RowTitles, MayBeOfTheWholeLabelWhereTheTableShowsAShorterOne) {
  TableSpec spec = scores({{"label", "", 0}});
  spec.row_titles = {{"AE1 + PCA(dim = 8)", "small"}, {"AE2", "large"}};
  EXPECT_EQ(first_cells(compare(spec, comparison_input({scored("AE1", "pca", 8, 0, {}, 0, 0.8),
                                                        scored("AE2", "pca", 8, 0, {}, 0, 0.7)}))),
            (std::vector<std::string>{"small", "large"}));
}

TEST(RowTitles, StandInThePivotsRowsAndHeadings) {
  TableSpec spec{.name = "t",
                 .title = "t",
                 .pivot = TableSpec::Pivot{
                     {{"architecture", "", 0}}, {{"reduction_label", "", 0}}, {{"accuracy_private", "score", 2}}}};
  spec.row_titles = {{"AE1", "small"}, {"t-SNE", "map"}};
  EXPECT_EQ(markdown_rows(compare(spec, comparison_input({scored("AE1", "pca", 8, 0, {}, 0, 0.8),
                                                          scored("AE1", "tsne", 2, 0, {}, 0, 0.7)}))),
            "| | PCA | map |\n"
            "|---|---:|---:|\n"
            "| small | 0.80 | 0.70 |\n");
}

TEST(RowTitles, OfNoRowAreAProblemWithTheClosestRow) {
  TableSpec spec = scores({{"label", "", 0}});
  spec.row_titles = {{"AE1 + PCA(dim=8)", "small"}};
  const Table table = compare(
      spec, comparison_input({scored("AE1", "pca", 8, 0, {}, 0, 0.8), scored("raw", "none", 9, 0, {}, 0, 0.7)}));
  EXPECT_EQ(table.problems,
            std::vector<std::string>{"row_titles has a title for 'AE1 + PCA(dim=8)', but no row is called that; "
                                     "did you mean 'AE1 + PCA(dim = 8)'?"});
}

}  // namespace
}  // namespace latentgrid
