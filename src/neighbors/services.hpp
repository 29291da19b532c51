#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/array.hpp"
#include "base/json.hpp"
#include "base/matrix.hpp"
#include "neighbors/nearest_neighbors.hpp"

namespace latentgrid {

// A part of a method that is computed elsewhere, on a GPU.
struct KernelResult {
  std::vector<double> values;  // points × columns of its input
  double sum = 0;
};
using Kernel = std::function<KernelResult(const MatrixRf& input)>;

// What is made on the way from points to a result.
struct Intermediate {
  std::map<std::string, Array> arrays;
  Json record = Json::object();
};

// What a method may ask of whoever runs it. By itself: everything is computed here and nothing is remembered.
class Services {
 public:
  virtual ~Services() = default;

  // The k nearest neighbors of every point; whoever runs the method may remember them for others.
  virtual Neighbors neighbors(ConstMatrixRef points, std::int64_t k, int threads) { return nearest_neighbors(points, k, threads); }
  // What `make` returns, which `identity` and the points decide; whoever runs the method may remember it for others. `name`: the
  // stage (methods/stages.hpp) that it is an artifact of.
  virtual Intermediate intermediate(std::string_view name, const Json& identity, const std::function<Intermediate()>& make) {
    static_cast<void>(name), static_cast<void>(identity);
    return make();
  }
  // Empty where the method computes it itself.
  virtual Kernel kernel(std::string_view) { return {}; }
  virtual std::string device() const { return ""; }  // where kernels compute: "cuda:0"

  static Services& own();
};

inline Services& Services::own() {
  static Services services;
  return services;
}

}  // namespace latentgrid
