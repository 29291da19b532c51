#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace latentgrid {

// A parameter among those of a job (jobs.params), under the name that an axis has: "learning_rate", "threads",
// "tsne.perplexity", "pca.dim", "kmeans.n_init"; "pca[2].dim" is of the second PCA of a chain. `clustering` is the job's
// method. Null if it has none.
Json parameter_in(const Json& params, std::string_view clustering, std::string_view name);

// All of them, in the order of the path.
std::vector<std::string> parameter_names(const Json& params, std::string_view clustering);

// Keeps what it parsed last: jobs that differ in their seed have the same parameters. Not thread-safe.
class ParameterReader {
 public:
  Json value(const std::string& name, const std::string& params, const std::string& clustering);

 private:
  std::string text_;
  Json params_;
};

}  // namespace latentgrid
