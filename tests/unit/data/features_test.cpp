// Vectors of another model as a dataset.
#include "data/digest_cache.hpp"
#include "data/features.hpp"

#include "store/npy.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class FeaturesTest : public DataTest {
 protected:
  DatasetSource source(const std::vector<std::string>& names) const {
    DatasetSource source;
    source.name = "test";
    for (const std::string& name : names) source.features.push_back(path(name));
    return source;
  }
  void rows(const std::string& name, const std::vector<float>& values, std::vector<std::int64_t> shape) const {
    write_npy(path(name), std::span<const float>(values), std::move(shape));
  }
};

TEST_F(FeaturesTest, RowsOfAllFilesFollowTheSelection) {
  rows("a.npy", {1, 2, 3, 4}, {2, 2});
  write_npy(path("b.npy"), std::span<const double>(std::vector<double>{5, 6, 7, 8}), {2, 2});
  DatasetSource both = source({"a.npy", "b.npy"});
  EXPECT_EQ(load_features(both).values, (std::vector<float>{1, 2, 3, 4, 5, 6, 7, 8}));
  both.limit = 3;
  const FeatureSet three = load_features(both);
  EXPECT_EQ(three.values, (std::vector<float>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(three.count, 3);
  EXPECT_EQ(three.width, 2);
  DigestCache cache;
  EXPECT_EQ(feature_identity(both, cache), three.identity);
  EXPECT_EQ(three.identity.at("shape"), Json({3, 2}));
  const DatasetHeader header = read_dataset_header(both);
  EXPECT_EQ(header.images, 3);
  EXPECT_EQ(header.feature_width, 2);
  EXPECT_EQ(header.height, 0);
}

TEST_F(FeaturesTest, HowTheValuesAreStoredIsNoPartOfTheIdentity) {
  rows("a.npy", {1, 2, 3, 4}, {2, 2});
  write_npy(path("b.npy"), std::span<const double>(std::vector<double>{1, 2, 3, 4}), {2, 2});
  DigestCache cache;
  EXPECT_EQ(feature_identity(source({"a.npy"}), cache), feature_identity(source({"b.npy"}), cache));
}

TEST_F(FeaturesTest, WhatIsWrongNamesTheFile) {
  rows("nan.npy", {1, 2, std::nanf(""), 4}, {2, 2});
  rows("cube.npy", {1, 2, 3, 4}, {1, 2, 2});
  rows("wide.npy", {1, 2, 3}, {1, 3});
  rows("a.npy", {1, 2}, {1, 2});
  EXPECT_EQ(message_of([&] { load_features(source({"nan.npy"})); }),
            "nan.npy: row 1, counted from 0, has values that are not finite as float32\n"
            "  hint: leave such images out, or replace the values: np.nan_to_num(features)");
  EXPECT_EQ(message_of([&] { feature_width(source({"cube.npy"})); }),
            "cube.npy holds 1×2×2 values, and features are N×D: one row of values for each image\n"
            "  hint: save them with np.save(\"features.npy\", features.reshape(len(features), -1).astype(\"float32\"))");
  EXPECT_EQ(message_of([&] { feature_width(source({"a.npy", "wide.npy"})); }),
            "wide.npy has 3 values in a row, and the file before it 2\n  hint: all files of features must come from one model");
}

TEST_F(FeaturesTest, ThereIsOneRowForEachImage) {
  rows("a.npy", {1, 2, 3, 4}, {2, 2});
  DatasetSource with_images = source({"a.npy"});
  with_images.synthetic = DatasetSource::Synthetic{.images = 3};
  EXPECT_EQ(message_of([&] { load_features(with_images); }),
            "there are 2 rows of features and 3 images\n  hint: give one row for each image of all image files, in their order");
}

}  // namespace
}  // namespace latentgrid
