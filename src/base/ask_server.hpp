#pragma once

#include <filesystem>

namespace latentgrid {

// NFS remembers for up to a minute what a file was, and which names a folder has or lacks, though another machine has changed
// that. Opening the file, or the folder, asks the server.
void ask_server(const std::filesystem::path& path);

}  // namespace latentgrid
