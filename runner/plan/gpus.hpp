#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "methods/methods.hpp"

namespace latentgrid {

// How many GPUs the executor has for tasks, which is what `device: auto` asks.
class Gpus {
 public:
  Gpus(int of_every_stage = 0) : others_(of_every_stage) {}
  explicit Gpus(std::map<std::string, int> of_stage) : of_stage_(std::move(of_stage)) {}

  int of(const std::string& stage) const;
  int of(const MethodSpec& method) const;  // of the stage that runs it

 private:
  std::map<std::string, int> of_stage_;
  int others_ = 0;
};

// What `device` says in a sweep, as the executor has it: "auto" is "cuda" with a GPU and "cpu" without. The number of
// "cuda:1" is taken off, as it changes no result; -1: none is given.
std::pair<std::string, int> device_and_gpu(const std::string& written, int gpus);

// The same for a method's complete parameters. Returns the number; `params` are complete afterwards too. Where a device is of
// no use for such points, the method is the CPU's.
int take_gpu(const MethodSpec& method, Json& params, const PointsSize& points, const Gpus& gpus);

}  // namespace latentgrid
