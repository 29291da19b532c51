#include "db/registration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/error.hpp"
#include "db/impl.hpp"
#include "db/json_columns.hpp"
#include "db/results_db.hpp"
#include "db/revisions.hpp"
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

class JobWriter {
 public:
  explicit JobWriter(SQLite::Database& database)
      : tasks_(database),
        insert_job_(
            database,
            "INSERT INTO jobs (id, key, dataset, architecture, latent, latent_dim, epochs, reduction, reduced_dim, "
            "clustering, k, seed, params) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
        find_key_(database, "SELECT key FROM jobs WHERE id = ?"),
        insert_param_(database, "INSERT INTO job_params (job, axis, value) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"),
        find_tasks_(database, "SELECT task FROM job_tasks WHERE job = ? ORDER BY position"),
        delete_tasks_(database, "DELETE FROM job_tasks WHERE job = ?"),
        insert_task_(database, "INSERT INTO job_tasks (job, stage, step, position, task) VALUES (?, ?, ?, ?, ?)") {}

  void write(const JobRecord& job) {
    const bool fresh = !known(job.id, job.key);
    if (fresh) insert_job(job);
    // A known job too: another sweep may vary what the first one left at its default.
    for (const auto& [axis, value] : job.axes) {
      insert_param_.reset();
      insert_param_.bindNoCopy(1, job.id);
      insert_param_.bindNoCopy(2, axis);
      db::bind_json(insert_param_, 3, value);
      insert_param_.exec();
    }
    write_path(job, fresh);
  }

 private:
  // A key says nothing of the images' names, and an older program knew no such task: a known job's path may be another now.
  void write_path(const JobRecord& job, bool fresh) {
    std::vector<std::int64_t> tasks;
    for (const TaskRef& task : job.path) tasks.push_back(tasks_.intern(task.stage, task.artifact));
    if (!fresh) {
      if (tasks_of(job.id) == tasks) return;
      delete_tasks_.reset();
      delete_tasks_.bindNoCopy(1, job.id);
      delete_tasks_.exec();
    }
    for (std::size_t i = 0; i < tasks.size(); ++i) {
      insert_task_.reset();
      insert_task_.bindNoCopy(1, job.id);
      insert_task_.bindNoCopy(2, job.path[i].stage);
      insert_task_.bind(3, job.path[i].step);
      insert_task_.bind(4, static_cast<std::int64_t>(i));
      insert_task_.bind(5, tasks[i]);
      insert_task_.exec();
    }
  }

  std::vector<std::int64_t> tasks_of(const std::string& job) {
    std::vector<std::int64_t> tasks;
    find_tasks_.reset();
    find_tasks_.bindNoCopy(1, job);
    while (find_tasks_.executeStep()) tasks.push_back(find_tasks_.getColumn(0).getInt64());
    find_tasks_.reset();
    return tasks;
  }

  void insert_job(const JobRecord& job) {
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
    insert_job_.exec();
  }

  bool known(const std::string& id, const std::string& key) {
    find_key_.reset();
    find_key_.bindNoCopy(1, id);
    const std::string found = find_key_.executeStep() ? find_key_.getColumn(0).getString() : "";
    find_key_.reset();
    if (found.empty() || found == key) return !found.empty();
    throw Error(fmt::format("two jobs share the id {}: keys {} and {}", id, found, key));
  }

  db::TaskTable tasks_;
  Statement insert_job_, find_key_, insert_param_, find_tasks_, delete_tasks_, insert_task_;
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

// By id: neighbors in the file are neighbors in the tables, which is three times as fast for a large sweep.
void write_jobs(SQLite::Database& database, const JobList& jobs) {
  std::vector<std::size_t> by_id(jobs.size());
  std::iota(by_id.begin(), by_id.end(), std::size_t{0});
  std::sort(by_id.begin(), by_id.end(), [&](std::size_t a, std::size_t b) { return jobs.id(a) < jobs.id(b); });
  JobWriter writer(database);
  for (std::size_t job : by_id) writer.write(jobs.record(job));
}

void write_order(SQLite::Database& database, std::int64_t revision, const JobList& jobs) {
  Statement insert(database, "INSERT INTO sweep_jobs (revision, position, job) VALUES (?, ?, ?)");
  for (std::size_t job = 0; job < jobs.size(); ++job) {
    insert.reset();
    insert.bind(1, revision);
    insert.bind(2, static_cast<std::int64_t>(job));
    insert.bindNoCopy(3, jobs.id(job));
    insert.exec();
  }
}

// The revision's id.
std::int64_t register_content(const ResultsDb& db, const SweepRecord& sweep, const JobList& jobs, const std::string& content) {
  return db::guarded("register the sweep in", db.impl().file, [&]() -> std::int64_t {
    SQLite::Database& database = db.impl().database;
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
    write_jobs(database, jobs);
    write_order(database, revision, jobs);
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
