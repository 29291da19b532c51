#include "cluster/clustering.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.hpp"
#include "methods/methods.hpp"

namespace latentgrid {

#define DECLARE(name) std::vector<ClusteringResult> cluster_##name(const ClusteringInput& input);
LATENTGRID_CLUSTERINGS(DECLARE)
#undef DECLARE

std::vector<ClusteringResult> run_clustering(std::string_view method, const ClusteringInput& input) {
#define RUN(name) \
  if (method == #name) return cluster_##name(input);
  LATENTGRID_CLUSTERINGS(RUN)
#undef RUN
  throw Error(fmt::format("no clustering is called '{}'; there are {}", method, fmt::join(method_names(MethodKind::clustering), ", ")));
}

}  // namespace latentgrid
