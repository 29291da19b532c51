#include "db/results_db.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <system_error>

#include "base/error.hpp"
#include "db/impl.hpp"
#include "db/key_order.hpp"
#include "db/migrations.hpp"
#include "db/views.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr int most_attempts = 20;  // to read a file beside which runs begin and end

void check_readable(SQLite::Database& database, const fs::path& file) {
  switch (db::schema_state(database, db::current_version())) {
    case db::SchemaState::current:
      return;
    case db::SchemaState::empty:
      throw Error(fmt::format("{} holds no results yet; `latentgrid run FILE` makes some", file.string()));
    case db::SchemaState::foreign:
      throw Error(fmt::format(
          "{} is an SQLite database, but not one of latentgrid's; name another folder with --results", file.string()));
    case db::SchemaState::older:
      if (database.execAndGet("PRAGMA user_version").getInt() >= db::first_readable_version) return;
      throw Error(fmt::format(
          "{} has the schema of an older latentgrid; any `latentgrid run FILE` brings it up to date", file.string()));
    case db::SchemaState::newer:
      throw Error(
          fmt::format("{} was written by a newer latentgrid (schema {}, this program knows up to {}); use that one",
                      file.string(), database.execAndGet("PRAGMA user_version").getInt(), db::current_version()));
  }
}

}  // namespace

const char* to_text(JobState state) {
  switch (state) {
    case JobState::pending:
      return "pending";
    case JobState::complete:
      return "complete";
    case JobState::failed:
      return "failed";
    case JobState::skipped:
      return "skipped";
  }
  return "";
}

namespace {

JobState state_from_text(std::string_view text) {
  for (JobState state : {JobState::complete, JobState::failed, JobState::skipped}) {
    if (text == to_text(state)) return state;
  }
  return JobState::pending;
}

}  // namespace

