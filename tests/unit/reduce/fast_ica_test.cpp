#include "reduce/fast_ica.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "reduce/reduction.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

namespace latentgrid {
std::unique_ptr<Reduction> make_fast_ica(const ReductionInput& input);
}

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

IcaFunction function_of(const std::string& name) {
  return name == "exp" ? IcaFunction::exp : name == "cube" ? IcaFunction::cube : IcaFunction::logcosh;
}

double correlation(const Eigen::VectorXd& a, const Eigen::VectorXd& b) {
  const Eigen::VectorXd x = a.array() - a.mean(), y = b.array() - b.mean();
  return std::abs(x.dot(y)) / (x.norm() * y.norm());
}

}  // namespace

TEST(FastIca, IsThatOfScikitLearnFromTheSameStart) {
  const Json points = golden_answer("method_answers.json", "points"), answers = golden_answer("method_answers.json", "fast_ica");
  for (const auto& [name, rows] : points.items()) {
    const MatrixRf own = matrix_of(rows);
    for (const Json& answer : answers.at(name)) {
      const std::string what = name + " " + answer.at("algorithm").get<std::string>() + " " + answer.at("fun").get<std::string>();
      const FastIca found = fast_ica_from(ref(own), matrix_of<Eigen::MatrixXd>(answer.at("first")),
                                          {.dim = 3,
                                           .parallel = answer.at("algorithm") == "parallel",
                                           .function = function_of(answer.at("fun")),
                                           .max_iterations = 400});
      EXPECT_TRUE(found.converged) << what;
      EXPECT_EQ(found.iterations, answer.at("iterations")) << what;
      EXPECT_LT((found.embedding.topRows(8).cast<double>() - matrix_of<Eigen::MatrixXd>(answer.at("embedding"))).cwiseAbs().maxCoeff(), 2e-4) << what;
    }
  }
}

TEST(FastIca, SeparatesMixedSources) {
  Eigen::MatrixXd sources(2000, 2);
  for (Eigen::Index i = 0; i < 2000; ++i) sources.row(i) << std::sin(0.05 * static_cast<double>(i)), static_cast<double>(i % 37) / 37;
  const Eigen::Matrix2d mixing = (Eigen::Matrix2d() << 1, 0.6, 0.4, 1).finished();
  const MatrixRf points = (sources * mixing).cast<float>();
  for (const bool parallel : {true, false}) {
    const FastIca found = fast_ica(ref(points), {.dim = 2, .parallel = parallel, .seed = 1});
    for (Eigen::Index source = 0; source < 2; ++source) {
      const double first = correlation(found.embedding.col(0).cast<double>(), sources.col(source));
      const double second = correlation(found.embedding.col(1).cast<double>(), sources.col(source));
      EXPECT_GT(std::max(first, second), 0.99) << parallel;
    }
    for (Eigen::Index d = 0; d < 2; ++d) EXPECT_NEAR(found.embedding.col(d).squaredNorm() / 2000, 1, 1e-4);
  }
}

TEST(FastIca, DirectionsWithoutVarianceAreZeros) {
  MatrixRf points = random_points(100, 4, 1);
  points.col(3).setConstant(2);
  const FastIca found = fast_ica(ref(points), {.dim = 4});
  EXPECT_EQ(found.directions, 3);
  EXPECT_TRUE(found.embedding.col(3).isZero(0));
  EXPECT_TRUE(found.embedding.allFinite());
  EXPECT_TRUE(fast_ica(ref(MatrixRf::Ones(20, 3)), {.dim = 2}).embedding.isZero(0)) << "equal points";
  EXPECT_TRUE(fast_ica(ref(random_points(5, 30, 1)), {.dim = 5, .parallel = false}).embedding.allFinite()) << "more columns than points";
  EXPECT_THROW(fast_ica(ref(points), {.dim = 5}), Error);
}

TEST(FastIca, RunsByItsParametersAndRecordsWhetherItConverged) {
  const MatrixRf points = random_groups(200, 5, 3, 3, 1);
  const Json params = {{"dim", 3}, {"algorithm", "deflation"}, {"fun", "cube"}, {"max_iterations", 1}, {"tolerance", 1e-4}};
  auto reduction = make_fast_ica({.points = ref(points), .params = params, .seed = 7});
  std::int64_t calls = 0;
  reduction->run_until(0, [&](std::int64_t, std::int64_t total) {
    ++calls;
    EXPECT_EQ(total, 3);
  });
  EXPECT_EQ(calls, 3);
  const ReductionSnapshot found = reduction->snapshot(0);
  EXPECT_EQ(found.record.at("converged"), false);
  EXPECT_TRUE(found.embedding == fast_ica(ref(points), {.dim = 3, .parallel = false, .function = IcaFunction::cube, .max_iterations = 1, .seed = 7}).embedding);
}
