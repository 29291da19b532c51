// Every reduction and clustering does what its descriptor says, for its defaults and for every choice it offers: results
// depend on the seed, and have noise, metrics, a width and extents, as it says there. A new method is run here without being named.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "cluster/clustering.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "reduce/reduction.hpp"
#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "worker/cluster_stage.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

const MatrixRf points = random_points(130, 12, 1);
const std::vector<std::int32_t> of_training(130, 2);
const PointsSize size{.count = points.rows(), .width = points.cols(), .what = "random points"};

// A short run is enough.
Json usual_value(const MethodSpec& method, const ParamSpec& param) {
  const Json value = param.default_value.is_null() ? Json(3) : param.default_value;
  if (!method.is_extent(param.name)) return value;
  return param.automatic == value.get<double>() ? Json(12) : Json(std::min(value.get<std::int64_t>(), std::int64_t{12}));
}

// The defaults, and what differs from them in one parameter: its other choices. Devices need a GPU.
std::vector<Json> parameters_to_try(const MethodSpec& method) {
  Json usual = Json::object();
  for (const ParamSpec& param : method.params) usual[param.name] = usual_value(method, param);
  std::vector<Json> all = {usual};
  for (const ParamSpec& param : method.params) {
    std::vector<Json> values(param.choices.begin(), param.choices.end());
    if (param.type == ParamType::boolean) values = {true, false};
    if (!param.numbered_choice.empty()) continue;
    for (const Json& value : values) {
      all.push_back(usual);
      all.back()[param.name] = value;
    }
  }
  for (Json& params : all) params = method.complete(params);
  return all;
}

struct Result {
  MatrixRf embedding;
  std::vector<std::int32_t> clusters;
  std::set<std::string> metrics, files;  // files: beside the embedding, the arrays of a snapshot and its state

  bool operator==(const Result& other) const {
    return embedding.rows() == other.embedding.rows() && embedding.cols() == other.embedding.cols() && embedding == other.embedding &&
           clusters == other.clusters;
  }
};

std::set<std::string> names_of(const Json& metrics) {
  std::set<std::string> names;
  for (const auto& [name, value] : metrics.items()) names.insert(name);
  return names;
}

// A reduction at the extent among `params`, or, if it gets `extents`, passing through these.
Result run(const MethodSpec& method, Json params, std::int64_t seed, int threads = 1, std::vector<std::int64_t> extents = {}) {
  params = method.settle(params, size);
  if (extents.empty()) extents = {method.extent ? params.at(method.extent->parameter).get<std::int64_t>() : 0};
  if (method.extent) params.erase(method.extent->parameter);
  if (method.task_params) params = method.task_params(params, extents.back(), size);
  if (method.kind == MethodKind::clustering) {
    const ClusteringResult found =
        run_clustering(method.name, {.points = ref(points), .params = params, .seed = seed, .threads = threads, .heads = of_training, .extents = extents}).front();
    return {.clusters = found.clusters, .metrics = names_of(found.metrics)};
  }
  const auto reduction = make_reduction(method.name, {.points = ref(points), .params = params, .seed = seed, .threads = threads});
  for (std::int64_t extent : extents) reduction->run_until(extent, [](std::int64_t, std::int64_t) {});
  const ReductionSnapshot snapshot = reduction->snapshot(extents.front() < extents.back() && method.has_slices() ? extents.front() : extents.back());
  std::set<std::string> files;
  for (const auto& [name, array] : snapshot.arrays) files.insert(name + ".npy");
  if (!snapshot.state.is_null()) files.insert(state_file);
  return {.embedding = snapshot.embedding, .metrics = names_of(snapshot.metrics), .files = files};
}

std::vector<const MethodSpec*> methods_on_points() {
  std::vector<const MethodSpec*> methods;
  for (const MethodSpec& method : all_methods()) {
    if (method.kind == MethodKind::reduction || method.kind == MethodKind::clustering) methods.push_back(&method);
  }
  return methods;
}

class MethodAsDescribed : public ::testing::TestWithParam<const MethodSpec*> {
 protected:
  const MethodSpec& method = *GetParam();
};

}  // namespace

TEST_P(MethodAsDescribed, DependsOnTheSeedWhereItSaysStochastic) {
  bool any_differs = false;
  for (const Json& params : parameters_to_try(method)) {
    const bool differs = !(run(method, params, 1) == run(method, params, 2));
    any_differs |= differs;
    EXPECT_TRUE(method.draws_random_numbers(params) || !differs) << "results depend on the seed, which the descriptor does not say: " << params;
  }
  EXPECT_EQ(any_differs, method.stochastic) << "stochastic is true where results depend on the seed";
}

TEST_P(MethodAsDescribed, DoesNotDependOnThreadsUnlessItSaysBlas) {
  for (const Json& params : parameters_to_try(method)) {
    EXPECT_TRUE(method.blas || run(method, params, 1, 1) == run(method, params, 1, 3)) << params;
  }
}

TEST_P(MethodAsDescribed, LeavesTheMetricsFilesAndShapeThatItSays) {
  for (const Json& params : parameters_to_try(method)) {
    const Result result = run(method, params, 1);
    EXPECT_EQ(result.metrics, std::set<std::string>(method.metrics.begin(), method.metrics.end())) << params;
    EXPECT_EQ(result.files, std::set<std::string>(method.files.begin(), method.files.end())) << params;
    if (method.kind == MethodKind::reduction) {
      EXPECT_EQ(result.embedding.rows(), points.rows());
      EXPECT_EQ(result.embedding.cols(), method.result_width(params, points.cols())) << params;
    } else {
      EXPECT_NO_THROW(worker::check_clusters({.clusters = result.clusters}, method, params, points.rows())) << params;
    }
  }
}

// One execution serves all extents.
TEST_P(MethodAsDescribed, GivesTheSameAtAnExtentHoweverFarTheRunGoes) {
  if (!method.extent) return;
  for (Json params : parameters_to_try(method)) {
    if (!method.shares_its_beginning(params)) continue;
    params = method.settle(params, size);
    Json& extent = params[method.extent->parameter];
    const std::int64_t longer = extent, shorter = (longer + 1) / 2;
    const std::int64_t asked = method.has_slices() ? shorter : longer;
    const Result on_the_way = run(method, params, 1, 1, {shorter, longer});
    extent = asked;
    EXPECT_TRUE(on_the_way == run(method, params, 1)) << params;
  }
}

INSTANTIATE_TEST_SUITE_P(All, MethodAsDescribed, ::testing::ValuesIn(methods_on_points()),
                         [](const auto& method) { return method.param->name; });
