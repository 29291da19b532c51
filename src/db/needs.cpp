#include "db/needs.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "db/impl.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

constexpr const char* with_latest =
    "WITH revisions AS (SELECT r.id AS id, r.sweep AS sweep, "
    "r.number = (SELECT max(number) FROM sweep_revisions WHERE sweep = r.sweep) AS latest FROM sweep_revisions r) ";

ArtifactId artifact(Statement& row, int column) {
  return {row.getColumn(column).getString(), row.getColumn(column + 1).getInt64()};
}

}  // namespace

std::vector<TaskNeed> task_needs(const ResultsDb& db) {
  return db::guarded("read", db.impl().file, [&] {
    Statement rows(db.impl().database,
                   std::string(with_latest) +
                       "SELECT t.stage, t.key, t.extent, s.name, max(n.latest), max(n.of_figure) FROM ("
                       "SELECT p.task AS task, r.sweep AS sweep, r.latest AS latest, 0 AS of_figure FROM revisions r "
                       "JOIN sweep_jobs o ON o.revision = r.id JOIN job_tasks p ON p.job = o.job "
                       "UNION ALL SELECT p.task, r.sweep, r.latest, 1 FROM revisions r "
                       "JOIN pictures p ON p.revision = r.id) n "
                       "JOIN tasks t ON t.id = n.task JOIN sweeps s ON s.id = n.sweep GROUP BY n.sweep, n.task "
                       "ORDER BY t.stage, t.key, t.extent, s.name");
    std::vector<TaskNeed> found;
    while (rows.executeStep()) {
      found.push_back({rows.getColumn(0).getString(), artifact(rows, 1), rows.getColumn(3).getString(),
                       rows.getColumn(4).getInt() != 0, rows.getColumn(5).getInt() != 0});
    }
    return found;
  });
}

std::vector<ArtifactId> artifacts_of(const ResultsDb& db, const std::string& job, const std::vector<std::string>& stages) {
  return db::guarded("read", db.impl().file, [&] {
    Statement rows(db.impl().database,
                   fmt::format("SELECT t.key, t.extent FROM job_tasks p JOIN tasks t ON t.id = p.task WHERE p.job = ? AND p.stage IN ('{}')",
                               fmt::join(stages, "', '")));
    rows.bind(1, job);
    std::vector<ArtifactId> found;
    while (rows.executeStep()) found.push_back(artifact(rows, 0));
    return found;
  });
}

std::vector<ArtifactId> artifacts_of_incomplete_jobs(const ResultsDb& db, const std::vector<std::string>& stages) {
  return db::guarded("read", db.impl().file, [&] {
    Statement rows(db.impl().database,
                   std::string(with_latest) +
                       "SELECT DISTINCT t.key, t.extent FROM revisions r JOIN sweep_jobs o ON o.revision = r.id "
                       "JOIN jobs j ON j.id = o.job JOIN job_tasks p ON p.job = o.job JOIN tasks t ON t.id = p.task "
                       "WHERE r.latest AND j.state <> 'complete' AND p.stage IN " +
                       fmt::format("('{}') ORDER BY t.key, t.extent", fmt::join(stages, "', '")));
    std::vector<ArtifactId> found;
    while (rows.executeStep()) found.push_back(artifact(rows, 0));
    return found;
  });
}

}  // namespace latentgrid
