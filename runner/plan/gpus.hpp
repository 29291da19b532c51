#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "methods/methods.hpp"

namespace latentgrid {

// What `device` says in a sweep, as the executor has it: "auto" is "cuda" with a GPU and "cpu" without. The number of
// "cuda:1" is taken off, as it changes no result; -1: none is given.
std::pair<std::string, int> device_and_gpu(const std::string& written, int gpus);

// The same for a method's complete parameters. Returns the number; `params` are complete afterwards too. Where a device is of
// no use for such points, the method is the CPU's.
int take_gpu(const MethodSpec& method, Json& params, const PointsSize& points, int gpus);

}  // namespace latentgrid
