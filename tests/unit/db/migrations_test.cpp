#include "db/migrations.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/file_system.hpp"
#include "db/impl.hpp"
#include "db/queries.hpp"
#include "db/registration.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;
namespace fs = std::filesystem;

// What defines a schema: the text of every table and index, by name. Views are none of it (views_test.cpp).
std::vector<std::string> definitions(SQLite::Database& database) {
  std::vector<std::string> found;
  SQLite::Statement rows(database,
                         "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master "
                         "WHERE type <> 'view' ORDER BY 1");
  while (rows.executeStep()) found.push_back(rows.getColumn(0).getString());
  return found;
}

SQLite::Database open(const fs::path& file) {
  return {file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE};
}

fs::path frozen_schema(int version) {
  return fs::path(LATENTGRID_SOURCE_DIR) / fmt::format("tests/unit/db/schemas/v{}.sql", version);
}

int version(SQLite::Database& database) {
  return database.execAndGet("PRAGMA user_version").getInt();
}

TEST(Migrations, TheSchemaOfEveryVersionIsFrozenAndTheLastOneIsOurs) {
  for (int v = 1; v <= db::current_version(); ++v) ASSERT_TRUE(fs::exists(frozen_schema(v)));
  SQLite::Database ours(":memory:", SQLite::OPEN_READWRITE), last(":memory:", SQLite::OPEN_READWRITE);
  ours.exec(db::current_schema);
  last.exec(read_file(frozen_schema(db::current_version())));
  EXPECT_EQ(definitions(ours), definitions(last))
      << "schema.sql changed: raise the version, add a migration and freeze it";
}

TEST(Migrations, AFileOfEveryVersionBecomesLikeAFreshOne) {
  SQLite::Database fresh(":memory:", SQLite::OPEN_READWRITE);
  db::migrate(fresh, db::current_schema, db::migrations());
  for (int v = 1; v <= db::current_version(); ++v) {
    SQLite::Database old(":memory:", SQLite::OPEN_READWRITE);
    old.exec(read_file(frozen_schema(v)));
    old.exec(fmt::format("PRAGMA user_version = {}", v));
    old.exec(fmt::format("PRAGMA application_id = {}", db::application_id));
    db::migrate(old, db::current_schema, db::migrations());
    EXPECT_EQ(definitions(old), definitions(fresh)) << "from version " << v;
    EXPECT_EQ(version(old), db::current_version());
  }
}

struct MigrationSteps : ::testing::Test {
  SQLite::Database database{":memory:", SQLite::OPEN_READWRITE};
  void SetUp() override {
    db::migrate(database, "CREATE TABLE a (x)", {});
    database.exec("INSERT INTO a VALUES (7)");
  }
};

TEST_F(MigrationSteps, RunInOrderAndKeepTheData) {
  db::migrate(database, "unused", {"ALTER TABLE a ADD COLUMN y", "UPDATE a SET y = x + 1"});
  EXPECT_EQ(version(database), 3);
  EXPECT_EQ(database.execAndGet("SELECT y FROM a").getInt(), 8);
}

TEST_F(MigrationSteps, OnlyTheMissingOnesRun) {
  db::migrate(database, "unused", {"ALTER TABLE a ADD COLUMN y"});
  db::migrate(database, "unused", {"ALTER TABLE a ADD COLUMN y", "ALTER TABLE a ADD COLUMN z"});
  EXPECT_EQ(version(database), 3);
}

TEST_F(MigrationSteps, OneThatFailsLeavesTheOldSchema) {
  auto before = definitions(database);
  EXPECT_NE(error_of([&] { db::migrate(database, "unused", {"ALTER TABLE a ADD COLUMN y", "no sql"}); }), "");
  EXPECT_EQ(definitions(database), before);
  EXPECT_EQ(version(database), 1);
}

TEST(OpenForWriting, AFileOfANewerProgramIsRefusedAndLeftAsItIs) {
  TemporaryResults results;
  { ResultsDb::open_for_writing(results.database()); }
  open(results.database()).exec("PRAGMA user_version = 99");
  std::string before = read_file(results.database());
  std::string file = results.database().string();
  std::string said =
      fmt::format("{} was written by a newer latentgrid (schema 99, this program knows up to {}); use that one", file,
                  db::current_version());
  EXPECT_EQ(error_of([&] { ResultsDb::open_for_writing(results.database()); }),
            said + ", or another folder with --results");
  EXPECT_EQ(error_of([&] { ResultsDb::open_for_reading(results.database()); }), said);
  EXPECT_EQ(read_file(results.database()), before);
}

TEST(OpenForWriting, SomebodyElsesDatabaseIsRefusedAndLeftAsItIs) {
  TemporaryResults results;
  open(results.database()).exec("CREATE TABLE photos (name)");
  std::string before = read_file(results.database());
  std::string expected = results.database().string() +
                         " is an SQLite database, but not one of latentgrid's; name another folder with --results";
  EXPECT_EQ(error_of([&] { ResultsDb::open_for_writing(results.database()); }), expected);
  EXPECT_EQ(error_of([&] { ResultsDb::open_for_reading(results.database()); }), expected);
  EXPECT_EQ(read_file(results.database()), before);
}

TEST(OpenForWriting, TheConnectionIsSafeAgainstPowerLossAndDanglingRows) {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  EXPECT_EQ(open(results.database()).execAndGet("PRAGMA journal_mode").getString(), "wal");
  EXPECT_EQ(db.impl().database.execAndGet("PRAGMA synchronous").getInt(), 2) << "FULL";
  EXPECT_EQ(db.impl().database.execAndGet("PRAGMA foreign_keys").getInt(), 1);
}

TEST(OpenForWriting, AnOpenDatabaseCanBeOpenedByASecondWriter) {
  TemporaryResults results;
  ResultsDb first = ResultsDb::open_for_writing(results.database());
  ResultsDb second = ResultsDb::open_for_writing(results.database());
  register_sweep(first, sample_sweep("one"), {});
  register_sweep(second, sample_sweep("two"), {});
  EXPECT_EQ(sweep_names(first), (std::vector<std::string>{"one", "two"}));
}

}  // namespace
}  // namespace latentgrid
