// Folders of pictures, which Pillow makes here: an encoder and decoder that owes nothing to ours.
#include "data/digest_cache.hpp"
#include "data/identity.hpp"
#include "support/pictures.hpp"
#include "data/selected_images.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

using V = std::vector<std::int64_t>;

class PicturesTest : public DataTest {
 protected:
  void SetUp() override {
    if (!testing::has_pillow()) GTEST_SKIP() << "python3-numpy and python3-pil are not installed";
  }

  void make(const std::string& script) const {
    const auto result = testing::run_pillow(folder_, script);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }

  DatasetSource source(const std::string& folder) const {
    DatasetSource s;
    s.name = "any";
    s.images = {path(folder)};
    return s;
  }
  V pixels_of(const DatasetSource& s) const {
    const ImageSet set = load_images(s);
    return {set.pixels.begin(), set.pixels.end()};
  }
  std::string loading(const DatasetSource& s) const {
    return message_of([&] { load_images(s); });
  }
};

TEST_F(PicturesTest, FoldersAreClassesInTheOrderOfTheirNames) {
  make(
      "save('p/dog/b.png', [[3]])\nsave('p/cat/z.jpg', [[200]])\nsave('p/cat/10.png', [[1]])\nsave('p/cat/9.PNG', "
      "[[2]])\n"
      "save('p/cat/more/0.png', [[4]])\nsave('p/.hidden/x.png', [[9]])\nopen('p/cat/notes.txt', "
      "'w')\nos.mkdir('p/empty')");
  DatasetSource s = source("p");
  EXPECT_EQ(pixels_of(s), (V{1, 2, 200, 4, 3}));
  s.labels = {{path("p")}};
  EXPECT_EQ(load_labels(s), (std::vector<std::int32_t>{0, 0, 0, 0, 1}));
  EXPECT_EQ(names_in_files(s), (std::vector<std::string>{"cat", "dog"}));
  EXPECT_EQ(SelectedImages(s).file_name(0), "p");
}

TEST_F(PicturesTest, AFlatFolderGoesByTheNumbersThatItsPicturesAreCalled) {
  make("for i in (10, 9, 1): save(f'p/{i}.png', [[i]])");
  EXPECT_EQ(pixels_of(source("p")), (V{1, 9, 10}));
  EXPECT_EQ(message_of([&] { labels_in(path("p")); }),
            "p is a folder\n  hint: name a file; the folder holds 1.png, 10.png, 9.png");
  make("save('p/a.png', [[5]])");
  EXPECT_EQ(pixels_of(source("p")), (V{1, 10, 9, 5}));
}

TEST_F(PicturesTest, ATableLabelsThePicturesByTheirNames) {
  make("for name in 'abc': save(f'p/{name}.png', [[1]])");
  DatasetSource s = source("p");
  s.labels = {{.file = write("y.csv", "id,label\nc.png,dog\na,cat\nb.png,dog\nother.png,cow\n"), .gapless = true}};
  EXPECT_EQ(load_labels(s), (std::vector<std::int32_t>{0, 1, 1}));
  EXPECT_EQ(names_in_files(s), (std::vector<std::string>{"cat", "dog"}));
  write("y.csv", "name;class\nc.png;7\na.png;-1\nb.png;\n");
  EXPECT_EQ(load_labels(s), (std::vector<std::int32_t>{-1, -1, 0}));
  write("y.csv", "name,label\nc.png,7\n");
  EXPECT_EQ(
      message_of([&] { load_labels(s); }),
      "y.csv has no label for p/a.png\n  hint: add a row for each picture; a picture without a label has an empty one");
  write("y.csv", "name,label\nc.png,7\nc.png,8\n");
  EXPECT_EQ(message_of([&] { load_labels(s); }),
            "y.csv labels image 2, which other labels before it have labelled already\n"
            "  hint: change first_image, which says where the labels begin");
}

TEST_F(PicturesTest, ClassesOfSeveralFoldersAreOneList) {
  make(
      "save('train/cat/1.png', [[1]])\nsave('train/dog/1.png', [[2]])\nsave('test/ant/1.png', "
      "[[3]])\nsave('test/dog/1.png', [[4]])");
  DatasetSource s = source("train");
  s.images.push_back(path("test"));
  s.labels = {{path("train"), 0}, {path("test"), 2}};
  EXPECT_EQ(load_labels(s), (std::vector<std::int32_t>{1, 2, 0, 2}));
  EXPECT_EQ(names_in_files(s), (std::vector<std::string>{"ant", "cat", "dog"}));
}

