// Formats that hold images beside other things: archives of arrays, CIFAR's binary files, labels as text.
#include "data/formats.hpp"
#include "support/command.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

using V = std::vector<std::int64_t>;

class FormatsTest : public DataTest {
 protected:
  static std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }

  // An archive as np.savez writes it, or np.savez_compressed, by Python's own zip writer.
  bool archive(const std::string& name, const std::vector<std::string>& members, bool compressed) const {
    std::vector<std::string> command{
        "/usr/bin/python3", "-c",
        "import sys, zipfile\n"
        "z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED if sys.argv[2] == '1' else zipfile.ZIP_STORED)\n"
        "for m in sys.argv[3:]: z.write(m, m.rsplit('/', 1)[-1])",
        path(name).string(), compressed ? "1" : "0"};
    for (const std::string& member : members) command.push_back(path(member).string());
    return testing::run_command(command, {}).exit_code == 0;
  }
  V first_pixels(PreparedImages& images) const {
    V pixels;
    for (std::int64_t i = 0; i < images.count(); ++i) pixels.push_back(images.image(i)[0]);
    return pixels;
  }
};

TEST_F(FormatsTest, ArraysOfAnArchiveAreReadByTheirNames) {
  write_raw_npy("x.npy", "|u1", false, "3, 100, 100, 3", counting(90000));
  write_raw_npy("f.npy", "|u1", true, "3, 2, 2, 1", counting(12));
  write_raw_npy("y.npy", "<i4", false, "3,", std::string("\7\0\0\0\0\0\0\0\xff\xff\xff\xff", 12));
  for (bool compressed : {false, true}) {
    ASSERT_TRUE(archive("d.npz", {"x.npy", "f.npy", "y.npy"}, compressed));
    auto images = open_images_of(path("d.npz:x"));
    EXPECT_EQ(images->shape(), (ImageShape{100, 100, 3}));
    EXPECT_EQ(first_pixels(*images), (V{0, 30000 % 251, 60000 % 251}));
    EXPECT_EQ(first_pixels(*images), (V{0, 30000 % 251, 60000 % 251})) << "again from the beginning";
    EXPECT_EQ(first_pixels(*open_images_of(path("d.npz:f"))), (V{0, 1, 2})) << "Fortran order";
    EXPECT_EQ(labels_in(path("d.npz:y")), (V{7, 0, -1}));
    EXPECT_EQ(message_of([&] { open_images_of(path("d.npz")); }),
              "d.npz holds the arrays x, f, y\n  hint: say which one is meant: d.npz:x");
    EXPECT_EQ(message_of([&] { labels_in(path("d.npz")); }),
              "d.npz holds the arrays x, f, y\n  hint: say which one is meant: d.npz:y");
    EXPECT_EQ(message_of([&] { open_images_of(path("d.npz:z")); }),
              "d.npz has no array 'z'\n  hint: its arrays are x, f, y");
    EXPECT_EQ(message_of([&] { open_images_of(path("d.npz:y")); }),
              "d.npz:y: images must have the shape N×H×W×C or N×H×W, not a list of 3 values\n"
              "  hint: a list like this may be the labels: name the file of the images");
  }
  ASSERT_TRUE(archive("one.npz", {"y.npy"}, true));
  EXPECT_EQ(labels_in(path("one.npz")), (V{7, 0, -1}));
}

TEST_F(FormatsTest, DamageInAnArchiveIsFound) {
  write_raw_npy("x.npy", "|u1", false, "2, 200, 200", noise(80000));
  ASSERT_TRUE(archive("d.npz", {"x.npy"}, true));
  std::string bytes = bytes_of(path("d.npz"));
  bytes[40000] ^= 1;
  write("d.npz", bytes);
  EXPECT_EQ(message_of([&] { first_pixels(*open_images_of(path("d.npz"))); }),
            "d.npz is damaged: its checksum is wrong\n  hint: copy or download the file again, in binary mode");
}

TEST_F(FormatsTest, CifarsBinaryFilesHoldImagesAndLabels) {
  auto record = [](const std::string& labels, char red, char green, char blue) {
    return labels + std::string(1024, red) + std::string(1024, green) + std::string(1024, blue);
  };
  const auto ten = write("data_batch_1.bin", record("\3", 1, 2, 3) + record("\1", 4, 5, 6));
  auto images = open_images_of(ten);
  EXPECT_EQ(images->count(), 2);
  EXPECT_EQ(images->shape(), (ImageShape{32, 32, 3}));
  EXPECT_EQ(as_text({images->image(1).begin(), images->image(1).begin() + 6}), "\4\5\6\4\5\6");
  EXPECT_EQ(labels_in(ten), (V{3, 1}));
  DatasetSource source;
  source.images = {ten};
  source.labels = {{ten}};
  EXPECT_TRUE(names_in_files(source).empty());
  write("batches.meta.txt", "airplane\nautomobile\nbird\ncat\n\n");
  EXPECT_EQ(names_in_files(source), (std::vector<std::string>{"automobile", "cat"}));

  const auto hundred = write("train.bin", record(std::string("\2\x63", 2), 1, 2, 3));
  EXPECT_EQ(labels_in(hundred), V{99}) << "the fine label";
  EXPECT_EQ(first_pixels(*open_images_of(hundred)), V{1});
  EXPECT_EQ(message_of([&] { open_images_of(write("x.bin", std::string(3073, '\x10'))); }),
            "x.bin has an unknown format\n  hint: images are read from " + formats_that_hold(FileRole::images));
}

