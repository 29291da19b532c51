#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "spec/dataset_section.hpp"
#include "store/npy.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

using testing::SweepText;
using testing::TemporaryFolder;

void write_images(const std::filesystem::path& file, std::int64_t count) {
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count * 4 * 4 * 3));
  write_npy(file, std::span<const std::uint8_t>(pixels), {count, 4, 4, 3});
}

void write_labels(const std::filesystem::path& file, std::int64_t count) {
  std::vector<std::int64_t> labels(static_cast<std::size_t>(count));
  write_npy(file, std::span<const std::int64_t>(labels), {count});
}

std::string sweep(const std::string& dataset) {
  return "name: test\ndataset: {" + dataset + "}\ngrid: {architecture: raw}\n";
}

SpecOptions data(const std::filesystem::path& folder) {
  return {{}, folder};
}

TEST(Dataset, ListsOfLabelsRunBesideTheImages) {
  TemporaryFolder files;
  write_images(files / "a.npy", 5);
  write_images(files / "b.npy", 7);
  write_labels(files / "la.npy", 5);
  write_labels(files / "lb.npy", 7);
  const std::string at = files.path().string();
  SweepText s(sweep("images: [" + at + "/a.npy, " + at + "/b.npy], labels: [" + at + "/la.npy, " + at + "/lb.npy]"));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->dataset.name, "a");
  ASSERT_EQ(s.sweep->dataset.labels.size(), 2u);
  EXPECT_EQ(s.sweep->dataset.labels[0].first_image, 0);
  EXPECT_EQ(s.sweep->dataset.labels[1].first_image, 5);
}

TEST(Dataset, AFileOfImagesListedTwiceIsAWarning) {
  TemporaryFolder files;
  write_images(files / "a.npy", 5);
  write_images(files / "b.npy", 7);
  const std::string at = files.path().string();
  const std::string list = "images: [" + at + "/a.npy, " + at + "/b.npy, " + at + "/./a.npy]";
  const SweepText s(sweep(list));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_NE(s.said().find("warning: a.npy is listed twice: each of its images counts twice"), std::string::npos) << s.said();
  EXPECT_NE(s.said().find("hint: remove it, unless that is what you want"), std::string::npos) << s.said();
}

TEST(Dataset, ItsRangeIsOneOfTwo) {
  auto range = [](const std::string& written) {
    return SweepText(sweep("synthetic: {images: 5}" + written)).sweep.value().dataset.range;
  };
  EXPECT_EQ(range(""), PixelRange::minus_one_to_one);
  EXPECT_EQ(range(", range: [-1, 1]"), PixelRange::minus_one_to_one);
  EXPECT_EQ(range(", range: [0, 1]"), PixelRange::zero_to_one);
  EXPECT_EQ(range(", range: [0.0, 1.0]"), PixelRange::zero_to_one);
  EXPECT_EQ(SweepText(sweep("synthetic: {images: 5}, range: [0, 255]")).said(),
            "sweep.yaml:2:42: error: range expects [-1, 1] or [0, 1], got a list\n"
            "  dataset: {synthetic: {images: 5}, range: [0, 255]}\n"
            "                                           ^\n"
            "  hint: the floats that the bytes 0 and 255 become; [-1, 1] unless said otherwise\n");
}

TEST(Dataset, TheImagesOfAMapHaveTheSweepsRange) {
  SweepText s(sweep("synthetic: {images: 5}") +
              "report: {figures: [{map: {dataset: {synthetic: {images: 5}, range: [0, 1]}}}]}\n");
  EXPECT_EQ(s.said(),
            "sweep.yaml:4:61: error: the images of a figure are scaled as those of the sweep\n"
            "  report: {figures: [{map: {dataset: {synthetic: {images: 5}, range: [0, 1]}}}]}\n"
            "                                                              ^\n"
            "  hint: remove range here; it belongs to the sweep's own dataset\n");
}

