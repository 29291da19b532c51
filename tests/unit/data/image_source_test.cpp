#include "data/image_source.hpp"

#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class ImageSourceTest : public DataTest {};

std::string pixels_of(PreparedImages& file, std::int64_t i) {
  auto image = file.image(i);
  return {image.begin(), image.end()};
}

TEST_F(ImageSourceTest, NpyInCOrderIsReadAsWritten) {
  auto file = open_images_of(write_raw_npy("a.npy", "|u1", false, "3, 2, 2, 3", counting(36)));
  EXPECT_EQ(file->count(), 3);
  EXPECT_EQ(file->shape(), (ImageShape{2, 2, 3}));
  EXPECT_EQ(pixels_of(*file, 1), counting(36).substr(12, 12));
}

TEST_F(ImageSourceTest, EverySpellingOfUint8IsRead) {
  for (const char* dtype : {"|u1", "<u1", ">u1", "=u1", "u1", "uint8", "B"}) {
    auto file = open_images_of(write_raw_npy("a.npy", dtype, false, "3, 2, 2, 3", counting(36)));
    EXPECT_EQ(pixels_of(*file, 1), counting(36).substr(12, 12)) << dtype;
  }
}

// More than is read at once, some images left out.
TEST_F(ImageSourceTest, BlocksOfALargeFileFollowEachOther) {
  const std::size_t image = 1000 * 1000, images = 11;
  auto file = open_images_of(write_raw_npy("a.npy", "|u1", false, "11, 1000, 1000", counting(image * images)));
  for (std::size_t i : {0, 1, 3, 4, 8, 10}) {
    EXPECT_EQ(pixels_of(*file, static_cast<std::int64_t>(i)), counting(image * images).substr(i * image, image)) << i;
  }
}

TEST_F(ImageSourceTest, FortranOrderGivesTheSameImages) {
  const int n = 3, h = 2, w = 4, c = 3;
  std::string c_order = counting(n * h * w * c), fortran(c_order.size(), '\0');
  for (int i = 0; i < n; ++i)
    for (int y = 0; y < h; ++y)
      for (int x = 0; x < w; ++x)
        for (int k = 0; k < c; ++k) fortran[i + n * (y + h * (x + w * k))] = c_order[((i * h + y) * w + x) * c + k];
  auto file = open_images_of(write_raw_npy("f.npy", "|u1", true, "3, 2, 4, 3", fortran));
  for (int i = 0; i < n; ++i) EXPECT_EQ(pixels_of(*file, i), c_order.substr(i * h * w * c, h * w * c));
}

TEST_F(ImageSourceTest, GrayImagesNeedNoChannelAxis) {
  auto file = open_images_of(write_raw_npy("g.npy", "|u1", false, "2, 3, 4", counting(24)));
  EXPECT_EQ(file->shape(), (ImageShape{3, 4, 1}));
}

TEST_F(ImageSourceTest, IdxPlainAndCompressedAgree) {
  std::string bytes = idx_bytes(0x08, {4, 2, 3}, counting(24));
  auto plain = open_images_of(write("a-idx3-ubyte", bytes));
  auto packed = open_images_of(write_gz("a-idx3-ubyte.gz", bytes));
  for (auto* file : {plain.get(), packed.get()}) {
    EXPECT_EQ(file->count(), 4);
    EXPECT_EQ(file->shape(), (ImageShape{2, 3, 1}));
    EXPECT_EQ(pixels_of(*file, 1), counting(24).substr(6, 6));
    EXPECT_EQ(pixels_of(*file, 3), counting(24).substr(18, 6));
  }
}

TEST_F(ImageSourceTest, AHeaderIsReadWithoutDecompressingTheRest) {
  std::string bytes = idx_bytes(0x08, {60000, 28, 28}, "");
  bytes.resize(bytes.size() + 60000 * 28 * 28);
  auto path = write_gz("big.gz", bytes);
  std::fstream(path, std::ios::binary | std::ios::in | std::ios::out).seekp(20000) << std::string(100, '\xff');
  EXPECT_EQ(open_images_of(path)->count(), 60000);  // anything that read on would find the damage
}

