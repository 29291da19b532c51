#include "methods/method.hpp"

namespace latentgrid {

MethodSpec features_encoder() {
  return {.kind = MethodKind::encoder,
          .name = "features",
          .display_name = "features",
          .doc = "no encoder: the vectors of another model, from the data set's `features`",
          .version = 1,
          .vectors = "features",
          .reads_dataset = true};
}

}  // namespace latentgrid
