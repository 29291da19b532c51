#pragma once

#include <string>

#include "spec/yaml.hpp"

namespace latentgrid {

// Applies `a.b.0.c=value` to the tree: keys of maps and indexes of lists, the value in YAML. Missing maps are made. `seeds`
// and `grid.seeds` stand for the seeds wherever the file has them. What is wrong is reported under the option's own text, as
// are later complaints about the value.
void apply_set(YamlNode& root, const std::string& option, Diagnostics& diagnostics);

// The same of --slurm, for the section slurm: `train.memory=4G`.
void apply_slurm(YamlNode& root, const std::string& option, Diagnostics& diagnostics);

// Whether the value came from a --set option.
bool from_set(const SourcePosition& where);

// "--set dataset.limit=100" for a value that came from --set limit=100, the word `limit` and the path `dataset.limit`; with
// `around`, "{tsne: {@}}", the value is put in place of its '@'. "" for a value in the file, and where the word is only a part
// of the option's value.
std::string set_option_for(const SourcePosition& where, const std::string& word, const std::string& path,
                           const std::string& around = "@");

}  // namespace latentgrid
