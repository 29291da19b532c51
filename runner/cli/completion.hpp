#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cli/command_tree.hpp"

namespace latentgrid::cli {

struct Candidate {
  std::string word, description;
};

// What may stand where the cursor is.
struct Completion {
  enum class Paths { none, files, folders };
  std::vector<Candidate> candidates;  // those that begin with the unfinished word
  Paths paths = Paths::none;          // whether the shell should offer files or folders as well
};

// What the command line names.
struct NamedResults {
  std::string folder = "results";
  std::string database;  // "": in the folder, or where that remembers it
};

// The values of one kind, which is what an option's value is called in its help: "SWEEP", "JOB", "COLUMN", "SCORE". Most of
// them only a results folder knows.
using KnownValues = std::function<std::vector<std::string>(const std::string& value, const NamedResults& results)>;

// `words` are those behind the program's name up to the cursor; the last one is unfinished and may be empty.
Completion complete(const CommandHelp& program, std::vector<std::string> words, const KnownValues& known_values);

}  // namespace latentgrid::cli
