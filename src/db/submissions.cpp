#include "db/submissions.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "db/cells.hpp"
#include "db/impl.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

void bind_score(Statement& statement, int index, const std::optional<double>& score) {
  if (score) {
    statement.bind(index, *score);
  } else {
    statement.bind(index);
  }
}

class SubmissionWriter {
 public:
  explicit SubmissionWriter(SQLite::Database& database)
      : find_job_(database, "SELECT 1 FROM jobs WHERE id = ?"),
        insert_(
            database,
            "INSERT INTO submissions (public_score, private_score, imported_at, job, file, submitted_at, description) "
            "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
        update_(
            database,
            "UPDATE submissions SET public_score = coalesce(?1, public_score), private_score = coalesce(?2, "
            "private_score), imported_at = ?3, description = ?7 WHERE job = ?4 AND file = ?5 AND submitted_at = ?6 AND "
            "(coalesce(?1, public_score) IS NOT public_score OR coalesce(?2, private_score) IS NOT private_score OR "
            "description <> ?7)") {}

  void write(const SubmissionRow& row, SubmissionCounts& counts) {
    find_job_.reset();
    find_job_.bindNoCopy(1, row.job);
    if (!find_job_.executeStep()) throw Error(fmt::format("no sweep of this database has the job '{}'", row.job));
    if (change(insert_, row)) {
      ++counts.imported;
    } else if (change(update_, row)) {
      ++counts.updated;
    } else {
      ++counts.known;
    }
  }

 private:
  static bool change(Statement& statement, const SubmissionRow& row) {
    statement.reset();
    bind_score(statement, 1, row.public_score);
    bind_score(statement, 2, row.private_score);
    statement.bind(3, row.imported_at.empty() ? system_clock().utc_timestamp() : row.imported_at);
    statement.bindNoCopy(4, row.job);
    statement.bindNoCopy(5, row.file);
    statement.bindNoCopy(6, row.submitted_at);
    statement.bindNoCopy(7, row.description);
    return statement.exec() > 0;
  }

  Statement find_job_, insert_, update_;
};

}  // namespace

SubmissionCounts import_submissions(ResultsDb& db, const std::vector<SubmissionRow>& submissions) {
  SubmissionCounts counts;
  if (submissions.empty()) return counts;
  db::guarded("record the submissions in", db.impl().file, [&] {
    SQLite::Transaction transaction(db.impl().database, SQLite::TransactionBehavior::IMMEDIATE);
    SubmissionWriter writer(db.impl().database);
    for (const SubmissionRow& row : submissions) writer.write(row, counts);
    // What changes nothing leaves the file as it is.
    if (counts.imported + counts.updated > 0) transaction.commit();
  });
  return counts;
}

std::vector<SubmissionRow> submissions(const ResultsDb& db, const std::string& job) {
  return db::guarded("read", db.impl().file, [&] {
    Statement rows(db.impl().database,
                   "SELECT file, submitted_at, description, public_score, private_score, imported_at FROM submissions "
                   "WHERE job = ? ORDER BY submitted_at DESC, file");
    rows.bind(1, job);
    std::vector<SubmissionRow> found;
    while (rows.executeStep()) {
      auto text = [&](int column) { return rows.getColumn(column).getString(); };
      found.push_back(
          {job, text(0), text(1), text(2), db::real(rows.getColumn(3)), db::real(rows.getColumn(4)), text(5)});
    }
    return found;
  });
}

}  // namespace latentgrid