TEST(Dataset, RangeIsLeftOutOfWhatIsStoredAtItsDefault) {
  DatasetSource source;
  EXPECT_FALSE(source.to_json().contains("range"));
  source.range = PixelRange::zero_to_one;
  EXPECT_EQ(source.to_json()["range"], (Json{0, 1}));
  EXPECT_EQ(DatasetSource::from_json(source.to_json()).range, PixelRange::zero_to_one);
}

TEST(Dataset, PathsAreRelativeToTheSweepFile) {
  TemporaryFolder files;
  write_images(files / "a.npy", 5);
  std::ofstream(files / "sweep.yaml") << sweep("images: a.npy, name: mine, limit: 3, pad_to: 8, classes: null");
  Diagnostics diagnostics;
  const Sweep loaded = read_sweep(files / "sweep.yaml", {}, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << diagnostics.render();
  EXPECT_EQ(loaded.dataset.images[0], files / "a.npy");
  EXPECT_EQ(loaded.dataset.name, "mine");
  EXPECT_EQ(loaded.dataset.limit, 3);
  EXPECT_EQ(loaded.dataset.pad_to, (std::array<std::int64_t, 2>{8, 8}));
}

TEST(Dataset, OfSomeLabelledImagesSaysWhereTheyBegin) {
  TemporaryFolder files;
  write_images(files / "a.npy", 9);
  write_labels(files / "l.npy", 2);
  const std::string at = files.path().string();
  SweepText s(sweep("images: " + at + "/a.npy, labels: {file: " + at + "/l.npy, first_image: 7}"));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->dataset.labels[0].first_image, 7);
  EXPECT_FALSE(s.sweep->dataset.split.written);
}

const char* const elsewhere = "images: not/here.npy, limit: 4, split: {public_fraction: 0.3, seed: 5}";

TEST(DataFolder, ReplacesTheFilesAndKeepsTheRest) {
  TemporaryFolder folder;
  write_images(folder / "trainX.npy", 5);
  write_labels(folder / "trainY.npy", 5);
  SweepText s(sweep(elsewhere), data(folder.path()));
  ASSERT_TRUE(s.sweep) << s.said();
  const DatasetSource& source = s.sweep->dataset;
  EXPECT_EQ(source.name, folder.path().filename().string());
  EXPECT_EQ(source.images, std::vector{folder / "trainX.npy"});
  EXPECT_EQ(source.labels.at(0).file, folder / "trainY.npy");
  EXPECT_EQ(source.limit, 4);
  EXPECT_EQ(source.split.public_fraction, 0.3);
  EXPECT_EQ(source.split.seed, 5);
  EXPECT_TRUE(source.split.written);
}

TEST(DataFolder, WithoutTrainYHasTheLabelsOfValX) {
  TemporaryFolder folder;
  write_images(folder / "trainX.npy", 5);
  write_images(folder / "valX.npy", 2);
  write_labels(folder / "valY.npy", 2);
  SpecOptions options = data(folder.path());
  options.sets = {"dataset.limit=null"};
  SweepText s(sweep(elsewhere), options);
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.said(), "");
  EXPECT_EQ(s.sweep->dataset.images, (std::vector{folder / "trainX.npy", folder / "valX.npy"}));
  EXPECT_EQ(s.sweep->dataset.labels.at(0).file, folder / "valY.npy");
  EXPECT_EQ(s.sweep->dataset.labels.at(0).first_image, 5);
}

TEST(DataFolder, IgnoresALimitThatTakesAllLabelsAway) {
  TemporaryFolder folder;
  write_images(folder / "trainX.npy", 5);
  write_images(folder / "valX.npy", 2);
  write_labels(folder / "valY.npy", 2);
  SweepText s(sweep(elsewhere), data(folder.path()));
  EXPECT_EQ(s.said(), "--data " + folder.path().string() +
                          ": warning: limit 4 is ignored: it would leave no labelled image (the first label belongs to image 5)\n");
  ASSERT_TRUE(s.sweep);
  EXPECT_FALSE(s.sweep->dataset.limit);
}

