#include "reduce/umap_curve.hpp"

#include <cmath>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr int distances = 300;
constexpr int most_steps = 200;

struct Fit {
  double error = 0;
  double jtj[3] = {}, jtr[2] = {};  // aa, ab, bb; a, b
};

Fit evaluate(double a, double b, double min_dist, double spread) {
  Fit fit;
  for (int i = 0; i < distances; ++i) {
    const double x = 3 * spread * i / (distances - 1);
    const double wanted = x < min_dist ? 1 : std::exp(-(x - min_dist) / spread);
    const double power = x > 0 ? std::pow(x, 2 * b) : 0, value = 1 / (1 + a * power);
    const double by_a = -power * value * value, by_b = x > 0 ? -2 * a * power * std::log(x) * value * value : 0;
    const double residual = wanted - value;
    fit.error += residual * residual;
    fit.jtj[0] += by_a * by_a;
    fit.jtj[1] += by_a * by_b;
    fit.jtj[2] += by_b * by_b;
    fit.jtr[0] += by_a * residual;
    fit.jtr[1] += by_b * residual;
  }
  return fit;
}

}  // namespace

// Levenberg-Marquardt from a = b = 1, as scipy.optimize.curve_fit.
UmapCurve fit_umap_curve(double min_dist, double spread) {
  double a = 1, b = 1, damping = 1e-3;
  Fit fit = evaluate(a, b, min_dist, spread);
  for (int step = 0; step < most_steps; ++step) {
    const double aa = fit.jtj[0] * (1 + damping), bb = fit.jtj[2] * (1 + damping), ab = fit.jtj[1];
    const double determinant = aa * bb - ab * ab;
    const double next_a = a + (bb * fit.jtr[0] - ab * fit.jtr[1]) / determinant, next_b = b + (aa * fit.jtr[1] - ab * fit.jtr[0]) / determinant;
    const Fit next = evaluate(next_a, next_b, min_dist, spread);
    if (!(next.error <= fit.error) || next_a <= 0) {
      damping *= 10;
      if (damping > 1e12) break;
      continue;
    }
    const bool done = std::abs(next_a - a) < 1e-12 * a && std::abs(next_b - b) < 1e-12 * b;
    a = next_a;
    b = next_b;
    fit = next;
    damping /= 10;
    if (done) break;
  }
  if (!std::isfinite(a) || !std::isfinite(b) || b <= 0) throw Error("UMAP: no curve fits this min_dist and spread");
  return {a, b};
}

}  // namespace latentgrid
