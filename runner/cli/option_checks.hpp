#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace latentgrid::cli {

// For options of the command line: what is wrong in words, "expects a number above 0, got 0". CLI11's own name the
// range of a double.
CLI::Validator number_above_zero(const std::string& hint = "");
CLI::Validator integer_of_at_least(std::int64_t minimum);
// An empty path or name, as an unset variable of a shell gives it, would stand for the current folder, or for nothing.
CLI::Validator not_empty();
// A folder, or one that will be made: `--results sweep.yaml run` has lost its folder.
CLI::Validator no_file();
CLI::Validator no_folder();
CLI::Validator one_of(std::vector<std::string> choices);

}  // namespace latentgrid::cli