TEST(DataFolder, WithoutTrainXSaysWhatIsThere) {
  TemporaryFolder folder;
  auto said = [&] { return SweepText(sweep(elsewhere), data(folder.path())).said(); };
  const std::string start = "--data " + folder.path().string() + ": error: the folder has no trainX.npy; ",
                    hint = "\n  hint: it needs trainX.npy (or trainX_new.npy), with trainY.npy, or with valX.npy and valY.npy\n";
  EXPECT_EQ(said(), start + "it is empty" + hint);
  write_images(folder / "x.npy", 5);
  write_images(folder / "valX.npy", 5);
  EXPECT_EQ(said(), start + "it holds valX.npy, x.npy" + hint);
}

TEST(DataFolder, ThatIsNoneSaysSo) {
  TemporaryFolder folder;
  EXPECT_EQ(SweepText(sweep(elsewhere), data(folder / "none")).said(),
            "--data " + (folder / "none").string() + ": error: there is no folder " + (folder / "none").string() +
                "\n  hint: a relative path begins at the current folder\n");
  write_images(folder / "x.npy", 5);
  EXPECT_EQ(SweepText(sweep(elsewhere), data(folder / "x.npy")).said(),
            "--data " + (folder / "x.npy").string() + ": error: " + (folder / "x.npy").string() +
                " is not a folder\n  hint: --data takes the folder that holds trainX.npy\n");
}

TEST(DataFolder, MayHaveTheCoursesOwnName) {
  TemporaryFolder folder;
  write_images(folder / "trainX_new.npy", 5);
  SweepText s(sweep(elsewhere), data(folder.path()));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->dataset.images, std::vector{folder / "trainX_new.npy"});
  write_images(folder / "trainX.npy", 5);
  EXPECT_EQ(SweepText(sweep(elsewhere), data(folder.path())).sweep->dataset.images, std::vector{folder / "trainX.npy"});
}

TEST(DataFolder, NeverHasFewerLabelsThanImages) {
  TemporaryFolder folder;
  write_images(folder / "trainX.npy", 5);
  write_images(folder / "valX.npy", 3);
  write_labels(folder / "valY.npy", 2);
  SpecOptions options = data(folder.path());
  options.sets = {"dataset.limit=null"};
  SweepText s(sweep(elsewhere), options);
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_THROW(read_dataset_header(s.sweep->dataset), DatasetError);
  write_labels(folder / "valY.npy", 3);
  EXPECT_EQ(read_dataset_header(s.sweep->dataset).labelled, 3);
}

TEST(DataFolder, ASplitThatWasWrittenForOtherImagesIsAWarning) {
  TemporaryFolder folder;
  write_images(folder / "trainX.npy", 5);
  write_labels(folder / "trainY.npy", 5);
  const std::string mask = (folder / "trainY.npy").string();
  SweepText s(sweep("images: none.npy, split: {public_indices: " + mask + "}"), data(folder.path()));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_NE(s.said().find("warning: public_indices was written for other images, and is now applied to those of --data\n"),
            std::string::npos)
      << s.said();
  SpecOptions options = data(folder.path());
  options.sets = {"dataset.split.public_indices=" + mask};
  EXPECT_EQ(SweepText(sweep("images: none.npy"), options).said(), "");
}

// The images of a map, which the report section replaces too.
class VisualizationFolder : public ::testing::Test {
 protected:
  VisualizationFolder() {
    write_images(folder_ / "trainX.npy", 5);
    write_images(folder_ / "visualization.npy", 6);
  }
  SweepText with(const std::string& dataset) const {
    return SweepText(sweep("images: none.npy") + "report: {figures: [map: {job: best, dataset: {" + dataset + "}}]}\n",
                     data(folder_.path()));
  }

  TemporaryFolder folder_;
};

TEST_F(VisualizationFolder, WithoutLabelsHasNone) {
  for (const char* dataset : {"images: visualization.npy", "images: other.npy, labels: {counts: [3, 3]}", "synthetic: {images: 6}"}) {
    const SweepText s = with(dataset);
    ASSERT_TRUE(s.sweep) << s.said();
    EXPECT_EQ(s.said(), "");
    EXPECT_EQ(s.sweep->figures[0].dataset->images, std::vector{folder_ / "visualization.npy"});
    EXPECT_TRUE(s.sweep->figures[0].dataset->labels.empty()) << dataset;
  }
}

