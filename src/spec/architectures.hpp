#pragma once

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// An encoder and a decoder below their name.
Architecture read_architecture(const YamlEntry& entry, Reader& reader);
void read_architectures(const YamlNode& node, Sweep& sweep, Reader& reader);

}  // namespace latentgrid
