#pragma once

#include "base/json.hpp"

namespace latentgrid::worker {

// {"library", "config", "threading"} of the BLAS in this process; `threading` is "openmp", "pthreads", "serial" or "unknown".
Json describe_blas();

// Threads of OpenMP and of the BLAS for what follows on this thread.
void set_blas_threads(int threads);

}  // namespace latentgrid::worker