TEST_F(VisualizationFolder, HasTheLabelsBesideIt) {
  write_labels(folder_ / "visualizationY.npy", 6);
  const SweepText s = with("images: visualization.npy, labels: {counts: [3, 3]}");
  ASSERT_TRUE(s.sweep) << s.said();
  ASSERT_EQ(s.sweep->figures[0].dataset->labels.size(), 1u);
  EXPECT_EQ(s.sweep->figures[0].dataset->labels[0].file, folder_ / "visualizationY.npy");
  EXPECT_TRUE(s.sweep->figures[0].dataset->labels[0].gapless);
}

TEST_F(VisualizationFolder, KeepsCountsOfAFileOfItsNameAndSizeAlone) {
  const SweepText fits = with("images: data/visualization.npy, labels: {counts: [2, 4]}");
  ASSERT_TRUE(fits.sweep) << fits.said();
  EXPECT_EQ(fits.sweep->figures[0].dataset->labels.at(0).counts, (std::vector<std::int64_t>{2, 4}));
  const SweepText other = with("images: visualization.npy, labels: {counts: [2500, 2500]}");
  ASSERT_TRUE(other.sweep) << other.said();
  EXPECT_TRUE(other.sweep->figures[0].dataset->labels.empty());
  EXPECT_EQ(other.said(), "--data " + folder_.path().string() +
                              ": warning: the counts of labels in the sweep file are of 5000 images, but " +
                              (folder_ / "visualization.npy").string() + " holds 6: the map has no classes\n"
                              "  hint: save the labels beside it as visualizationY.npy\n");
}

TEST(DatasetFile, ThatIsMissingIsSearchedFor) {
  TemporaryFolder files;
  write_images(files / "trainX.npy", 5);
  const std::string at = files.path().string();
  auto hint = [&](const std::string& images) {
    const std::string said = SweepText(sweep("images: " + images)).said();
    const std::size_t at_hint = said.find("  hint: ");
    return at_hint == std::string::npos ? "" : said.substr(at_hint + 8, said.size() - at_hint - 9);
  };
  EXPECT_EQ(hint(at + "/trianX.npy"), "did you mean '" + at + "/trainX.npy'?");
  EXPECT_EQ(hint("images/trainX.npy"), "there is no folder images; a relative path begins at the folder of the sweep file");
  EXPECT_EQ(hint("~nobody/x.npy"), "only ~/ is known, your own home folder: write the whole path");
  EXPECT_EQ(hint(at + "/other"), "its folder holds trainX.npy");
}

TEST(DatasetFile, OfTheHomeFolderIsFound) {
  TemporaryFolder home;
  write_images(home / "x.npy", 5);
  const std::string before = std::getenv("HOME") ? std::getenv("HOME") : "";
  ::setenv("HOME", home.path().c_str(), 1);
  SweepText s(sweep("images: ~/x.npy"));
  ::setenv("HOME", before.c_str(), 1);
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->dataset.images, std::vector{home / "x.npy"});
}

TEST(DatasetFile, ThatIsAFolderSaysWhatItHolds) {
  TemporaryFolder files;
  write_images(files / "a.npy", 5);
  SweepText s(sweep("images: " + files.path().string()));
  EXPECT_NE(s.said().find("error: " + files.path().string() + " is a folder\n"), std::string::npos) << s.said();
  EXPECT_NE(s.said().find("hint: name the file, or several in a list; the folder holds a.npy\n"), std::string::npos) << s.said();
}

TEST(DatasetFile, WhoseNameIsNotUtf8IsRefused) {
  SweepText s(sweep("images: caf\xe9.npy"));
  EXPECT_NE(s.said().find("error: this character is not UTF-8\n"), std::string::npos) << s.said();
  EXPECT_NE(s.said().find("  hint: save the file as UTF-8; a file that is named here and whose name is not UTF-8 needs another name\n"),
            std::string::npos)
      << s.said();
}

}  // namespace
}  // namespace latentgrid
