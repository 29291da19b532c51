#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace latentgrid::cli {

// latentgrid-worker: the LATENTGRID_WORKER variable, else the file beside this program.
std::filesystem::path worker_program();

// The stage versions this program was built with; a worker must have the same.
std::map<std::string, int> expected_stages();

}  // namespace latentgrid::cli
