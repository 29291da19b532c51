#include "data/synthetic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.hpp"
#include "base/random.hpp"

namespace latentgrid {

SyntheticImages::SyntheticImages(const DatasetSource::Synthetic& parameters) : ImageSource("synthetic"), parameters_(parameters) {
  count_ = parameters.images;
  shape_ = {parameters.height, parameters.width, parameters.channels};
  if (count_ < 1 || parameters.classes < 1 || parameters.height < 1 || parameters.width < 1 || parameters.channels < 1) {
    throw Error(fmt::format("synthetic images need at least one image, class, channel, row and column; got {}, {}, {}, {}, {}",
                            count_, parameters.classes, parameters.channels, parameters.height, parameters.width));
  }
  if (shape_.too_large()) {
    throw Error(fmt::format("synthetic images of {}×{}×{} are too large", shape_.height, shape_.width, shape_.channels));
  }
  buffer_.resize(static_cast<std::size_t>(shape_.values()));
  patterns_.reserve(static_cast<std::size_t>(parameters.classes * shape_.values()));
  for (std::int64_t label = 0; label < parameters.classes; ++label) {
    RandomStream random(parameters.seed, "synthetic.pattern", {label});
    struct Wave {
      double across, down, phase;
    };
    std::vector<Wave> waves;
    for (std::int64_t c = 0; c < shape_.channels; ++c) {
      double angle = 2 * std::numbers::pi * random.uniform(), cycles = 1 + 2 * random.uniform();
      waves.push_back({cycles * std::cos(angle), cycles * std::sin(angle), random.uniform()});
    }
    for (std::int64_t y = 0; y < shape_.height; ++y) {
      for (std::int64_t x = 0; x < shape_.width; ++x) {
        for (const Wave& wave : waves) {
          double turns = wave.across * static_cast<double>(x) / static_cast<double>(shape_.width) +
                         wave.down * static_cast<double>(y) / static_cast<double>(shape_.height) + wave.phase;
          patterns_.push_back(static_cast<float>(0.7 * std::sin(2 * std::numbers::pi * turns)));
        }
      }
    }
  }
}

RawImage SyntheticImages::image(std::int64_t i) {
  RandomStream random(parameters_.seed, "synthetic.noise", {i});
  const float* pattern = patterns_.data() + (i % parameters_.classes) * shape_.values();
  for (std::size_t p = 0; p < buffer_.size(); ++p) {
    double value = pattern[p] + parameters_.noise * random.normal();
    buffer_[p] = static_cast<std::uint8_t>(std::lround(std::clamp((value + 1) * 127.5, 0.0, 255.0)));
  }
  return {std::as_bytes(std::span(buffer_)), shape_, element_};
}

std::vector<std::int64_t> synthetic_labels(const DatasetSource::Synthetic& parameters) {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(parameters.images));
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = static_cast<std::int64_t>(i) % parameters.classes;
  return labels;
}

}  // namespace latentgrid
