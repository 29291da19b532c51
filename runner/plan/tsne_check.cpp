#include "plan/tsne_check.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace latentgrid {

namespace {

// The points are drawn together then, and their clusters say little.
void warn_of_early_exaggeration(const FixedMethod& method, const Json& params, Diagnostics& diagnostics) {
  const std::int64_t iterations = params.at("iterations"), early = params.at("early_exaggeration_iterations");
  if (iterations > early) return;
  constexpr std::int64_t usual = 1000;
  diagnostics.warning(method.position_of(method.positions.contains("iterations") ? "iterations" : "early_exaggeration_iterations"),
                      fmt::format("t-SNE ends after {} iterations, which are all part of its early exaggeration ({} iterations): "
                                  "the clusters of such an embedding are poor",
                                  iterations, early),
                      fmt::format("write iterations: {}, or fewer early_exaggeration_iterations", std::max(usual, 4 * early)));
}

}  // namespace

bool check_tsne(const FixedMethod& method, const Json& params, std::int64_t images, const std::string& cell, Diagnostics& diagnostics) {
  const std::int64_t dim = params.at("dim");
  if (params.value("repulsion", "") == "grid" && dim > 2) {
    diagnostics.error(method.position_of("repulsion"), fmt::format("t-SNE to {} dimensions cannot use a grid ({})", dim, cell),
                      "a grid works in 1 and 2 dimensions; write repulsion: auto or exact");
    return false;
  }
  const double perplexity = params.at("perplexity");
  if (3 * perplexity > static_cast<double>(images - 1)) {
    const std::int64_t largest = (images - 1) / 3;
    diagnostics.error(method.position_of("perplexity"),
                      fmt::format("t-SNE with perplexity {} needs {:.0f} neighbors of every image, and there are {} images",
                                  perplexity, 3 * perplexity, images),
                      largest >= 1 ? fmt::format("write tsne: {{perplexity: {}}}, or less", largest)
                                   : "t-SNE needs at least 4 images: choose more images, or another reduction");
    return false;
  }
  warn_of_early_exaggeration(method, params, diagnostics);
  return true;
}

}  // namespace latentgrid
