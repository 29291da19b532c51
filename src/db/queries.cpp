#include "db/queries.hpp"

#include <fmt/format.h>

#include "columns/parameters.hpp"
#include "db/cells.hpp"
#include "db/impl.hpp"
#include "db/views.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

constexpr const char* latest_revisions =
    "sweeps s JOIN sweep_revisions r ON r.sweep = s.id "
    "AND r.number = (SELECT max(number) FROM sweep_revisions WHERE sweep = s.id) ";

template <typename Work>
auto reading(const ResultsDb& db, Work work) {
  return db::guarded("read", db.impl().file, work);
}

std::vector<std::string> texts(Statement& rows) {
  std::vector<std::string> found;
  while (rows.executeStep()) found.push_back(rows.getColumn(0).getString());
  return found;
}

}  // namespace

Snapshot::Snapshot(const ResultsDb& db) : db_(db) {
  reading(db_, [&] { db_.impl().database.exec("BEGIN"); });
}

Snapshot::~Snapshot() {
  db_.impl().database.tryExec("COMMIT");
}

std::vector<std::string> sweep_names(const ResultsDb& db) {
  return reading(db, [&] {
    Statement rows(db.impl().database, "SELECT name FROM sweeps ORDER BY name");
    return texts(rows);
  });
}

std::vector<SweepSummary> list_sweeps(const ResultsDb& db) {
  return reading(db, [&] {
    std::vector<SweepSummary> found;
    Statement rows(
        db.impl().database,
        fmt::format("SELECT s.name, r.file, r.id, r.number, r.created_at, "
                    "max(r.created_at, coalesce(max(j.changed_at), '')), "
                    "sum(j.state = 'pending'), sum(j.state = 'complete'), "
                    "sum(j.state = 'failed'), sum(j.state = 'skipped') "
                    "FROM {} LEFT JOIN sweep_jobs sj ON sj.revision = r.id LEFT JOIN jobs j ON j.id = sj.job "
                    "GROUP BY s.id ORDER BY s.name",
                    latest_revisions));
    while (rows.executeStep()) {
      int c = 0;
      auto text = [&] { return rows.getColumn(c++).getString(); };
      auto number = [&] { return rows.getColumn(c++).getInt64(); };
      SweepSummary sweep;
      sweep.name = text();
      sweep.file = text();
      sweep.revision = number();
      sweep.number = number();
      sweep.created_at = text();
      sweep.last_activity = text();
      for (std::int64_t* count :
           {&sweep.jobs.pending, &sweep.jobs.complete, &sweep.jobs.failed, &sweep.jobs.skipped}) {
        *count = number();
      }
      found.push_back(std::move(sweep));
    }
    return found;
  });
}

namespace {

// The only row of a statement over sweep_revisions r, with one parameter.
std::optional<SweepRevision> revision_where(const ResultsDb& db, const std::string& from, const std::string& parameter) {
  return reading(db, [&]() -> std::optional<SweepRevision> {
    Statement row(db.impl().database,
                  fmt::format("SELECT r.id, r.number, r.file, r.yaml, r.created_at, r.options, r.report, r.dataset, "
                              "r.provenance, {} FROM {}",
                              db::has_split, from));
    row.bind(1, parameter);
    if (!row.executeStep()) return std::nullopt;
    auto json = [&](int column) { return Json::parse(row.getColumn(column).getString()); };
    return SweepRevision{row.getColumn(0).getInt64(),
                         row.getColumn(1).getInt64(),
                         row.getColumn(2).getString(),
                         row.getColumn(3).getString(),
                         row.getColumn(4).getString(),
                         json(5),
                         json(6),
                         json(7),
                         json(8),
                         row.getColumn(9).getInt() != 0};
  });
}

}  // namespace

std::optional<SweepRevision> latest_revision(const ResultsDb& db, const std::string& sweep) {
  return revision_where(db, fmt::format("{} WHERE s.name = ?", latest_revisions), sweep);
}

std::optional<SweepRevision> find_revision(const ResultsDb& db, const std::string& sweep,
                                           std::optional<std::int64_t> number) {
  if (!number) return latest_revision(db, sweep);
  return revision_where(
      db, fmt::format("sweeps s JOIN sweep_revisions r ON r.sweep = s.id WHERE s.name = ? AND r.number = {}", *number),
      sweep);
}

std::optional<SweepRevision> latest_revision_with(const ResultsDb& db, const std::string& job) {
  return revision_where(
      db, "sweep_jobs o JOIN sweep_revisions r ON r.id = o.revision WHERE o.job = ? ORDER BY r.id DESC LIMIT 1", job);
}

std::int64_t clusterings_with_empty_clusters(const ResultsDb& db, std::int64_t revision) {
  return reading(db, [&] {
    Statement count(db.impl().database,
                    // In the order of the tables; the limit has SQLite keep to it.
                    "SELECT count(DISTINCT p.task) FROM (SELECT job FROM sweep_jobs WHERE revision = ? ORDER BY job LIMIT -1) o "
                    "CROSS JOIN job_tasks p ON p.job = o.job AND p.stage = 'cluster' "
                    "CROSS JOIN artifact_metrics m ON m.task = p.task AND m.name = 'clusters_found' "
                    "CROSS JOIN jobs j ON j.id = o.job WHERE m.value < j.k");
    count.bind(1, revision);
    count.executeStep();
    return count.getColumn(0).getInt64();
  });
}

std::vector<std::string> jobs_with_prefix(const ResultsDb& db, const std::string& prefix, std::int64_t limit) {
  return reading(db, [&] {
    Statement rows(db.impl().database, "SELECT id FROM jobs WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY id LIMIT ?2");
    rows.bind(1, prefix);
    rows.bind(2, limit);
    return texts(rows);
  });
}

Json job_parameter(const ResultsDb& db, const std::string& job, const std::string& axis) {
  return reading(db, [&]() -> Json {
    Statement row(db.impl().database, "SELECT params, clustering FROM jobs WHERE id = ?");
    row.bind(1, job);
    if (!row.executeStep()) return nullptr;
    return parameter_in(Json::parse(row.getColumn(0).getString()), row.getColumn(1).getString(), axis);
  });
}

Axes job_axes(const ResultsDb& db, const std::string& job) {
  return reading(db, [&] {
    Axes axes;
    Statement rows(db.impl().database, "SELECT axis, value FROM job_params WHERE job = ? ORDER BY axis");
    rows.bind(1, job);
    while (rows.executeStep()) axes.emplace_back(rows.getColumn(0).getString(), db::cell(rows.getColumn(1)));
    return axes;
  });
}

}  // namespace latentgrid
