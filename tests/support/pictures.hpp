#pragma once

#include <filesystem>
#include <string>

#include "support/command.hpp"

namespace latentgrid::testing {

inline bool has_pillow() {
  return run_command({"/usr/bin/python3", "-c", "import numpy, PIL"}).exit_code == 0;
}

// Runs lines of Python in a folder, where `save(name, values)` writes a picture, and its folders.
inline CommandResult run_pillow(const std::filesystem::path& folder, const std::string& script) {
  const std::string lines =
      "import os, numpy as np\nfrom PIL import Image\n"
      "def save(name, values, mode=None, **how):\n"
      "  os.makedirs(os.path.dirname(name) or '.', exist_ok=True)\n"
      "  Image.fromarray(np.array(values, 'uint8' if mode != 'I;16' else 'uint16'), mode).save(name, **how)\n" +
      script;
  return run_command({"/bin/sh", "-c", "cd \"$0\" && exec /usr/bin/python3 -c \"$1\"", folder.string(), lines},
                     {{"OPENBLAS_NUM_THREADS", "1"}});
}

}  // namespace latentgrid::testing
