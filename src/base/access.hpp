#pragma once

#include <filesystem>

#include "base/hinted_error.hpp"

namespace latentgrid {

enum class Access { read, write };

// After a call on `path` failed with `error` (errno): which file or folder is closed, and who can open it. "cannot read
// PATH: ..." for what is no matter of permissions. Thread-safe.
HintedError access_error(const std::filesystem::path& path, Access access, int error);

// The user that a file or folder belongs to, by name or number; "another user" where that is not known. Thread-safe.
std::string owner_of(const std::filesystem::path& path);

}  // namespace latentgrid
