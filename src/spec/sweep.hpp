#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "base/json.hpp"
#include "data/dataset.hpp"

namespace latentgrid {

struct SpecOptions {
  std::vector<std::string> sets;               // --set path=value, applied in order
  std::optional<std::filesystem::path> data;   // --data DIR: a folder of course-shaped .npy files replaces the dataset
};

// The grid as written, checked for form; expand() (plan/expand.hpp) makes jobs of it. [owned by spec: extend below]
struct Sweep {
  std::string name;
  std::string file;       // as given
  std::string text;       // the YAML as read, for the record
  DatasetSource dataset;
  SourcePosition dataset_where;
  Json train_defaults;    // `train:` after --set
  Json report;            // `report:` checked and typed; what report/ reads from the database. null: the default tables
};

// Reads and checks a sweep file; everything that is wrong goes to `diagnostics`. Returns nothing on errors.
std::optional<Sweep> load_sweep(const std::filesystem::path& file, const SpecOptions& options, Diagnostics& diagnostics);

}  // namespace latentgrid