TEST_F(PicturesTest, TheKeyIsThatOfTheSamePixelsInAnArray) {
  make("save('p/a/1.png', [[[1, 2, 3], [4, 5, 6]]])\nsave('p/b/1.png', [[[7, 8, 9], [10, 11, 12]]])");
  DatasetSource array;
  array.images = {write_raw_npy("x.npy", "|u1", false, "2, 1, 2, 3", std::string("\1\2\3\4\5\6\7\x8\x9\xa\xb\xc", 12))};
  std::filesystem::create_directory(path("elsewhere"));
  std::filesystem::copy(path("p"), path("elsewhere/q"), std::filesystem::copy_options::recursive);
  DigestCache cache;
  EXPECT_EQ(image_identity(source("p"), cache), image_identity(array, cache));
  EXPECT_EQ(image_identity(source("elsewhere/q"), cache), image_identity(array, cache));
  EXPECT_EQ(load_images(source("p")).identity, image_identity(array, cache));
}

TEST_F(PicturesTest, EveryKindOfPngAndJpegHasItsPixels) {
  make(
      "save('a/1.png', [[[255, 0, 0]]])\n"
      "Image.fromarray(np.array([[[255, 0, 0]]], 'uint8')).quantize(2).save('a/2.png')\n"
      "save('a/3.png', [[[0, 0, 255, 0]]])\nsave('a/4.png', [[[100, 0, 255, 51]]])\nsave('a/5.png', [[200]])\n"
      "save('a/6.png', [[[1, 2, 3]]], transparency=(1, 2, 3))\n"
      "os.makedirs('b')\nImage.fromarray(np.array([[255], [0]], 'uint8')).convert('1').save('b/1.png')");
  EXPECT_EQ(pixels_of(source("a")),
            (V{255, 0, 0, 255, 0, 0, 255, 255, 255, 224, 204, 255, 200, 200, 200, 255, 255, 255}));
  EXPECT_EQ(pixels_of(source("b")), (V{255, 0}));
}

TEST_F(PicturesTest, JpegsAreDecodedAsPillowDecodesThem) {
  make(
      "x = np.random.default_rng(1).integers(0, 255, (9, 17, 3))\nsave('c/1.jpg', x)\nsave('c/2.jpg', x, "
      "progressive=True)\n"
      "save('c/3.jpg', x[:, :, 0])\n"
      "np.save('c.npy', np.stack([np.array(Image.open(f'c/{i}.jpg').convert('RGB')) for i in (1, 2, 3)]))");
  DatasetSource array;
  array.images = {path("c.npy")};
  EXPECT_EQ(pixels_of(source("c")), pixels_of(array));
}

TEST_F(PicturesTest, TurnedJpegsAreTurnedUprightAsPillowDoes) {
  make(
      "from PIL import ImageOps\nx = np.random.default_rng(1).integers(0, 255, (16, 24, 3))\n"
      "for i in range(1, 9):\n"
      "  exif = Image.Exif(); exif[0x0112] = i\n  save(f'e{i}/1.jpg', x, exif=exif)\n"
      "  np.save(f'e{i}.npy', np.array(ImageOps.exif_transpose(Image.open(f'e{i}/1.jpg')))[None])");
  for (int i = 1; i <= 8; ++i) {
    DatasetSource array;
    array.images = {path("e" + std::to_string(i) + ".npy")};
    const ImageSet turned = load_images(source("e" + std::to_string(i))), expected = load_images(array);
    EXPECT_TRUE(turned.pixels == expected.pixels) << i;
    EXPECT_EQ(turned.height, i >= 5 ? 24 : 16) << i;
  }
}

TEST_F(PicturesTest, SixteenBitsNeedValues) {
  make("save('p/1.png', [[0, 65535, 25700]], 'I;16')");
  EXPECT_EQ(loading(source("p")),
            "p/1.png holds uint16, not uint8\n  hint: say which values become 0 (black) and 255 (white), "
            "beside images: values: [0, 65535]");
  DatasetSource s = source("p");
  s.preparation.values = {0, 65535};
  EXPECT_EQ(pixels_of(s), (V{0, 255, 100}));
  make("save('p/2.png', [[0, 1, 2]])");
  EXPECT_EQ(loading(s),
            "p/2.png has 8 bits a value, but p/1.png has 16\n  hint: save all pictures with the same number of bits");
}

