#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

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

TEST(Dataset, PathsAreRelativeToTheSweepFile) {
  TemporaryFolder files;
  write_images(files / "a.npy", 5);
  std::ofstream(files / "sweep.yaml") << sweep("images: a.npy, name: mine, limit: 3, pad_to: 8, classes: null");
  Diagnostics diagnostics;
  auto loaded = load_sweep(files / "sweep.yaml", {}, diagnostics);
  ASSERT_TRUE(loaded) << diagnostics.render();
  EXPECT_EQ(loaded->dataset.images[0], files / "a.npy");
  EXPECT_EQ(loaded->dataset.name, "mine");
  EXPECT_EQ(loaded->dataset.limit, 3);
  EXPECT_EQ(loaded->dataset.pad_to, (std::array<std::int64_t, 2>{8, 8}));
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

TEST(DataFolder, WithoutTrainXIsAnError) {
  TemporaryFolder folder;
  SweepText s(sweep(elsewhere), data(folder.path()));
  EXPECT_FALSE(s.sweep);
  EXPECT_EQ(s.said(), "--data " + folder.path().string() +
                          ": error: the folder has no trainX.npy\n"
                          "  hint: expected: trainX.npy with trainY.npy, or with valX.npy and valY.npy\n");
}

}  // namespace
}  // namespace latentgrid
