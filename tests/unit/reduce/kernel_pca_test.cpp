#include "reduce/kernel_pca.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <string>

#include "base/error.hpp"
#include "methods/method.hpp"
#include "reduce/reduction.hpp"
#include "reduce/thin_product.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

namespace latentgrid {
std::unique_ptr<Reduction> make_kernel_pca(const ReductionInput& input);
MethodSpec kernel_pca_method();
}  // namespace latentgrid

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

constexpr const char* kernels[] = {"linear", "rbf", "poly", "sigmoid", "cosine"};

KernelPca with_kernel(const MatrixRf& points, const std::string& kernel, std::int64_t width, std::int64_t most_in_float64 = 1024) {
  return kernel_pca(ref(points), {.kernel = {.function = kernel_function(kernel), .gamma = 1 / static_cast<double>(points.cols())},
                                  .width = width,
                                  .most_in_float64 = most_in_float64});
}

void expect_equal_eigenvalues(const KernelPca& found, const KernelPca& expected, double tolerance, const std::string& what) {
  for (Eigen::Index i = 0; i < expected.eigenvalues.size(); ++i) {
    EXPECT_NEAR(found.eigenvalues[i], expected.eigenvalues[i], tolerance * expected.eigenvalues[i] + 3e-6 * expected.eigenvalues[0]) << what << " " << i;
  }
  EXPECT_NEAR(found.trace, expected.trace, 1e-5 * expected.trace) << what;
}

