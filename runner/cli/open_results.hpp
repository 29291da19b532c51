#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/commands.hpp"
#include "db/queries.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

// The results folder, and its database where --database says so; absolute for what starts processes or writes.
ArtifactStore results_store(const Context& context);
ArtifactStore absolute_store(const Context& context, std::string run = "");

// The database of the results folder, read-only. Throws Error with advice where there is none.
ResultsDb open_results(const Context& context);

// For who writes, and holds the lock: a database that --database named is remembered (store/database_place.hpp). Both throw Error
// with advice if that one can't be used, or if it is of another machine.
void check_database(const Context& context, const ArtifactStore& store);
ResultsDb open_for_writing(const Context& context, const ArtifactStore& store);

// Why a database is in danger where it is, and what to do; nothing on a local disk.
struct SharedDatabase {
  std::string what, remedy;
};
std::optional<SharedDatabase> shared_database(const std::filesystem::path& database);

// Throws UsageError naming the sweeps there are, and the one that was probably meant.
void require_sweep(const ResultsDb& db, const std::string& sweep);

// The revision of this number, or the latest; throws UsageError, with those there are, for an unknown one.
SweepRevision require_revision(const ResultsDb& db, const std::string& sweep, std::optional<std::int64_t> number);
void add_revision_option(CLI::App& command, std::optional<std::int64_t>& number);

// Who works in the results folder now, as the lock file tells ("pid 7 on lab since ..."); nothing if nobody does. The
// lock itself isn't touched, so that asking never keeps a run from starting.
std::optional<std::string> lock_holder(const std::filesystem::path& lock_file);

}  // namespace latentgrid::cli
