#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/matrix.hpp"
#include "neighbors/nearest_neighbors.hpp"

namespace latentgrid {

// A part of a method that is computed elsewhere, on a GPU.
struct KernelResult {
  std::vector<double> values;  // points × columns of its input
  double sum = 0;
};
using Kernel = std::function<KernelResult(const MatrixRf& input)>;

// What a method may ask of whoever runs it. By itself: everything is computed here and nothing is remembered.
class Services {
 public:
  virtual ~Services() = default;

  // The k nearest neighbors of every point; whoever runs the method may remember them for others.
  virtual Neighbors neighbors(ConstMatrixRef points, std::int64_t k, int threads) { return nearest_neighbors(points, k, threads); }
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
