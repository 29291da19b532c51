#pragma once

#include <map>
#include <string>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

std::map<std::string, Architecture> built_in_architectures();
void read_architectures(const YamlNode& node, Sweep& sweep, Reader& reader);

}  // namespace latentgrid
