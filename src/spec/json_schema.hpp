#pragma once

#include "base/json.hpp"

namespace latentgrid {

// A JSON Schema (draft 2020-12) of sweep files, from the same descriptors that the reader asks: methods and their parameters,
// layers and their arguments, keys of the sections. Editors complete and check sweep files with it. It accepts every
// sweep that the reader accepts, and refuses what is wrong in form; what depends on the data set is for `latentgrid validate`.
Json sweep_schema();

}  // namespace latentgrid
