#pragma once

#include <map>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

std::vector<Grid> read_grids(const YamlNode& node, const YamlEntry* seeds,
                             const std::map<std::string, Architecture>& architectures, Reader& reader);

}  // namespace latentgrid
