#pragma once

#include <vector>

#include "model/architecture.hpp"
#include "spec/reader.hpp"

namespace latentgrid {

// The layers of a list, each a name or one 'name: arguments', the arguments by position or by name as in PyTorch. Errors go to
// `reader`; a layer that has one is left out.
std::vector<Layer> read_layers(const YamlNode& list, Reader& reader);

}  // namespace latentgrid
