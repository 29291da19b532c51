#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

// The candidate that a word stands for exactly: the same but for case, `_`, `-` and spaces ("batchSize"), or what other
// programs call it ("lr", "n_components", "n_clusters", "Dense"), also behind the dot of the only candidate that has one
// ("n_iter": tsne.iterations). "" if there is none. Thread-safe.
std::string same_thing(std::string_view word, const std::vector<std::string>& candidates);

// What a job's parameter or column is called here: "learning_rate" for lr. "" for a word that is no other name of one.
std::string name_in_jobs(std::string_view word);

// "kernel PCA" for kpca and kpca.dim, "AdamW" for adamw: what people know from elsewhere and we do not have; "" for any
// other word. Near matches would mislead.
std::string known_elsewhere(std::string_view word);

}  // namespace latentgrid
