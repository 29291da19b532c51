#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.hpp"
#include "db/migrations.hpp"

#include "db/details.hpp"
#include "db/export_results.hpp"
#include "db/registration.hpp"
#include "db/results_columns.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;
namespace fs = std::filesystem;

struct Views : ::testing::Test {
  TemporaryResults results;
  JobRecord job = sample_job("AE1", "pca", 8, 0);
  SweepRecord sweep = sample_sweep("one");

  // As who reads the file sees it.
  RowList read(const std::string& sql) { return selected(ResultsDb::open_for_reading(results.database()), sql); }
  void record() {
    ResultsDb db = ResultsDb::open_for_writing(results.database());
    register_sweep(db, sweep, {job});
    record_results(db, sample_artifacts(job, {0.04, 0.7, 0.71, 0.69, 0.2, 0.1}), {}, {{job.id, JobState::complete, ""}});
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

TEST_F(Views, KIsEmptyWhereTheClusteringFindsIt) {
  job.k = 0;
  record();
  EXPECT_EQ(read("SELECT k FROM results").rows.at(0), (std::vector<Cell>{std::monostate{}}));
  EXPECT_EQ(job_detail(ResultsDb::open_for_reading(results.database()), job.id)->row.k, 0);
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

TEST_F(Views, HaveEveryMetric) {
  record();
  for (const char* view : {"results", "job_results"}) {
    const std::vector<std::string> columns = read(fmt::format("SELECT * FROM {}", view)).columns;
    for (const Metric& metric : all_metrics) {
      EXPECT_EQ(std::count(columns.begin(), columns.end(), metric.name), 1) << view << "." << metric.name;
    }
  }
}

// As a program with other metrics left them.
void replace_views(const fs::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE);
  database.exec("DROP VIEW results; DROP VIEW job_results; CREATE VIEW job_results AS SELECT 1 AS one; "
                "CREATE VIEW results AS SELECT one FROM job_results");
}

TEST_F(Views, OfAnotherProgramAreNotSeenByWhoReadsAndStay) {
  record();
  const RowList before = read("SELECT * FROM results");
  replace_views(results.database());
  const std::string bytes = read_file(results.database());
  EXPECT_EQ(read("SELECT * FROM results").rows, before.rows);
  EXPECT_EQ(read("SELECT * FROM results").columns, before.columns);
  EXPECT_EQ(load_results(ResultsDb::open_for_reading(results.database()), "one").at(0)["accuracy"], 0.7);
  EXPECT_EQ(read("SELECT * FROM main.results").columns, (std::vector<std::string>{"one"}));
  EXPECT_EQ(read_file(results.database()), bytes);
}

TEST_F(Views, OfAnotherProgramAreRemadeByWhoWritesOnce) {
  record();
  const RowList before = read("SELECT * FROM main.results");
  replace_views(results.database());
  ResultsDb::open_for_writing(results.database()).checkpoint();
  EXPECT_EQ(read("SELECT * FROM main.results").columns, before.columns);
  EXPECT_EQ(read("SELECT * FROM main.results").rows, before.rows);
  const std::string bytes = read_file(results.database());
  ResultsDb::open_for_writing(results.database()).checkpoint();
  EXPECT_EQ(read_file(results.database()), bytes) << "a run with nothing to do writes nothing";
}

// Only views changed after version 3.
TEST_F(Views, OfOlderSchemasWithTheSameTablesCanBeRead) {
  for (int version = 1; version <= db::current_version(); ++version) {
    fs::remove(results.database());
    {
      SQLite::Database old(results.database().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
      old.exec(read_file(fs::path(LATENTGRID_SOURCE_DIR) / fmt::format("tests/unit/db/schemas/v{}.sql", version)));
      old.exec(fmt::format("PRAGMA user_version = {}; PRAGMA application_id = {}", version, db::application_id));
    }
    if (version < db::first_readable_version) {
      EXPECT_EQ(error_of([&] { read("SELECT * FROM results"); }),
                results.database().string() + " has the schema of an older latentgrid; any `latentgrid run FILE` brings it up to date");
    } else {
      std::vector<std::string> columns = read("SELECT * FROM results").columns;
      EXPECT_EQ(columns.back(), "range") << version;
      columns.pop_back();
      EXPECT_EQ(columns, results_columns()) << version;
    }
    record();
    EXPECT_EQ(read(scores + "main.results").rows.size(), 1u) << version;
  }
}

}  // namespace
}  // namespace latentgrid
