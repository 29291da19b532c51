// The first course report asks for the output size of a convolution over 16 pixels with kernel 1 and no padding, for
// four strides. Its answers 8, 6, 4, 4 are right; its formulas leave out the last -1 of floor((n + 2p - d(k-1) - 1)/s +
// 1) and are wrong whenever the stride divides the width.
#include <gtest/gtest.h>

#include <array>
#include <utility>

#include "model/layers.hpp"
#include "model/shapes.hpp"

namespace latentgrid {
namespace {

TEST(FirstReport, SixteenPixelsWithKernelOneGive8And6And4And4) {
  for (auto [stride, size] : std::array<std::pair<int, int>, 4>{{{2, 8}, {3, 6}, {4, 4}, {5, 4}}}) {
    const Json given = {{"in_channels", 1}, {"out_channels", 1}, {"kernel_size", {1, 1}}, {"stride", {stride, stride}}};
    const Layer layer = {complete_arguments(*find_layer("conv2d"), given), {}};
    TensorShape output;
    ASSERT_FALSE(infer_shape(layer, {1, 16, 16}, output));
    EXPECT_EQ(output, (TensorShape{1, size, size})) << "stride " << stride;
  }
}

}  // namespace
}  // namespace latentgrid
