#pragma once

#include <string>

#include "base/json.hpp"

namespace latentgrid::nn {

// What changes the floats of training and of applying a trained model, besides threads.
struct Arithmetic {
  std::string device = "cpu";         // or "cuda", "cuda:1"
  std::string precision = "float32";  // or "tf32" (on a GPU), "bfloat16": of products and convolutions, by autocast
  std::string convolution = "winograd";  // where there is one, or "direct"
  std::string arithmetic = "native";     // or "portable": the process keeps to AVX2 (runner/worker/portable.hpp)

  bool operator==(const Arithmetic&) const = default;

  // From a task's parameters; what they leave out keeps its default.
  static Arithmetic from_json(const Json& params) {
    Arithmetic arithmetic;
    arithmetic.device = params.value("device", arithmetic.device);
    arithmetic.precision = params.value("precision", arithmetic.precision);
    arithmetic.convolution = params.value("convolution", arithmetic.convolution);
    arithmetic.arithmetic = params.value("arithmetic", arithmetic.arithmetic);
    return arithmetic;
  }
};

}  // namespace latentgrid::nn
