#pragma once

#include <string>

#include "base/json.hpp"

namespace latentgrid {

// The options of a revision as they are typed: "--set train.epochs=1 --data '/my images'"; "" for a plain run.
std::string run_options_text(const Json& options);

}  // namespace latentgrid
