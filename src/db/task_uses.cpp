#include "db/task_uses.hpp"


#include "base/json.hpp"
#include "db/impl.hpp"

namespace latentgrid {

std::map<std::pair<std::string, std::string>, TaskUse> uses_of_tasks(const ResultsDb& db, std::int64_t revision,
                                                                     const std::vector<std::string>& keys) {
  std::map<std::pair<std::string, std::string>, TaskUse> uses;
  if (keys.empty()) return uses;
  return db::guarded("read", db.impl().file, [&] {
    Json list = keys;
    SQLite::Statement rows(db.impl().database,
                           "SELECT t.stage, t.key, p.job, count(DISTINCT p.job), p.step, min(o.position) FROM sweep_jobs o "
                           "CROSS JOIN job_tasks p ON p.job = o.job CROSS JOIN tasks t ON t.id = p.task "
                           "WHERE o.revision = ? AND p.task IN (SELECT id FROM tasks WHERE key IN (SELECT value FROM json_each(?))) "
                           "GROUP BY t.stage, t.key");
    rows.bind(1, revision);
    rows.bind(2, list.dump());
    while (rows.executeStep()) {
      uses[{rows.getColumn(0).getString(), rows.getColumn(1).getString()}] = {rows.getColumn(2).getString(), rows.getColumn(3).getInt64(), rows.getColumn(4).getInt64()};
    }
    return uses;
  });
}

}  // namespace latentgrid
