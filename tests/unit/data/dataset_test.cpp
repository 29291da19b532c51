#include "data/dataset.hpp"

#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class DatasetTest : public DataTest {
 protected:
  // Six images of 2×2×1 whose pixels are 4i, 4i+1, ..., in files of four and two.
  DatasetSource six() {
    DatasetSource source;
    source.name = "six";
    source.images = {write_raw_npy("a.npy", "|u1", false, "4, 2, 2, 1", counting(16)),
                     write("b-idx", idx_bytes(0x08, {2, 2, 2}, counting(24).substr(16)))};
    return source;
  }
};

TEST_F(DatasetTest, FilesFollowEachOtherInOrder) {
  ImageSet set = load_images(six());
  EXPECT_EQ(set.count, 6);
  EXPECT_EQ(as_text(set.pixels), counting(24));
  DatasetHeader header = read_dataset_header(six());
  EXPECT_EQ(header.images, 6);
  EXPECT_EQ(header.channels, 1);
  EXPECT_EQ(header.labelled, 0);
  EXPECT_EQ(header.classes, 0);
  EXPECT_EQ(load_labels(six()), std::vector<std::int32_t>(6, -1));
}

TEST_F(DatasetTest, LimitCountsAfterTheClassSelection) {
  DatasetSource source = six();
  source.labels = {{write_raw_npy("y.npy", "|u1", false, "6,", std::string("\7\3\7\3\7\5")), 0}};
  source.classes = {7, 5};
  source.limit = 3;
  EXPECT_EQ(as_text(load_images(source).pixels), counting(24).substr(0, 4) + counting(24).substr(8, 4) + counting(24).substr(16, 4));
  source.limit.reset();
  EXPECT_EQ(load_labels(source), (std::vector<std::int32_t>{1, 1, 1, 0}));
  EXPECT_EQ(read_dataset_header(source).classes, 2);
}

TEST_F(DatasetTest, LabelsMayCoverSomeImagesOnly) {
  DatasetSource source = six();
  source.labels = {{write_raw_npy("y.npy", "<i8", false, "2,", std::string("\x14\0\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0", 16)), 4}};
  EXPECT_EQ(load_labels(source), (std::vector<std::int32_t>{-1, -1, -1, -1, 1, 0}));
  EXPECT_EQ(read_dataset_header(source).labelled, 2);
  EXPECT_EQ(read_dataset_header(source).classes, 2);
}

const std::string too_many =
    "\n  hint: are these the labels of other images? There must be one label for each image, in order";

TEST_F(DatasetTest, LabelsThatFallShortAreAnErrorUnlessTheirPlaceIsSaid) {
  DatasetSource source = six();
  auto header = [&] { return message_of([&] { read_dataset_header(source); }); };
  source.labels = {{.file = write_raw_npy("y.npy", "|u1", false, "2,", counting(2)), .gapless = true}};
  EXPECT_EQ(header(),
            "y.npy holds 2 labels, but there are 6 images\n  hint: are these the labels of other images? If not, and the other images have no labels, say which image the first "
            "label belongs to: labels: {file: y.npy, first_image: 4}")
      << "b-idx has two images";
  source.labels = {{.file = write_raw_npy("y.npy", "|u1", false, "3,", counting(3)), .gapless = true}};
  EXPECT_EQ(header(),
            "y.npy holds 3 labels, but there are 6 images\n  hint: are these the labels of other images? If not, and the other images have no labels, say which image the first "
            "label belongs to: labels: {file: y.npy, first_image: 0}");
  source.labels = {{.counts = {2, 3}, .gapless = true}};
  EXPECT_EQ(header(),
            "the counts add up to 5 labels, but there are 6 images\n  hint: are these the labels of other images? If not, and the other images have no labels, say which image the "
            "first label belongs to: labels: {counts: [2, 3], first_image: 0}");
  source.labels = {{.file = path("y.npy"), .gapless = true}, {.file = path("y.npy"), .first_image = 4, .gapless = true}};
  EXPECT_EQ(header(), "y.npy holds 3 labels, the first for image 4, but there are only 6 images" + too_many);
  source.labels = {{.file = path("y.npy"), .gapless = true}, {.first_image = 4, .counts = {2}, .gapless = true}};
  EXPECT_EQ(header(),
            "y.npy holds 3 labels, but there are 4 images before the next labels begin\n  hint: are these the labels of other images? If not, and the other images have no "
            "labels, say which image the first label belongs to: labels: {file: y.npy, first_image: 0}");
  source.labels = {{.file = path("y.npy"), .gapless = true}, {.first_image = 3, .counts = {3}, .gapless = true}};
  EXPECT_EQ(header(), "no error");
  source.labels[1].counts = {100'000'000, 100'000'000, 100'000'000};
  EXPECT_EQ(header(), "the counts add up to 300000000 labels, the first for image 3, but there are only 6 images" + too_many);
}

TEST_F(DatasetTest, ClassesKeepTheValuesOfTheirLabels) {
  DatasetSource source = six();
  EXPECT_TRUE(class_values(source).empty());
  source.labels = {{write_raw_npy("y.npy", "|i1", false, "5,", std::string("\7\3\377\3\5")), 0}};
  EXPECT_EQ(class_values(source), (std::vector<std::int64_t>{3, 5, 7}));
  source.limit = 3;
  EXPECT_EQ(class_values(source), (std::vector<std::int64_t>{3, 7})) << "of the selected images alone";
  source.limit.reset();
  source.classes = {5, 7};
  EXPECT_EQ(class_values(source), (std::vector<std::int64_t>{5, 7}));
}

