#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "model/architecture.hpp"

namespace latentgrid {

struct ReductionStep {
  std::string method;                  // "pca", "tsne"
  std::shared_ptr<const Json> params;  // after defaults, typed; without `dim` and the extent parameter
  std::int64_t dim = 0;
  std::int64_t extent = 0;             // t-SNE's iterations; PCA's dim (a slice)
  int gpu = -1;                        // of `device: cuda:1`; -1: any, or none
};

// One cell of the grid: one value on every axis, parameters that it ignores dropped, defaults filled in. Cells that
// are equal are one job. What cells have in common is shared, so that a million of them fit in memory.
struct Job {
  std::string dataset;
  PixelRange range = PixelRange::minus_one_to_one;  // that its images are scaled to
  std::string architecture;                  // as named in the sweep; "raw" is no autoencoder
  std::shared_ptr<const Autoencoder> model;  // null for raw
  std::string latent;                        // as written: "32", "native"; "" for raw
  std::int64_t latent_dim = 0;               // number of values an image: 32, 2048, ...
  std::shared_ptr<const Json> train;         // after defaults, without threads, and without epochs unless cosine; null for raw
  std::int64_t epochs = 0;                   // 0 for raw
  std::vector<ReductionStep> reduction;      // empty for none
  std::string reduction_name;                // "none", "pca", "tsne", "pca50+tsne"
  std::int64_t reduced_dim = 0;              // the last step's; latent_dim for none
  std::string clustering;                    // "kmeans"
  std::shared_ptr<const Json> clustering_params;  // after defaults, k included
  std::int64_t k = 0;
  std::int64_t seed = 0;
  std::int64_t threads = 1;                  // of train, encode and whatever goes through BLAS
  int gpu = -1;                              // of train and encode with `device: cuda:1`; -1: any, or none
  std::shared_ptr<const std::vector<std::string>> axis_names;  // what the sweep varies, e.g. "learning_rate", "tsne.perplexity"
  SourcePosition where;                      // the grid that made it

  // (axis, value) for job_params: the axes every job has (architecture, latent_dim, epochs, reduction, reduced_dim, clustering,
  // k, seed) and those of the sweep that this job has a value on. A function of the job, not a field: a million of them
  // would be most of its memory.
  std::vector<std::pair<std::string, Json>> axes() const;
};

// Parameters that are younger than artifacts whose keys must stay are left out of a job at their defaults.
enum class Dropped { at_their_defaults, missing };

// A parameter of the job under the name that an axis of it would have, whether the sweep varies it or not:
// "learning_rate", "kmeans.n_init", "tsne.perplexity". Null if it has none.
Json parameter_of(const Job& job, const std::string& axis, Dropped dropped = Dropped::at_their_defaults);

}  // namespace latentgrid
