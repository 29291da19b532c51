#pragma once

#include <filesystem>

#include "base/hinted_error.hpp"

namespace latentgrid {

enum class Access { read, write };

// After a call on `path` failed with `error` (errno): which file or folder is closed, and who can open it. "cannot read
// PATH: ..." for what is no matter of permissions. Thread-safe.
HintedError access_error(const std::filesystem::path& path, Access access, int error);

}  // namespace latentgrid
