#include "data/digest_cache.hpp"
#include "data/identity.hpp"
#include "data/preparation.hpp"

#include <cstring>

#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class PreparationTest : public DataTest {
 protected:
  template <typename T>
  std::filesystem::path write_array(const std::string& dtype, const std::string& shape,
                                    const std::vector<T>& values) const {
    return write_raw_npy("x.npy", dtype, false, shape,
                         {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(T)});
  }
  static std::vector<int> pixels_of(PreparedImages& images, std::int64_t i = 0) {
    const auto pixels = images.image(i);
    return {pixels.begin(), pixels.end()};
  }
  std::string opening(const std::filesystem::path& file, const Preparation& how = {}) const {
    return message_of([&] {
      auto images = open_images_of(file, how);
      for (std::int64_t i = 0; i < images->count(); ++i) images->image(i);
    });
  }
};

TEST_F(PreparationTest, ValuesSayWhatBecomesBlackAndWhite) {
  const auto unit = write_array<float>("<f4", "1, 1, 4", {0, 0.5f, 0.2f, 1});
  auto images = open_images_of(unit, {.values = {{0, 1}}});
  EXPECT_EQ(pixels_of(*images), (std::vector<int>{0, 128, 51, 255}));
  EXPECT_DOUBLE_EQ(images->largest_rounding(), 0.5);
  EXPECT_EQ(pixels_of(*open_images_of(write_array<double>("<f8", "1, 1, 3, 1", {-1, 0, 1}), {.values = {{-1, 1}}})),
            (std::vector<int>{0, 128, 255}));
  EXPECT_EQ(pixels_of(*open_images_of(write_array<float>("<f4", "1, 1, 2", {0, 200}), {.values = {{0, 255}}})),
            (std::vector<int>{0, 200}));
  EXPECT_EQ(
      pixels_of(*open_images_of(write_array<std::uint16_t>("<u2", "1, 1, 2", {4095, 0}), {.values = {{0, 4095}}})),
      (std::vector<int>{255, 0}));
  EXPECT_EQ(pixels_of(*open_images_of(write_array<std::uint8_t>("|u1", "1, 1, 2", {1, 0}), {.values = {{0, 1}}})),
            (std::vector<int>{255, 0}));
  EXPECT_EQ(pixels_of(*open_images_of(write_array<std::uint8_t>("|b1", "1, 1, 2", {1, 0}), {.values = {{0, 1}}})),
            (std::vector<int>{255, 0}));
}

TEST_F(PreparationTest, BytesAsFloatsAreNotRounded) {
  std::vector<float> values;
  for (int i = 0; i < 256; ++i) values.push_back(static_cast<float>(i) / 255);
  auto images = open_images_of(write_array<float>("<f4", "1, 16, 16", values), {.values = {{0, 1}}});
  const std::vector<int> pixels = pixels_of(*images);
  for (int i = 0; i < 256; ++i) EXPECT_EQ(pixels[static_cast<std::size_t>(i)], i);
  EXPECT_LT(images->largest_rounding(), 0.001);
}

TEST_F(PreparationTest, WithoutValuesOnlyBytesAreRead) {
  auto said = [](const std::string& what, const std::string& values) {
    return "x.npy holds " + what +
           ", not uint8\n  hint: say which values become 0 (black) and 255 (white), beside images: values: " + values;
  };
  EXPECT_EQ(opening(write_array<float>("<f4", "3, 1, 1", {0, 0.5, 1})), said("float32 from 0 to 1", "[0, 1]"));
  EXPECT_EQ(opening(write_array<double>("<f8", "2, 1, 1", {-1, 0.5})), said("float64 from -1 to 0.5", "[-1, 1]"));
  EXPECT_EQ(opening(write_array<float>("<f4", "2, 1, 1", {0, 200.5})), said("float32 from 0 to 200.5", "[0, 255]"));
  EXPECT_EQ(opening(write_array<std::int64_t>("<i8", "2, 1, 1", {0, 255})), said("int64 from 0 to 255", "[0, 255]"));
  EXPECT_EQ(opening(write_array<std::uint16_t>("<u2", "2, 1, 1", {0, 4000})),
            said("uint16 from 0 to 4000", "[0, 4095]"));
  EXPECT_EQ(opening(write_array<std::uint16_t>("<u2", "2, 1, 1", {0, 65000})),
            said("uint16 from 0 to 65000", "[0, 65535]"));
  EXPECT_EQ(opening(write_array<float>("<f4", "2, 1, 1", {-2.5, 3})), said("float32 from -2.5 to 3", "[-2.5, 3]"));
  EXPECT_EQ(opening(write_array<float>("<f4", "3, 1, 1", {0, std::nanf(""), 1})),
            "x.npy holds float32 from 0 to 1, and values that are not finite (NaN or infinite)\n"
            "  hint: find out where they come from, and replace them");
  EXPECT_EQ(opening(write_array<float>("<f4", "2, 1, 1", {7, 7})),
            "x.npy holds float32 that are all 7\n  hint: is this the right file?");
}

