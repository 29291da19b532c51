#include "db/views.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.hpp"
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

TEST_F(Views, HaveTheColumnsOfTheFilesOwnAndMore) {
  record();
  const RowList here = read("SELECT * FROM results"), in_file = read("SELECT * FROM main.results");
  ASSERT_EQ(here.columns.size(), in_file.columns.size() + 1);
  EXPECT_EQ(std::vector<std::string>(here.columns.begin(), here.columns.end() - 1), in_file.columns);
  EXPECT_EQ(here.columns.back(), "range");
}

TEST_F(Views, AreNoPartOfTheFile) {
  record();
  const std::string before = read_file(results.database());
  read("SELECT * FROM results");
  EXPECT_EQ(read_file(results.database()), before);
}

}  // namespace
}  // namespace latentgrid
