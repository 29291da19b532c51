#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace latentgrid {

// Where the database of a results folder is, if not in it: on a local disk of a machine, while the folder is shared with others.
struct DatabasePlace {
  std::filesystem::path file;
  std::string host;
};

std::filesystem::path default_database(const std::filesystem::path& results);
// What remembers the place: two lines of text in the results folder.
std::filesystem::path database_place_file(const std::filesystem::path& results);
std::optional<DatabasePlace> read_database_place(const std::filesystem::path& results);  // throws Error if it can't be read

// The database's file, as it is remembered. Throws Error, with advice, if that is of another machine or is not there.
std::filesystem::path placed_database(const std::filesystem::path& results);

// Of `database`, which --database named. Throws Error if the results folder has a database elsewhere already and this one is not
// there: it would be another, empty one. Neither may it be another folder's.
void check_chosen_database(const std::filesystem::path& results, const std::filesystem::path& database);

// For a shell: what moves the file of a database that nobody uses.
std::string commands_to_move(const std::filesystem::path& from, const std::filesystem::path& to);

// For who has written it: where it is not the default, later commands find it.
void remember_database(const std::filesystem::path& results, const std::filesystem::path& database);

}  // namespace latentgrid
