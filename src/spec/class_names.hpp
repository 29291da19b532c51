#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/dataset.hpp"
#include "spec/reader.hpp"

namespace latentgrid {

// `class_names` of a dataset, by class as ClassNames (data/class_names.hpp) has them: a list in ascending order of the
// labels, a map from label to name, or a file with one name a line, relative to `folder`. A list has a name for every label
// of the files, or for each of the chosen `classes`.
struct ClassNamesContext {
  const DatasetSource& source;  // read already
  const std::filesystem::path& folder;
  bool classes_ascend = true;   // as written
  bool replaced = false;        // other files than the section names (--data): names that do not fit them are a warning
  bool source_is_whole = true;  // false after an error: then names cannot be matched with labels
};
std::vector<std::string> read_class_names(const YamlNode& node, const ClassNamesContext& context, Reader& reader);

}  // namespace latentgrid
