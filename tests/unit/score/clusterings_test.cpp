// What clusterings say of each other and of a space, without labels.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "score/calinski_harabasz.hpp"
#include "score/grouped_partition.hpp"
#include "score/silhouette.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

using Clusters = std::vector<std::int32_t>;

struct Answers {
  Json json = golden_answer("choice_answers.json", "clusterings");
  MatrixRf points = matrix_of(json.at("points"));
  std::vector<Clusters> clusters = json.at("clusters").get<std::vector<Clusters>>();
};

}  // namespace

TEST(GroupedPartition, AgreesAsScikitLearnSaysAndInEitherOrder) {
  const Answers answers;
  for (std::size_t a = 0; a < answers.clusters.size(); ++a) {
    for (std::size_t b = 0; b < answers.clusters.size(); ++b) {
      const GroupedPartition first(answers.clusters[a]), second(answers.clusters[b]);
      EXPECT_NEAR(first.adjusted_rand_index(second), answers.json.at("ari")[a][b].get<double>(), 1e-12)
          << a << " " << b;
      EXPECT_EQ(first.adjusted_rand_index(second), second.adjusted_rand_index(first));
    }
  }
}

TEST(GroupedPartition, NamesOfClustersDoNotMatterAndNoiseIsACluster) {
  const GroupedPartition own(Clusters{0, 0, 1, 1, 2}), renamed(Clusters{7, 7, -1, -1, 0}),
      other(Clusters{0, 0, 1, 1, 1});
  EXPECT_EQ(own.adjusted_rand_index(renamed), 1);
  EXPECT_LT(own.adjusted_rand_index(other), 1);
  EXPECT_EQ(GroupedPartition(Clusters{3, 3, 3}).adjusted_rand_index(GroupedPartition(Clusters{-1, -1, -1})), 1)
      << "both are one cluster";
}

TEST(GroupedPartition, RefusesWhatItCannotCompare) {
  EXPECT_THROW(GroupedPartition(Clusters{0, -2}), Error);
  EXPECT_THROW(GroupedPartition(Clusters{0, 1}).adjusted_rand_index(GroupedPartition(Clusters{0, 1, 1})), Error);
}

TEST(Silhouettes, AreThoseOfEachClusteringAlone) {
  const Answers answers;
  const auto found = silhouettes(ref(answers.points), answers.clusters, 1);
  ASSERT_EQ(found.size(), answers.clusters.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    const Json& known = answers.json.at("silhouette")[i];
    ASSERT_EQ(found[i].has_value(), !known.is_null()) << i;
    if (!found[i]) continue;
    EXPECT_NEAR(*found[i], known.get<double>(), 1e-6) << i;
    EXPECT_EQ(*found[i], silhouette(ref(answers.points), answers.clusters[i], 1));
  }
  EXPECT_EQ(silhouettes(ref(answers.points), answers.clusters, 3), found);
  EXPECT_TRUE(silhouettes(ref(answers.points), {}, 2).empty());
  EXPECT_THROW(silhouettes(ref(answers.points), {{0, 1}}, 1), Error);
}

TEST(Silhouettes, ManyClustersAreScoredInSeveralRoundsAndToldOf) {
  const MatrixRf points = random_points(60, 3, 1);
  RandomStream random(1, "test");
  std::vector<Clusters> clusterings(4);
  for (Clusters& clusters : clusterings) {
    for (int i = 0; i < 60; ++i) clusters.push_back(static_cast<std::int32_t>(random.below(5)));
    clusters[0] = 40'000;  // numbers are counted, whether points have them or not
  }
  std::vector<double> shares;
  const auto found = silhouettes(ref(points), clusterings, 1, [&](double share) { shares.push_back(share); });
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], silhouette(ref(points), clusterings[i], 1));
  ASSERT_FALSE(shares.empty());
  EXPECT_TRUE(std::is_sorted(shares.begin(), shares.end()));
  EXPECT_EQ(shares.back(), 1);
}

TEST(CalinskiHarabasz, IsThatOfScikitLearn) {
  const Answers answers;
  for (std::size_t i = 0; i < answers.clusters.size(); ++i) {
    const Json& known = answers.json.at("calinski_harabasz")[i];
    const auto found = calinski_harabasz(ref(answers.points), answers.clusters[i]);
    ASSERT_EQ(found.has_value(), !known.is_null()) << i;
    if (!found) continue;
    EXPECT_NEAR(*found, known.get<double>(), 1e-9 * *found) << i;
  }
}

TEST(CalinskiHarabasz, IsOneWhereNothingIsDispersedWithin) {
  MatrixRf points(4, 1);
  points << 0, 0, 5, 5;
  EXPECT_EQ(calinski_harabasz(ref(points), Clusters{0, 0, 1, 1}), 1);  // as sklearn.metrics.calinski_harabasz_score
  EXPECT_FALSE(calinski_harabasz(ref(points), Clusters{0, 1, 2, 3}));
  EXPECT_THROW(calinski_harabasz(ref(points), Clusters{0, 1}), Error);
}
