#include "augment/elementary.hpp"

#include <cmath>
#include <numbers>

namespace latentgrid {

double exp_of(double x) {
  constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;  // their sum is ln 2; n·ln2_high is exact
  const double n = std::nearbyint(x * std::numbers::log2e);
  const double r = (x - n * ln2_high) - n * ln2_low;
  double sum = 1;  // Taylor's series from its small end; |r| <= ln(2) / 2
  for (int i = 14; i >= 1; --i) sum = 1 + sum * r / i;
  return std::ldexp(sum, static_cast<int>(n));
}

double log_of(double x) {
  int exponent = 0;
  double m = std::frexp(x, &exponent);
  if (m < std::numbers::sqrt2 / 2) {
    m *= 2;
    --exponent;
  }
  const double s = (m - 1) / (m + 1), square = s * s;  // ln m = 2·atanh(s), |s| < 0.172
  double sum = 0;
  for (int i = 21; i >= 1; i -= 2) sum = 1.0 / i + square * sum;
  return exponent * std::numbers::ln2 + 2 * s * sum;
}

SineAndCosine sine_and_cosine(double degrees) {
  const double quarters = std::nearbyint(degrees / 90);
  const double x = (degrees - 90 * quarters) * (std::numbers::pi / 180), square = x * x;  // |x| <= pi / 4
  double sine = 1, cosine = 1;
  for (int i = 16; i >= 2; i -= 2) {
    cosine = 1 - cosine * square / (i * (i - 1));
    sine = 1 - sine * square / (i * (i + 1));
  }
  sine *= x;
  switch ((static_cast<long long>(quarters) % 4 + 4) % 4) {
    case 1:
      return {cosine, -sine};
    case 2:
      return {-sine, -cosine};
    case 3:
      return {-cosine, sine};
    default:
      return {sine, cosine};
  }
}

}  // namespace latentgrid
