#pragma once

#include "base/json.hpp"

namespace latentgrid {

// Adds to a task's parameters what changes the floats of training and applying models, besides threads.
inline Json with_arithmetic(Json params) {
  params["device"] = "cpu";
  params["precision"] = "float32";
  params["memory_format"] = "channels_last";
  return params;
}

}  // namespace latentgrid
