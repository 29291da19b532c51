#pragma once

#include "spec/reader.hpp"

namespace latentgrid {

// The section `probe:`, complete: `true`, or parameters by their names. Nothing for `false`.
std::optional<Json> read_probe(const YamlNode& node, Reader& reader);

}  // namespace latentgrid
