// UMAP against umap-learn 0.5.3 (tests/golden/make_umap_answers.py).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/error.hpp"
#include "methods/methods.hpp"
#include "neighbors/fuzzy_graph.hpp"
#include "neighbors/trustworthiness.hpp"
#include "reduce/reduction.hpp"
#include "reduce/umap_layout.hpp"
#include "reduce/umap_start.hpp"
#include "reduce/umap_steps.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "support/simd_targets.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

Json umap_answer(const std::string& part) { return golden_answer("umap_answers.json", part); }

MatrixRf points_of(const std::string& name) { return matrix_of(umap_answer("points").at(name)); }

SparseRows graph_of(const MatrixRf& points, std::int64_t n_neighbors, const FuzzyGraphOptions& options = {}, int threads = 1) {
  return fuzzy_graph(nearest_neighbors(ref(points), n_neighbors - 1, threads), options, threads);
}

struct Layout {
  SparseRows graph;
  MatrixRf start;
  UmapLayoutOptions options;
};

Layout small_layout(std::int64_t points = 2300, std::int64_t dim = 2) {
  const MatrixRf groups = random_groups(points, 6, 5, 4, 3);
  SparseRows graph = graph_of(groups, 15);
  MatrixRf start = umap_start(ref(groups), graph, {.dim = dim, .seed = 1}).points;
  return {std::move(graph), std::move(start), {.epochs = 60, .curve = fit_umap_curve(0.1, 1), .seed = 4}};
}

MatrixRf laid_out(const Layout& layout, std::int64_t until = 60) {
  UmapLayout run(layout.graph, layout.start, layout.options);
  run.run_until(until);
  return run.embedding();
}

Json umap_params(std::int64_t epochs) {
  const MethodSpec& method = *find_method(MethodKind::reduction, "umap");
  Json params = method.settle(method.complete({{"epochs", epochs}}), {.count = 200, .width = 5});
  params.erase("snapshots");
  return params;
}

MatrixRf embedding_of(const MatrixRf& points, const Json& params, std::int64_t seed) {
  auto reduction = make_reduction("umap", {.points = ref(points), .params = params, .seed = seed});
  reduction->run_until(params.at("epochs"), [](std::int64_t, std::int64_t) {});
  return reduction->snapshot(params.at("epochs")).embedding;
}

// The share of 15 nearest neighbors that are neighbors in the embedding too.
double kept(const MatrixRf& points, const MatrixRf& embedding) {
  const Neighbors before = nearest_neighbors(ref(points), 15, 1), after = nearest_neighbors(ref(embedding), 15, 1);
  double found = 0;
  for (std::int64_t i = 0; i < points.rows(); ++i) {
    const auto row = [&](const Neighbors& n) { return std::set<std::int32_t>(n.indices.begin() + i * 15, n.indices.begin() + (i + 1) * 15); };
    const std::set<std::int32_t> a = row(before), b = row(after);
    found += static_cast<double>(std::count_if(a.begin(), a.end(), [&](std::int32_t j) { return b.contains(j); }));
  }
  return found / static_cast<double>(points.rows() * 15);
}

struct Estimate {
  double mean = 0, error = 0;
};

Estimate estimate(const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (double value : values) mean += value / n;
  for (double value : values) squares += (value - mean) * (value - mean);
  return {mean, std::sqrt(squares / (n - 1) / n)};
}

}  // namespace

TEST(UmapGraph, IsThatOfUmapLearn) {
  for (const Json& answer : umap_answer("graphs")) {
    const FuzzyGraphOptions options{.local_connectivity = answer.value("local_connectivity", 1.0),
                                    .set_op_mix_ratio = answer.value("set_op_mix_ratio", 1.0)};
    const SparseRows found = graph_of(points_of(answer.at("points")), answer.at("n_neighbors"), options);
    const std::string what = answer.at("points").get<std::string>() + ", " + answer.at("n_neighbors").dump();
    EXPECT_EQ(found.starts, answer.at("starts").get<std::vector<std::int64_t>>()) << what;
    ASSERT_EQ(found.columns, answer.at("columns").get<std::vector<std::int32_t>>()) << what;
    float largest = 0;
    for (std::size_t i = 0; i < found.values.size(); ++i) largest = std::max(largest, std::abs(found.values[i] - answer.at("values")[i].get<float>()));
    EXPECT_LT(largest, 1e-5f) << what;
  }
}

TEST(UmapGraph, BitsDoNotDependOnThreads) {
  const MatrixRf points = random_groups(700, 5, 3, 4, 1);
  EXPECT_EQ(graph_of(points, 15, {}, 1).values, graph_of(points, 15, {}, 3).values);
}

