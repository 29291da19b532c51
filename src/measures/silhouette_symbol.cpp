// The one symbol that latentgrid-silhouettes.so is loaded for.
#include "measures/silhouette_library.hpp"

extern "C" __attribute__((visibility("default"))) const latentgrid::SilhouetteLibrary* latentgrid_silhouette_library() {
  static const latentgrid::SilhouetteLibrary library{.silhouettes = latentgrid::silhouettes};
  return &library;
}
