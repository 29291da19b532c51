#pragma once

#include <string>

#include "report/table.hpp"

namespace latentgrid {

// A booktabs table with caption and footnotes, the details behind it as comments. The best cells are bold, those tied with
// them marked with a dagger. What is wider than the text is scaled down.
std::string to_latex(const Table& table);

}  // namespace latentgrid
