#include "data/image_file.hpp"

#include "data/idx.hpp"
#include "data/label_file.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class ImageFileTest : public DataTest {};
class LabelFileTest : public DataTest {};

std::string pixels_of(ImageFile& file, std::int64_t i) {
  auto image = file.image(i);
  return {image.begin(), image.end()};
}

TEST_F(ImageFileTest, NpyInCOrderIsReadAsWritten) {
  auto file = open_image_file(write_raw_npy("a.npy", "|u1", false, "3, 2, 2, 3", counting(36)));
  EXPECT_EQ(file->count(), 3);
  EXPECT_EQ(file->shape(), (ImageShape{2, 2, 3}));
  EXPECT_EQ(pixels_of(*file, 1), counting(36).substr(12, 12));
}

TEST_F(ImageFileTest, NpyInCOrderIsMappedNotCopied) {
  auto file = open_image_file(write_raw_npy("a.npy", "|u1", false, "3, 2, 2, 3", counting(36)));
  const std::uint8_t* first = file->image(0).data();
  EXPECT_EQ(file->image(2).data(), first + 24);
}

TEST_F(ImageFileTest, FortranOrderGivesTheSameImages) {
  const int n = 3, h = 2, w = 4, c = 3;
  std::string c_order = counting(n * h * w * c), fortran(c_order.size(), '\0');
  for (int i = 0; i < n; ++i)
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x)
        for (int k = 0; k < c; ++k) fortran[i + n * (y + h * (x + w * k))] = c_order[((i * h + y) * w + x) * c + k];
  auto file = open_image_file(write_raw_npy("f.npy", "|u1", true, "3, 2, 4, 3", fortran));
  for (int i = 0; i < n; ++i) EXPECT_EQ(pixels_of(*file, i), c_order.substr(i * h * w * c, h * w * c));
}

TEST_F(ImageFileTest, GrayImagesNeedNoChannelAxis) {
  auto file = open_image_file(write_raw_npy("g.npy", "|u1", false, "2, 3, 4", counting(24)));
  EXPECT_EQ(file->shape(), (ImageShape{3, 4, 1}));
}

TEST_F(ImageFileTest, IdxPlainAndCompressedAgree) {
  std::string bytes = idx_bytes(0x08, {4, 2, 3}, counting(24));
  auto plain = open_image_file(write("a-idx3-ubyte", bytes));
  auto packed = open_image_file(write_gz("a-idx3-ubyte.gz", bytes));
  for (auto* file : {plain.get(), packed.get()}) {
    EXPECT_EQ(file->count(), 4);
    EXPECT_EQ(file->shape(), (ImageShape{2, 3, 1}));
    EXPECT_EQ(pixels_of(*file, 1), counting(24).substr(6, 6));
    EXPECT_EQ(pixels_of(*file, 3), counting(24).substr(18, 6));
  }
}

TEST_F(ImageFileTest, AHeaderIsReadWithoutDecompressingTheRest) {
  std::string bytes = idx_bytes(0x08, {60000, 28, 28}, "");
  bytes.resize(bytes.size() + 60000 * 28 * 28);
  auto path = write_gz("big.gz", bytes);
  std::filesystem::resize_file(path, 200);  // anything that read on would fail
  EXPECT_EQ(open_image_file(path)->count(), 60000);
}

TEST_F(ImageFileTest, ErrorsNameTheFileAndWhatIsWrong) {
  auto opening = [&](const std::filesystem::path& file) { return message_of([&] { open_image_file(file); }); };
  EXPECT_EQ(opening(path("none.npy")), "cannot read none.npy: No such file or directory");
  EXPECT_EQ(opening(write_raw_npy("f4.npy", "<f4", false, "1, 1, 1, 1", "abcd")),
            "f4.npy: images must be uint8 (dtype '|u1'), not '<f4'");
  EXPECT_EQ(opening(write_raw_npy("flat.npy", "|u1", false, "4, 9", counting(36))),
            "flat.npy: images must have the shape N×H×W×C or N×H×W, not 4×9");
  EXPECT_EQ(opening(write_raw_npy("first.npy", "|u1", false, "2, 3, 8, 8", counting(384))),
            "first.npy: the shape 2×3×8×8 looks like N×C×H×W; images must be N×H×W×C: transpose the axes (0, 2, 3, 1)");
  EXPECT_EQ(opening(write_raw_npy("zero.npy", "|u1", false, "0, 8, 8, 3", "")),
            "zero.npy holds no images (shape 0×8×8×3)");
  EXPECT_EQ(opening(write("i2", idx_bytes(0x0B, {1, 2, 2}, counting(8)))),
            "i2: images must be of IDX type 0x08 (unsigned byte), not 0x0b");
  EXPECT_EQ(opening(write("short", std::string("\0\0\x08\x03\0\0", 6))),
            "short is truncated or damaged: it ends before its header says it should");
}

