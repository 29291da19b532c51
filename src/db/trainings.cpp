#include "db/trainings.hpp"

#include <algorithm>
#include <map>

#include "db/cells.hpp"
#include "db/impl.hpp"

namespace latentgrid {

using SQLite::Statement;

std::vector<Training> trainings(const ResultsDb& db, std::int64_t revision) {
  return db::guarded("read", db.impl().file, [&] {
    Statement rows(
        db.impl().database,
        "WITH needed AS (SELECT p.task AS task, min(o.position) AS position FROM sweep_jobs o "
        "CROSS JOIN job_tasks p ON p.job = o.job AND p.stage = 'train' WHERE o.revision = ?1 GROUP BY p.task) "
        "SELECT t.key, t.extent, n.task, n.position, o.job, "
        "EXISTS (SELECT 1 FROM train_losses l WHERE l.task = n.task) FROM needed n "
        "JOIN tasks t ON t.id = n.task JOIN sweep_jobs o ON o.revision = ?1 AND o.position = n.position "
        "ORDER BY n.position");
    rows.bind(1, revision);
    std::vector<Training> found;
    std::map<std::string, std::size_t> known;
    while (rows.executeStep()) {
      auto [family, is_new] = known.try_emplace(rows.getColumn(0).getString(), found.size());
      if (is_new) {
        found.push_back({rows.getColumn(4).getString(), static_cast<std::size_t>(rows.getColumn(3).getInt64())});
      }
      Training& training = found[family->second];
      const bool recorded = rows.getColumn(5).getInt() != 0;
      const std::int64_t epochs = rows.getColumn(1).getInt64();
      if (!recorded || epochs <= training.epochs) continue;
      training.epochs = epochs;
      training.task = rows.getColumn(2).getInt64();
    }
    return found;
  });
}

std::vector<std::optional<double>> training_losses(const ResultsDb& db, std::int64_t task) {
  return db::guarded("read", db.impl().file, [&] {
    Statement rows(db.impl().database, "SELECT loss FROM train_losses WHERE task = ? ORDER BY epoch");
    rows.bind(1, task);
    std::vector<std::optional<double>> losses;
    while (rows.executeStep()) losses.push_back(db::real(rows.getColumn(0)));
    return losses;
  });
}

}  // namespace latentgrid
