#include "augment/blur.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <vector>

#include "augment/elementary.hpp"
#include "augment/step.hpp"
#include "base/json.hpp"

namespace latentgrid {

namespace {

constexpr double reach_of_blur = 3;  // in sigmas

class Blur : public AugmentationStep {
 public:
  explicit Blur(const Json& params) : sigma_min_(params.at("sigma_min")), sigma_max_(params.at("sigma_max")) {}

  void apply(Canvas& canvas, RandomStream& random) const override {
    const double sigma = draw_between(sigma_min_, sigma_max_, random);
    FloatImage& image = canvas.image;
    gaussian_blur(image, blur_radius(sigma, image.width), blur_radius(sigma, image.height), sigma, canvas.other);
  }

 private:
  double sigma_min_, sigma_max_;
};

std::vector<float> gaussian_weights(std::int64_t radius, double sigma) {
  std::vector<double> weights;
  double sum = 0;
  for (std::int64_t i = -radius; i <= radius; ++i) {
    const double x = static_cast<double>(i) / sigma;
    weights.push_back(exp_of(std::max(-0.5 * x * x, -700.0)));
    sum += weights.back();
  }
  std::vector<float> shares;
  for (double weight : weights) shares.push_back(static_cast<float>(weight / sum));
  return shares;
}

// As an image goes on behind its edge: the second pixel, the third, ...
std::int64_t reflected(std::int64_t at, std::int64_t length) {
  at = std::abs(at);
  return at < length ? at : 2 * (length - 1) - at;
}

void add_times(const float* in, float weight, std::int64_t count, float* sum) {
  for (std::int64_t i = 0; i < count; ++i) sum[i] += weight * in[i];
}

}  // namespace

std::int64_t blur_radius(double sigma, std::int64_t length) {
  return static_cast<std::int64_t>(std::min(std::ceil(reach_of_blur * sigma), static_cast<double>(length - 1)));
}

void gaussian_blur(FloatImage& image, std::int64_t x_radius, std::int64_t y_radius, double sigma, FloatImage& scratch) {
  scratch.reshape(image.height, image.width, image.channels);
  std::fill(scratch.values.begin(), scratch.values.end(), 0.0f);
  const std::vector<float> x_weights = gaussian_weights(x_radius, sigma), y_weights = gaussian_weights(y_radius, sigma);
  const std::int64_t height = image.height, width = image.width;
  std::vector<float> row(static_cast<std::size_t>(width + 2 * x_radius));
  for (std::int64_t c = 0; c < image.channels; ++c) {
    float *const plane = image.plane(c), *const blurred = scratch.plane(c);
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t x = -x_radius; x < width + x_radius; ++x) row[static_cast<std::size_t>(x + x_radius)] = plane[y * width + reflected(x, width)];
      for (std::size_t i = 0; i < x_weights.size(); ++i) add_times(row.data() + i, x_weights[i], width, blurred + y * width);
    }
    std::fill(plane, plane + image.area(), 0.0f);
    for (std::int64_t y = 0; y < height; ++y) {
      for (std::int64_t i = -y_radius; i <= y_radius; ++i) {
        add_times(blurred + reflected(y + i, height) * width, y_weights[static_cast<std::size_t>(i + y_radius)], width, plane + y * width);
      }
    }
    for (std::int64_t i = 0; i < image.area(); ++i) plane[i] = std::min(plane[i], 1.0f);  // the weights add up to 1 but for rounding
  }
}

std::unique_ptr<AugmentationStep> blur_step(const Json& params) { return std::make_unique<Blur>(params); }

}  // namespace latentgrid
