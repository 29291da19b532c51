#pragma once

#include "data/dataset_source.hpp"
#include "spec/reader.hpp"

namespace latentgrid {

DatasetSource::Synthetic read_synthetic(const YamlNode& node, Reader& reader);

}  // namespace latentgrid
