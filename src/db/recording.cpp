#include "db/recording.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/error.hpp"
#include "columns/cell.hpp"
#include "db/impl.hpp"
#include "db/json_columns.hpp"
#include "db/results_db.hpp"
#include "db/task_table.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

// Records come from files that other versions may have written. A column of the given kind keeps a value of that kind and is NULL for any other.
void bind_text(Statement& statement, int index, const Json& value) {
  value.is_string() ? statement.bind(index, value.get<std::string>()) : statement.bind(index);
}

void bind_integer(Statement& statement, int index, const Json& value) {
  value.is_number_integer() ? statement.bind(index, value.get<std::int64_t>()) : statement.bind(index);
}

void bind_real(Statement& statement, int index, const Json& value) {
  value.is_number() && std::isfinite(value.get<double>()) ? statement.bind(index, value.get<double>())
                                                          : statement.bind(index);
}

class ArtifactWriter {
 public:
  explicit ArtifactWriter(SQLite::Database& database)
      : tasks_(database),
        insert_(database,
                "INSERT INTO artifacts (task, recorded_at, method, wall_s, cpu_s, peak_rss_kb, host, device, threads, "
                "seed, "
                "build, git_commit, libraries, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
                "ON CONFLICT DO NOTHING"),
        insert_metric_(database, "INSERT INTO artifact_metrics (task, name, value) VALUES (?, ?, ?)"),
        insert_loss_(database, "INSERT INTO train_losses (task, epoch, loss) VALUES (?, ?, ?)"),
        find_(database, "SELECT record FROM artifacts WHERE task = ?"),
        remove_metrics_(database, "DELETE FROM artifact_metrics WHERE task = ?"),
        remove_losses_(database, "DELETE FROM train_losses WHERE task = ?"),
        remove_(database, "DELETE FROM artifacts WHERE task = ?") {}

  void write(const ArtifactRow& row) {
    std::int64_t task = tasks_.intern(row.stage, row.artifact);
    if (!insert(task, row)) {
      if (is_recorded(task, row)) return;
      remove(task);  // the artifact was made anew: what the row says must be what lies on the disk
      insert(task, row);
    }
    for (const auto& [name, value] : member_of(row.record, "metrics").items()) {
      insert_metric_.reset();
      insert_metric_.bind(1, task);
      insert_metric_.bind(2, name);
      bind_real(insert_metric_, 3, value);
      insert_metric_.exec();
    }
    std::int64_t epoch = 0;
    for (const Json& loss : member_of(member_of(row.record, "record"), "losses")) {
      insert_loss_.reset();
      insert_loss_.bind(1, task);
      insert_loss_.bind(2, ++epoch);
      bind_real(insert_loss_, 3, loss);
      insert_loss_.exec();
    }
  }

 private:
  bool insert(std::int64_t task, const ArtifactRow& row) {
    const Json& usage = member_of(row.record, "usage");
    const Json& provenance = member_of(row.record, "provenance");
    const Json& libraries = member_of(provenance, "libraries");
    insert_.reset();
    insert_.bind(1, task);
    insert_.bind(2, row.recorded_at);
    const Json& chosen = member_of(member_of(row.record, "record"), "method");
    bind_text(insert_, 3, chosen.is_null() ? member_of(member_of(provenance, "params"), "method") : chosen);
    bind_real(insert_, 4, member_of(usage, "wall_s"));
    bind_real(insert_, 5, member_of(usage, "cpu_s"));
    bind_integer(insert_, 6, member_of(usage, "peak_rss_kb"));
    bind_text(insert_, 7, member_of(provenance, "host"));
    bind_text(insert_, 8, member_of(provenance, "device"));
    bind_integer(insert_, 9, member_of(provenance, "threads"));
    bind_integer(insert_, 10, member_of(provenance, "seed"));
    bind_text(insert_, 11, member_of(provenance, "build"));
    bind_text(insert_, 12, member_of(provenance, "git_commit"));
    bind_text(insert_, 13, libraries.is_null() ? libraries : Json(db::json_text(libraries)));
    insert_.bind(14, db::json_text(row.record));
    return insert_.exec() == 1;
  }

  bool is_recorded(std::int64_t task, const ArtifactRow& row) {
    find_.reset();
    find_.bind(1, task);
    return find_.executeStep() && find_.getColumn(0).getString() == db::json_text(row.record);
  }

  void remove(std::int64_t task) {
    find_.reset();
    for (Statement* statement : {&remove_metrics_, &remove_losses_, &remove_}) {
      statement->reset();
      statement->bind(1, task);
      statement->exec();
    }
  }

  db::TaskTable tasks_;
  Statement insert_, insert_metric_, insert_loss_, find_, remove_metrics_, remove_losses_, remove_;
};

void write_failures(SQLite::Database& database, const std::vector<FailureRow>& failures) {
  Statement insert(database,
                   "INSERT INTO failures (stage, key, attempt, kind, message, at) VALUES (?, ?, ?, ?, ?, ?) "
                   "ON CONFLICT DO NOTHING");
  for (const FailureRow& failure : failures) {
    insert.reset();
    insert.bind(1, failure.stage);
    insert.bind(2, failure.key);
    insert.bind(3, failure.attempt);
    insert.bind(4, failure.kind);
    insert.bind(5, failure.message);
    insert.bind(6, failure.at);
    insert.exec();
  }
}

void write_states(SQLite::Database& database, const std::vector<JobStateRow>& states) {
  // A state told again is no change: nothing is written, and the moment stays that of the change.
  Statement update(database,
                   "UPDATE jobs SET changed_at = CASE WHEN ?4 = '' THEN strftime('%Y-%m-%dT%H:%M:%fZ', 'now') ELSE ?4 END, "
                   "state = ?2, reason = ?3 WHERE id = ?1 "
                   "AND (state <> ?2 OR reason <> ?3 OR changed_at IS NULL)");
  Statement find(database, "SELECT 1 FROM jobs WHERE id = ?");
  for (const JobStateRow& row : states) {
    update.reset();
    update.bindNoCopy(1, row.job);
    update.bind(2, to_text(row.state));
    update.bindNoCopy(3, row.reason);
    update.bindNoCopy(4, row.at);
    if (update.exec() == 1) continue;
    find.reset();
    find.bindNoCopy(1, row.job);
    if (!find.executeStep()) throw Error(fmt::format("job {} was never registered, so it can have no state", row.job));
  }
}

}  // namespace

void record_results(ResultsDb& db, const std::vector<ArtifactRow>& artifacts, const std::vector<FailureRow>& failures,
                    const std::vector<JobStateRow>& states) {
  if (artifacts.empty() && failures.empty() && states.empty()) return;
  db::guarded("record results in", db.impl().file, [&] {
    SQLite::Transaction transaction(db.impl().database, SQLite::TransactionBehavior::IMMEDIATE);
    ArtifactWriter writer(db.impl().database);
    for (const ArtifactRow& row : artifacts) writer.write(row);
    write_failures(db.impl().database, failures);
    write_states(db.impl().database, states);
    transaction.commit();
  });
}

}  // namespace latentgrid
