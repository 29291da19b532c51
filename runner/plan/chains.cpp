#include "plan/chains.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "plan/gpus.hpp"

namespace latentgrid {

namespace {

// With what the points allow in place of defaults that they do not.
Json adapted(const FixedMethod& method, Json params, const PointsSize& points) {
  for (const Problem& problem : method.spec->problems_with(params, points)) {
    if (!problem.possible.is_null() && !method.params.contains(problem.parameter)) params[problem.parameter] = problem.possible;
  }
  return method.spec->settle(std::move(params), points);
}

}  // namespace

std::shared_ptr<const Json> JsonPool::share(const Json& json) {
  auto& known = known_[json.dump()];
  if (!known) known = std::make_shared<const Json>(json);
  return known;
}

std::optional<Chain> resolve_chain(std::span<const FixedMethod> methods, PointsSize points, const Gpus& gpus, JsonPool& pool,
                                   const std::function<void(const FixedMethod&, const Problem&)>& say, Defaults defaults) {
  Chain chain;
  for (const FixedMethod& method : methods) {
    const MethodSpec& spec = *method.spec;
    Json params = spec.settle(spec.complete(method.params), points);
    if (defaults == Defaults::adapted) params = adapted(method, std::move(params), points);
    bool failed = false;
    for (const Problem& problem : spec.problems_with(params, points)) {
      say(method, problem);
      failed = failed || !problem.warning;
    }
    if (failed) return std::nullopt;
    MethodStep step = {.method = &spec, .width = spec.result_width(params, points.width)};
    step.gpu = take_gpu(spec, params, points, gpus);
    if (spec.extent) step.extent = take_extent(spec, params);
    step.params = pool.share(params);
    points.width = step.width;
    points.what = fmt::format("the {} of {}", step.width, spec.display_name);
    chain.push_back(std::make_shared<const MethodStep>(std::move(step)));
  }
  return chain;
}

}  // namespace latentgrid
