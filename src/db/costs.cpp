#include "db/costs.hpp"

#include "db/impl.hpp"

namespace latentgrid {

std::vector<StageCost> stage_costs(const ResultsDb& db, std::int64_t revision) {
  return db::guarded("read", db.impl().file, [&] {
    // An artifact's time is counted from the very start of its run, so the longest of a family is the family's.
    SQLite::Statement rows(
        db.impl().database,
        "WITH uses AS (SELECT p.task AS task, count(*) AS jobs, max(p.position) AS position FROM sweep_jobs o "
        "CROSS JOIN jobs j ON j.id = o.job AND j.state = 'complete' CROSS JOIN job_tasks p ON p.job = o.job "
        "WHERE o.revision = ? GROUP BY p.task), "
        "families AS (SELECT t.stage AS stage, max(u.position) AS position, max(coalesce(a.wall_s, 0)) AS once, "
        "sum(coalesce(a.wall_s, 0) * u.jobs) AS one_by_one, sum(a.wall_s IS NULL) AS untimed FROM uses u "
        "JOIN tasks t ON t.id = u.task JOIN artifacts a ON a.task = u.task GROUP BY t.key, t.stage) "
        "SELECT stage, sum(once), sum(one_by_one), sum(untimed) FROM families GROUP BY stage ORDER BY max(position), "
        "stage");
    rows.bind(1, revision);
    std::vector<StageCost> costs;
    while (rows.executeStep()) {
      costs.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getDouble(), rows.getColumn(2).getDouble(),
                       rows.getColumn(3).getInt64()});
    }
    return costs;
  });
}

}  // namespace latentgrid
