#include "cluster/clustering.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "cluster/kmeans.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

TEST(Clustering, RunsKmeansByNameAndReportsProgress) {
  const MatrixRf points = random_groups(90, 4, 3, 6, 1);
  std::vector<std::pair<std::int64_t, std::int64_t>> progress;
  const ClusteringResult found = run_clustering(
      "kmeans", {.points = ref(points),
                 .params = {{"k", 3}, {"n_init", 2}, {"max_iterations", 300}, {"tolerance", 1e-4}},
                 .seed = 4,
                 .progress = [&](std::int64_t done, std::int64_t total) { progress.emplace_back(done, total); }});
  const KmeansResult expected = kmeans(ref(points), {.k = 3, .n_init = 2, .seed = 4});
  EXPECT_EQ(found.clusters, expected.clusters);
  EXPECT_EQ(found.metrics, (Json{{"inertia", expected.inertia}, {"iterations", expected.iterations}}));
  EXPECT_EQ(progress, (std::vector<std::pair<std::int64_t, std::int64_t>>{{1, 2}, {2, 2}}));
}

TEST(Clustering, AnUnknownNameIsAnErrorThatListsTheKnownOnes) {
  const MatrixRf points = random_points(5, 2, 1);
  try {
    run_clustering("dbscan", {.points = ref(points)});
    FAIL();
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "no clustering is called 'dbscan'; there are kmeans");
  }
}
