#pragma once

#include "augment/float_image.hpp"
#include "base/random.hpp"

namespace latentgrid {

// Independent normal noise of standard deviation `sd` on every value, which is then kept in [0, 1]. Each 64 bits of `random` make two,
// by Box and Muller's transform in float32: no value is further than 5.8 sd away. SIMD by Google Highway, without fused multiply-adds.
void add_noise(FloatImage& image, float sd, RandomStream& random);

}  // namespace latentgrid
