#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "pool/local_executor.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

// latentgrid-worker: the LATENTGRID_WORKER variable, else the file beside this program.
std::filesystem::path worker_program();

// Throws Error with advice unless the program can be started.
void require_worker(const std::filesystem::path& program);

// Of `slots` such workers on the results folder, without limits.
LocalExecutorOptions executor_options(const ArtifactStore& store, int slots);

// The stage versions this program was built with; a worker must have the same.
std::map<std::string, int> expected_stages();

}  // namespace latentgrid::cli