ResultsDb::ResultsDb(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
ResultsDb::ResultsDb(ResultsDb&&) noexcept = default;
ResultsDb& ResultsDb::operator=(ResultsDb&&) noexcept = default;
ResultsDb::~ResultsDb() = default;

ResultsDb ResultsDb::open_for_writing(const fs::path& file) {
  if (file.has_parent_path()) fs::create_directories(file.parent_path());
  db::create_with_umask(file);
  db::remove_logs_of_others(file);
  return db::guarded("open", file, [&] {
    auto impl = std::make_unique<Impl>(file, file.string(),
                                       SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX);
    SQLite::Database& database = impl->database;
    // Before anything is written: a file that is not ours must stay as it is.
    db::SchemaState state = db::schema_state(database, db::current_version());
    if (state != db::SchemaState::foreign && state != db::SchemaState::newer)
      database.exec("PRAGMA journal_mode = WAL");
    database.exec("PRAGMA synchronous = FULL");
    database.exec("PRAGMA foreign_keys = ON");
    database.exec("PRAGMA cache_size = -262144");
    // Folding the WAL back syncs the whole database: every 40 MB, not every 4, and at a clean exit.
    SQLite::Statement(database, "PRAGMA wal_autocheckpoint = 10000").executeStep();
    db::migrate(database, db::current_schema, db::migrations());
    db::remake_views(database);
    return ResultsDb(std::move(impl));
  });
}

std::unique_ptr<ResultsDb::Impl> ResultsDb::opened_for_reading(const fs::path& file) {
  for (int attempt = 1;; ++attempt) {
    const db::ReadingMode mode = db::reading_mode(file);
    try {
      auto impl = std::make_unique<Impl>(file, db::reading_uri(file, mode),
                                         SQLite::OPEN_READONLY | SQLite::OPEN_URI | SQLite::OPEN_NOMUTEX,
                                         db::reading_vfs(mode));
      if (mode != db::ReadingMode::beside_a_writer) impl->file.expect_no_change(mode == db::ReadingMode::with_log);
      if (mode == db::ReadingMode::with_log) impl->database.exec("PRAGMA locking_mode = EXCLUSIVE");
      check_readable(impl->database, file);
      db::shadow_views(impl->database);
      return impl;
    } catch (const SQLite::Exception&) {
      // A run that ended in the meantime took its log along.
      if (attempt == most_attempts || db::reading_mode(file) == mode) throw;
    }
  }
}

ResultsDb ResultsDb::open_for_reading(const fs::path& file) {
  std::error_code none;
  if (fs::is_regular_file(file.parent_path(), none)) {
    throw UsageError(fmt::format("{} is a file, not a folder\n  hint: --results names the folder that holds the results",
                                 file.parent_path().string()));
  }
  if (!fs::exists(file)) {
    throw UsageError(
        fmt::format("no results in {}: {} does not exist; `latentgrid run FILE` makes it, --results DIR names another "
                    "folder",
                    file.has_parent_path() ? file.parent_path().string() : ".", file.string()));
  }
  return db::guarded("read", file, [&] {
    std::unique_ptr<Impl> impl = opened_for_reading(file);
    // 64 MiB at most: what belongs to one job of 100,000 lies all over the file.
    impl->database.exec("PRAGMA cache_size = -65536");
    return ResultsDb(std::move(impl));
  });
}

std::vector<JobStateRow> ResultsDb::job_states(std::int64_t revision) const {
  return db::guarded("read", impl_->file, [&] {
    std::vector<JobStateRow> found;
    SQLite::Statement jobs(impl_->database, "SELECT job FROM sweep_jobs WHERE revision = ? ORDER BY position");
    jobs.bind(1, revision);
    while (jobs.executeStep()) found.emplace_back().job = jobs.getColumn(0).getString();
    // In the order of the table: each of its pages is read once, however many they are.
    SQLite::Statement row(impl_->database, "SELECT state, reason, changed_at FROM jobs WHERE id = ?");
    for (std::size_t job : db::in_key_order(found.size(), [&](std::size_t i) -> const std::string& { return found[i].job; })) {
      row.reset();
      row.bindNoCopy(1, found[job].job);
      if (!row.executeStep()) continue;
      found[job].state = state_from_text(row.getColumn(0).getText());
      found[job].reason = row.getColumn(1).getString();
      found[job].at = row.getColumn(2).getString();
    }
    return found;
  });
}

std::vector<bool> ResultsDb::recorded(const std::vector<std::pair<std::string, ArtifactId>>& artifacts) const {
  return db::guarded("read", impl_->file, [&] {
    std::vector<bool> found;
    SQLite::Statement row(impl_->database,
                          "SELECT 1 FROM tasks t JOIN artifacts a ON a.task = t.id "
                          "WHERE t.key = ? AND t.extent = ? AND t.stage = ?");
    for (const auto& [stage, id] : artifacts) {
      row.reset();
      row.bindNoCopy(1, id.key);
      row.bind(2, id.extent);
      row.bindNoCopy(3, stage);
      found.push_back(row.executeStep());
    }
    return found;
  });
}

std::optional<double> ResultsDb::typical_wall_s(const std::string& stage, const std::string& method) const {
  return db::guarded("read", impl_->file, [&]() -> std::optional<double> {
    SQLite::Statement rows(
        impl_->database,
        "SELECT a.wall_s FROM artifacts a JOIN tasks t ON t.id = a.task WHERE t.stage = ?1 AND "
        "(?2 = '' OR a.method = ?2) AND a.wall_s IS NOT NULL ORDER BY a.recorded_at DESC LIMIT 1000");
    rows.bindNoCopy(1, stage);
    rows.bindNoCopy(2, method);
    std::vector<double> seconds;
    while (rows.executeStep()) seconds.push_back(rows.getColumn(0).getDouble());
    if (seconds.empty()) return std::nullopt;
    std::sort(seconds.begin(), seconds.end());
    std::size_t middle = seconds.size() / 2;
    return seconds.size() % 2 == 1 ? seconds[middle] : (seconds[middle - 1] + seconds[middle]) / 2;
  });
}

void ResultsDb::checkpoint() {
  db::guarded("checkpoint", impl_->file, [&] {
    impl_->database.exec("PRAGMA optimize");
    // A reader in the way is no fault and not waited for: what can be folded back now is. The answer is a row, which
    // exec() would not take.
    impl_->database.setBusyTimeout(0);
    SQLite::Statement(impl_->database, "PRAGMA wal_checkpoint(TRUNCATE)").executeStep();
    impl_->database.setBusyTimeout(busy_timeout_ms);
  });
}

}  // namespace latentgrid
