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

// The values of one kind, which is what an option's value is called in its help: "SWEEP", "JOB", "COLUMN", "SCORE". Most of
// them only a results folder knows: `results` is the one that the command line names.
using KnownValues = std::function<std::vector<std::string>(const std::string& value, const std::string& results)>;

// `words` are those behind the program's name up to the cursor; the last one is unfinished and may be empty.
Completion complete(const CommandHelp& program, std::vector<std::string> words, const KnownValues& known_values);

}  // namespace latentgrid::cli
