#include "augment/augmentation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "methods/methods.hpp"

namespace latentgrid {

#define DECLARE(name) std::unique_ptr<AugmentationStep> name##_step(const Json& params);
LATENTGRID_AUGMENTATIONS(DECLARE)
#undef DECLARE

namespace {

constexpr std::int64_t images_at_once = 16;

std::unique_ptr<AugmentationStep> make_step(const std::string& method, const Json& params) {
#define MAKE(name) \
  if (method == #name) return name##_step(params);
  LATENTGRID_AUGMENTATIONS(MAKE)
#undef MAKE
  throw Error(fmt::format("no augmentation is called '{}'; there are {}", method, fmt::join(method_names(MethodKind::augmentation), ", ")));
}

}  // namespace

Augmentation::Augmentation(const Json& steps, std::int64_t seed) : seed_(seed) {
  for (const Json& step : steps) steps_.push_back({step.value("p", 1.0), make_step(step.at("method"), step)});
}

// Each step has a stream of its own, so that one which draws more leaves the others' draws as they are.
void Augmentation::augment(std::int64_t image, std::int64_t epoch, int view, Canvas& canvas) const {
  const std::uint64_t hash = derive_seed(seed_, "augment", {epoch, view, image});
  for (std::size_t i = 0; i < steps_.size(); ++i) {
    RandomStream random(hash + i);
    if (random.uniform() < steps_[i].p) steps_[i].step->apply(canvas, random);
  }
}

void Augmentation::apply(const ImageView& images, std::span<const std::int64_t> indices, std::int64_t epoch, int view, PixelRange range,
                         float* out, int threads) const {
  const auto count = static_cast<std::int64_t>(indices.size());
  const std::int64_t values = images.height * images.width * images.channels;
  std::vector<Canvas> canvases(static_cast<std::size_t>(std::max(threads, 1)));
  parallel_for_workers((count + images_at_once - 1) / images_at_once, threads, [&](std::int64_t block, int worker) {
    Canvas& canvas = canvases[static_cast<std::size_t>(worker)];
    for (std::int64_t i = block * images_at_once; i < std::min(count, (block + 1) * images_at_once); ++i) {
      const std::int64_t image = indices[static_cast<std::size_t>(i)];
      read_pixels(images, image, canvas.image);
      augment(image, epoch, view, canvas);
      write_pixels(canvas.image, range, out + i * values);
    }
  });
}

}  // namespace latentgrid
