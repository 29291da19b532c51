#include "report/table_measures.hpp"

#include <fmt/format.h>

#include "report/report.hpp"
#include "report/table_markdown.hpp"
#include "unit/measures/measured_sweep.hpp"

namespace latentgrid {
namespace {

using namespace latentgrid::testing;

struct TableMeasuresTest : MeasuredSweep {
  Table table(const Json& spec) {
    report = {{"tables", Json::array({spec})}};
    add(sample_job("raw", "pca", 8, 0), {0, 0, 0, 1, 1, 1});
    add(sample_job("raw", "pca", 8, 1), {1, 1, 1, 0, 0, 0});
    add(sample_job("raw", "tsne", 2, 0), {0, 0, 0, 1, 1, 1});
    add(sample_job("raw", "tsne", 2, 1), {0, 0, 0, 1, 1, -1});
    record(0, {0.5, 0.75, 1, 0.5});
    const ResultsDb db = ResultsDb::open_for_reading(results.database());
    return build_report(db, store, "scenes", ReportParts::tables).tables.front();
  }
  static Json columns(const std::vector<std::string>& fields) {
    Json all = Json::array();
    for (const std::string& field : fields) all.push_back({{"field", field}, {"title", field}});
    return all;
  }
  static bool any_begins(const std::vector<std::string>& sentences, const std::string& begin) {
    return std::any_of(sentences.begin(), sentences.end(),
                       [&](const std::string& sentence) { return sentence.starts_with(begin); });
  }
};

TEST_F(TableMeasuresTest, AreColumnsWithSentencesBelow) {
  const Table found = table({{"columns", columns({"label", "agreement", "stability"})},
                             {"sort", {{"field", "agreement"}, {"descending", true}}}});
  const std::string text = to_markdown(found);
  // The values are those of choose_command_test.cpp; numpy.std([1, 0.705882], ddof=1) is 0.2080.
  EXPECT_NE(text.find("| | agreement | stability |\n"
                      "|---|---:|---:|\n"
                      "| PCA(dim = 8) | 0.8529 ± 0.0000 (2) | 1.0000 ± 0.0000 (2) |\n"
                      "| t-SNE(dim = 2) | 0.8529 ± 0.2080 (2) | 0.7059 ± 0.0000 (2) |\n"),
            std::string::npos)
      << text;
  EXPECT_TRUE(any_begins(found.details, "Agreement is the mean adjusted Rand index"));
  EXPECT_TRUE(any_begins(found.details, "Of 4 jobs the best has accuracy 1.0000;"));
  EXPECT_TRUE(any_begins(found.details, "Agreement would have chosen job " + jobs[2].id));
  EXPECT_TRUE(any_begins(found.footnotes,
                         "Whether agreement chooses better than chance cannot be said with fewer than 5 settings."));
  EXPECT_TRUE(found.problems.empty());
}

TEST_F(TableMeasuresTest, OthersAreNotSpokenOf) {
  const Table found = table({{"columns", columns({"label", "stability"})}});
  EXPECT_FALSE(any_begins(found.details, "Agreement"));
  EXPECT_TRUE(any_begins(found.details, "Stability would have chosen"));
}

TEST_F(TableMeasuresTest, ASpaceThatIsMissingIsAProblemOfTheTable) {
  const Table found = table({{"columns", columns({"label", "silhouette_in"})}, {"space", "raw"}});
  EXPECT_EQ(found.columns[1].title, "silhouette in raw");
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_TRUE(found.problems.front().starts_with("raw pixels cannot be read: ")) << found.problems.front();
}

TEST_F(TableMeasuresTest, WhatNeedsNoSpaceIsShownWhereTheSpaceIsMissing) {
  const Table found = table({{"columns", columns({"label", "stability", "silhouette_in"})}, {"space", "raw"}});
  ASSERT_EQ(found.problems.size(), 1u);
  EXPECT_TRUE(std::holds_alternative<Estimate>(found.rows.front()[1].value));
  EXPECT_FALSE(std::holds_alternative<Estimate>(found.rows.front()[2].value));
}

TEST_F(TableMeasuresTest, ASpaceIsNamedInTheTitle) {
  add(sample_job("raw", "pca", 16, 0), {0, 0, 1, 1, 1, 1});
  const std::vector<std::uint8_t> pixels{0, 10, 2, 11, 4, 9};
  write_npy(folder_of(store, jobs.front(), "load") / "images.npy", std::span(pixels), {6, 1, 1, 1});
  const Table found = table({{"columns", columns({"label", "calinski_harabasz_in"})}, {"space", "raw"}});
  EXPECT_EQ(found.columns[1].title, "Calinski-Harabasz in raw");
  EXPECT_TRUE(found.problems.empty());
  EXPECT_TRUE(std::holds_alternative<Estimate>(found.rows.front()[1].value));
  EXPECT_TRUE(
      any_begins(found.details,
                 "Calinski-Harabasz is taken in the space of raw pixels, the same for all jobs, over all 6 images."));
}

}  // namespace
}  // namespace latentgrid
