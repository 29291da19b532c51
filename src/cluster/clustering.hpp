#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/matrix.hpp"
#include "neighbors/services.hpp"

namespace latentgrid {

struct ClusteringInput {
  ConstMatrixRef points;
  Json params;  // of the method (methods/), extent left out
  std::int64_t seed = 0;
  int threads = 1;
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};  // from any thread, one at a time; may throw to interrupt
  Services* services = &Services::own();
  std::span<const std::int32_t> heads = {};  // of a method `by_heads`: the clusters that the training gave, one a point
  std::vector<std::int64_t> extents = {0};  // ascending; {0} of a method that has none
};

struct ClusteringResult {
  std::vector<std::int32_t> clusters;  // of every point, from 0; -1: noise, in no cluster
  Json metrics = Json::object();       // scalars for the results table
  Json record = Json::object();        // what was chosen on the way
};

// By the method's name (methods/methods.hpp): a result for each extent. Throws Error for an unknown name or parameters that
// don't fit the points. Thread-safe.
std::vector<ClusteringResult> run_clustering(std::string_view method, const ClusteringInput& input);

}  // namespace latentgrid
