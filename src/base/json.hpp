#pragma once

#include <nlohmann/json.hpp>

namespace latentgrid {

// Parameters, messages and records. Objects are sorted by name. Integers and reals are distinct types: a parameter
// schema (methods/) decides which one a value is, so that `3e6` and `3000000` become the same key.
using Json = nlohmann::json;

}  // namespace latentgrid
