#include "db/views.hpp"

#include <fmt/format.h>

#include "base/pixel_range.hpp"

namespace latentgrid::db {

namespace {

// A random half that nobody asked for is no score of the sweep. Sweeps that were recorded before this was are taken to have a split.
std::string where_split(const std::string& column) {
  return fmt::format("CASE WHEN json_extract(r.dataset, '$.default_split') THEN NULL ELSE q.{0} END AS {0}", column);
}

}  // namespace

std::string range_sql(const std::string& params) {
  return fmt::format("CASE WHEN json_type({}, '$.range') IS NULL THEN '{}' ELSE '{}' END", params,
                     range_text(PixelRange::minus_one_to_one), range_text(PixelRange::zero_to_one));
}

void add_views(SQLite::Database& database) {
  database.exec(fmt::format(
      "CREATE TEMP VIEW IF NOT EXISTS results AS "
      "SELECT s.name AS sweep, q.job, q.dataset, q.architecture, q.latent, q.latent_dim, q.epochs, q.reduction, q.reduced_dim, "
      "q.clustering, q.k, q.seed, q.params, q.recon_mse, q.accuracy, {}, {}, q.ari, q.nmi, q.state, q.wall_s, "
      "q.leaderboard_public, q.leaderboard_private, q.clusters_found, {} AS range "
      "FROM main.sweeps s "
      "JOIN main.sweep_revisions r ON r.sweep = s.id "
      "AND r.number = (SELECT max(number) FROM main.sweep_revisions WHERE sweep = s.id) "
      "JOIN main.sweep_jobs sj ON sj.revision = r.id "
      "JOIN main.job_results q ON q.job = sj.job",
      where_split("accuracy_public"), where_split("accuracy_private"), range_sql("q.params")));
}

}  // namespace latentgrid::db
