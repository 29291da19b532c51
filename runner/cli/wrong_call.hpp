#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace latentgrid::cli {

// `help run` as `run --help`; other words as they are.
std::vector<std::string> with_help_as_option(std::vector<std::string> words);

// Says what is wrong with a command line that CLI11 refused, and what to write instead. Throws UsageError.
[[noreturn]] void refuse_call(const CLI::App& program, const CLI::ParseError& error);

}  // namespace latentgrid::cli
