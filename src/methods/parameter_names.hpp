#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "methods/methods.hpp"

namespace latentgrid {

// Parameters as columns of a table call them (columns/names.hpp): "learning_rate", "threads", "tsne.perplexity",
// "kmeans.n_init"; "pca[2].dim" is of the second PCA of a chain. Null, and nothing, for what is none.
const ParamSpec* find_parameter_spec(std::string_view column);
std::optional<ParamType> parameter_type(std::string_view column);

// What a reader is told instead of a number of the database: "false" and "true" of a parameter that is one of them; "auto" where
// the value leaves the choice to the method, as 0 does for t-SNE's learning rate. "" for all that are shown as they are.
std::string_view value_word(std::string_view column, double value);

std::vector<std::string> parameter_names();  // all there are, for suggestions

}  // namespace latentgrid
