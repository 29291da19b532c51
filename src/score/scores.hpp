#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "score/matching.hpp"

namespace latentgrid {

// How well clusters agree with labels. Accuracies are fractions under the one best matching of clusters to classes that
// is found on all labelled points: an upper bound, since labels choose the matching. A cluster without a class (more
// clusters than classes) counts as wrong, and so does noise, cluster -1; to ARI
// and NMI noise is a cluster of its own, as to scikit-learn, whose metrics know no noise. NaN where there are no such points.
struct LabelScores {
  std::vector<std::int32_t> assignment;   // class of every cluster, -1 for none; noise has no place here
  CountMatrix confusion;                  // clusters × classes, labelled points; where there is noise it has one more row, the last
  std::vector<std::int32_t> predictions;  // class of every point, labelled or not; -1 for none
  std::int64_t labelled = 0;
  double accuracy = 0, accuracy_public = 0, accuracy_private = 0;
  double purity = 0;  // the share of labelled points whose class is the most frequent one of their cluster
  double ari = 0, nmi = 0;
};

// labels: -1 where there is none, and such points aren't scored. Throws Error if lengths differ, a number is out of
// range, or no point has a label. Thread-safe.
LabelScores score_against_labels(std::span<const std::int32_t> clusters, std::span<const std::int32_t> labels,
                                 const std::vector<bool>& is_public);

}  // namespace latentgrid
