#include "report/disagreement.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "support/predictions.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct Predictions : ::testing::Test {
  TemporaryFolder folder;
  const ArtifactStore store{folder.path()};
  const ArtifactId a{std::string(64, 'a'), 0}, b{std::string(64, 'b'), 0};
  DatasetSource source = alternating_labels(6);  // 0 1 0 1 0 1

  std::variant<Disagreement, Omission> compared(Split split = Split::all) {
    return PredictionComparison(store, [&] { return ImageLabels(source); }).disagreement(a, b, split);
  }
  std::string omission(Split split = Split::all) { return std::get<Omission>(compared(split)).reason; }
  void write_npy_labels(const std::vector<std::int32_t>& labels) {
    std::vector<std::uint8_t> pixels(labels.size() * 4);
    write_npy(folder / "x.npy", std::span<const std::uint8_t>(pixels),
              {static_cast<std::int64_t>(labels.size()), 2, 2, 1});
    write_npy(folder / "y.npy", std::span<const std::int32_t>(labels), {static_cast<std::int64_t>(labels.size())});
    source = {};
    source.name = "files";
    source.images = {folder / "x.npy"};
    source.labels = {{folder / "y.npy", 0}};
  }
};

TEST_F(Predictions, AreComparedImageByImage) {
  write_predictions(store, a, {0, 1, 0, 0, 1, 1});  // wrong on 3 and 4
  write_predictions(store, b, {0, 1, 1, 0, 1, 0});  // wrong on 2, 3, 4 and 5
  const auto found = std::get<Disagreement>(compared());
  EXPECT_EQ(found.only_first, 2);
  EXPECT_EQ(found.only_second, 0);
  EXPECT_EQ(found.images, 6);
}

TEST_F(Predictions, ThePartsOfASplitAddUpToAll) {
  source = alternating_labels(200);
  source.split.public_fraction = 0.3;
  std::vector<std::int32_t> of_a, of_b;
  for (int i = 0; i < 200; ++i) {
    of_a.push_back(i % 3 == 0 ? 0 : i % 2);
    of_b.push_back(i % 5 == 0 ? 1 : i % 2);
  }
  write_predictions(store, a, of_a);
  write_predictions(store, b, of_b);
  PredictionComparison comparison(store, [&] { return ImageLabels(source); });
  auto of = [&](Split split) { return std::get<Disagreement>(comparison.disagreement(a, b, split)); };
  const Disagreement all = of(Split::all), shown = of(Split::public_part), hidden = of(Split::private_part);
  EXPECT_EQ(shown.images, 60);
  EXPECT_EQ(hidden.images, 140);
  // a is wrong on odd multiples of 3, b on even multiples of 5: never on the same image.
  EXPECT_EQ(all.only_first, 20);
  EXPECT_EQ(all.only_second, 33);
  EXPECT_EQ(shown.only_first + hidden.only_first, all.only_first);
  EXPECT_EQ(shown.only_second + hidden.only_second, all.only_second);
}

TEST_F(Predictions, ImagesWithoutALabelDoNotCount) {
  write_npy_labels({1, -1, 0, -1});
  write_predictions(store, a, {1, 1, 0, 0});
  write_predictions(store, b, {0, 0, 0, 1});
  const auto found = std::get<Disagreement>(compared());
  EXPECT_EQ(found.images, 2);
  EXPECT_EQ(found.only_first, 1);
  EXPECT_EQ(found.only_second, 0);
}

TEST_F(Predictions, WhatIsMissingIsAnOmissionThatNamesIt) {
  const std::filesystem::path file = write_predictions(store, a, {0, 1, 0, 1, 0, 1});
  EXPECT_EQ(omission(), (store.folder("score", b) / "predictions.npy").string() + " is missing");
  write_predictions(store, b, {0, 1, 0});
  EXPECT_EQ(omission(), (store.folder("score", b) / "predictions.npy").string() +
                       " holds 3 predictions, but its data set has 6 images");
  std::ofstream(file) << "no numbers";
  EXPECT_NE(omission().find(file.string()), std::string::npos) << omission();
}

TEST_F(Predictions, LabelsThatAreGoneOrWereNeverThereAreAnOmission) {
  write_npy_labels({1, 0});
  source.labels.clear();
  EXPECT_EQ(omission(), "the data set has no labels");
  PredictionComparison gone(store, []() -> ImageLabels { throw Error("images.json is missing\n  hint: run it again"); });
  EXPECT_EQ(std::get<Omission>(gone.disagreement(a, b, Split::all)).reason, "images.json is missing; run it again");
}

TEST_F(Predictions, APartWithoutImagesIsAnOmission) {
  source.split.public_fraction = 1;
  write_predictions(store, a, {0, 1, 0, 1, 0, 1});
  write_predictions(store, b, {0, 1, 0, 1, 0, 1});
  EXPECT_EQ(omission(Split::private_part), "no labelled image is private");
  EXPECT_EQ(std::get<Disagreement>(compared(Split::public_part)).images, 6);
}

}  // namespace
}  // namespace latentgrid
