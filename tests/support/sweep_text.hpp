#pragma once

#include <fstream>
#include <optional>
#include <string>

#include "spec/sweep.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid::testing {

// A sweep given as text; what is said about it, with the file called sweep.yaml.
class SweepText {
 public:
  explicit SweepText(const std::string& yaml, const SpecOptions& options = {}) {
    const std::filesystem::path file = folder_.path() / "sweep.yaml";
    std::ofstream(file) << yaml;
    partial = read_sweep(file, options, diagnostics);
    if (!diagnostics.has_errors()) sweep = partial;
  }

  std::string said() const {
    std::string text = diagnostics.render();
    const std::string prefix = folder_.path().string() + "/";
    for (std::size_t at; (at = text.find(prefix)) != std::string::npos;) text.erase(at, prefix.size());
    return text;
  }

  std::optional<Sweep> sweep;
  Sweep partial;  // what could be read, also after errors
  Diagnostics diagnostics;

 private:
  TemporaryFolder folder_;
};

}  // namespace latentgrid::testing
