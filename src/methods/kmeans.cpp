#include "methods/method.hpp"

namespace latentgrid {

MethodSpec kmeans_method() {
  using namespace param;
  return {.kind = MethodKind::clustering,
          .name = "kmeans",
          .display_name = "k-means",
          .doc = "Lloyd's k-means from k-means++ starts",
          .source = "sklearn.cluster.KMeans 1.2",
          .version = 2,
          .other_names = {"kmeansplusplus", "kmeans++", "lloyd"},
          .main_parameter = "k",
          .example = "kmeans: {k: 10}",
          .params = {integer("k", nullptr, 1, "clusters; the number of classes if there are labels"),
                     integer("n_init", 10, 1, "k-means++ starts; the one of least inertia is kept"),
                     integer("max_iterations", 300, 1, "of one start"),
                     real("tolerance", 1e-4, 0, "stop when the centers move less, relative to the variance of the data")},
          .stochastic = true,
          .metrics = {"inertia", "iterations"}};
}

}  // namespace latentgrid