TEST_F(ImageSourceTest, ErrorsNameTheFileAndWhatIsWrong) {
  auto opening = [&](const std::filesystem::path& file) { return message_of([&] { open_images_of(file); }); };
  EXPECT_EQ(opening(path("none.npy")), "cannot read none.npy: No such file or directory");
  EXPECT_EQ(opening(write_raw_npy("flat.npy", "|u1", false, "4, 9", counting(36))),
            "flat.npy: images must have the shape N×H×W×C or N×H×W, not 4×9\n"
            "  hint: run this, then use flat_images.npy instead: python3 -c \"import numpy as np; np.save('flat_images.npy', np.load('flat.npy').reshape(-1, 3, 3))\"");
  EXPECT_EQ(opening(write_raw_npy("cifar.npy", "|u1", false, "1, 12", counting(12))),
            "cifar.npy: images must have the shape N×H×W×C or N×H×W, not 1×12\n"
            "  hint: if all red values of an image come first, as in CIFAR, run this, then use cifar_images.npy instead: python3 -c \"import numpy as np; "
            "np.save('cifar_images.npy', np.load('cifar.npy').reshape(-1, 3, 2, 2).transpose(0, 2, 3, 1))\"");
  EXPECT_EQ(opening(write_raw_npy("zero.npy", "|u1", false, "0, 8, 8, 3", "")),
            "zero.npy holds no images (shape 0×8×8×3)\n  hint: save the array again once it has images");
  EXPECT_EQ(opening(write_raw_npy("zerod.npy", "|u1", false, "", "a")),
            "zerod.npy: images must have the shape N×H×W×C or N×H×W, not a single value\n"
            "  hint: np.save was given one number: save the whole array");
  EXPECT_EQ(opening(write_raw_npy("list.npy", "|u1", false, "5,", counting(5))),
            "list.npy: images must have the shape N×H×W×C or N×H×W, not a list of 5 values\n"
            "  hint: a list like this may be the labels: name the file of the images");
  EXPECT_EQ(opening(write("i2", idx_bytes(0x0B, {1, 2, 2}, counting(8)))),
            "i2 holds int16 from 1 to 1543, not uint8\n"
            "  hint: say which values become 0 (black) and 255 (white), beside images: values: [1, 1543]");
  EXPECT_EQ(opening(write("short", std::string("\0\0\x08\x03\0\0", 6))), "short is cut off or damaged: it ends too early\n  hint: copy or download the file again, in binary mode");
}

TEST_F(ImageSourceTest, ShapesThatLookTransposedAreRefusedWithTheLineThatOverrulesIt) {
  auto opening = [&](const std::filesystem::path& file) { return message_of([&] { open_images_of(file); }); };
  const std::string save = ".npy instead: python3 -c \"import numpy as np; np.save('", run = "run this, then use ";
  EXPECT_EQ(opening(write_raw_npy("first.npy", "|u1", false, "2, 3, 8, 8", counting(384))),
            "first.npy: the shape 2×3×8×8 looks like N×C×H×W; images must be N×H×W×C\n  hint: " + run + "first_nhwc" + save +
                "first_nhwc.npy', np.load('first.npy').transpose(0, 2, 3, 1))\"; if these are 2 images of 3×8 with 8 channels, "
                "turn each on its side: " + run + "first_turned" + save +
                "first_turned.npy', np.load('first.npy').swapaxes(1, 2))\"");
  EXPECT_EQ(opening(write_raw_npy("one.npy", "|u1", false, "8, 8, 3", counting(192))),
            "one.npy: the shape 8×8×3 looks like one image H×W×C; images must be N×H×W×C\n  hint: " + run + "one_images" + save +
                "one_images.npy', np.load('one.npy')[np.newaxis])\"; if these are 8 images of 8×3, save them as N×H×W×1: " + run +
                "one_gray" + save + "one_gray.npy', np.load('one.npy')[..., np.newaxis])\"");
  EXPECT_EQ(opening(write_raw_npy("svhn.npy", "|u1", false, "5, 5, 3, 6", counting(450))),
            "svhn.npy: the shape 5×5×3×6 looks like H×W×C×N; images must be N×H×W×C\n  hint: " + run + "svhn_nhwc" + save +
                "svhn_nhwc.npy', np.load('svhn.npy').transpose(3, 0, 1, 2))\"; if these are 5 images of 5×3 with 6 channels, "
                "list two files: " + run + "svhn_first.npy and svhn_others" + save +
                "svhn_first.npy', np.load('svhn.npy')[:1]); np.save('svhn_others.npy', np.load('svhn.npy')[1:])\"");
}

