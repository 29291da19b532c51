#include "methods/probe.hpp"

namespace latentgrid {

const std::vector<ParamSpec>& probe_params() {
  using namespace param;
  static const std::vector<ParamSpec> params = {
      integer("neighbors", 20, 1, "nearest other images that vote on the class of an image"),
      positive_real("ridge", 1.0, "penalty of the linear classifier's weights, on standardized values")};
  return params;
}

}  // namespace latentgrid
