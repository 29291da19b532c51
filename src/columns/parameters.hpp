#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace latentgrid {

// Values under their names.
using Parameters = std::vector<std::pair<std::string, Json>>;

// A parameter of a job under the name that an axis of it has: "learning_rate", "threads", "tsne.perplexity", "pca.dim",
// "kmeans.n_init"; "pca[2].dim" is of the second PCA of a chain.
struct JobParameter {
  enum class Of { training, reduction, clustering, run };

  std::string name;
  Json value;
  Of of = Of::training;
  bool repeats = false;  // a column of the job says the same: reduced_dim, k
};

// What is recorded of a job (jobs.params) leaves out defaults that are younger than its key; this is with them. `clustering` is
// the job's method.
Json complete_parameters(Json params, std::string_view clustering);

// Whether what trained the job's encoder has a decoder too, from the job's parameters (jobs.params); of jobs that train.
bool reconstructs(const Json& params);

// What of a training (the parameters of jobs.params' "train") makes another kind of model: its method with that method's own
// parameters, and the augmentation; not the options that all trainings share, such as the learning rate. A text to compare.
std::string training_kind(const Json& train);

// Whether an axis is of the training: "epochs", "learning_rate", "vae.kl_weight", "crop.padding"; not "tsne.perplexity".
bool is_axis_of_training(std::string_view axis);

// Those of a job (jobs.params), those defaults too, in the order of the path; a null is none.
std::vector<JobParameter> parameters_in(const Json& params, std::string_view clustering);
Json parameter_in(const Json& params, std::string_view clustering, std::string_view name);  // null if it has none

// The column that says what an axis says: reduced_dim for "pca.dim", k for "kmeans.k", "" for others.
std::string_view repeated_column(std::string_view axis);

// A step of a job's reduction.
struct NamedStep {
  std::string method;
  std::string dim;  // "" for what has none
};
std::vector<NamedStep> reduction_steps(const Json& params);

// Keeps what it parsed last: jobs that differ in their seed have the same parameters. Not thread-safe.
class ParameterReader {
 public:
  Json value(const std::string& name, const std::string& params, const std::string& clustering);

 private:
  std::string text_, clustering_;
  std::vector<JobParameter> parameters_;
};

}  // namespace latentgrid