TEST(UmapCurve, IsThatOfUmapLearn) {
  for (const Json& answer : umap_answer("curves")) {
    const UmapCurve found = fit_umap_curve(answer[0], answer[1]);
    EXPECT_NEAR(found.a / answer[2].get<double>(), 1, 1e-4) << answer;
    EXPECT_NEAR(found.b / answer[3].get<double>(), 1, 1e-4) << answer;
  }
}

TEST(UmapStart, LiesBetween0And10AndKnowsTheParts) {
  const MatrixRf apart = points_of("apart"), iris = points_of("iris");
  const UmapStart two = umap_start(ref(apart), graph_of(apart, 6), {.dim = 2});
  EXPECT_EQ(two.components, 2);
  EXPECT_FALSE(two.random);
  EXPECT_EQ(two.points.minCoeff(), 0);
  EXPECT_EQ(two.points.maxCoeff(), 10);
  // The parts are laid out apart from each other.
  EXPECT_GT((two.points.topRows(40).colwise().mean() - two.points.bottomRows(40).colwise().mean()).norm(), 3);
  const UmapStart random = umap_start(ref(iris), graph_of(iris, 15), {.dim = 3, .random = true, .seed = 2});
  EXPECT_TRUE(random.random);
  EXPECT_EQ(random.points.cols(), 3);
  EXPECT_NE(random.points, umap_start(ref(iris), graph_of(iris, 15), {.dim = 3, .random = true, .seed = 3}).points);
}

// One sample of an edge between two points, at distances from where the force is clipped to where it is tiny.
TEST(UmapSteps, MoveAsTheGradientSays) {
  const UmapCurve curve = fit_umap_curve(0.1, 1);
  for (const std::size_t dim : {2u, 3u, 5u}) {
    for (const double distance : {0.001, 0.03, 0.7, 4.0, 90.0}) {
      for (const std::int64_t negatives : {0, 1}) {
        std::vector<float> points(2 * dim, 0.5f);
        points[0] += static_cast<float>(distance * 0.6);
        points[1] -= static_cast<float>(distance * 0.8);
        UmapEdges edges{.head = {0}, .tail = {1}, .every = {1.5f}, .next = {1.5f}};
        UmapRoom room;
        room.make(1, dim);
        UmapWork work{.edges = &edges, .room = &room, .points = points.data(), .dim = dim, .begin = {0, 0}, .size = {2, 0},
                      .log2_a = static_cast<float>(std::log2(curve.a)), .b = static_cast<float>(curve.b), .repulsion = 1, .learning_rate = 0.25f,
                      .epoch = 1, .least_square = 1e-20f, .most_square = 1e20f, .negatives = negatives, .random = 7};
        const std::vector<float> before = points;
        umap_steps(work);
        EXPECT_EQ(points, before) << "not due yet";
        work.epoch = 2;
        umap_steps(work);
        EXPECT_EQ(edges.next[0], 3);
        const double square = distance * distance, power = curve.a * std::pow(square, curve.b), below = 1 + power;
        const double pull = -2 * curve.b * power / (square * below), push = 2 * curve.b / ((0.001 + square) * below);
        for (std::size_t k = 0; k < dim; ++k) {
          const double apart = before[k] - before[dim + k];
          const double pulled = 0.25 * std::clamp(pull * apart, -4.0, 4.0), pushed = 0.25 * std::clamp(push * apart, -4.0, 4.0);
          const double moved = points[k] - before[k], rounding = 1e-6 * (1 + std::abs(before[k]));
          EXPECT_NEAR(points[dim + k] - before[dim + k], -pulled, 1e-3 * std::abs(pulled) + rounding) << distance;
          const double nearer = negatives == 1 && std::abs(moved - pulled) > std::abs(moved - pulled - pushed) ? pushed : 0;  // it may have drawn itself
          EXPECT_NEAR(moved, pulled + nearer, 1e-3 * (std::abs(pulled) + std::abs(pushed)) + rounding) << distance;
        }
      }
    }
  }
}

TEST(UmapLayout, BitsDoNotDependOnThreadsOrTheInstructionSet) {
  for (std::int64_t dim : {2, 3, 5}) {
    Layout layout = small_layout(2300, dim);
    const MatrixRf expected = laid_out(layout);
    layout.options.threads = 3;
    EXPECT_EQ(laid_out(layout), expected) << dim;
    for_each_simd_target([&](const std::string& target) { EXPECT_EQ(laid_out(layout), expected) << target; });
  }
}

