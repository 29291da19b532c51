#include "db/forget.hpp"

#include "db/impl.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

constexpr const char* revisions_of =
    "(SELECT r.id FROM sweep_revisions r JOIN sweeps s ON s.id = r.sweep WHERE s.name = ?1)";

// The sweep's jobs that no other sweep has, whether they are in a latest revision or not.
std::string own_jobs() {
  return std::string("SELECT DISTINCT o.job FROM sweep_jobs o WHERE o.revision IN ") + revisions_of +
         " AND NOT EXISTS (SELECT 1 FROM sweep_jobs e WHERE e.job = o.job AND e.revision NOT IN " + revisions_of + ")";
}

std::int64_t count(SQLite::Database& database, const std::string& sql, const std::string& sweep) {
  Statement row(database, sql);
  row.bind(1, sweep);
  row.executeStep();
  return row.getColumn(0).getInt64();
}

ForgottenSweep counted(SQLite::Database& database, const std::string& sweep) {
  auto number = [&](const std::string& sql) { return count(database, sql, sweep); };
  ForgottenSweep found;
  found.revisions = number(std::string("SELECT count(*) FROM sweep_revisions WHERE id IN ") + revisions_of);
  found.jobs = number("SELECT count(*) FROM (" + own_jobs() + ")");
  found.shared_jobs =
      number(std::string("SELECT count(DISTINCT job) FROM sweep_jobs WHERE revision IN ") + revisions_of) - found.jobs;
  found.submissions = number("SELECT count(*) FROM submissions WHERE job IN (" + own_jobs() + ")");
  return found;
}

}  // namespace

ForgottenSweep sweep_alone(const ResultsDb& db, const std::string& sweep) {
  return db::guarded("read", db.impl().file, [&] { return counted(db.impl().database, sweep); });
}

ForgottenSweep forget_sweep(ResultsDb& db, const std::string& sweep) {
  return db::guarded("forget a sweep in", db.impl().file, [&] {
    SQLite::Database& database = db.impl().database;
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    const ForgottenSweep forgotten = counted(database, sweep);
    auto fill = [&](const char* table, const std::string& rows) {
      database.exec(std::string("DROP TABLE IF EXISTS temp.") + table);
      Statement make(database, std::string("CREATE TEMP TABLE ") + table + " AS " + rows);
      make.bind(1, sweep);
      make.exec();
    };
    fill("gone_revisions", std::string("SELECT id FROM sweep_revisions WHERE id IN ") + revisions_of);
    fill("gone_jobs", own_jobs());
    fill("gone_tasks", std::string("SELECT task FROM job_tasks WHERE job IN (") + own_jobs() +
                           ") UNION SELECT task FROM pictures WHERE revision IN " + revisions_of);
    for (const char* table : {"pictures", "sweep_jobs"}) {
      database.exec(std::string("DELETE FROM ") + table + " WHERE revision IN (SELECT id FROM gone_revisions)");
    }
    for (const char* table : {"submissions", "job_params", "job_tasks"}) {
      database.exec(std::string("DELETE FROM ") + table + " WHERE job IN (SELECT job FROM gone_jobs)");
    }
    database.exec("DELETE FROM jobs WHERE id IN (SELECT job FROM gone_jobs)");
    database.exec(
        "DELETE FROM gone_tasks WHERE task IN (SELECT task FROM job_tasks) OR task IN (SELECT task FROM pictures)");
    for (const char* table : {"artifact_metrics", "train_losses", "artifacts"}) {
      database.exec(std::string("DELETE FROM ") + table + " WHERE task IN (SELECT task FROM gone_tasks)");
    }
    // A family fails as one: its failures stay while any of its tasks is needed.
    database.exec(
        "DELETE FROM failures WHERE key IN (SELECT key FROM tasks WHERE id IN (SELECT task FROM gone_tasks)) AND key NOT "
        "IN (SELECT key FROM tasks WHERE id NOT IN (SELECT task FROM gone_tasks))");
    database.exec("DELETE FROM tasks WHERE id IN (SELECT task FROM gone_tasks)");
    database.exec("DELETE FROM sweep_revisions WHERE id IN (SELECT id FROM gone_revisions)");
    Statement last(database, "DELETE FROM sweeps WHERE name = ?");
    last.bind(1, sweep);
    last.exec();
    for (const char* table : {"gone_revisions", "gone_jobs", "gone_tasks"}) {
      database.exec(std::string("DROP TABLE temp.") + table);
    }
    transaction.commit();
    return forgotten;
  });
}

}  // namespace latentgrid
