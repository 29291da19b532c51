#include "augment/rotation.hpp"

#include <cmath>
#include <memory>

#include "augment/elementary.hpp"
#include "augment/step.hpp"
#include "base/json.hpp"

namespace latentgrid {

namespace {

class Rotation : public AugmentationStep {
 public:
  explicit Rotation(const Json& params) : degrees_(params.at("degrees")) {}

  void apply(Canvas& canvas, RandomStream& random) const override {
    rotate_image(canvas.image, draw_between(-degrees_, degrees_, random), canvas.blank());
    canvas.show_other();
  }

 private:
  double degrees_;
};

float pixel_or_black(const FloatImage& image, std::int64_t channel, std::int64_t x, std::int64_t y) {
  return x >= 0 && x < image.width && y >= 0 && y < image.height ? image.plane(channel)[y * image.width + x] : 0;
}

float mixed(float first, float second, float share) { return (1 - share) * first + share * second; }

}  // namespace

void rotate_image(const FloatImage& image, double degrees, FloatImage& out) {
  out.reshape(image.height, image.width, image.channels);
  const auto [sine, cosine] = sine_and_cosine(degrees);
  const std::int64_t height = image.height, width = image.width;
  const double middle_x = static_cast<double>(width - 1) / 2, middle_y = static_cast<double>(height - 1) / 2;
  for (std::int64_t y = 0; y < height; ++y) {
    for (std::int64_t x = 0; x < width; ++x) {
      const double dx = static_cast<double>(x) - middle_x, dy = static_cast<double>(y) - middle_y;
      const double from_x = cosine * dx - sine * dy + middle_x, from_y = sine * dx + cosine * dy + middle_y;
      const double left = std::floor(from_x), top = std::floor(from_y);
      const auto x0 = static_cast<std::int64_t>(left), y0 = static_cast<std::int64_t>(top);
      const auto right_share = static_cast<float>(from_x - left), lower_share = static_cast<float>(from_y - top);
      for (std::int64_t c = 0; c < image.channels; ++c) {
        const float upper = mixed(pixel_or_black(image, c, x0, y0), pixel_or_black(image, c, x0 + 1, y0), right_share);
        const float lower = mixed(pixel_or_black(image, c, x0, y0 + 1), pixel_or_black(image, c, x0 + 1, y0 + 1), right_share);
        out.plane(c)[y * width + x] = mixed(upper, lower, lower_share);
      }
    }
  }
}

std::unique_ptr<AugmentationStep> rotation_step(const Json& params) { return std::make_unique<Rotation>(params); }

}  // namespace latentgrid
