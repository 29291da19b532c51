#include "measures/silhouette_library.hpp"

#include "base/program_files.hpp"

namespace latentgrid {

const SilhouetteLibrary& silhouette_library() {
  static const SilhouetteLibrary* loaded = reinterpret_cast<const SilhouetteLibrary* (*)()>(
      function_of_library("latentgrid-silhouettes.so", "latentgrid_silhouette_library"))();
  return *loaded;
}

}  // namespace latentgrid
