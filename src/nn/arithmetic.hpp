#pragma once

#include <string>

#include "base/json.hpp"

namespace latentgrid::nn {

// What changes the floats of applying a trained model, besides threads.
struct Arithmetic {
  std::string device = "cpu";
  std::string precision = "float32";
  std::string memory_format = "channels_last";

  // From a task's parameters; what they leave out keeps its default.
  static Arithmetic from_json(const Json& params) {
    Arithmetic arithmetic;
    arithmetic.device = params.value("device", arithmetic.device);
    arithmetic.precision = params.value("precision", arithmetic.precision);
    arithmetic.memory_format = params.value("memory_format", arithmetic.memory_format);
    return arithmetic;
  }
};

}  // namespace latentgrid::nn
