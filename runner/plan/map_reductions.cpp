#include "plan/map_reductions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "plan/chains.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t map_dimensions = 2;

std::vector<AxisValue> default_reductions(const SourcePosition& where) {
  std::vector<AxisValue> values;
  for (const std::string& name : default_map_methods()) {
    const MethodSpec& method = *find_method(MethodKind::reduction, name);
    MethodChoice choice = {name, where, {}};
    if (!method.default_map->extents.empty()) {
      Axis extents = {.name = method.extent->parameter, .where = where};
      for (std::int64_t extent : method.default_map->extents) extents.values.push_back({.where = where, .value = extent});
      choice.params.push_back(std::move(extents));
    }
    values.push_back({.where = where, .methods = {std::move(choice)}});
  }
  return values;
}

// The chain with two dimensions at its end; false after an error.
bool ends_in_two_dimensions(std::vector<FixedMethod>& chain, Diagnostics& diagnostics) {
  for (FixedMethod& method : chain) {
    const ParamSpec* dim = method.spec->find("dim");
    if (!dim) continue;
    const bool last = &method == &chain.back();
    if (last && !method.params.contains("dim")) method.params["dim"] = map_dimensions;
    if (!method.params.contains("dim") && dim->default_value.is_null()) {
      diagnostics.error(method.where, fmt::format("{} needs dim", method.spec->name),
                        "only the last step of a map's chain has 2 by itself");
      return false;
    }
    if (last && method.params["dim"] != map_dimensions) {
      diagnostics.error(method.position_of("dim"), fmt::format("a map has 2 dimensions, not {}", method.params["dim"].dump()),
                        "write dim: 2, or leave it out");
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<Chain> map_reductions(const FigureRequest& figure, std::int64_t width, std::int64_t count, const Gpus& gpus, Diagnostics& diagnostics) {
  const std::vector<AxisValue> values = figure.reductions.empty() ? default_reductions(figure.where) : figure.reductions;
  Grid grid;
  grid.groups = {{.axes = {{.name = "reduction", .where = figure.where, .values = values}}}};
  std::vector<Chain> chains;
  JsonPool pool;
  const PointsSize points = {.count = count, .width = width, .what = fmt::format("a latent of {}", width)};
  GridCells(grid).for_each([&](const GridCell& cell) {
    std::vector<FixedMethod> methods = cell.reduction->methods;
    if (!ends_in_two_dimensions(methods, diagnostics)) return;
    auto say = [&](const FixedMethod& method, const Problem& problem) {
      if (problem.warning) return;
      diagnostics.error(method.position_of(problem.parameter), problem.message,
                        problem.hint.empty() ? "choose fewer dimensions" : problem.hint);
    };
    auto chain = resolve_chain(methods, points, gpus, pool, say, Defaults::adapted);
    if (chain && chain->back()->width == map_dimensions) chains.push_back(std::move(*chain));
  });
  return chains;
}

std::optional<std::string> why_not_mapped(const Job& job, std::int64_t count) {
  if (job.reduced_dim() != map_dimensions) {
    return fmt::format("the job's own embedding has {}, and a map shows 2", counted(job.reduced_dim(), "dimension"));
  }
  PointsSize points = {.count = count, .width = job.latent_dim(), .what = "the job's own latents"};
  for (const SharedStep& step : job.reductions()) {
    const auto problems = step->method->problems_with(step->complete_params(), points);
    const bool fails = std::ranges::any_of(problems, [](const Problem& problem) { return !problem.warning; });
    if (fails) return fmt::format("the job's own reduction needs more than the {} of the map", counted(count, "image"));
    points.width = step->width;
  }
  return std::nullopt;
}

}  // namespace latentgrid
