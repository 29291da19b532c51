#include "db/registration.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "base/error.hpp"
#include "db/impl.hpp"
#include "db/json_columns.hpp"
#include "db/key_order.hpp"
#include "db/results_db.hpp"
#include "db/revisions.hpp"
#include "db/rows_insert.hpp"
#include "db/task_table.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

std::int64_t sweep_id(SQLite::Database& database, const std::string& name) {
  Statement insert(database, "INSERT INTO sweeps (name) VALUES (?) ON CONFLICT DO NOTHING");
  insert.bindNoCopy(1, name);
  insert.exec();
  Statement find(database, "SELECT id FROM sweeps WHERE name = ?");
  find.bindNoCopy(1, name);
  find.executeStep();
  return find.getColumn(0).getInt64();
}

// What is entered refers to rows that the same transaction has just entered or found. To have SQLite look each of them up again
// would be half of the time of a large sweep.
class WithoutForeignKeyChecks {
 public:
  explicit WithoutForeignKeyChecks(SQLite::Database& database) : database_(database) { database.exec("PRAGMA foreign_keys = OFF"); }
  ~WithoutForeignKeyChecks() { database_.tryExec("PRAGMA foreign_keys = ON"); }
  WithoutForeignKeyChecks(const WithoutForeignKeyChecks&) = delete;
  WithoutForeignKeyChecks& operator=(const WithoutForeignKeyChecks&) = delete;

 private:
  SQLite::Database& database_;
};

class JobWriter {
 public:
  JobWriter(SQLite::Database& database, std::int64_t revision, const JobList::Tasks& tasks)
      : revision_(revision),
        tasks_(db::intern_all(database, tasks)),
        insert_job_(
            database,
            "INSERT INTO jobs (id, key, dataset, architecture, latent, latent_dim, epochs, reduction, reduced_dim, "
            "clustering, k, seed, params) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"),
        find_key_(database, "SELECT key FROM jobs WHERE id = ?"),
        find_tasks_(database, "SELECT task FROM job_tasks WHERE job = ? ORDER BY position"),
        delete_tasks_(database, "DELETE FROM job_tasks WHERE job = ?"),
        insert_place_(database, "INSERT INTO sweep_jobs (revision, position, job) VALUES (?, ?, ?)"),
        insert_params_(database, "job_params (job, axis, value)", 3, "ON CONFLICT DO NOTHING"),
        insert_tasks_(database, "job_tasks (job, stage, step, position, task)", 5) {}

  void write(const JobRecord& job, std::size_t position) {
    const bool fresh = insert_job(job);
    if (!fresh) check_key(job);
    // A known job too: another sweep may vary what the first one left at its default.
    insert_params_.insert(job.axes.size(), [&](Statement& statement, int first, std::size_t i) {
      const auto& [axis, value] = job.axes[i];
      statement.bindNoCopy(first, job.id);
      statement.bindNoCopy(first + 1, axis);
      db::bind_json(statement, first + 2, value);
    });
    write_path(job, fresh);
    insert_place_.reset();
    insert_place_.bind(1, revision_);
    insert_place_.bind(2, static_cast<std::int64_t>(position));
    insert_place_.bindNoCopy(3, job.id);
    insert_place_.exec();
  }

 private:
  // A key says nothing of the images' names, and an older program knew no such task: a known job's path may be another now.
  void write_path(const JobRecord& job, bool fresh) {
    if (!fresh) {
      if (has_path(job)) return;
      delete_tasks_.reset();
      delete_tasks_.bindNoCopy(1, job.id);
      delete_tasks_.exec();
    }
    insert_tasks_.insert(job.path.size(), [&](Statement& statement, int first, std::size_t i) {
      const TaskRef& task = job.path[i];
      statement.bindNoCopy(first, job.id);
      statement.bindNoCopy(first + 1, task.stage);
      statement.bind(first + 2, task.step);
      statement.bind(first + 3, static_cast<std::int64_t>(i));
      statement.bind(first + 4, tasks_[task.number]);
    });
  }

