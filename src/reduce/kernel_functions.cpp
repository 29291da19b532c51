#include "reduce/kernel_functions.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce/kernel_functions.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace latentgrid {
namespace HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<float>;
using Vec = hn::Vec<Tag>;

// exp(x) - 1 for x <= 0, to 2 ulp: 2^n·(exp(r) - 1) + (2^n - 1) with |r| <= ln(2) / 2, the first by its Taylor series to r^8 / 8!.
HWY_INLINE Vec expm1_of_negative(Vec x) {
  const Tag d;
  const hn::RebindToSigned<Tag> di;
  const Vec one = hn::Set(d, 1.0f);
  x = hn::Max(x, hn::Set(d, -80.0f));  // exp(-80) is nothing beside 1
  const Vec n = hn::Round(hn::Mul(x, hn::Set(d, 1.44269504f)));
  const Vec r = hn::Sub(hn::Sub(x, hn::Mul(n, hn::Set(d, 0.693359375f))), hn::Mul(n, hn::Set(d, -2.12194440e-4f)));
  constexpr float reciprocal_factorials[] = {1.0f / 40320, 1.0f / 5040, 1.0f / 720, 1.0f / 120, 1.0f / 24, 1.0f / 6, 1.0f / 2};
  Vec tail = hn::Set(d, reciprocal_factorials[0]);
  for (std::size_t i = 1; i < 7; ++i) tail = hn::Add(hn::Mul(tail, r), hn::Set(d, reciprocal_factorials[i]));
  const Vec small = hn::Add(r, hn::Mul(hn::Mul(r, r), tail));
  const Vec scale = hn::BitCast(d, hn::ShiftLeft<23>(hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127))));
  return hn::Add(hn::Mul(scale, small), hn::Sub(scale, one));
}

HWY_INLINE Vec tanh_of(Vec x) {
  const Tag d;
  const Vec t = expm1_of_negative(hn::Mul(hn::Set(d, -2.0f), hn::Abs(x)));
  return hn::CopySign(hn::Div(t, hn::Add(t, hn::Set(d, 2.0f))), x);  // -t / (t + 2) is not negative
}

// One of `function`, vector by vector; what lies beyond the last whole vector through a buffer.
template <typename Function>
HWY_INLINE void transform(const float* HWY_RESTRICT squares, std::size_t count, float* HWY_RESTRICT values, const Function& function) {
  const Tag d;
  const std::size_t width = hn::Lanes(d);
  std::size_t i = 0;
  for (; i + width <= count; i += width) hn::StoreU(function(hn::LoadU(d, values + i), hn::LoadU(d, squares + i)), d, values + i);
  for (; i < count; ++i) values[i] = hn::GetLane(function(hn::Set(d, values[i]), hn::Set(d, squares[i])));
}

void apply(const PairKernel& kernel, float square, const float* squares, std::size_t count, float* products) {
  const Tag d;
  const Vec gamma = hn::Set(d, static_cast<float>(kernel.gamma)), coef0 = hn::Set(d, static_cast<float>(kernel.coef0));
  const auto inner = [&](Vec product) { return hn::Add(hn::Mul(gamma, product), coef0); };
  switch (kernel.function) {
    case KernelFunction::rbf:
      return transform(squares, count, products, [&](Vec product, Vec other) {
        const Vec distance = hn::Sub(hn::Add(hn::Set(d, square), other), hn::Add(product, product));
        return expm1_of_negative(hn::Neg(hn::Mul(gamma, hn::Max(distance, hn::Zero(d)))));
      });
    case KernelFunction::poly:
      return transform(squares, count, products, [&](Vec product, Vec) {
        const Vec base = inner(product);
        Vec power = base;
        for (int i = 1; i < kernel.degree; ++i) power = hn::Mul(power, base);
        return power;
      });
    case KernelFunction::sigmoid:
      return transform(squares, count, products, [&](Vec product, Vec) { return tanh_of(inner(product)); });
    case KernelFunction::linear:
    case KernelFunction::cosine:
      return;
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace latentgrid
HWY_AFTER_NAMESPACE();

#if HWY_ONCE

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

HWY_EXPORT(apply);

KernelFunction kernel_function(std::string_view name) {
  constexpr std::array names = {std::pair("linear", KernelFunction::linear), std::pair("rbf", KernelFunction::rbf),
                                std::pair("poly", KernelFunction::poly), std::pair("sigmoid", KernelFunction::sigmoid),
                                std::pair("cosine", KernelFunction::cosine)};
  for (const auto& [known, function] : names) {
    if (name == known) return function;
  }
  throw Error(fmt::format("no kernel is called '{}'", name));
}

void apply_kernel(const PairKernel& kernel, float square, const float* squares, std::size_t count, float* products) {
  HWY_DYNAMIC_DISPATCH(apply)(kernel, square, squares, count, products);
}

void apply_kernel(const PairKernel& kernel, Eigen::MatrixXd& products) {
  const Eigen::VectorXd squares = products.diagonal();
  for (Eigen::Index j = 0; j < products.cols(); ++j) {
    for (Eigen::Index i = 0; i < products.rows(); ++i) {
      double& value = products(i, j);
      const double inner = kernel.gamma * value + kernel.coef0;
      switch (kernel.function) {
        case KernelFunction::rbf:
          value = i == j ? 0 : std::expm1(-kernel.gamma * std::max(squares[i] + squares[j] - 2 * value, 0.0));
          break;
        case KernelFunction::poly:
          value = std::pow(inner, kernel.degree);
          break;
        case KernelFunction::sigmoid:
          value = std::tanh(inner);
          break;
        case KernelFunction::linear:
        case KernelFunction::cosine:
          break;
      }
    }
  }
}

}  // namespace latentgrid
#endif  // HWY_ONCE
