#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

// The candidate that a word stands for exactly: the same but for case, `_`, `-` and spaces ("batchSize"), or what other
// programs call it ("lr", "n_components", "n_clusters", "Dense"). "" if there is none. Thread-safe.
std::string same_thing(std::string_view word, const std::vector<std::string>& candidates);

// "kernel PCA" for kpca: a method that people know from elsewhere; "" for any other word. Near matches would mislead.
std::string method_of_others(std::string_view word);

}  // namespace latentgrid