  bool has_path(const JobRecord& job) {
    std::vector<std::int64_t> known, wanted;
    for (const TaskRef& task : job.path) wanted.push_back(tasks_[task.number]);
    find_tasks_.reset();
    find_tasks_.bindNoCopy(1, job.id);
    while (find_tasks_.executeStep()) known.push_back(find_tasks_.getColumn(0).getInt64());
    find_tasks_.reset();
    return known == wanted;
  }

  // False if it is known.
  bool insert_job(const JobRecord& job) {
    const std::string params = db::json_text(job.params);
    int index = 0;
    auto text = [&](const std::string& value) { insert_job_.bindNoCopy(++index, value); };
    auto number = [&](std::int64_t value) { insert_job_.bind(++index, value); };
    insert_job_.reset();
    text(job.id);
    text(job.key);
    text(job.dataset);
    text(job.architecture);
    text(job.latent);
    number(job.latent_dim);
    number(job.epochs);
    text(job.reduction);
    number(job.reduced_dim);
    text(job.clustering);
    number(job.k);
    number(job.seed);
    text(params);
    return insert_job_.exec() == 1;
  }

  void check_key(const JobRecord& job) {
    find_key_.reset();
    find_key_.bindNoCopy(1, job.id);
    find_key_.executeStep();
    const std::string found = find_key_.getColumn(0).getString();
    find_key_.reset();
    if (found == job.key) return;
    throw Error(fmt::format("two jobs share the id {}: keys {} and {}", job.id, found, job.key));
  }

  std::int64_t revision_;
  std::vector<std::int64_t> tasks_;  // rows of the list's tasks
  Statement insert_job_, find_key_, find_tasks_, delete_tasks_, insert_place_;
  db::RowsInsert insert_params_, insert_tasks_;
};

std::int64_t insert_revision(SQLite::Database& database, std::int64_t id, std::int64_t number, const SweepRecord& sweep,
                             const std::string& content) {
  Statement insert(
      database,
      "INSERT INTO sweep_revisions (sweep, number, file, yaml, options, report, dataset, provenance, content, "
      "created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
  insert.bind(1, id);
  insert.bind(2, number);
  insert.bind(3, sweep.file);
  insert.bind(4, sweep.text);
  insert.bind(5, db::json_text(sweep.options));
  insert.bind(6, db::json_text(sweep.report));
  insert.bind(7, db::json_text(sweep.dataset));
  insert.bind(8, db::json_text(sweep.provenance));
  insert.bind(9, content);
  insert.bind(10, sweep.created_at);
  insert.exec();
  return database.getLastInsertRowid();
}

void write_jobs(SQLite::Database& database, std::int64_t revision, const JobList& jobs) {
  JobWriter writer(database, revision, jobs.tasks());
  const auto id = [&](std::size_t job) -> const std::string& { return jobs.id(job); };
  for (std::size_t job : db::in_key_order(jobs.size(), id)) writer.write(jobs.record(job), job);
}

// The revision's id.
std::int64_t register_content(const ResultsDb& db, const SweepRecord& sweep, const JobList& jobs, const std::string& content) {
  return db::guarded("register the sweep in", db.impl().file, [&]() -> std::int64_t {
    SQLite::Database& database = db.impl().database;
    const WithoutForeignKeyChecks unchecked(database);
    SQLite::Transaction transaction(database, SQLite::TransactionBehavior::IMMEDIATE);
    std::int64_t id = sweep_id(database, sweep.name);
    Statement latest(database,
                     "SELECT id, number, content FROM sweep_revisions WHERE sweep = ? ORDER BY number DESC LIMIT 1");
    latest.bind(1, id);
    std::int64_t number = 1;
    if (latest.executeStep()) {
      if (latest.getColumn(2).getString() == content) return latest.getColumn(0).getInt64();
      number = latest.getColumn(1).getInt64() + 1;
    }
    latest.reset();
    std::int64_t revision = insert_revision(database, id, number, sweep, content);
    write_jobs(database, revision, jobs);
    transaction.commit();
    return revision;
  });
}

}  // namespace

Registration register_sweep(ResultsDb& db, const SweepRecord& sweep, const JobList& jobs) {
  const std::string content = db::content_digest(sweep, jobs);
  RevisionChange change = db::revision_change(db, sweep, jobs, content);
  return {register_content(db, sweep, jobs, content), std::move(change)};
}

}  // namespace latentgrid
