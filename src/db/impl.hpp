#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <filesystem>
#include <string>
#include <type_traits>

#include "db/functions.hpp"
#include "db/reading.hpp"
#include "db/results_db.hpp"

namespace latentgrid {

inline constexpr int busy_timeout_ms = 10'000;

// What is behind ResultsDb, for the files of this folder.
struct ResultsDb::Impl {
  Impl(std::filesystem::path path, const std::string& uri, int flags, const std::string& vfs = "")
      : file(std::move(path)), database(uri, flags, busy_timeout_ms, vfs) {
    db::add_functions(database);
  }

  db::DatabaseFile file;
  mutable SQLite::Database database;
};

namespace db {

// Runs `work`; what SQLite reports becomes an Error that says what was tried, on which file, and what to do.
[[noreturn]] void rethrow(const SQLite::Exception& error, const std::string& what, const std::filesystem::path& file);

template <typename Work>
auto guarded(const std::string& what, const std::filesystem::path& file, Work work) {
  try {
    return work();
  } catch (const SQLite::Exception& error) {
    rethrow(error, what, file);
  }
}

// The same on an open database; what was read from a file that changed meanwhile is an error.
template <typename Work>
auto guarded(const std::string& what, const DatabaseFile& file, Work work) {
  try {
    if constexpr (std::is_void_v<decltype(work())>) {
      work();
      file.check_unchanged();
    } else {
      auto result = work();
      file.check_unchanged();
      return result;
    }
  } catch (const SQLite::Exception& error) {
    file.check_unchanged();
    rethrow(error, what, file);
  }
}

}  // namespace db
}  // namespace latentgrid
