#pragma once

#include <string>
#include <string_view>

namespace latentgrid {

// The one spelling of a column's name, however it was written: "t-SNE.perplexity" and "TSNE.perplexity" are
// "tsne.perplexity", "train.learning_rate" is "learning_rate". Whether there is such a column is not checked.
std::string canonical_column(std::string_view name);

// "t-SNE" and "TSNE" are "tsne"; "PCA 50 + t-SNE" is "pca50+tsne".
std::string canonical_method(std::string_view name);

// Whether the values of this column are names of methods, which may be spelled in several ways.
bool holds_methods(std::string_view column);

}  // namespace latentgrid