TEST_F(ImageFileTest, SizesWhoseProductOverflowsAreAnError) {
  auto opening = [&](const std::filesystem::path& file) { return message_of([&] { open_image_file(file); }); };
  EXPECT_EQ(opening(write("wide", idx_bytes(0x08, {1, 0xffffffff, 0xffffffff, 4}, ""))),
            "wide: an image of 4294967295×4294967295×4 is too large");
  EXPECT_EQ(opening(write("wrapped", idx_bytes(0x08, {1, 0x80000000, 0x80000000, 4}, ""))),  // 2^64 bytes
            "wrapped: an image of 2147483648×2147483648×4 is too large");
}

TEST_F(ImageFileTest, ATruncatedFileIsFoundWhenItsPixelsAreRead) {
  auto file = open_image_file(write("cut", idx_bytes(0x08, {2, 2, 2}, counting(7))));
  EXPECT_EQ(pixels_of(*file, 0), counting(4));
  EXPECT_EQ(message_of([&] { file->image(1); }), "cut is truncated or damaged: it ends before its header says it should");
}

TEST_F(ImageFileTest, ATruncatedNpyIsAnError) {
  auto path = write_raw_npy("cut.npy", "|u1", false, "3, 2, 2, 3", counting(35));
  EXPECT_EQ(message_of([&] { open_image_file(path); }),
            "cut.npy: not a .npy file that can be read: its header promises 36 bytes of data (shape 3×2×2×3, |u1), the file "
            "holds 35");
}

TEST_F(LabelFileTest, EveryIntegerTypeIsRead) {
  using V = std::vector<std::int64_t>;
  auto le = [](std::int64_t value, int bytes) {
    std::string text;
    for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i) & 255);
    return text;
  };
  for (const char* dtype : {"|u1", "|i1", "<u2", "<i2", "<u4", "<i4", "<u8", "<i8"}) {
    int bytes = dtype[2] - '0';
    bool is_signed = dtype[1] == 'i';
    std::int64_t second = is_signed ? -1 : 100;
    auto file = write_raw_npy("y.npy", dtype, false, "2,", le(7, bytes) + le(second, bytes));
    EXPECT_EQ(read_integers(file), (V{7, second})) << dtype;
  }
  EXPECT_EQ(read_integers(write_raw_npy("y.npy", "|u1", true, "3, 1", "\1\2\3")), (V{1, 2, 3}));
  EXPECT_EQ(read_integers(write_gz("y.gz", idx_bytes(0x08, {3}, "\1\2\3"))), (V{1, 2, 3}));
  EXPECT_EQ(read_integers(write("y", idx_bytes(0x0C, {1}, "\xff\xff\xff\xfe"))), (V{-2}));
  EXPECT_EQ(read_integers(write("y", idx_bytes(0x0B, {1}, "\xff\xfe"))), (V{-2}));
  EXPECT_EQ(read_integers(write("y", idx_bytes(0x09, {1}, "\xfe"))), (V{-2}));
}

TEST_F(LabelFileTest, ErrorsNameTheFileAndWhatIsWrong) {
  auto reading = [&](const std::filesystem::path& file) { return message_of([&] { read_integers(file); }); };
  EXPECT_EQ(reading(write_raw_npy("y.npy", "<f4", false, "1,", "abcd")), "y.npy: expected integers, not dtype '<f4'");
  EXPECT_EQ(reading(write_raw_npy("y.npy", "|u1", false, "2, 2", "abcd")),
            "y.npy: expected a list of integers (shape N), not the shape 2×2");
  EXPECT_EQ(reading(write("y", idx_bytes(0x0D, {1}, "abcd"))), "y: expected integers, not floating-point values");
}

TEST_F(ImageFileTest, FashionMnistOfDebianIsRead) {
  std::filesystem::path folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  auto images = open_image_file(folder / "train-images-idx3-ubyte.gz");
  EXPECT_EQ(images->count(), 60000);
  EXPECT_EQ(images->shape(), (ImageShape{28, 28, 1}));
  auto labels = read_integers(folder / "train-labels-idx1-ubyte.gz");
  ASSERT_EQ(labels.size(), 60000u);
  std::vector<std::int64_t> first(labels.begin(), labels.begin() + 10);
  EXPECT_EQ(first, (std::vector<std::int64_t>{9, 0, 0, 3, 0, 2, 7, 2, 5, 5}));  // as its authors' viewer shows them
  std::vector<int> count(10);
  for (auto label : labels) ++count[static_cast<std::size_t>(label)];
  EXPECT_EQ(count, std::vector<int>(10, 6000));
}

}  // namespace
}  // namespace latentgrid