TEST_F(PicturesTest, WhatCannotBeReadIsNamedWithItsRemedy) {
  make(
      "save('p/1.png', [[1, 2], [3, 4]])\nbytes = open('p/1.png', 'rb').read()\n"
      "os.makedirs('cut'); open('cut/1.png', 'wb').write(bytes[:-20])\n"
      "os.makedirs('crc'); b = bytearray(bytes); b[-13] ^= 1; open('crc/1.png', 'wb').write(b)\n"
      "save('jpg/1.jpg', np.random.default_rng(1).integers(0, 255, (32, 32, 3)))\n"
      "j = open('jpg/1.jpg', 'rb').read(); open('jpg/1.jpg', 'wb').write(j[:len(j) // 2])\n"
      "Image.new('CMYK', (2, 2)).save('k.jpg'); os.makedirs('cmyk'); os.rename('k.jpg', 'cmyk/1.jpg')\n"
      "a = [Image.new('L', (2, 2), i) for i in (0, 255)]; os.makedirs('apng'); a[0].save('apng/1.png', save_all=True, "
      "append_images=a[1:])\n"
      "save('gif/1.gif', [[1]])\nos.makedirs('text'); open('text/1.png', 'w').write('hello')\nos.makedirs('none'); "
      "open('none/1.png', 'w')\n"
      "save('sizes/1.png', [[1, 2]])\nsave('sizes/2.png', [[1]])\n"
      "save('colour/1.png', [[1]])\nsave('colour/2.png', [[[1, 2, 3]]])\n"
      "save('both/1.png', [[1]])\nsave('both/cat/1.png', [[1]])\nsave('deep/train/cat/1.png', "
      "[[1]])\nsave('deep/test/cat/1.png', [[1]])");
  const std::string again = "\n  hint: copy or download the file again, in binary mode";
  EXPECT_EQ(loading(source("cut")), "cut/1.png is damaged: the file ends too early" + again);
  EXPECT_EQ(loading(source("crc")), "crc/1.png is damaged: IDAT: CRC error" + again);
  EXPECT_EQ(loading(source("jpg")), "jpg/1.jpg is damaged: Premature end of JPEG file" + again);
  EXPECT_EQ(loading(source("cmyk")),
            "cmyk/1.jpg is a CMYK picture, for print\n"
            "  hint: convert it to RGB, for example with ImageMagick: mogrify -colorspace sRGB FILE");
  EXPECT_EQ(loading(source("apng")),
            "apng/1.png is an animated PNG with 2 frames\n  hint: save one frame of it as a PNG of its own");
  EXPECT_EQ(loading(source("gif")),
            "gif/1.gif is a GIF image; pictures are read from PNG and JPEG\n"
            "  hint: convert it, for example with ImageMagick: mogrify -format png 'gif/*.gif'");
  EXPECT_EQ(loading(source("text")),
            "text/1.png is not a picture: it is a text file; its first line is 'hello'\n"
            "  hint: remove it from the folder, or copy it again");
  EXPECT_EQ(loading(source("none")),
            "none/1.png is not a picture: it is empty (0 bytes)\n"
            "  hint: remove it from the folder, or copy it again");
  EXPECT_EQ(loading(source("sizes")),
            "sizes/2.png has 1×1 pixels, but sizes/1.png has 1×2; all images must have one size\n"
            "  hint: bring them to one size: write resize: [1, 2] beside images, and center_crop: square to keep "
            "their proportions");
  EXPECT_EQ(loading(source("colour")),
            "colour/2.png has 3 channels, but colour/1.png has 1\n"
            "  hint: write channels: 3 beside images to make all of them RGB, or channels: 1 to make them gray");
  EXPECT_EQ(loading(source("both")),
            "both holds pictures, such as 1.png, and folders of pictures, such as cat\n"
            "  hint: keep either the pictures or the folders, one for each class, in it");
  EXPECT_EQ(loading(source("deep")),
            "deep is a folder of folders whose own folders hold the pictures: test, train\n"
            "  hint: name those that are meant: images: [deep/test, deep/train]");
}

TEST_F(PicturesTest, PicturesOfSeveralSizesAreBroughtToOne) {
  make(
      "x = np.arange(6 * 8).reshape(6, 8) * 5\nsave('p/1.png', x)\nsave('p/2.png', np.full((2, 2), 7))\n"
      "crop = Image.fromarray(x.astype('uint8')).crop((1, 0, 7, 6)).resize((2, 2), Image.BOX)\nnp.save('x.npy', "
      "np.array(crop)[None])");
  DatasetSource s = source("p"), expected;
  s.preparation.center_crop = {0, 0};
  s.preparation.resize = {2, 2};
  expected.images = {path("x.npy")};
  V pixels = pixels_of(expected);
  pixels.insert(pixels.end(), {7, 7, 7, 7});
  EXPECT_EQ(pixels_of(s), pixels);
  s.preparation.center_crop = {4, 4};
  EXPECT_EQ(loading(s),
            "p/2.png has 2×2 pixels, too few for center_crop: [4, 4]\n"
            "  hint: choose a smaller center_crop, or center_crop: square");
}

TEST_F(PicturesTest, TheDigestOfAFolderIsRememberedUntilAPictureChanges) {
  make("for name in ('cat/1', 'dog/1'): save(f'p/{name}.png', [[1]])");
  DigestCache cache({}, [] { return 4e9; });
  int decoded = 0;
  auto identity = [&] {
    cache.get({path("p")}, "pixels", [&] { return std::to_string(++decoded); });
    return decoded;
  };
  EXPECT_EQ(identity(), 1);
  EXPECT_EQ(identity(), 1);
  make("save('p/dog/1.png', [[2]])");
  EXPECT_EQ(identity(), 2);
  make("save('p/dog/2.png', [[2]])");
  EXPECT_EQ(identity(), 3);
  std::filesystem::rename(path("p/dog/2.png"), path("p/cat/2.png"));
  EXPECT_EQ(identity(), 4);
  cache.save(path("cache.json"));
  EXPECT_LT(std::filesystem::file_size(path("cache.json")), 500u);
}

}  // namespace
}  // namespace latentgrid
