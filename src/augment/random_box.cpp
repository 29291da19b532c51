#include "augment/random_box.hpp"

#include <algorithm>
#include <cmath>

#include "augment/elementary.hpp"
#include "augment/step.hpp"

namespace latentgrid {

namespace {

constexpr double longest_side = 1e15;  // which fits into no image, but into an integer

}  // namespace

BoxSizes::BoxSizes(const Json& params)
    : scale_min(params.at("scale_min")),
      scale_max(params.at("scale_max")),
      ratio_min(params.at("ratio_min")),
      ratio_max(params.at("ratio_max")),
      log_ratio_min(log_of(ratio_min)),
      log_ratio_max(log_of(ratio_max)) {}

BoxSides draw_sides(const BoxSizes& sizes, std::int64_t image_area, RandomStream& random) {
  const double area = static_cast<double>(image_area) * draw_between(sizes.scale_min, sizes.scale_max, random);
  const double ratio = exp_of(draw_between(sizes.log_ratio_min, sizes.log_ratio_max, random));
  const auto side = [](double square) { return static_cast<std::int64_t>(std::nearbyint(std::min(std::sqrt(square), longest_side))); };
  return {side(area * ratio), side(area / ratio)};
}

Box place_box(std::int64_t height, std::int64_t width, std::int64_t image_height, std::int64_t image_width, RandomStream& random) {
  const auto top = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(image_height - height + 1)));
  const auto left = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(image_width - width + 1)));
  return {top, left, height, width};
}

}  // namespace latentgrid