TEST_F(ImageSourceTest, NarrowOrWideImagesOfManyChannelsAreRead) {
  struct Case {
    const char* shape;
    std::int64_t count;
    ImageShape image;
  };
  for (const Case& one : {Case{"8, 8, 64", 8, {8, 64, 1}}, Case{"100, 8, 4, 16", 100, {8, 4, 16}},
                          Case{"10, 8, 1, 5", 10, {8, 1, 5}}, Case{"9, 8, 3, 5", 9, {8, 3, 5}},
                          Case{"9, 4, 4, 16", 9, {4, 4, 16}}, Case{"2, 8, 3, 8", 2, {8, 3, 8}},
                          Case{"1, 5, 3, 6", 1, {5, 3, 6}}, Case{"8, 8, 3, 1", 8, {8, 3, 1}}}) {
    const auto bytes = static_cast<std::size_t>(one.count * one.image.values());
    auto file = open_images_of(write_raw_npy("x.npy", "|u1", false, one.shape, counting(bytes)));
    EXPECT_EQ(file->count(), one.count) << one.shape;
    EXPECT_EQ(file->shape(), one.image) << one.shape;
  }
}

TEST_F(ImageSourceTest, SizesWhoseProductOverflowsAreAnError) {
  auto opening = [&](const std::filesystem::path& file) { return message_of([&] { open_images_of(file); }); };
  for (const char* shape : {"1, 4294967295, 4294967295, 4", "1, 2147483648, 2147483648, 4"}) {  // the second is 2^64 bytes
    EXPECT_NE(opening(write_raw_npy("wide", "|u1", false, shape, "")), "no error") << shape;
  }
  EXPECT_EQ(opening(write_raw_npy("none", "|u1", false, "0, 32768, 32768, 3", "")),
            "none: an image of 32768×32768×3 is too large\n  hint: images must have the shape N×H×W×C or N×H×W: is this the right file?");
  EXPECT_EQ(opening(write("wrapped.idx", idx_bytes(0x08, {1, 0x80000000, 0x80000000, 4}, ""))),
            "wrapped.idx is cut off, or its header is damaged: the header promises 1×2147483648×2147483648×4 values, and the file "
            "has fewer\n  hint: copy or download the file again, in binary mode");
}

TEST_F(ImageSourceTest, AHeaderThatPromisesMoreThanThereIsIsNotBelieved) {
  const std::string promise = " is cut off, or its header is damaged: the header promises 3000000000×8×8 values, and the file has fewer"
                              "\n  hint: copy or download the file again, in binary mode";
  const std::string bytes = idx_bytes(0x08, {3000000000u, 8, 8}, counting(60 * 64));
  for (const auto& path : {write("x.idx", bytes), write_gz("x.idx.gz", bytes)}) {
    EXPECT_EQ(message_of([&] { open_images_of(path); }), path.filename().string() + promise);
  }
  EXPECT_EQ(message_of([&] { open_images_of(write("cut", idx_bytes(0x08, {2, 2, 2}, counting(7)))); }),
            "cut is cut off, or its header is damaged: the header promises 2×2×2 values, and the file has fewer\n"
            "  hint: copy or download the file again, in binary mode");
}

TEST_F(ImageSourceTest, AFileThatIsCutOffWhileItIsReadIsAnError) {
  const std::string bytes = idx_bytes(0x08, {3000, 32, 32}, noise(3000 * 1024));  // which gzip cannot make smaller
  for (const auto& path : {write_raw_npy("x.npy", "|u1", false, "3000, 64, 64", counting(3000 * 4096)),
                           write_raw_npy("f.npy", "|u1", true, "3000, 2, 2", counting(3000 * 4)), write("x.idx", bytes),
                           write_gz("x.idx.gz", bytes)}) {
    auto file = open_images_of(path);
    std::filesystem::resize_file(path, 5000);
    EXPECT_EQ(message_of([&] {
                for (std::int64_t i = 0; i < file->count(); ++i) file->image(i);
              }),
              path.filename().string() + " changed while it was being read; try again once nothing writes to it");
  }
}

