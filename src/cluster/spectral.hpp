#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include <Eigen/Core>

#include "base/matrix.hpp"
#include "neighbors/services.hpp"

namespace latentgrid {

enum class AssignLabels { kmeans, discretize, cluster_qr };

struct SpectralClusteringOptions {
  std::int64_t k = 0;             // 0: by the eigengap
  std::int64_t n_neighbors = 10;  // the point itself among them, as in scikit-learn
  AssignLabels assign_labels = AssignLabels::kmeans;
  std::int64_t n_init = 10;       // of k-means
  std::int64_t seed = 0;
  int threads = 1;                // changes no bit of the result
  Services* services = &Services::own();
};

struct SpectralClustering {
  std::vector<std::int32_t> clusters;  // of every point, 0 .. k-1
  std::int64_t k = 0;
  std::int64_t components = 1;         // connected parts of the graph
  Eigen::VectorXd eigenvalues;         // of its Laplacian, the smallest ones: at least k
};

// Spectral clustering (Ng, Jordan and Weiss 2001; Shi and Malik 2000) of the graph of nearest neighbors, as scikit-learn 1.2's
// SpectralClustering with affinity='nearest_neighbors'. With k = 0 the number of clusters is that of the eigenvalues before
// the largest gap (von Luxburg 2007), from 2 to 20, the larger on ties. Of a graph with more parts than k the k - 1 largest
// parts are told apart. Eigenvectors, discretize and cluster_qr are in float64, k-means draws from the stream of `seed`.
// `progress(done, total)` comes from any thread, one at a time, and may throw. Throws Error unless 0 <= k <= points and
// 2 <= n_neighbors <= points and all coordinates are finite. Thread-safe.
SpectralClustering spectral_clustering(ConstMatrixRef points, const SpectralClusteringOptions& options,
                                       const std::function<void(std::int64_t done, std::int64_t total)>& progress = {});

// Between which eigenvalues (ascending) the largest gap is, as the number of those before it; at least 2.
std::int64_t eigengap(const Eigen::VectorXd& eigenvalues);

}  // namespace latentgrid
