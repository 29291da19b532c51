#include "cluster/spectral.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "base/error.hpp"
#include "base/random.hpp"
#include "cluster/cluster_qr.hpp"
#include "cluster/discretize.hpp"
#include "cluster/kmeans.hpp"
#include "neighbors/connectivity_graph.hpp"
#include "neighbors/laplacian_embedding.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t most_by_gap = 20;

void check(ConstMatrixRef points, const SpectralClusteringOptions& options) {
  const Eigen::Index count = points.rows();
  if (options.k < 0 || options.k > count) {
    throw Error(fmt::format("spectral clustering: {} clusters of {} points: ask for 1 to {}", options.k, count, count));
  }
  if (options.n_neighbors < 2 || options.n_neighbors > count) {
    throw Error(fmt::format("spectral clustering: n_neighbors {} of {} points: ask for 2 to {}", options.n_neighbors, count, count));
  }
  if (!all_finite(points)) throw Error("spectral clustering: a coordinate is not finite");
}

// The vectors are scaled so that float32 holds them well; the clusters stay the same.
std::vector<std::int32_t> by_kmeans(const Eigen::MatrixXd& vectors, const SpectralClusteringOptions& options,
                                    const std::function<void(std::int64_t)>& progress) {
  const double largest = vectors.cwiseAbs().maxCoeff();
  const MatrixRf scaled = (vectors / (largest > 0 ? largest : 1)).cast<float>();
  return kmeans(ConstMatrixRef(scaled.data(), scaled.rows(), scaled.cols()),
                {.k = vectors.cols(), .n_init = options.n_init, .seed = options.seed, .threads = options.threads}, progress)
      .clusters;
}

}  // namespace

std::int64_t eigengap(const Eigen::VectorXd& eigenvalues) {
  std::int64_t best = std::min<std::int64_t>(2, eigenvalues.size());
  double widest = -1;
  for (std::int64_t k = 2; k < eigenvalues.size(); ++k) {
    const double gap = eigenvalues[k] - eigenvalues[k - 1];
    if (gap < widest) continue;
    widest = gap;
    best = k;
  }
  return best;
}

SpectralClustering spectral_clustering(ConstMatrixRef points, const SpectralClusteringOptions& options,
                                       const std::function<void(std::int64_t done, std::int64_t total)>& progress) {
  check(points, options);
  const bool starts = options.assign_labels == AssignLabels::kmeans;
  const std::int64_t total = 2 + (starts ? options.n_init : 1);  // neighbors, vectors, clusters
  std::int64_t done = 0;
  const auto tell = [&] {
    if (progress) progress(done, total);
  };
  const Neighbors near = options.services->neighbors(points, options.n_neighbors - 1, options.threads);
  ++done;
  tell();
  const std::int64_t wanted = options.k > 0 ? options.k : std::min<std::int64_t>(most_by_gap + 1, points.rows());
  LaplacianEmbedding found =
      laplacian_embedding(connectivity_graph(near), {.count = wanted, .threads = options.threads, .step = tell});
  SpectralClustering out{.k = options.k > 0 ? options.k : eigengap(found.values), .components = found.components, .eigenvalues = found.values};
  const Eigen::MatrixXd vectors = found.vectors.leftCols(out.k);
  ++done;
  tell();
  switch (options.assign_labels) {
    case AssignLabels::kmeans:
      out.clusters = by_kmeans(vectors, options, [&](std::int64_t start) {
        done = 2 + start;
        tell();
      });
      break;
    case AssignLabels::discretize: {
      RandomStream random(options.seed, "discretize");
      out.clusters = discretize(vectors, static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(points.rows())))).clusters;
      break;
    }
    case AssignLabels::cluster_qr:
      out.clusters = cluster_qr(vectors);
      break;
  }
  done = total;
  tell();
  return out;
}

}  // namespace latentgrid
