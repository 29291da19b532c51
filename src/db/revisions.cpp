#include "db/revisions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "base/key.hpp"
#include "db/impl.hpp"
#include "db/json_columns.hpp"
#include "db/queries.hpp"

namespace latentgrid {

namespace {

using SQLite::Statement;

// Where the file lay is in the provenance of those who record it; otherwise it is as it was called.
std::string path_of(const std::string& file, const Json& provenance) {
  return provenance.is_object() ? provenance.value("sweep_file", file) : file;
}

std::string place_of(const std::string& file, const Json& provenance) {
  return std::filesystem::path(path_of(file, provenance)).lexically_normal().string();
}

// Whether some member that both have differs: what only one of them has was not recorded by the other's program.
bool contradict(const Json& a, const Json& b) {
  if (!a.is_object() || !b.is_object()) return a != b;
  for (const auto& [name, value] : a.items()) {
    const auto other = b.find(name);
    if (other != b.end() && contradict(value, *other)) return true;
  }
  return false;
}

RevisionChange::Cause cause_of(const SweepRevision& former, const SweepRecord& sweep, bool same_jobs) {
  using Cause = RevisionChange::Cause;
  if (former.text != sweep.text) {
    // Of one that was recorded before places were, the name alone is known.
    const bool placed = former.provenance.is_object() && former.provenance.contains("sweep_file");
    const std::string now = placed ? place_of(sweep.file, sweep.provenance) : place_of(sweep.file, nullptr);
    return place_of(former.file, former.provenance) == now ? Cause::changed_file : Cause::other_file;
  }
  if (former.options != sweep.options) return Cause::other_options;
  if (same_jobs) {
    if (contradict(former.dataset, sweep.dataset)) return Cause::other_dataset;  // its names alone
    return former.report != sweep.report ? Cause::other_report : Cause::other_record;
  }
  if (former.dataset != sweep.dataset) return Cause::other_dataset;
  // Files of the same shape under the same name may hold something else.
  const Json then = former.provenance.is_object() ? former.provenance.value("data", Json()) : Json();
  if (then.is_null()) return Cause::data_or_program;
  return then != sweep.provenance.value("data", Json()) ? Cause::other_dataset : Cause::other_jobs;
}

}  // namespace

namespace db {

std::string content_digest(const SweepRecord& sweep, const JobList& jobs) {
  Sha256 hash;
  for (const std::string& part : {sweep.text, json_text(sweep.options), json_text(sweep.report),
                                  json_text(sweep.dataset), std::to_string(jobs.size())}) {
    hash.update(fmt::format("{}:", part.size()));
    hash.update(part);
  }
  for (std::size_t i = 0; i < jobs.size(); ++i) hash.update(jobs.key(i));
  return hash.hex();
}

}  // namespace db

std::vector<RevisionSummary> list_revisions(const ResultsDb& db, const std::string& sweep) {
  return db::guarded("read", db.impl().file, [&] {
    std::vector<RevisionSummary> found;
    Statement rows(db.impl().database,
                   "SELECT r.number, r.file, r.created_at, count(o.job), sum(j.state = 'complete'), "
                   "sum(o.job IS NOT NULL AND NOT EXISTS (SELECT 1 FROM sweep_jobs l WHERE l.job = o.job AND "
                   "l.revision = (SELECT id FROM sweep_revisions WHERE sweep = s.id ORDER BY number DESC LIMIT 1))) "
                   "FROM sweeps s JOIN sweep_revisions r ON r.sweep = s.id LEFT JOIN sweep_jobs o ON o.revision = r.id "
                   "LEFT JOIN jobs j ON j.id = o.job WHERE s.name = ? GROUP BY r.id ORDER BY r.number");
    rows.bind(1, sweep);
    while (rows.executeStep()) {
      found.push_back({rows.getColumn(0).getInt64(), rows.getColumn(1).getString(), rows.getColumn(2).getString(),
                       rows.getColumn(3).getInt64(), rows.getColumn(4).getInt64(), rows.getColumn(5).getInt64()});
    }
    return found;
  });
}

std::int64_t jobs_of_earlier_revisions(const ResultsDb& db, const std::string& sweep) {
  return db::guarded("read", db.impl().file, [&]() -> std::int64_t {
    const std::optional<SweepRevision> latest = latest_revision(db, sweep);
    if (!latest || latest->number == 1) return 0;
    Statement count(db.impl().database,
                    "SELECT count(DISTINCT o.job) FROM sweeps s JOIN sweep_revisions r ON r.sweep = s.id "
                    "JOIN sweep_jobs o ON o.revision = r.id WHERE s.name = ?1 AND r.id <> ?2 AND NOT EXISTS "
                    "(SELECT 1 FROM sweep_jobs l WHERE l.job = o.job AND l.revision = ?2)");
    count.bind(1, sweep);
    count.bind(2, latest->id);
    count.executeStep();
    return count.getColumn(0).getInt64();
  });
}

RevisionChange db::revision_change(const ResultsDb& db, const SweepRecord& sweep, const JobList& jobs, const std::string& digest) {
  return db::guarded("read", db.impl().file, [&]() -> RevisionChange {
    const std::optional<SweepRevision> latest = latest_revision(db, sweep.name);
    if (!latest) return {};
    Statement content(db.impl().database, "SELECT content FROM sweep_revisions WHERE id = ?");
    content.bind(1, latest->id);
    content.executeStep();
    if (content.getColumn(0).getString() == digest) return {latest->number, false, {}};
    RevisionChange::Former former{latest->number, path_of(latest->file, latest->provenance), latest->created_at};
    std::unordered_set<std::string> ids;
    for (std::size_t i = 0; i < jobs.size(); ++i) ids.insert(jobs.id(i));
    Statement rows(db.impl().database, "SELECT job FROM sweep_jobs WHERE revision = ?");
    rows.bind(1, latest->id);
    for (; rows.executeStep(); ++former.jobs) former.gone += !ids.contains(rows.getColumn(0).getString());
    const bool same_jobs = former.gone == 0 && former.jobs == static_cast<std::int64_t>(ids.size());
    former.cause = cause_of(*latest, sweep, same_jobs);
    return {latest->number + 1, true, std::move(former)};
  });
}

RevisionChange revision_change(const ResultsDb& db, const SweepRecord& sweep, const JobList& jobs) {
  return db::revision_change(db, sweep, jobs, db::content_digest(sweep, jobs));
}

}  // namespace latentgrid
