#include "store/database_place.hpp"

#include <fmt/format.h>

#include <sstream>
#include <system_error>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/process_identity.hpp"
#include "base/text.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

bool is_there(const fs::path& file) {
  std::error_code none;
  return fs::exists(file, none);
}

bool is_usual(const fs::path& database, const fs::path& results) {
  return fs::weakly_canonical(database) == fs::weakly_canonical(default_database(results));
}

void write_where_it_differs(const fs::path& file, const std::string& text) {
  if (!is_there(file) || read_file(file) != text) write_file_atomically(file, text);
}

// Beside the database: whose it is.
fs::path owner_file(const fs::path& database) { return database.string() + ".results"; }

// Two results folders in one database would take each other's jobs for their own. One that was moved or copied is the same one.
void check_owner(const fs::path& results, const fs::path& database) {
  if (!is_there(owner_file(database))) return;
  std::string owner = read_file(owner_file(database));
  owner = owner.substr(0, owner.find('\n'));
  if (owner == fs::weakly_canonical(results).string()) return;
  const std::optional<DatabasePlace> place = read_database_place(owner);
  if (!place || place->file != database) return;
  throw Error(fmt::format("{} is the database of {}, and each results folder needs its own\n  hint: give {} another file with --database PATH",
                          database.string(), owner, results.string()));
}

std::string begin_anew(const fs::path& results) {
  return fmt::format("To start with an empty database, use `rm {}`. The next run of a sweep finds its artifacts again; failures, competition scores and earlier revisions are lost",
                     shell_word(database_place_file(results).string()));
}

// A run that could not lock it leaves an empty file.
bool has_content(const fs::path& file) {
  std::error_code none;
  const std::uintmax_t bytes = fs::file_size(file, none);
  return !none && bytes > 0;
}

}  // namespace

// With what SQLite has not folded back yet.
std::string commands_to_move(const fs::path& from, const fs::path& to) {
  const auto move = [](const std::string& a, const std::string& b) { return fmt::format("mv {} {}", shell_word(a), shell_word(b)); };
  std::string commands = is_there(to.parent_path()) ? "" : fmt::format("mkdir -p {} && ", shell_word(to.parent_path().string()));
  commands += move(from.string(), to.string());
  const std::string log = from.string() + "-wal";
  if (has_content(log)) commands += " && " + move(log, to.string() + "-wal");
  return commands;
}

fs::path default_database(const fs::path& results) { return results / "latentgrid.db"; }

fs::path database_place_file(const fs::path& results) { return results / "database.txt"; }

std::optional<DatabasePlace> read_database_place(const fs::path& results) {
  const fs::path file = database_place_file(results);
  if (!is_there(file)) return std::nullopt;
  std::istringstream lines(read_file(file));
  DatabasePlace place;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("database ")) place.file = line.substr(9);
    if (line.starts_with("host ")) place.host = line.substr(5);
  }
  if (place.file.empty() || place.host.empty()) {
    throw Error(fmt::format("{} does not say where the database is\n  hint: name it with --database PATH", file.string()));
  }
  return place;
}

fs::path placed_database(const fs::path& results) {
  const std::optional<DatabasePlace> place = read_database_place(results);
  if (!place) return default_database(results);
  if (place->host != host_name()) {
    const std::string remedy = is_there(place->file)
                                   ? fmt::format("run this command on {}; if that was this machine's name before, add --database {} once", place->host, shell_word(place->file.string()))
                                   : fmt::format("run this command on {}, or copy the file here and name the copy with --database PATH", place->host);
    throw Error(fmt::format("the database of {} is {} on {}, and this is {}\n  hint: {}", results.string(), place->file.string(), place->host, host_name(), remedy));
  }
  if (!is_there(place->file)) {
    throw Error(fmt::format("the database of {} is not there: {}\n  hint: put it back, or name where it is with --database PATH. {}",
                            results.string(), place->file.string(), begin_anew(results)));
  }
  return place->file;
}

void check_chosen_database(const fs::path& results, const fs::path& database) {
  if (is_there(database)) return check_owner(results, database);
  const fs::path usual = default_database(results);
  if (const std::optional<DatabasePlace> place = read_database_place(results)) {
    throw Error(fmt::format("{} is not there, and the database of {} is {} on {}\n  hint: copy that one to {} first. {}", database.string(),
                            results.string(), place->file.string(), place->host, database.string(), begin_anew(results)));
  }
  if (!is_usual(database, results) && has_content(usual)) {
    throw Error(fmt::format("{} is not there, and {} has its database in it\n  hint: move it there: {}", database.string(), results.string(),
                            commands_to_move(usual, database)));
  }
}

void remember_database(const fs::path& results, const fs::path& database) {
  const fs::path remembered = database_place_file(results);
  if (is_usual(database, results)) {
    std::error_code none;
    fs::remove(remembered, none);
    return;
  }
  write_where_it_differs(remembered, fmt::format("database {}\nhost {}\n", database.string(), host_name()));
  write_where_it_differs(owner_file(database), fs::weakly_canonical(results).string() + "\n");
}

}  // namespace latentgrid
