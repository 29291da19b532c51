#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "data/dataset.hpp"
#include "data/digest_cache.hpp"
#include "plan/expand.hpp"
#include "plan/gpus.hpp"
#include "plan/task_graph.hpp"
#include "spec/sweep.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// A sweep file from YAML to a task graph that knows what is published already. Nothing is written.
struct Plan {
  Sweep sweep;
  DatasetHeader dataset;
  DatasetIdentity identity;
  Expansion expansion;
  TaskGraph graph;
  Gpus gpus;  // of the executor: `device: auto` takes one where there is any

  std::int64_t reused() const;  // families all of whose needed artifacts are published
};

// The GPUs that there are for such a sweep.
using GpusOf = std::function<Gpus(const Sweep&)>;

// What is wrong goes to `diagnostics`; nothing is returned then.
std::optional<Plan> make_plan(const std::filesystem::path& file, const SpecOptions& options, const ArtifactStore& store,
                              DigestCache& digests, Diagnostics& diagnostics, const GpusOf& gpus = {});

// Of a `limit` that is more than the images that could be selected.
void warn_of_large_limit(const DatasetSource& source, const DatasetPositions& where, std::int64_t images, Diagnostics& diagnostics);

}  // namespace latentgrid
