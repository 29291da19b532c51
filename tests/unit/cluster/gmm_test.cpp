#include "cluster/gmm.hpp"

#include <gtest/gtest.h>

#include <Eigen/LU>

#include <cmath>
#include <map>
#include <set>

#include "base/error.hpp"
#include "cluster/kmeans.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

const std::map<std::string, Covariance> covariances = {{"full", Covariance::full},
                                                       {"tied", Covariance::tied},
                                                       {"diag", Covariance::diag},
                                                       {"spherical", Covariance::spherical}};

void expect_equal(const GmmResult& a, const GmmResult& b) {
  EXPECT_EQ(a.clusters, b.clusters);
  EXPECT_EQ(a.weights, b.weights);
  EXPECT_EQ(a.means, b.means);
  EXPECT_EQ(a.lower_bounds, b.lower_bounds);
  EXPECT_EQ(a.log_likelihood, b.log_likelihood);
  EXPECT_EQ(a.start, b.start);
}

std::vector<std::int32_t> some_clusters(Eigen::Index count, std::int32_t k) {
  RandomStream random(5, "clusters");
  std::vector<std::int32_t> out(count);
  for (std::int32_t& cluster : out) cluster = static_cast<std::int32_t>(random.below(k));
  return out;
}

void expect_finite(const GmmResult& found, const std::string& what) {
  EXPECT_TRUE(std::isfinite(found.log_likelihood) && std::isfinite(found.bic) && std::isfinite(found.aic)) << what;
  EXPECT_TRUE(found.means.allFinite() && found.weights.allFinite()) << what;
  EXPECT_NEAR(found.weights.sum(), 1, 1e-12) << what;
}

