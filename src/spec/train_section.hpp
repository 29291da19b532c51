#pragma once

#include <map>
#include <string>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

std::map<std::string, TrainSetting> read_train(const YamlNode& node, Reader& reader);

}  // namespace latentgrid
