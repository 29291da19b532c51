#include "db/impl.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include "base/error.hpp"
#include "base/file_system_kind.hpp"

namespace latentgrid::db {

void rethrow(const SQLite::Exception& error, const std::string& what, const std::filesystem::path& file) {
  std::string advice;
  const FileSystemKind kind = file_system_kind(file);
  switch (error.getErrorCode()) {
    case SQLITE_BUSY:
    case SQLITE_PROTOCOL:
      advice = kind.shared ? fmt::format("; another program holds it, or files can't be locked on {}\n  hint: if no other program does, keep the "
                                         "database on a local disk with --database PATH",
                                         kind.name.empty() ? "its file system" : kind.name)
                           : "; another program holds it: try again when that one is done";
      break;
    case SQLITE_IOERR:
      if (kind.shared) advice = "\n  hint: keep the database on a local disk with --database PATH";
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