TEST_F(DatasetTest, PaddingPutsTheOddRowAndColumnAtTheEnd) {
  DatasetSource source = six();
  source.limit = 1;
  source.pad_to = {5, 4};
  ImageSet set = load_images(source);
  EXPECT_EQ(set.height, 5);
  EXPECT_EQ(set.width, 4);
  EXPECT_EQ(set.pixels, (std::vector<std::uint8_t>{0, 0, 0, 0,  //
                                                   0, 0, 1, 0,  //
                                                   0, 2, 3, 0,  //
                                                   0, 0, 0, 0,  //
                                                   0, 0, 0, 0}));
  EXPECT_EQ(read_dataset_header(source).height, 5);
}

TEST_F(DatasetTest, ErrorsNameTheFileAndWhatIsWrong) {
  DatasetSource source = six();
  auto header = [&](const DatasetSource& s) { return message_of([&] { read_dataset_header(s); }); };

  DatasetSource sizes = source;
  sizes.images.push_back(write_raw_npy("c.npy", "|u1", false, "1, 3, 2, 1", counting(6)));
  EXPECT_EQ(header(sizes), "a.npy holds images of 2×2×1 but c.npy of 3×2×1; the files of a dataset must hold images of one size\n"
                           "  hint: bring all images to one size, for example with resize: [2, 2], or make a sweep of each file");

  DatasetSource labels = source;
  labels.labels = {{write_raw_npy("y.npy", "|u1", false, "7,", counting(7)), 0}};
  EXPECT_EQ(header(labels), "y.npy holds 7 labels, the first for image 0, but there are only 6 images" + too_many);
  labels.labels[0].gapless = true;
  EXPECT_EQ(header(labels), "y.npy holds 7 labels, but there are only 6 images" + too_many);
  labels.labels = {{write_raw_npy("y.npy", "|u1", false, "2,", counting(2)), 5}};
  EXPECT_EQ(header(labels), "y.npy holds 2 labels, the first for image 5, but there are only 6 images" + too_many);
  labels.labels = {{path("y.npy"), 0}, {path("y.npy"), 1}};
  EXPECT_EQ(header(labels), "y.npy labels image 1, which other labels before it have labelled already\n"
                            "  hint: change first_image, which says where the labels begin");

  labels.labels = {{path("y.npy"), 0}};
  labels.classes = {0, 9};
  EXPECT_EQ(header(labels), "dataset 'six' has no image of class 9\n  hint: its classes are 0, 1");
  source.classes = {0};
  EXPECT_EQ(header(source), "dataset 'six' selects classes but has no labels\n  hint: add labels to the dataset, or remove classes");
  source.classes = {};
  source.pad_to = {1, 4};
  EXPECT_EQ(header(source), "images of 2×2 in dataset 'six' cannot be padded to the smaller 1×4\n  hint: choose a pad_to of at least [2, 2]");
  source.pad_to = {65536, 65536};
  EXPECT_EQ(header(source), "images of 65536×65536×1 in dataset 'six' are too large\n  hint: choose a smaller pad_to");
  DatasetSource synthetic;
  synthetic.synthetic = DatasetSource::Synthetic{1, 1, 4096, 65536, 65536, 0, 0.1};
  EXPECT_EQ(header(synthetic), "synthetic images of 65536×65536×4096 are too large");
  EXPECT_EQ(header({}), "dataset '' names no image file");
}

TEST_F(DatasetTest, JsonComesBackUnchanged) {
  DatasetSource source = six();
  source.labels = {{path("y.npy"), 3}, {.counts = {1, 2}, .gapless = true}};
  source.classes = {1, 2};
  source.limit = 5;
  source.pad_to = {4, 4};
  source.split = {0.25, 7, path("public.npy")};
  EXPECT_EQ(DatasetSource::from_json(source.to_json()).to_json(), source.to_json());
  source.synthetic = DatasetSource::Synthetic{10, 2, 3, 8, 8, 1, 0.2};
  EXPECT_EQ(DatasetSource::from_json(source.to_json()).to_json(), source.to_json());
  EXPECT_THROW(DatasetSource::from_json(Json::object()), Error);
}

TEST_F(DatasetTest, SyntheticImagesDependOnSeedAndIndexAlone) {
  DatasetSource source;
  source.synthetic = DatasetSource::Synthetic{7, 3, 3, 8, 8, 5, 0.1};
  ImageSet all = load_images(source);
  source.limit = 4;
  ImageSet some = load_images(source);
  EXPECT_TRUE(std::equal(some.pixels.begin(), some.pixels.end(), all.pixels.begin()));
  EXPECT_EQ(load_labels(source), (std::vector<std::int32_t>{0, 1, 2, 0}));
  source.synthetic->seed = 6;
  EXPECT_NE(load_images(source).pixels, some.pixels);
}

TEST_F(DatasetTest, SyntheticImagesOfAClassAreAlikeUpToTheNoise) {
  DatasetSource source;
  source.synthetic = DatasetSource::Synthetic{4, 2, 1, 16, 16, 5, 0.0};
  ImageSet set = load_images(source);
  auto image = [&](int i) { return std::vector(set.pixels.begin() + 256 * i, set.pixels.begin() + 256 * (i + 1)); };
  EXPECT_EQ(image(0), image(2));
  EXPECT_NE(image(0), image(1));
}

}  // namespace
}  // namespace latentgrid
