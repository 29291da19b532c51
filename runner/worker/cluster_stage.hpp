#pragma once

#include <cstdint>

#include "cluster/clustering.hpp"
#include "methods/method.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

// `params`: complete, the extent among them. Throws TaskError("internal") for what only a mistake in the method's code brings about: a number of clusters that is not
// that of the images, a cluster out of range, noise of a method that does not say has_noise.
void check_clusters(const ClusteringResult& result, const MethodSpec& method, const Json& params, std::int64_t images);

}  // namespace latentgrid::worker
