#include <gtest/gtest.h>

#include "base/error.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

// On a connection that could write, so that what is refused is refused by select() itself.
struct Select : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  void SetUp() override { register_sweep(db, sample_sweep("one"), {sample_job("AE1", "pca", 8, 0)}); }
  std::string error(const std::string& sql) {
    return error_of([&] { selected(db, sql); });
  }
};

constexpr const char* only_reads =
    "query only reads: one SELECT over the tables and views; `latentgrid run` is what writes";

TEST_F(Select, GivesColumnsAndTypedValues) {
  RowList rows = selected(db, "SELECT 1 AS i, 2.5 AS r, 'ü' AS t, NULL AS n, x'00ff' AS b; -- a comment\n ;");
  EXPECT_EQ(rows.columns, (std::vector<std::string>{"i", "r", "t", "n", "b"}));
  std::vector<Cell> expected = {std::int64_t{1}, 2.5, "ü", std::monostate{}, "00ff"};
  EXPECT_EQ(rows.rows, std::vector<std::vector<Cell>>{expected});
}

TEST_F(Select, ColumnsAreKnownWithoutRows) {
  EXPECT_EQ(selected(db, "SELECT job FROM results WHERE 0").columns, std::vector<std::string>{"job"});
}

TEST_F(Select, WithValuesExplainAndTableInfoAreReading) {
  EXPECT_EQ(
      number(db, "WITH RECURSIVE n(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i) FROM n"),
      15);
  EXPECT_EQ(number(db, "VALUES (3)"), 3);
  EXPECT_EQ(error("EXPLAIN QUERY PLAN SELECT * FROM results"), "");
  EXPECT_EQ(error("PRAGMA table_info(results)"), "");
  EXPECT_EQ(error("SELECT name FROM pragma_table_info('jobs')"), "");
  EXPECT_EQ(text(db, "SELECT group_concat(key) FROM results, json_each(params)"), "reduction,train");
}

TEST_F(Select, WhateverWritesIsRefused) {
  std::string elsewhere = (results.folder() / "other.db").string();
  for (const std::string& sql : std::vector<std::string>{
           "DELETE FROM jobs", "UPDATE jobs SET state = 'complete'", "INSERT INTO sweeps (name) VALUES ('x')",
           "CREATE TABLE t (x)", "CREATE TEMP TABLE t (x)", "DROP VIEW results", "ATTACH '" + elsewhere + "' AS other",
           "VACUUM INTO '" + elsewhere + "'", "VACUUM", "PRAGMA user_version = 9", "PRAGMA journal_mode = DELETE",
           "BEGIN", "COMMIT", "DETACH main", "CREATE TABLE t AS SELECT 1", "REINDEX", "ANALYZE", "SAVEPOINT s",
           "WITH n(i) AS (VALUES (1)) DELETE FROM sweeps WHERE id IN (SELECT i FROM n)"}) {
    EXPECT_EQ(error(sql), only_reads) << sql;
  }
  EXPECT_FALSE(std::filesystem::exists(elsewhere));
  EXPECT_EQ(number(db, "SELECT count(*) FROM jobs"), 1);
}

TEST_F(Select, OneStatementAtATime) {
  EXPECT_EQ(error("SELECT 1; SELECT 2"), "query runs one statement: remove what follows the first semicolon");
  EXPECT_EQ(error("SELECT 1; DELETE FROM jobs"), "query runs one statement: remove what follows the first semicolon");
}

TEST_F(Select, MistakesAreExplained) {
  EXPECT_EQ(error("SELECT accurracy FROM results"), "cannot run the query: no such column: accurracy\n"
            "  hint: did you mean 'accuracy'? `latentgrid query --tables` lists the tables and their columns");
  EXPECT_EQ(error("SELECT r.zzz FROM results r"),
            "cannot run the query: no such column: r.zzz\n"
            "  hint: `latentgrid query --tables` lists the tables and their columns");
  EXPECT_EQ(error("SELECT inertia FROM results"),
            "cannot run the query: no such column: inertia\n"
            "  hint: `latentgrid query --tables` lists the tables and their columns");
  EXPECT_EQ(error("SELECT epoch FROM results"),
            "cannot run the query: no such column: epoch\n"
            "  hint: 'epoch' is a column of another table. `latentgrid query --tables` lists the tables and their columns");
  EXPECT_EQ(error("SELECT 1 FROM result"),
            "cannot run the query: no such table: result\n"
            "  hint: did you mean 'results'? `latentgrid query --tables` lists the tables and their columns");
  EXPECT_EQ(error("SELEC 1"), "cannot run the query: near \"SELEC\": syntax error");
  EXPECT_EQ(error("  -- nothing"), "the query is empty; try: SELECT * FROM results");
  EXPECT_THROW(selected(db, "SELEC 1"), UsageError);
}

TEST_F(Select, TheConnectionWritesAsBeforeAfterwards) {
  error("DELETE FROM jobs");
  EXPECT_NO_THROW(register_sweep(db, sample_sweep("two"), {}));
}

}  // namespace
}  // namespace latentgrid
