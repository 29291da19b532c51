#pragma once

#include <filesystem>
#include <string>

namespace latentgrid {

// A file that a person wrote, in UTF-8 (see utf8_of). More than 16 MiB is an Error, before more than that is in memory. Thread-safe.
std::string read_text_file(const std::filesystem::path& path);

}  // namespace latentgrid
