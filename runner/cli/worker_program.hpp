#pragma once

#include <filesystem>

#include "pool/executor.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

// latentgrid-worker: the LATENTGRID_WORKER variable, else the file beside this program.
std::filesystem::path worker_program();

// Throws Error with advice unless the program can be started.
void require_worker(const std::filesystem::path& program);

// Of `slots` such workers on the results folder, without limits.
ExecutorOptions executor_options(const ArtifactStore& store, int slots);

}  // namespace latentgrid::cli
