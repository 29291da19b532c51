#include <gtest/gtest.h>

#include "methods/method.hpp"
#include "reduce/reduction.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"

namespace latentgrid {
std::unique_ptr<Reduction> make_laplacian_eigenmaps(const ReductionInput& input);
MethodSpec laplacian_eigenmaps_method();
}  // namespace latentgrid

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

void ignore(std::int64_t, std::int64_t) {}

std::unique_ptr<Reduction> eigenmaps(const MatrixRf& points, std::int64_t neighbors, std::int64_t width, int threads = 1) {
  auto reduction = make_laplacian_eigenmaps({.points = ref(points), .params = {{"n_neighbors", neighbors}, {"width", width}}, .threads = threads});
  reduction->run_until(1, ignore);
  return reduction;
}

}  // namespace

TEST(LaplacianEigenmaps, IsTheSpectralEmbeddingOfScikitLearn) {
  const Json points = golden_answer("method_answers.json", "points"), answers = golden_answer("method_answers.json", "laplacian_eigenmaps");
  for (const auto& [name, rows] : points.items()) {
    const MatrixRf own = matrix_of(rows);
    auto reduction = eigenmaps(own, 10, 16);
    const ReductionSnapshot found = reduction->snapshot(3);
    if (found.record.at("components") > 1) continue;  // scikit-learn's vectors are any of their space then
    const auto expected = matrix_of<Eigen::MatrixXd>(answers.at(name));
    EXPECT_LT((found.embedding.cast<double>() - expected).cwiseAbs().maxCoeff(), 1e-6) << name;
  }
}

TEST(LaplacianEigenmaps, EveryDimensionIsASlice) {
  const MatrixRf points = random_points(300, 4, 1);
  auto reduction = eigenmaps(points, 12, 16);
  EXPECT_EQ(reduction->reached(), 16);
  EXPECT_TRUE(reduction->snapshot(9).embedding.leftCols(2) == reduction->snapshot(2).embedding);
  EXPECT_TRUE(eigenmaps(points, 12, 16, 3)->snapshot(9).embedding == reduction->snapshot(9).embedding) << "threads";
  EXPECT_THROW(reduction->run_until(17, ignore), Error);
}

TEST(LaplacianEigenmaps, DegeneratePointsHaveFiniteResults) {
  MatrixRf duplicates(60, 3);
  const MatrixRf few = random_points(4, 3, 1, 100);
  for (Eigen::Index i = 0; i < 60; ++i) duplicates.row(i) = few.row(i % 4);
  for (const MatrixRf& points : {MatrixRf(MatrixRf::Ones(40, 2)), duplicates, random_points(20, 50, 1), random_points(3, 1, 1)}) {
    const std::int64_t width = std::min<std::int64_t>(16, points.rows() - 1);
    EXPECT_TRUE(eigenmaps(points, std::min<std::int64_t>(8, points.rows()), width)->snapshot(width).embedding.allFinite()) << points.rows();
  }
  EXPECT_EQ(eigenmaps(duplicates, 8, 3)->snapshot(1).record.at("components"), 4);
}

TEST(LaplacianEigenmaps, TheNumberOfImagesDecidesTheNeighborsAndTheWidth) {
  const MethodSpec spec = laplacian_eigenmaps_method();
  const PointsSize points{.count = 500, .width = 30, .what = "a latent of 30"};
  const Json params = spec.settle(spec.complete({{"dim", 17}}), points);
  EXPECT_EQ(params.at("n_neighbors"), 50) << "a tenth, as in scikit-learn";
  EXPECT_EQ(spec.task_params(params, 17, points).at("width"), 32);
  EXPECT_EQ(spec.task_params(params, 2, points).at("width"), 16);
  EXPECT_TRUE(spec.problems_with(params, points).empty());
  const PointsSize few{.count = 12, .width = 30, .what = "a latent of 30"};
  const auto problems = spec.problems_with(spec.settle(spec.complete({{"dim", 12}}), few), few);
  ASSERT_EQ(problems.size(), 1);
  EXPECT_EQ(problems[0].message, "Laplacian eigenmaps cannot make 12 dimensions from 12 images");
  EXPECT_EQ(problems[0].hint, "choose a dim of at most 11");
}
