#include "methods/method.hpp"

namespace latentgrid {

MethodSpec features_encoder() {
  return {.kind = MethodKind::encoder,
          .name = "features",
          .display_name = "features",
          .doc = "vectors of another model, as the data set's `features` has them; no encoder is trained",
          .version = 1,
          .vectors = "features",
          .reads_dataset = true};
}

}  // namespace latentgrid
