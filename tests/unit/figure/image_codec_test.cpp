#include "figure/image_codec.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "unit/figure/decoded_image.hpp"

namespace latentgrid {
namespace {

using Rgb3 = std::array<int, 3>;

TEST(Base64, IsRfc4648s) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64(std::string_view("\xff\x00\xfe", 3)), "/wD+");
}

TEST(Png, ReadsBackPixelForPixel) {
  Pixels pixels{2, 2, 3, 3, {}};
  for (int i = 0; i < 36; ++i) pixels.values.push_back(static_cast<std::uint8_t>(i * 7));
  DecodedImage image = decode_image(encode_png(pixels, 1));
  EXPECT_EQ(image.width, 3);
  EXPECT_EQ(image.height, 2);
  EXPECT_EQ(image.channels, 3);
  EXPECT_EQ(image.values, std::vector<std::uint8_t>(pixels.values.begin() + 18, pixels.values.end()));
}

TEST(Png, GreyStaysGrey) {
  Pixels pixels{1, 2, 2, 1, {0, 50, 100, 255}};
  DecodedImage image = decode_image(encode_png(pixels, 0));
  EXPECT_EQ(image.channels, 1);
  EXPECT_EQ(image.values, pixels.values);
}

// Image i is all of one colour: red counts in i, so that each is found where it should be.
TEST(Sprite, HoldsEveryImageAtItsPlace) {
  Pixels pixels{7, 16, 16, 3, {}};
  for (int i = 0; i < 7; ++i) {
    for (int pixel = 0; pixel < 256; ++pixel) {
      for (int value : {30 * i, 128, 255 - 30 * i}) pixels.values.push_back(static_cast<std::uint8_t>(value));
    }
  }
  Sprite sprite = encode_sprite(pixels);
  EXPECT_EQ(sprite.width, 16);
  EXPECT_EQ(sprite.height, 16);
  EXPECT_EQ(sprite.columns, 3);
  DecodedImage image = decode_image(sprite.jpeg);
  ASSERT_EQ(image.width, 48);
  ASSERT_EQ(image.height, 48);
  for (int i = 0; i < 7; ++i) {
    Rgb3 color = image.at(i % 3 * 16 + 8, i / 3 * 16 + 8);
    EXPECT_NEAR(color[0], 30 * i, 6) << i;
    EXPECT_NEAR(color[1], 128, 6) << i;
    EXPECT_NEAR(color[2], 255 - 30 * i, 6) << i;
  }
  EXPECT_EQ(encode_sprite(pixels).jpeg, sprite.jpeg);
}

TEST(Sprite, ImagesThatWouldTakeTooManyBytesAreMadeSmaller) {
  Pixels pixels{20, 64, 64, 1, {}};
  std::uint32_t state = 1;
  for (int i = 0; i < 20 * 64 * 64; ++i) {
    pixels.values.push_back(static_cast<std::uint8_t>((state = state * 1664525 + 1013904223) >> 24));
  }
  const Sprite whole = encode_sprite(pixels);
  EXPECT_EQ(whole.width, 64);
  const Sprite smaller = encode_sprite(pixels, whole.jpeg.size() - 1);
  EXPECT_EQ(smaller.width, 32);
  EXPECT_LT(smaller.jpeg.size(), whole.jpeg.size());
  EXPECT_EQ(encode_sprite(pixels, 1).width, 1) << "no smaller than a pixel";
}

TEST(Sprite, TheFirstRowIsOnTop) {
  Pixels pixels{1, 32, 32, 1, {}};
  for (int row = 0; row < 32; ++row) pixels.values.insert(pixels.values.end(), 32, row < 16 ? 255 : 0);
  DecodedImage image = decode_image(encode_sprite(pixels).jpeg);
  EXPECT_GT(image.at(16, 4)[0], 240);
  EXPECT_LT(image.at(16, 28)[0], 15);
}

TEST(Sprite, FiveThousandImagesMakeSeventyOneColumns) {
  Pixels pixels{5000, 32, 32, 3, std::vector<std::uint8_t>(5000 * 32 * 32 * 3, 77)};
  Sprite sprite = encode_sprite(pixels);
  EXPECT_EQ(sprite.columns, 71);
  DecodedImage image = decode_image(sprite.jpeg);
  EXPECT_EQ(image.width, 71 * 32);
  EXPECT_EQ(image.height, 71 * 32);
}

TEST(Sprite, LargeImagesBecomeSmall) {
  Pixels pixels{2, 100, 130, 1, std::vector<std::uint8_t>(2 * 100 * 130, 0)};
  std::fill(pixels.values.begin() + 100 * 130, pixels.values.end(), std::uint8_t{200});
  Sprite sprite = encode_sprite(pixels);
  EXPECT_EQ(sprite.width, 44);  // thirds of 130, the last one narrower
  EXPECT_EQ(sprite.height, 34);
  DecodedImage image = decode_image(sprite.jpeg);
  EXPECT_NEAR(image.at(20, 17)[0], 0, 4);
  EXPECT_NEAR(image.at(66, 17)[0], 200, 4);
}

TEST(Images, SizesThatDoNotFitAreAnError) {
  Pixels pixels{2, 4, 4, 3, std::vector<std::uint8_t>(50)};
  EXPECT_THROW(encode_png(pixels, 0), Error);
  EXPECT_THROW(encode_sprite(pixels), Error);
  EXPECT_THROW(encode_sprite({0, 4, 4, 3, {}}), Error);
  EXPECT_THROW(encode_sprite({1, 4, 4, 2, std::vector<std::uint8_t>(32)}), Error);
}

}  // namespace
}  // namespace latentgrid