TEST_F(ImageSourceTest, ATruncatedNpyIsAnError) {
  auto path = write_raw_npy("cut.npy", "|u1", false, "3, 2, 2, 3", counting(35));
  EXPECT_EQ(message_of([&] { open_images_of(path); }),
            "cut.npy is cut off, or its header is damaged: the header promises 3×2×2×3 values of 1 byte, and the file has 35 of 36 "
            "bytes\n  hint: copy or download the file again, in binary mode");
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

// FTP's ASCII mode, git's autocrlf, a stream that was opened as text: nothing may shift or change a pixel without a word.
TEST_F(ImageSourceTest, AFileThatWasTransferredAsTextIsAnError) {
  auto opening = [&](const std::filesystem::path& file) { return message_of([&] { open_images_of(file); }); };
  const std::string again = "\n  hint: copy or download the file again, in binary mode";
  std::ifstream file(write_raw_npy("a.npy", "|u1", false, "9, 8, 8, 3", counting(9 * 192)), std::ios::binary);
  const std::string good{std::istreambuf_iterator<char>(file), {}};
  const std::string carriage_return = "b.npy is not an .npy file that can be read: its header ends in a carriage return, so it was copied, sent "
                                      "or written as text, which changes its data" + again;
  EXPECT_EQ(opening(write("b.npy", replaced(good, "\n", "\r\n"))), carriage_return);
  EXPECT_EQ(opening(write("b.npy", replaced(good, "\n", "\r"))), carriage_return);
  std::string pairs = good;
  pairs.replace(pairs.size() - 2, 2, "\r\n");
  EXPECT_EQ(opening(write("b.npy", replaced(pairs, "\r\n", "\n"))),
            "b.npy is cut off, or its header is damaged: the header promises 9×8×8×3 values of 1 byte, and the file has 1727 of 1728 bytes" + again);
  for (const char* first : {"\x13", "\xc2\x93", "\xef\xbf\xbd", "\xe2\x80\x9c", "?"}) {
    EXPECT_EQ(opening(write("b.npy", first + good.substr(1))),
              "b.npy is an .npy file that was damaged when it was copied, sent or saved as text" + again);
  }
  const std::string idx = idx_bytes(0x08, {2, 20, 20}, counting(800));
  EXPECT_EQ(opening(write("b", replaced(idx, "\n", "\r\n"))),
            "b holds 4 bytes more than its header promises, which are 2×20×20 values of 1 byte" + again);
  EXPECT_EQ(opening(write("b.gz", "\x1f\xef\xbf\xbd\x08")),
            "b.gz is a gzip file that was damaged when it was copied, sent or saved as text" + again);
}

// gzip files may be chained, and only the last one's length stands at the end.
TEST_F(ImageSourceTest, BytesBehindTheLastImageOfAChainedFileAreAnError) {
  const std::string idx = idx_bytes(0x08, {2, 2, 2}, counting(8));
  std::ifstream file(write_gz("a.gz", idx), std::ios::binary);
  const std::string packed{std::istreambuf_iterator<char>(file), {}};
  auto images = open_images_of(write("twice.gz", packed + packed));
  EXPECT_EQ(message_of([&] { images->image(0); }),
            "twice.gz holds more bytes than its header promises, which are 2×2×2 values of 1 byte\n"
            "  hint: copy or download the file again, in binary mode");
  EXPECT_EQ(pixels_of(*open_images_of(write_gz("once.gz", idx)), 1), counting(8).substr(4));
}

TEST_F(ImageSourceTest, FashionMnistOfDebianIsRead) {
  std::filesystem::path folder = "/usr/share/datasets/fashion-mnist";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "dataset-fashion-mnist is not installed";
  auto images = open_images_of(folder / "train-images-idx3-ubyte.gz");
  EXPECT_EQ(images->count(), 60000);
  EXPECT_EQ(images->shape(), (ImageShape{28, 28, 1}));
}

}  // namespace
}  // namespace latentgrid
