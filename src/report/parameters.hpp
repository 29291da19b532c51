#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "columns/parameters.hpp"
#include "db/details.hpp"

namespace latentgrid {

// Everything that makes a job what it is, after defaults, under the names an axis would have: "architecture",
// "latent_dim", "learning_rate", "tsne.perplexity", "kmeans.n_init", "threads"; each once, in the order of the path. A
// method that a chain holds twice is numbered: "pca[2].dim". What a job does not have is left out: raw pixels have no
// epochs.
Parameters all_parameters(const ResultRow& row);

Json find_parameter(const Parameters& parameters, const std::string& name);  // null if there is none

struct ParameterDifference {
  std::string name;
  Json first, second;  // null: has none
};
std::vector<ParameterDifference> differing_parameters(const Parameters& first, const Parameters& second);

// {"source": {"images": ["a.npy"]}} as ("source.images[0]", "a.npy"). Of an empty list that is said; null and an empty
// object give nothing.
Parameters flattened(const Json& value, const std::string& name = "");

// As a reader is told of a parameter: "auto" for t-SNE's learning rate of 0, "true" for PCA's whiten of 1, 30 for 30.0.
std::string parameter_text(const std::string& name, const Json& value);
std::string parameter_text(const Json& value);  // a text as itself, a real in its shortest form, null as "-"
// The same of an axis's value (ReportData::axes()).
std::string value_text(const std::string& axis, const Cell& value);

}  // namespace latentgrid
