#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Views : ::testing::Test {
  TemporaryResults results;
  JobRecord job = sample_job("AE1", "pca", 8, 0);
  SweepRecord sweep = sample_sweep("one");

  // As who reads the file sees it.
  RowList read(const std::string& sql) { return selected(ResultsDb::open_for_reading(results.database()), sql); }
  void record() {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    db.register_sweep(sweep, {job});
    db.record(sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1}), {}, {{job.id, JobState::complete, ""}});
  }
};

const std::string scores = "SELECT accuracy, accuracy_public, accuracy_private FROM ";

TEST_F(Views, PublicAndPrivateAreEmptyWithoutASplit) {
  sweep.dataset["default_split"] = true;
  record();
  EXPECT_EQ(read(scores + "results").rows.at(0), (std::vector<Cell>{0.7, std::monostate{}, std::monostate{}}));
  EXPECT_EQ(read(scores + "job_results").rows.at(0), (std::vector<Cell>{0.7, 0.71, 0.69}));
}

TEST_F(Views, PublicAndPrivateAreThereWithASplit) {
  record();
  EXPECT_EQ(read(scores + "results").rows.at(0), (std::vector<Cell>{0.7, 0.71, 0.69}));
}

TEST_F(Views, TellTheRangeOfTheImages) {
  record();
  EXPECT_EQ(read("SELECT range, count(*) FROM results GROUP BY range").rows,
            (std::vector<std::vector<Cell>>{{"[-1, 1]", std::int64_t{1}}}));
  sweep = sample_sweep("two");
  job = sample_job("AE2", "pca", 8, 0);
  job.params["range"] = {0, 1};
  job.axes.emplace_back("range", "[0, 1]");
  record();
  EXPECT_EQ(read("SELECT sweep, range FROM results ORDER BY sweep").rows,
            (std::vector<std::vector<Cell>>{{"one", "[-1, 1]"}, {"two", "[0, 1]"}}));
  RowList exported;
  export_results(ResultsDb::open_for_reading(results.database()), "two", exported);
  EXPECT_EQ(std::count(exported.columns.begin(), exported.columns.end(), "range"), 1);
}

// As pandas or the sqlite3 shell reads them.
TEST_F(Views, AreTheSameForOtherPrograms) {
  sweep.dataset["default_split"] = true;
  record();
  SQLite::Database file(results.database().string(), SQLite::OPEN_READONLY);
  SQLite::Statement row(file, "SELECT accuracy, accuracy_public, accuracy_private, range FROM results");
  ASSERT_TRUE(row.executeStep());
  EXPECT_EQ(row.getColumn(0).getDouble(), 0.7);
  EXPECT_TRUE(row.getColumn(1).isNull());
  EXPECT_TRUE(row.getColumn(2).isNull());
  EXPECT_EQ(row.getColumn(3).getString(), "[-1, 1]");
}

}  // namespace
}  // namespace latentgrid
