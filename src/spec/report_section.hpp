#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

const std::vector<std::string>& report_keys();

// Fills in the report and its figures; architectures and dataset must have been read.
void read_report(const YamlNode& node, const std::filesystem::path& folder,
                 const std::optional<std::filesystem::path>& data, Sweep& sweep, Reader& reader);

// A name that is also a file's: letters, digits, _ and -.
std::string report_file_name(const YamlNode& node, Reader& reader);

}  // namespace latentgrid
