#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "methods/methods.hpp"
#include "model/architecture.hpp"

namespace latentgrid {

// A method with all that decides what it makes of its input.
struct MethodStep {
  const MethodSpec* method = nullptr;
  std::shared_ptr<const Json> params;  // complete and typed, without the extent
  std::int64_t extent = 0;             // 0: the method has none
  std::int64_t width = 0;              // values an image has in the result; 0: the result is no such matrix
  int gpu = -1;                        // of `device: cuda:1`; -1: any, or none

  bool same_work(const MethodStep& other) const;
  // The extent among the parameters.
  Json complete_params() const;
};
// The extent of a method that has one, which leaves `params`.
std::int64_t take_extent(const MethodSpec& method, Json& params);

using SharedStep = std::shared_ptr<const MethodStep>;
using Chain = std::vector<SharedStep>;

// "none", "pca", "pca50+tsne": how the reductions of a chain are called in the database.
std::string name_of(std::span<const SharedStep> chain);

// One cell of the grid: one value on every axis, parameters that it ignores dropped, defaults filled in. Cells that
// are equal are one job. What cells have in common is shared, so that a million of them fit in memory.
struct Job {
  std::string dataset;
  PixelRange range = PixelRange::minus_one_to_one;  // that its images are scaled to
  std::string architecture;                  // as named in the sweep
  std::string latent;                        // as written: "32", "native"; "" where nothing is trained
  std::shared_ptr<const Autoencoder> model;  // what is trained; null for none
  std::vector<SharedStep> path;              // training (if any), refinement (if any), encoder, reductions in order, clustering
  std::int64_t k = 0;                        // clusters asked for; 0: the clustering finds the number
  std::int64_t seed = 0;
  std::int64_t threads = 1;                  // of whatever goes through BLAS
  std::shared_ptr<const Json> probe;         // parameters of stage probe; null: the encoder is not probed
  bool portable = false;                     // the same bytes on every CPU with AVX2, see is_portable
  std::shared_ptr<const std::vector<std::string>> axis_names;  // what the sweep varies, e.g. "learning_rate", "tsne.perplexity"
  SourcePosition where;                      // the grid that made it

  const MethodStep* training() const { return model ? path.front().get() : nullptr; }
  const MethodStep* refinement() const { return model && path[1]->method->kind == MethodKind::refinement ? path[1].get() : nullptr; }
  bool reconstructs() const { return model && training()->method->reconstructs; }
  bool has_prior() const { return model && training()->method->has_prior && !refinement(); }  // a refinement moves the latents away from it
  // What is done to the images that its training sees, step by step; empty for nothing.
  const Json& augmentations() const;
  std::size_t encoder_place() const { return !model ? 0 : refinement() ? 2 : 1; }
  const MethodStep& encoder() const { return *path[encoder_place()]; }
  std::span<const SharedStep> reductions() const { return std::span(path).subspan(encoder_place() + 1, path.size() - encoder_place() - 2); }
  const MethodStep& clustering() const { return *path.back(); }

  std::int64_t epochs() const { return model ? path.front()->extent : 0; }
  std::int64_t latent_dim() const { return encoder().width; }
  std::int64_t reduced_dim() const { return path[path.size() - 2]->width; }  // of what is clustered

  // (axis, value) for job_params: the axes every job has (architecture, latent_dim, epochs, reduction, reduced_dim, clustering,
  // k, seed) and those of the sweep that this job has a value on. A function of the job, not a field: a million of them
  // would be most of its memory.
  std::vector<std::pair<std::string, Json>> axes() const;
};

// A parameter of the job under the name that an axis of it would have, whether the sweep varies it or not:
// "learning_rate", "kmeans.n_init", "tsne.perplexity". Null if it has none.
Json parameter_of(const Job& job, const std::string& axis);

}  // namespace latentgrid
