#include "db/relations.hpp"

#include "db/impl.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

template <typename Work>
auto read_from(const ResultsDb& db, Work work) {
  return db::guarded("read", db.impl().file, work);
}

}  // namespace

std::vector<TaskFamily> tasks_with_prefix(const ResultsDb& db, const std::string& prefix, std::int64_t limit) {
  return read_from(db, [&] {
    Statement rows(db.impl().database,
                   "SELECT DISTINCT stage, key FROM tasks WHERE key >= ?1 AND key < ?1 || 'g' ORDER BY key LIMIT ?2");
    rows.bind(1, prefix);
    rows.bind(2, limit);
    std::vector<TaskFamily> found;
    while (rows.executeStep()) found.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getString()});
    return found;
  });
}

std::optional<std::string> job_with_task(const ResultsDb& db, const TaskFamily& family) {
  return read_from(db, [&]() -> std::optional<std::string> {
    Statement row(db.impl().database,
                  "SELECT p.job FROM job_tasks p WHERE p.stage = ?1 AND p.task IN "
                  "(SELECT id FROM tasks WHERE key = ?2 AND stage = ?1) ORDER BY p.job LIMIT 1");
    row.bind(1, family.stage);
    row.bind(2, family.key);
    if (!row.executeStep()) return std::nullopt;
    return row.getColumn(0).getString();
  });
}

std::vector<std::string> seed_siblings(const ResultsDb& db, const std::string& job) {
  return read_from(db, [&] {
    Statement rows(
        db.impl().database,
        "SELECT j.id, j.seed FROM jobs a JOIN sweep_jobs own ON own.job = a.id "
        "JOIN sweep_revisions r ON r.id = own.revision "
        "AND r.number = (SELECT max(number) FROM sweep_revisions WHERE sweep = r.sweep) "
        "JOIN sweep_jobs o ON o.revision = r.id JOIN jobs j ON j.id = o.job "
        "WHERE a.id = ? AND j.dataset = a.dataset AND j.architecture = a.architecture AND j.latent = a.latent "
        "AND j.latent_dim = a.latent_dim AND j.epochs = a.epochs AND j.reduction = a.reduction "
        "AND j.reduced_dim = a.reduced_dim AND j.clustering = a.clustering AND j.k = a.k AND j.params = a.params "
        "ORDER BY j.seed, j.id <> a.id, j.id");
    rows.bind(1, job);
    std::vector<std::string> found;
    std::optional<std::int64_t> seed;
    while (rows.executeStep()) {
      if (seed == rows.getColumn(1).getInt64()) continue;
      seed = rows.getColumn(1).getInt64();
      found.push_back(rows.getColumn(0).getString());
    }
    return found;
  });
}

Json dataset_of_job(const ResultsDb& db, const std::string& job) {
  return read_from(db, [&]() -> Json {
    Statement row(db.impl().database,
                  "SELECT r.dataset FROM sweep_jobs s JOIN sweep_revisions r ON r.id = s.revision WHERE s.job = ? "
                  "ORDER BY r.id DESC LIMIT 1");
    row.bind(1, job);
    return row.executeStep() ? Json::parse(row.getColumn(0).getString()) : Json();
  });
}

std::vector<std::string> axes_of_revision(const ResultsDb& db, std::int64_t revision) {
  return read_from(db, [&] {
    Statement rows(db.impl().database,
                   "SELECT DISTINCT p.axis FROM sweep_jobs sj JOIN job_params p ON p.job = sj.job "
                   "WHERE sj.revision = ? ORDER BY p.axis");
    rows.bind(1, revision);
    std::vector<std::string> found;
    while (rows.executeStep()) found.push_back(rows.getColumn(0).getString());
    return found;
  });
}

std::unordered_map<std::string, ArtifactId> artifacts_of_stage(const ResultsDb& db, std::int64_t revision, const std::string& stage) {
  return read_from(db, [&] {
    // The bare columns are of the row that has the maximum (SQLite, "Bare columns in an aggregate query").
    Statement rows(db.impl().database,
                   "SELECT o.job, t.key, t.extent, max(p.position) FROM sweep_jobs o "
                   "CROSS JOIN job_tasks p ON p.job = o.job AND p.stage = ? CROSS JOIN tasks t ON t.id = p.task "
                   "WHERE o.revision = ? GROUP BY o.job");
    rows.bind(1, stage);
    rows.bind(2, revision);
    std::unordered_map<std::string, ArtifactId> found;
    while (rows.executeStep()) {
      found.emplace(rows.getColumn(0).getString(), ArtifactId{rows.getColumn(1).getString(), rows.getColumn(2).getInt64()});
    }
    return found;
  });
}

}  // namespace latentgrid