std::string message_of(const MatrixRf& points, const KernelPcaOptions& options) {
  try {
    kernel_pca(ref(points), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(KernelPca, IsThatOfScikitLearn) {
  const Json points = golden_answer("method_answers.json", "points"), answers = golden_answer("method_answers.json", "kernel_pca");
  for (const auto& [name, rows] : points.items()) {
    for (const std::string kernel : kernels) {
      const Json& answer = answers.at(name).at(kernel);
      const KernelPca found = with_kernel(matrix_of(rows), kernel, 4);
      for (Eigen::Index i = 0; i < 4; ++i) {
        const double expected = answer.at("eigenvalues")[i];
        EXPECT_NEAR(found.eigenvalues[i], expected, 1e-6 * expected + 1e-9) << name << " " << kernel << " " << i;
      }
      const auto embedding = matrix_of<Eigen::MatrixXd>(answer.at("embedding"));
      EXPECT_LT((found.embedding.topLeftCorner(8, 3).cast<double>() - embedding).cwiseAbs().maxCoeff(), 1e-5) << name << " " << kernel;
    }
  }
}

TEST(KernelPca, Float32AndIterationFindWhatFloat64Finds) {
  const MatrixRf points = random_groups(1100, 20, 6, 3, 1);
  for (const std::string kernel : kernels) {
    const KernelPca exact = with_kernel(points, kernel, 12, 2000), found = with_kernel(points, kernel, 12);
    expect_equal_eigenvalues(found, exact, 1e-4, kernel);
    EXPECT_EQ(exact.solver, "lapack");
  }
  const KernelPca exact = with_kernel(points, "rbf", 12, 2000), found = with_kernel(points, "rbf", 12);
  EXPECT_EQ(found.solver, "lanczos");
  const MatrixRf fewer = points.topRows(300);
  const KernelPca all = with_kernel(fewer, "rbf", 200, 0);
  EXPECT_EQ(all.solver, "lapack") << "most of all components";
  expect_equal_eigenvalues(all, with_kernel(fewer, "rbf", 200), 1e-4, "most of all components");
  EXPECT_LT((found.embedding.leftCols(5) - exact.embedding.leftCols(5)).cwiseAbs().maxCoeff(), 1e-3);
}

TEST(KernelPca, AThinProductIsTheSumOfItsTerms) {
  const MatrixRf matrix = random_points(131, 300, 1), right = random_points(300, static_cast<std::int64_t>(thin_columns), 2);
  for (const auto& [rows, columns] : {std::pair(131, 299), std::pair(17, 1), std::pair(1, 140), std::pair(9, 13)}) {
    const Eigen::MatrixXd part = matrix.topLeftCorner(rows, columns).cast<double>();
    for_each_simd_target([&](const std::string& target) {
      MatrixRf out = MatrixRf::Ones(rows, right.cols()), transposed = MatrixRf::Ones(columns, right.cols());
      ThinProduct product{.matrix = matrix.data(), .stride = 300, .rows = static_cast<std::size_t>(rows), .columns = static_cast<std::size_t>(columns),
                          .right = right.data(), .out = out.data()};
      add_thin_product(product);
      product.out = transposed.data();
      add_transposed_thin_product(product);
      const Eigen::MatrixXd expected = part * right.topRows(columns).cast<double>(), of_transposed = part.transpose() * right.topRows(rows).cast<double>();
      EXPECT_LT((out.cast<double>().array() - 1 - expected.array()).abs().maxCoeff(), 1e-4) << target;
      EXPECT_LT((transposed.cast<double>().array() - 1 - of_transposed.array()).abs().maxCoeff(), 1e-4) << target;
    });
  }
}

TEST(KernelPca, TheLinearKernelIsPca) {
  const MatrixRf points = random_groups(300, 5, 3, 4, 2);
  const KernelPca found = with_kernel(points, "linear", 8);
  const Eigen::MatrixXd centered = points.cast<double>().rowwise() - points.cast<double>().colwise().mean();
  EXPECT_NEAR(found.trace, centered.squaredNorm(), 1e-6 * found.trace);
  EXPECT_NEAR(found.explained_variance_ratio().sum(), 1, 1e-9);
  EXPECT_TRUE(found.embedding.rightCols(3).isZero(0)) << "there are 5 directions";
  EXPECT_NEAR(found.embedding.squaredNorm() / found.trace, 1, 1e-5);
}

TEST(KernelPca, DegeneratePointsHaveFiniteResults) {
  MatrixRf duplicates(420, 3), two = MatrixRf::Zero(420, 2);
  const MatrixRf few = random_points(6, 3, 1);
  for (Eigen::Index i = 0; i < 420; ++i) duplicates.row(i) = few.row(i % 6);
  two.topRows(210).setConstant(3);
  for (const std::string kernel : kernels) {
    for (const std::int64_t most : {1024, 0}) {
      const std::string what = kernel + (most > 0 ? " in float64" : " in float32");
      const KernelPca equal = with_kernel(MatrixRf::Constant(420, 3, 0.7f), kernel, 4, most);
      EXPECT_TRUE(equal.embedding.isZero(0)) << what;
      EXPECT_EQ(equal.explained_variance_ratio(), Eigen::VectorXd::Zero(4)) << what;
      const KernelPca some = with_kernel(duplicates, kernel, 10, most);
      EXPECT_TRUE(some.embedding.allFinite()) << what;
      EXPECT_GT(some.eigenvalues[0], 0) << what;
      EXPECT_TRUE(some.embedding.rightCols(5).isZero(0)) << what << ": six different points span five directions";
      const KernelPca split = with_kernel(two, kernel, 3, most);
      EXPECT_GT(std::abs(split.embedding(0, 0) - split.embedding(419, 0)), 0) << what;
      EXPECT_TRUE(split.embedding.rightCols(2).isZero(0)) << what;
    }
    EXPECT_TRUE(with_kernel(random_points(20, 60, 1), kernel, 20).embedding.allFinite()) << kernel << ", more columns than points";
    EXPECT_TRUE(with_kernel(random_points(2, 3, 1), kernel, 2).embedding.allFinite()) << kernel << ", two points";
  }
}

TEST(KernelPca, PointsThatAreAllFarApartHaveEqualEigenvalues) {
  const MatrixRf points = random_points(1100, 30, 3);
  const KernelPca found = kernel_pca(ref(points), {.kernel = {.function = KernelFunction::rbf, .gamma = 1000}, .width = 60});
  EXPECT_LT((found.eigenvalues.array() - 1).abs().maxCoeff(), 1e-5) << "the kernel matrix is that of a unit simplex";
}

TEST(KernelPca, EveryDimensionIsASlice) {
  const MatrixRf points = random_groups(60, 5, 3, 4, 1);
  auto reduction = make_kernel_pca({.points = ref(points), .params = {{"kernel", "rbf"}, {"gamma", 0.0}, {"width", 20}}});
  reduction->run_until(3, [](std::int64_t, std::int64_t) {});
  EXPECT_EQ(reduction->reached(), 20);
  const ReductionSnapshot three = reduction->snapshot(3), nine = reduction->snapshot(9);
  EXPECT_TRUE(nine.embedding.leftCols(3) == three.embedding);
  EXPECT_TRUE(three.embedding == with_kernel(points, "rbf", 20).embedding.leftCols(3)) << "gamma 0 is one over the columns";
  EXPECT_LT(three.metrics.at("explained_variance"), nine.metrics.at("explained_variance"));
  EXPECT_EQ(nine.arrays.at("eigenvalues").shape, std::vector<std::int64_t>{9});
  EXPECT_THROW(reduction->run_until(21, [](std::int64_t, std::int64_t) {}), Error);
}

TEST(KernelPca, WidthDependsOnTheJobAloneAndUnusedParametersAreLeftOut) {
  const MethodSpec spec = kernel_pca_method();
  const PointsSize points{.count = 500, .width = 30, .what = "a latent of 30"};
  const Json rbf = spec.complete({{"dim", 65}, {"kernel", "rbf"}}), linear = spec.complete({{"dim", 64}});
  EXPECT_EQ(spec.task_params(rbf, 65, points).at("width"), 128);
  EXPECT_EQ(spec.task_params(linear, 64, points).at("width"), 64);
  EXPECT_EQ(spec.task_params(rbf, 400, points).at("width"), 500);
  EXPECT_FALSE(spec.task_params(linear, 64, points).contains("gamma"));
  EXPECT_FALSE(spec.task_params(rbf, 65, points).contains("coef0"));
  EXPECT_TRUE(spec.problems_with(rbf, points).empty());
}

TEST(KernelPca, SaysWhatIsImpossible) {
  const MethodSpec spec = kernel_pca_method();
  const Json params = spec.complete({{"dim", 50}, {"kernel", "rbf"}});
  const auto many = spec.problems_with(params, {.count = 60'000, .width = 784, .what = "784 pixels"});
  ASSERT_EQ(many.size(), 1);
  EXPECT_EQ(many[0].message, "kernel PCA compares all pairs of images: 60000 images would take 6.8 GiB of memory, and 20000 are the most it takes");
  EXPECT_EQ(spec.problems_with(params, {.count = 40, .width = 784, .what = "784 pixels"}).size(), 1);
  EXPECT_EQ(message_of(MatrixRf::Ones(1, 2), {.width = 1}), "kernel PCA needs at least 2 points, there are 1");
  EXPECT_EQ(message_of(MatrixRf::Ones(4, 2), {.width = 5}), "kernel PCA of 4 points to 5 dimensions: there are 1 to 4");
  MatrixRf broken = MatrixRf::Ones(4, 2);
  broken(0, 0) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(message_of(broken, {.width = 1}), "kernel PCA: a coordinate is not finite");
  EXPECT_EQ(message_of(random_points(50, 3, 1, 1e15), {.kernel = {.function = KernelFunction::poly}, .width = 1, .most_in_float64 = 0}),
            "kernel PCA: values of the kernel are too large for float32; standardize the points first, or choose a smaller gamma");
}

TEST(KernelPca, TellsItsProgressAndCanBeInterrupted) {
  const MatrixRf points = random_groups(1500, 4, 3, 4, 1);
  double last = 0;
  int calls = 0;
  struct Interrupted {};
  const KernelPcaOptions options{.kernel = {.function = KernelFunction::rbf, .gamma = 0.2}, .width = 8};
  kernel_pca(ref(points), options, [&](std::int64_t done, std::int64_t total) {
    const double part = static_cast<double>(done) / static_cast<double>(total);
    EXPECT_GE(part, last);
    EXPECT_LE(part, 1);
    last = part;
    ++calls;
  });
  EXPECT_EQ(last, 1);
  EXPECT_GE(calls, 4);
  EXPECT_THROW(kernel_pca(ref(points), options, [](std::int64_t, std::int64_t) { throw Interrupted(); }), Interrupted);
}