std::string message_of(const MatrixRf& points, const GmmOptions& options) {
  try {
    gmm(ref(points), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Gmm, FindsWhatScikitLearnFindsFromTheSameStart) {
  const Json answers = sklearn_answer("gaussian_mixtures");
  const MatrixRf points = matrix_of(answers.at("points"));
  const auto clusters = answers.at("clusters").get<std::vector<std::int32_t>>();
  for (const auto& [name, covariance] : covariances) {
    const Json& answer = answers.at(name);
    const GmmResult found =
        gmm_from(ref(points), clusters, {.k = 3, .covariance = covariance, .max_iterations = 60, .tolerance = 1e-6});
    EXPECT_EQ(found.iterations(), answer.at("iterations")) << name;
    EXPECT_EQ(found.converged, answer.at("converged").get<bool>()) << name;
    EXPECT_NEAR(found.lower_bounds.back(), answer.at("lower_bound").get<double>(), 1e-9) << name;
    EXPECT_NEAR(found.log_likelihood, answer.at("score").get<double>(), 1e-9) << name;
    EXPECT_NEAR(found.bic, answer.at("bic").get<double>(), 1e-6) << name;
    EXPECT_NEAR(found.aic, answer.at("aic").get<double>(), 1e-6) << name;
    EXPECT_EQ(found.clusters, answer.at("labels").get<std::vector<std::int32_t>>()) << name;
    EXPECT_LT((found.means - matrix_of<Eigen::MatrixXd>(answer.at("means"))).norm(), 1e-6) << name;
    EXPECT_LT((found.weights - matrix_of<Eigen::MatrixXd>(answer.at("weights"))).norm(), 1e-7) << name;
  }
}

TEST(Gmm, OneGaussianHasMeanAndCovarianceOfThePoints) {
  const MatrixRf points = random_points(777, 3, 4);
  const Eigen::MatrixXd centered = points.cast<double>().rowwise() - points.cast<double>().colwise().mean();
  const Eigen::MatrixXd covariance = centered.transpose() * centered / 777;
  const double expected = -0.5 * (3 * std::log(2 * M_PI) + std::log(covariance.determinant()) + 3);
  for (Covariance kind : {Covariance::full, Covariance::tied}) {
    const GmmResult found = gmm(ref(points), {.k = 1, .covariance = kind, .reg_covar = 0});
    EXPECT_NEAR(found.log_likelihood, expected, 1e-12);
    EXPECT_LT((found.means - points.cast<double>().colwise().mean()).norm(), 1e-12);
    EXPECT_TRUE(found.converged);
    EXPECT_EQ(found.iterations(), 2);
  }
}

TEST(Gmm, SeparatesWhatKmeansCannot) {
  // Two long parallel stripes, closer than they are long.
  MatrixRf points = random_points(600, 2, 3);
  for (Eigen::Index i = 0; i < 600; ++i) points.row(i) << 30 * points(i, 0), points(i, 1) + (i % 2 == 0 ? 5.0f : -5.0f);
  std::vector<std::int32_t> upper(600);
  for (std::size_t i = 0; i < upper.size(); ++i) upper[i] = i % 10 == 0 ? 0 : i % 2;  // four fifths of a cluster are right
  const GmmResult found = gmm_from(ref(points), upper, {.k = 2});
  for (std::size_t i = 0; i < upper.size(); ++i) EXPECT_EQ(found.clusters[i], static_cast<std::int32_t>(i % 2)) << i;
}

TEST(Gmm, BeginsWithKmeansAndKeepsTheStartOfLargestLowerBound) {
  const MatrixRf points = random_points(400, 3, 7);
  for (const auto& [name, covariance] : covariances) {
    GmmOptions options{.k = 5, .covariance = covariance, .n_init = 6, .max_iterations = 20, .seed = 3};
    const GmmResult best = gmm(ref(points), options);
    double largest = -1e300;
    for (std::int64_t start = 0; start < 6; ++start) {
      const auto seed = static_cast<std::int64_t>(derive_seed(3, "gmm", {start}));
      const GmmResult one = gmm_from(ref(points), kmeans(ref(points), {.k = 5, .n_init = 1, .seed = seed}).clusters, options);
      largest = std::max(largest, one.lower_bounds.back());
      if (start != best.start) continue;
      EXPECT_EQ(one.clusters, best.clusters) << name;
    }
    EXPECT_EQ(best.lower_bounds.back(), largest) << name;
  }
}

TEST(Gmm, DoesNotDependOnThreadsOrInstructionSet) {
  const MatrixRf points = random_points(3001, 7, 2);
  for (const auto& [name, covariance] : covariances) {
    GmmOptions options{.k = 5, .covariance = covariance, .n_init = 2, .max_iterations = 12, .seed = 5};
    const GmmResult one = gmm(ref(points), options);
    for_each_simd_target([&](const std::string& target) {
      SCOPED_TRACE(name + " " + target);
      expect_equal(gmm(ref(points), options), one);
    });
    for (int threads : {2, 3, 16}) {
      SCOPED_TRACE(name);
      options.threads = threads;
      expect_equal(gmm(ref(points), options), one);
    }
  }
}

TEST(Gmm, TheLikelihoodNeverFalls) {
  for (const auto& [name, covariance] : covariances) {
    for (std::int64_t width : {1, 2, 5, 6, 9}) {
      const MatrixRf points = random_groups(500, width, 6, 1, width);
      const GmmResult found =
          gmm_from(ref(points), some_clusters(500, 4), {.k = 4, .covariance = covariance, .max_iterations = 40, .tolerance = 0, .reg_covar = 0});
      EXPECT_EQ(found.iterations(), 40) << "no step is smaller than a tolerance of 0";
      for (std::size_t i = 1; i < found.lower_bounds.size(); ++i) {
        EXPECT_GE(found.lower_bounds[i], found.lower_bounds[i - 1] - 1e-9) << name << " " << width;
      }
      EXPECT_GE(found.log_likelihood, found.lower_bounds.back() - 1e-9) << name << " " << width;
    }
  }
}

TEST(Gmm, ShiftsAndScalesLeaveTheClusters) {
  const MatrixRf points = random_groups(900, 4, 3, 3, 11);
  const MatrixRf shifted = (points.array() + 1024).matrix(), scaled = points * 64;
  for (const auto& [name, covariance] : covariances) {
    const GmmOptions options{.k = 3, .covariance = covariance, .reg_covar = 0};
    const auto start = some_clusters(900, 3);
    const GmmResult found = gmm_from(ref(points), start, options);
    EXPECT_NEAR(gmm_from(ref(shifted), start, options).log_likelihood, found.log_likelihood, 1e-3) << name;
    const GmmResult larger = gmm_from(ref(scaled), start, options);
    EXPECT_NEAR(larger.log_likelihood, found.log_likelihood - 4 * std::log(64), 1e-9) << name;
    EXPECT_EQ(larger.clusters, found.clusters) << name;
  }
}

TEST(Gmm, DegeneratePointsHaveFiniteResults) {
  MatrixRf constant_column = random_points(50, 3, 1);
  constant_column.col(1).setConstant(7);
  MatrixRf two_distinct = MatrixRf::Zero(40, 2);
  two_distinct.topRows(20).setConstant(3);
  const MatrixRf large = random_points(60, 3, 2, 1e18);
  for (const auto& [name, covariance] : covariances) {
    expect_finite(gmm(ref(MatrixRf::Ones(30, 3)), {.k = 4, .covariance = covariance}), name + ", equal points");
    expect_finite(gmm(ref(two_distinct), {.k = 5, .covariance = covariance}), name + ", fewer distinct points than clusters");
    expect_finite(gmm(ref(constant_column), {.k = 3, .covariance = covariance}), name + ", a constant column");
    expect_finite(gmm(ref(random_points(50, 1, 1)), {.k = 3, .covariance = covariance}), name + ", one column");
    expect_finite(gmm(ref(random_points(12, 2, 1)), {.k = 12, .covariance = covariance}), name + ", a cluster a point");
    expect_finite(gmm(ref(random_points(1, 2, 1)), {.k = 1, .covariance = covariance}), name + ", one point");
    expect_finite(gmm(ref(random_points(20, 30, 1)), {.k = 2, .covariance = covariance}), name + ", more columns than points");
    expect_finite(gmm(ref(large), {.k = 2, .covariance = covariance}), name + ", large numbers");
  }
  EXPECT_EQ(std::set(two_distinct.data(), two_distinct.data() + 80).size(), 2);
  const GmmResult found = gmm(ref(two_distinct), {.k = 2});
  EXPECT_NE(found.clusters.front(), found.clusters.back());
}

TEST(Gmm, SaysWhatIsWrongAndWhatHelps) {
  EXPECT_EQ(message_of(MatrixRf::Ones(3, 2), {.k = 4}), "Gaussian mixture: 4 clusters of 3 points: ask for 1 to 3");
  MatrixRf broken = MatrixRf::Ones(3, 2);
  broken(0, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of(broken, {.k = 2}), "Gaussian mixture: a coordinate is not finite");
  const MatrixRf equal = MatrixRf::Ones(10, 2);
  const std::string remedy = " is singular; raise reg_covar, which is 0, or take fewer dimensions or clusters";
  EXPECT_EQ(message_of(equal, {.k = 2, .reg_covar = 0}), "Gaussian mixture: the covariance of cluster 0" + remedy + ", or covariance: diag");
  EXPECT_EQ(message_of(equal, {.k = 2, .covariance = Covariance::diag, .reg_covar = 0}), "Gaussian mixture: the covariance of cluster 0" + remedy);
  EXPECT_EQ(message_of(equal, {.k = 2, .covariance = Covariance::tied, .reg_covar = 0}), "Gaussian mixture: the covariance of the clusters" + remedy);
  const std::vector<std::int32_t> outside(10, 2);
  EXPECT_THROW(gmm_from(ref(equal), outside, {.k = 2}), Error);
}

TEST(Gmm, TellsItsProgressAndCanBeInterrupted) {
  const MatrixRf points = random_points(700, 3, 1);
  std::vector<std::int64_t> dones;
  const GmmResult found = gmm(ref(points), {.k = 4, .n_init = 2, .max_iterations = 10, .tolerance = 0, .threads = 2},
                              [&](std::int64_t done, std::int64_t total) {
                                EXPECT_EQ(total, 20);
                                dones.push_back(done);
                              });
  EXPECT_TRUE(std::is_sorted(dones.begin(), dones.end()));
  EXPECT_EQ(std::set(dones.begin(), dones.end()).size(), 21) << "each iteration of both starts, and the end";
  struct Interrupted {};
  int calls = 0;
  EXPECT_THROW(gmm(ref(points), {.k = 4, .tolerance = 0, .threads = 2},
                   [&](std::int64_t, std::int64_t) {
                     if (++calls == 30) throw Interrupted();
                   }),
               Interrupted);
}