TEST_F(FormatsTest, Stl10sFilesHoldColumnsOfEachColour) {
  std::string image(3 * 96 * 96, '\0');
  image[96 + 2] = 7;                 // red of row 2, column 1
  image[2 * 96 * 96 + 95 * 96] = 9;  // blue of row 0, column 95
  const auto file = write("train_X.bin", std::string(image.size(), '\1') + image);
  auto images = open_images_of(file);
  EXPECT_EQ(images->count(), 2);
  EXPECT_EQ(images->shape(), (ImageShape{96, 96, 3}));
  const auto pixels = images->image(1);
  EXPECT_EQ(pixels[(2 * 96 + 1) * 3], 7);
  EXPECT_EQ(pixels[95 * 3 + 2], 9);
  EXPECT_FALSE(images->source().labelled());
  write("train_y.bin", "\2\1");
  EXPECT_EQ(labels_in(file), (V{1, 0}));
  write("class_names.txt", "airplane\nbird\n");
  DatasetSource source;
  source.images = {file};
  source.labels = {{file}};
  EXPECT_EQ(names_in_files(source), (std::vector<std::string>{"airplane", "bird"}));
  write("train_y.bin", "\2");
  EXPECT_EQ(message_of([&] { labels_in(file); }),
            "train_y.bin holds 1 label, but train_X.bin holds 2 images\n  hint: download both files again");
}

TEST_F(FormatsTest, WhatIsReadIsListed) {
  EXPECT_EQ(formats_that_hold(FileRole::labels), ".npy, .npz, IDX (.gz) and text files");
  EXPECT_TRUE(formats_that_hold(FileRole::images).ends_with(", IDX (.gz) and folders of PNG and JPEG pictures"));
}

TEST_F(FormatsTest, LabelsMayBeText) {
  EXPECT_EQ(labels_in(write("y.txt", "3\n1\n-1\n")), (V{3, 1, -1}));
  EXPECT_EQ(labels_in(write("y.csv", "id,label\n0,7\n1,\n2,9\n")), (V{7, -1, 9}));
  EXPECT_EQ(labels_in(write("y.csv", "label\n4\n5\n")), (V{4, 5}));
  EXPECT_EQ(labels_in(write("row.txt", "3,1,2\n")), (V{3, 1, 2}));
  EXPECT_EQ(labels_in(write("names.csv", "\xef\xbb\xbf\r\n\"file\";\"class\"\r\na.png;dog\r\n\r\nb.png;cat\r\n")),
            (V{1, 0}));
  EXPECT_EQ(labels_in(write("y.csv", std::string("\xff\xfe"
                                                 "3\0\t\0x\0\n\0"
                                                 "4\0\t\0y\0\n\0",
                                                 18))),
            (V{0, 1}));
  const LabelFile words = read_label_file(write("words.txt", "ship\nbird\n\nship\n"));
  EXPECT_EQ(words.labels.values, (V{1, 0, 1}));
  EXPECT_EQ(words.labels.names, (std::vector<std::string>{"bird", "ship"}));
  EXPECT_EQ(message_of([&] { labels_in(write("y.csv", "a,b,c\n1,2,3\n4,5,6\n")); }),
            "y.csv has 3 columns, and none is called label\n  hint: keep two columns, called name and label, or one "
            "label a line");
  EXPECT_EQ(
      message_of([&] { labels_in(write("y.csv", "id,label\n1,2\n2,3,4\n")); }),
      "line 3 of y.csv has 3 fields, but the lines before it have 2\n  hint: put fields that hold a comma into quotes");
  EXPECT_EQ(message_of([&] { labels_in(write("y.txt", "1\n-7\n")); }),
            "line 2 of y.txt: the label is -7; labels are 0 or more, and -1 is 'no label'\n  hint: number the classes "
            "from 0");
}

TEST_F(FormatsTest, RowsOfATableMustBeInTheOrderOfTheImages) {
  DatasetSource source;
  source.images = {write_raw_npy("x.npy", "|u1", false, "3, 1, 1", counting(3))};
  source.labels = {{.file = write("y.csv", "id,label\n1,5\n2,6\n3,5\n"), .gapless = true}};
  EXPECT_EQ(load_labels(source), (std::vector<std::int32_t>{0, 1, 0}));
  write("y.csv", "id,label\n1,5\n3,6\n2,5\n");
  EXPECT_EQ(message_of([&] { load_labels(source); }),
            "y.csv: 3 follows 1, so the rows are not in the order of the images\n  hint: sort the rows by their "
            "numbers, with one row for "
            "each image; an image without a label has -1");
  write("y.csv", "name,label\na.png,5\nb.png,6\nc.png,5\n");
  EXPECT_EQ(message_of([&] { load_labels(source); }),
            "y.csv labels the picture 'a.png', but the images are not files of their own\n  hint: keep the column of "
            "labels alone, in the "
            "order of the images");
}

TEST_F(FormatsTest, NumbersOfImagesMayBeText) {
  EXPECT_EQ(read_index_file(write("i.txt", "4\n0\n2\n"), 5), (V{4, 0, 2}));
  EXPECT_EQ(message_of([&] { read_index_file(write("i.txt", "4\nx\n"), 5); }),
            "line 2 of i.txt: 'x' is not a whole number\n  hint: is this the right file?");
}

}  // namespace
}  // namespace latentgrid