TEST(UmapLayout, GoesOnFromAnyEpochAsIfItHadNeverStopped) {
  const Layout layout = small_layout();
  const MatrixRf expected = laid_out(layout);
  UmapLayout resumed(layout.graph, layout.start, layout.options);
  resumed.resume(laid_out(layout, 23), 23);
  EXPECT_EQ(resumed.epoch(), 23);
  resumed.run_until(60);
  EXPECT_EQ(resumed.embedding(), expected);
}

TEST(UmapLayout, AGraphOfOtherPointsIsAnError) {
  const Layout layout = small_layout();
  EXPECT_THROW(UmapLayout(layout.graph, layout.start.topRows(10), layout.options), Error);
}

// As faithful as umap-learn, over 10 seeds: within two standard errors of the difference, or better.
TEST(Umap, KeepsNeighborsAsUmapLearnDoes) {
  const Json answers = umap_answer("layouts");
  for (const auto& [name, answer] : answers.items()) {
    const MatrixRf points = points_of(name);
    std::vector<double> trust, neighbors;
    for (std::int64_t seed = 0; seed < 10; ++seed) {
      const MatrixRf embedding = embedding_of(points, umap_params(500), seed);
      trust.push_back(trustworthiness(ref(points), ref(embedding), 15, 1));
      neighbors.push_back(kept(points, embedding));
    }
    for (const auto& [measure, values] : {std::pair("trustworthiness", trust), std::pair("kept", neighbors)}) {
      const Estimate ours = estimate(values);
      const Estimate peer{answer.at(measure).at("mean"), answer.at(measure).at("error")};
      EXPECT_GT(ours.mean, peer.mean - 2 * std::hypot(ours.error, peer.error)) << name << " " << measure;
      RecordProperty(name + "_" + measure, fmt::format("{:.4f} ± {:.4f} against {:.4f} ± {:.4f}", ours.mean, ours.error, peer.mean, peer.error));
    }
  }
}

TEST(Umap, SnapshotsAreEpochsOfOneRun) {
  const MatrixRf points = random_groups(200, 5, 3, 4, 1);
  const Json params = umap_params(40);
  auto reduction = make_reduction("umap", {.points = ref(points), .params = params, .seed = 1});
  reduction->run_until(15, [](std::int64_t, std::int64_t) {});
  const ReductionSnapshot early = reduction->snapshot(15);
  reduction->run_until(40, [](std::int64_t, std::int64_t) {});
  const MatrixRf whole = embedding_of(points, params, 1);
  EXPECT_EQ(reduction->snapshot(40).embedding, whole);
  auto resumed = make_reduction("umap", {.points = ref(points), .params = params, .seed = 1});
  resumed->resume(early);
  EXPECT_EQ(resumed->reached(), 15);
  resumed->run_until(40, [](std::int64_t, std::int64_t) {});
  EXPECT_EQ(resumed->snapshot(40).embedding, whole);
  EXPECT_EQ(early.record.at("start"), "spectral");
  EXPECT_EQ(early.record.at("epoch"), 15);
}

TEST(Umap, PointsThatAreAllEqualStayFinite) {
  const MatrixRf points = MatrixRf::Constant(60, 3, 2);
  EXPECT_TRUE(embedding_of(points, umap_params(30), 1).allFinite());
}

TEST(Umap, SaysWhatIsImpossible) {
  const MethodSpec& method = *find_method(MethodKind::reduction, "umap");
  auto said = [&](const Json& given, std::int64_t count) -> std::string {
    const PointsSize points{.count = count, .width = 8};
    const auto problems = method.problems_with(method.settle(method.complete(given), points), points);
    return problems.empty() ? "" : problems[0].parameter + ": " + problems[0].message + " | " + problems[0].hint;
  };
  EXPECT_EQ(said({}, 15), "");
  EXPECT_EQ(said({}, 14), "n_neighbors: UMAP with n_neighbors 15 needs as many images, and there are 14 | write umap: {n_neighbors: 14}, or less");
  EXPECT_EQ(said({{"epochs", 100}, {"snapshots", 200}}, 100),
            "snapshots: UMAP of 100 epochs has no snapshot at epoch 200 | write epochs: 200, or a smaller snapshot");
  EXPECT_EQ(said({{"snapshots", 200}}, 20000), "");
  EXPECT_EQ(said({{"snapshots", 300}}, 20000),
            "snapshots: UMAP of 200 epochs has no snapshot at epoch 300 | write epochs: 300, or a smaller snapshot");
  EXPECT_EQ(said({{"min_dist", 2.0}}, 100), "min_dist: UMAP's min_dist must not be larger than its spread | write a smaller min_dist, or a larger spread");
  EXPECT_EQ(said({{"dim", 20}, {"n_neighbors", 5}}, 21), "dim: UMAP cannot make 20 dimensions of 21 images | ");
}
