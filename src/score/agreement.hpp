#pragma once

#include "score/matching.hpp"

namespace latentgrid {

// Both compare two partitions of the same points by their contingency table and don't depend on the names of the parts.

// Adjusted Rand index (Hubert and Arabie 1985; sklearn.metrics.adjusted_rand_score): 1 for equal partitions, 0 expected
// by chance.
double adjusted_rand_index(const CountMatrix& contingency);

// The same from sums of squares: of the table's counts, of the sums of its rows and of its columns. `total`: of points.
struct SquaredCounts {
  double cells = 0, rows = 0, columns = 0, total = 0;
};
double adjusted_rand_index(const SquaredCounts& squared);

// Mutual information over the arithmetic mean of the two entropies (sklearn.metrics.normalized_mutual_info_score); 1 if
// both partitions have one part.
double normalized_mutual_information(const CountMatrix& contingency);

}  // namespace latentgrid
