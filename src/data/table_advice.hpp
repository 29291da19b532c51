#pragma once

#include <filesystem>
#include <string>

#include "data/file_role.hpp"
#include "data/what_is.hpp"

namespace latentgrid {

// What to do with a table in text form: the columns are guessed from its first lines. "" if it is no table.
std::string advice_for_table(const std::filesystem::path& path, const FileContent& content, FileRole role);

}  // namespace latentgrid
