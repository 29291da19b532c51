#include "db/impl.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/error.hpp"

namespace latentgrid::db {

void rethrow(const SQLite::Exception& error, const std::string& what, const std::filesystem::path& file) {
  std::string advice;
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
      advice = "; another program holds it: try again when that one is done";
      break;
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
      advice = "; check the permissions of the file and its folder";
      break;
    case SQLITE_FULL:
      advice = "; free some space and run again: what was recorded before is safe";
      break;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      advice = "; move it away and run again: finished artifacts are adopted, not recomputed";
      break;
    default:
      break;
  }
  throw Error(fmt::format("cannot {} {}: {}{}", what, file.string(), error.what(), advice));
}

}  // namespace latentgrid::db
