#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "data/preparation.hpp"
#include "spec/reader.hpp"

namespace latentgrid {

// What a dataset says of each image: values, channels, center_crop and resize.
void read_preparation(const YamlNode& dataset, Preparation& preparation, Reader& reader);

// One number, or [height, width].
std::optional<std::array<std::int64_t, 2>> read_size(const YamlNode& node, const char* key, Reader& reader);

}  // namespace latentgrid
