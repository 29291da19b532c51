#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "data/dataset.hpp"
#include "plan/gpus.hpp"
#include "plan/job.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

struct Expansion {
  std::vector<Job> jobs;           // distinct, in the order of the file
  std::int64_t cells = 0;          // after zip, exclude and include, before equal cells became one
  std::int64_t excluded = 0;       // removed by exclude
  std::int64_t merged = 0;         // cells - jobs: equal once ignored parameters were dropped
  std::vector<std::string> notes;  // one line each, e.g. which axes made equal cells
};

// Product, zip, exclude, include, then every cell is resolved against the dataset's shape: layers, latent, dimensions.
// Impossible cells (a PCA dimension above the latent, a decoder that doesn't return the image's shape) are errors at
// the position of the value. What depends on an unread part of the sweep is left out. Order of jobs follows the file:
// first axis slowest. `gpus`: how many the executor has, which is what `device: auto` asks.
Expansion expand(const Sweep& sweep, const DatasetHeader& dataset, Diagnostics& diagnostics, const Gpus& gpus = {});

}  // namespace latentgrid
