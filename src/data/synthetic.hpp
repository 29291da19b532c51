#pragma once

#include <cstdint>

#include "data/dataset.hpp"
#include "data/image_source.hpp"

namespace latentgrid {

// Synthetic images: image i shows the pattern of class i mod `classes` (a plane wave a channel, its direction, frequency and
// phase drawn from the seed) plus normal noise of `noise` on the [-1, 1] scale. Every image depends on (seed, i) alone, so a
// shorter set is a prefix of a longer one.
class SyntheticImages : public ImageSource {
 public:
  explicit SyntheticImages(const DatasetSource::Synthetic& parameters);  // throws Error
  RawImage image(std::int64_t i) override;

 private:
  DatasetSource::Synthetic parameters_;
  std::vector<float> patterns_;  // class × H×W×C, in [-0.7, 0.7]
  std::vector<std::uint8_t> buffer_;
};

std::vector<std::int64_t> synthetic_labels(const DatasetSource::Synthetic& parameters);

}  // namespace latentgrid
