#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "methods/methods.hpp"

namespace latentgrid {

// The one spelling of a column's name, however it was written: "t-SNE.perplexity" and "TSNE.perplexity" are
// "tsne.perplexity", "Gaussian mixture.n_init" is "gmm.n_init", "train.learning_rate" is "learning_rate". A method that is
// none of these stays as it was written. Whether there is such a column is not checked.
std::string canonical_column(std::string_view name, const std::vector<MethodSpec>& methods = all_methods());

// What all spellings of a method or a chain have in common, to compare them by: "tsne" of "t-SNE", "pca50+tsne" of "PCA 50 + t-SNE",
// "randomprojection" of random_projection.
std::string letters_of_methods(std::string_view written);

// Whether the values of this column are names of methods, which may be spelled in several ways.
bool holds_methods(std::string_view column);

}  // namespace latentgrid
