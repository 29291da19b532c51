#include "plan/picture_reductions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "plan/gpus.hpp"
#include "plan/grid_cells.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t map_dimensions = 2;

bool allows(std::int64_t count, double perplexity) { return 3 * perplexity <= static_cast<double>(count - 1); }

std::int64_t largest_perplexity(std::int64_t count) { return (count - 1) / 3; }

std::vector<AxisValue> usual_reductions(const SourcePosition& where) {
  Axis iterations = {.name = "iterations", .where = where};
  for (std::int64_t n : {250, 500, 750, 1000}) iterations.values.push_back({.where = where, .value = n});
  return {{.where = where, .methods = {{"pca", where, {}}}},
          {.where = where, .methods = {{"tsne", where, {iterations}}}}};
}

SourcePosition position_of(const FixedMethod& method, const char* parameter) {
  auto written = method.positions.find(parameter);
  return written == method.positions.end() ? method.where : written->second;
}

class ChainResolver {
 public:
  ChainResolver(std::int64_t width, std::int64_t count, int gpus, Diagnostics& diagnostics)
      : width_(width), count_(count), gpus_(gpus), diagnostics_(diagnostics) {}

  // Nothing after an error.
  std::vector<ReductionStep> resolve(const std::vector<FixedMethod>& chain) {
    std::vector<ReductionStep> steps;
    std::int64_t width = width_;
    for (const FixedMethod& method : chain) {
      const bool last = &method == &chain.back();
      Json given = method.params;
      if (last && !given.contains("dim")) given["dim"] = map_dimensions;
      Json params = method.spec->complete(given);
      adapt_default_perplexity(method, params);
      if (!params.contains("dim")) {
        error(method, "dim", fmt::format("{} needs dim", method.spec->name),
              "only the last step of a map's chain has 2 by itself");
        return {};
      }
      const std::int64_t dim = params["dim"];
      if (last && dim != map_dimensions) {
        error(method, "dim", fmt::format("a map has 2 dimensions, not {}", dim), "write dim: 2, or leave it out");
        return {};
      }
      if (!fits(method, params, dim, width)) return {};
      const int gpu = take_gpu(*method.spec, params, count_, gpus_);
      ReductionStep step = {.method = method.spec->name, .dim = dim, .extent = params[method.spec->extent], .gpu = gpu};
      params.erase("dim");
      params.erase(method.spec->extent);
      step.params = std::make_shared<const Json>(std::move(params));
      steps.push_back(std::move(step));
      width = dim;
    }
    return steps;
  }

 private:
  bool fits(const FixedMethod& method, const Json& params, std::int64_t dim, std::int64_t width) {
    const bool from_components = params.value("init", "pca") == "pca";  // a random start has any number of dimensions
    if ((dim > width && from_components) || dim > count_) {
      error(method, "dim", fmt::format("{} dimensions cannot be made from {} images of {} values", dim, count_, width),
            "choose fewer dimensions");
      return false;
    }
    if (!params.contains("perplexity")) return true;
    const double perplexity = params["perplexity"];
    if (allows(count_, perplexity)) return true;
    if (largest_perplexity(count_) < 1) {
      error(method, "perplexity", fmt::format("t-SNE needs at least 4 images, and the map shows {}", count_),
            "give the map more images, or write reductions: pca");
      return false;
    }
    error(method, "perplexity",
          fmt::format("t-SNE with perplexity {} needs {:.0f} neighbors of every image, and the map shows {} images",
                      perplexity, 3 * perplexity, count_),
          fmt::format("write map: {{reductions: [{{tsne: {{perplexity: {}}}}}]}}, or less", largest_perplexity(count_)));
    return false;
  }

  // The default is for many images; of few a map takes the largest that they allow.
  void adapt_default_perplexity(const FixedMethod& method, Json& params) const {
    if (!params.contains("perplexity") || method.params.contains("perplexity") || allows(count_, params["perplexity"])) return;
    if (const std::int64_t largest = largest_perplexity(count_); largest >= 1) params["perplexity"] = static_cast<double>(largest);
  }

  void error(const FixedMethod& method, const char* parameter, std::string message, std::string hint) {
    diagnostics_.error(position_of(method, parameter), std::move(message), std::move(hint));
  }

  std::int64_t width_, count_;
  int gpus_;
  Diagnostics& diagnostics_;
};

}  // namespace

std::vector<std::vector<ReductionStep>> map_reductions(const FigureRequest& figure, std::int64_t width,
                                                       std::int64_t count, int gpus, Diagnostics& diagnostics) {
  const std::vector<AxisValue> values = figure.reductions.empty() ? usual_reductions(figure.where) : figure.reductions;
  Grid grid;
  grid.groups = {{.axes = {{.name = "reduction", .where = figure.where, .values = values}}}};
  std::vector<std::vector<ReductionStep>> chains;
  ChainResolver resolver(width, count, gpus, diagnostics);
  GridCells(grid).for_each([&](const GridCell& cell) {
    std::vector<ReductionStep> chain = resolver.resolve(cell.reduction->methods);
    if (!chain.empty()) chains.push_back(std::move(chain));
  });
  return chains;
}

std::optional<std::string> why_not_mapped(const Job& job, std::int64_t count) {
  const std::int64_t dim = job.reduction.empty() ? job.latent_dim : job.reduction.back().dim;
  if (dim != map_dimensions) {
    return fmt::format("the job's own embedding has {}, and a map shows 2", counted(dim, "dimension"));
  }
  for (const ReductionStep& step : job.reduction) {
    const double perplexity = step.params->value("perplexity", 0.0);
    if (step.dim <= count && allows(count, perplexity)) continue;
    return fmt::format("the job's own reduction needs more than the {} of the map", counted(count, "image"));
  }
  return std::nullopt;
}

}  // namespace latentgrid
