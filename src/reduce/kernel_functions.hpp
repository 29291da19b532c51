#pragma once

#include <cstddef>
#include <string_view>

#include <Eigen/Core>

namespace latentgrid {

enum class KernelFunction { linear, rbf, poly, sigmoid, cosine };

// Throws Error for an unknown name.
KernelFunction kernel_function(std::string_view name);

// scikit-learn's pairwise kernels of x and y. Linear: x·y. Cosine: that of vectors of length 1. RBF: exp(-gamma·|x - y|²) - 1,
// whose constant vanishes when the kernel is centered; without it float32 holds small distances too. Poly:
// (gamma·x·y + coef0)^degree. Sigmoid: tanh(gamma·x·y + coef0).
struct PairKernel {
  KernelFunction function = KernelFunction::linear;
  double gamma = 1;
  int degree = 3;
  double coef0 = 1;

  // Vectors moved by one vector leave the centered kernel as it is: nearer to the origin it has more exact digits.
  bool ignores_shifts() const { return function == KernelFunction::linear || function == KernelFunction::rbf; }
};

// One row of products x·y becomes a row of kernel values; `squares` has the y·y, `square` is x·x. SIMD by Google Highway,
// dispatched at run time, without fused multiply-adds. Thread-safe.
void apply_kernel(const PairKernel& kernel, float square, const float* squares, std::size_t count, float* products);

// The same in float64 of a whole matrix of products, whose diagonal has the squares.
void apply_kernel(const PairKernel& kernel, Eigen::MatrixXd& products);

}  // namespace latentgrid
