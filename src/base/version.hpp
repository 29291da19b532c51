#pragma once

#include <string>

namespace latentgrid {

std::string build_version();  // "0.1.0"
// Of the source tree at the last build: 40 hex digits, with "-dirty" where tracked files differ from it; "unknown" outside a
// git checkout.
std::string git_commit();

}  // namespace latentgrid
