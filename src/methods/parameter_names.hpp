#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "methods/methods.hpp"

namespace latentgrid {

// Parameters as columns of a table call them (columns/names.hpp): "learning_rate", "threads", "tsne.perplexity",
// "kmeans.n_init"; "pca[2].dim" is of the second PCA of a chain. The type of one; nothing for what is none.
std::optional<ParamType> parameter_type(std::string_view column);

std::vector<std::string> parameter_names();  // all there are, for suggestions

}  // namespace latentgrid