TEST_F(PreparationTest, AValueOutsideIsNamedWithItsImage) {
  const auto file = write_array<float>("<f4", "3, 1, 2", {0, 1, 0.5, 1.25, 0, 2});
  EXPECT_EQ(opening(file, {.values = {{0, 1}}}),
            "x.npy: image 1 holds the value 1.25, which is not within values: [0, 1]\n"
            "  hint: all of its values are from 0 to 2: write values: [0, 255]");
  EXPECT_EQ(opening(write_array<float>("<f4", "1, 1, 2", {0, std::nanf("")}), {.values = {{0, 1}}}),
            "x.npy: image 0 holds the value NaN, which is not within values: [0, 1]\n"
            "  hint: find out where it comes from, and replace it");
}

TEST_F(PreparationTest, ImagesAreCroppedAndThenResized) {
  std::vector<std::uint8_t> values(6 * 8);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<std::uint8_t>(i);
  const auto file = write_array<std::uint8_t>("|u1", "1, 6, 8", values);
  EXPECT_EQ(pixels_of(*open_images_of(file, {.center_crop = {{2, 3}}})), (std::vector<int>{18, 19, 20, 26, 27, 28}));
  auto square = open_images_of(file, {.center_crop = {{0, 0}}, .resize = {{2, 2}}});
  EXPECT_EQ(square->shape(), (ImageShape{2, 2, 1}));
  EXPECT_EQ(pixels_of(*square), (std::vector<int>{10, 13, 34, 37})) << "means of 3×3 pixels";
  auto larger = open_images_of(file, {.resize = {{12, 16}}});
  EXPECT_EQ(larger->shape(), (ImageShape{12, 16, 1}));
  EXPECT_EQ(pixels_of(*larger).front(), 0);
  EXPECT_EQ(opening(file, {.center_crop = {{7, 7}}}),
            "x.npy: image 0 has 6×8 pixels, too few for center_crop: [7, 7]\n"
            "  hint: choose a smaller center_crop, or center_crop: square");
}

TEST_F(PreparationTest, ChannelsMakeColourGrayAndGrayColour) {
  const auto colour = write_array<std::uint8_t>("|u1", "1, 1, 2, 3", {255, 0, 0, 10, 20, 30});
  EXPECT_EQ(pixels_of(*open_images_of(colour, {.channels = 1})), (std::vector<int>{76, 18})) << "Pillow's convert('L')";
  const auto gray = write_array<std::uint8_t>("|u1", "1, 1, 2", {7, 9});
  EXPECT_EQ(pixels_of(*open_images_of(gray, {.channels = 3})), (std::vector<int>{7, 7, 7, 9, 9, 9}));
  EXPECT_EQ(opening(write_array<std::uint8_t>("|u1", "1, 1, 1, 2", {7, 9}), {.channels = 3}),
            "x.npy holds images of 2 channels, which cannot become 3\n  hint: remove channels");
}

TEST_F(PreparationTest, AnIdentityIsOfThePreparedBytesAlone) {
  DatasetSource bytes, floats;
  bytes.images = {write_raw_npy("bytes.npy", "|u1", false, "2, 1, 1", std::string("\0\xff", 2))};
  floats.images = {write_array<float>("<f4", "2, 1, 1", {0, 1})};
  floats.preparation.values = {0, 1};
  DigestCache cache({}, [] { return 4e9; });
  EXPECT_EQ(image_identity(floats, cache), image_identity(bytes, cache));
  floats.preparation.values = {0, 2};
  EXPECT_NE(image_identity(floats, cache), image_identity(bytes, cache))
      << "the preparation is a part of what is remembered";
  EXPECT_EQ(DatasetSource::from_json(floats.to_json()).preparation, floats.preparation);
  EXPECT_EQ(bytes.to_json().dump().find("values"), std::string::npos) << "what is not said is not in the record";
}

}  // namespace
}  // namespace latentgrid
