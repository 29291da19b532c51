#include "score/scores.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "score/agreement.hpp"
#include "score/partition.hpp"

namespace latentgrid {

namespace {

struct Tally {
  std::int64_t right = 0, all = 0;

  void add(bool is_right) {
    right += is_right;
    ++all;
  }
  double fraction() const { return static_cast<double>(right) / static_cast<double>(all); }
};

}  // namespace

LabelScores score_against_labels(std::span<const std::int32_t> clusters, std::span<const std::int32_t> labels,
                                 const std::vector<bool>& is_public) {
  if (clusters.size() != labels.size() || is_public.size() != labels.size()) {
    throw Error(fmt::format("{} points have a cluster, {} have a label or none, {} are public or private",
                            clusters.size(), labels.size(), is_public.size()));
  }
  const std::int64_t classes = labels.empty() ? 0 : *std::max_element(labels.begin(), labels.end()) + 1;
  if (classes < 1) throw Error("no point has a label");
  const Partition parts(clusters);
  LabelScores out;
  out.confusion = confusion_matrix(parts.of_points, labels, parts.count(), classes);
  out.assignment = best_matching(out.confusion.topRows(parts.clusters));
  out.predictions.resize(clusters.size());
  Tally all, shown, hidden;
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    out.predictions[i] = clusters[i] == noise_cluster ? -1 : out.assignment[clusters[i]];
    if (labels[i] == -1) continue;
    const bool right = out.predictions[i] == labels[i];
    all.add(right);
    (is_public[i] ? shown : hidden).add(right);
  }
  out.labelled = all.all;
  out.accuracy = all.fraction();
  out.accuracy_public = shown.fraction();
  out.accuracy_private = hidden.fraction();
  const std::int64_t of_majorities = out.confusion.topRows(parts.clusters).rowwise().maxCoeff().sum();
  out.purity = static_cast<double>(of_majorities) / static_cast<double>(all.all);
  out.ari = adjusted_rand_index(out.confusion);
  out.nmi = normalized_mutual_information(out.confusion);
  return out;
}

}  // namespace latentgrid
