#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <string>
#include <vector>

namespace latentgrid::db {

// Views are no schema: they follow from the catalogue of metrics (columns/metrics.hpp). A database has those of the program
// that wrote it last; who reads it sees its own.
struct View {
  std::string name, query;
};
const std::vector<View>& views();

// In the database: nothing is written where they are there already.
void remake_views(SQLite::Database& database);
// For this connection alone, where the database has others.
void shadow_views(SQLite::Database& database);

// Whether the file of a revision, sweep_revisions r, has a `split:` of its own. Without one, public and private scores are of
// two random halves that nobody asked for: they are computed, but shown only on request. Sweeps that were recorded before
// this was are taken to have one.
inline constexpr const char* has_split = "NOT coalesce(json_extract(r.dataset, '$.default_split'), 0)";

}  // namespace latentgrid::db
