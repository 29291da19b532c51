#pragma once

#include <filesystem>
#include <string>

#include "data/file_role.hpp"
#include "data/what_is.hpp"

namespace latentgrid {

// What a file is that is of another format than it should be: "is a PDF document". Not for a file that cannot be read.
std::string what_it_is(const FileContent& content);

// Throws HintedError: what the file is instead, and what to do, with the line that converts it.
[[noreturn]] void refuse(const std::filesystem::path& path, const FileContent& content, FileRole role);

}  // namespace latentgrid
