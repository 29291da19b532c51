#include "base/key.hpp"
#include "data/dataset.hpp"
#include "data/digest_cache.hpp"
#include "data/identity.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class IdentityTest : public DataTest {
 protected:
  DatasetSource source(const std::vector<std::filesystem::path>& images) {
    DatasetSource s;
    s.name = "any";
    s.images = images;
    return s;
  }
  DatasetSource labelled() {
    DatasetSource s = source({write_raw_npy("x.npy", "|u1", false, "4, 2, 2, 1", counting(16))});
    s.labels = {{write_raw_npy("y.npy", "|u1", false, "4,", std::string("\0\1\0\1", 4)), 0}};
    return s;
  }
  Json identity(const DatasetSource& s) {
    DigestCache cache;
    return image_identity(s, cache);
  }
  DigestCache cache_;
};

TEST_F(IdentityTest, IsTheDigestOfTheSelectedBytesBeforePadding) {
  DatasetSource s = labelled();
  s.limit = 3;
  s.pad_to = {4, 4};
  EXPECT_EQ(identity(s), Json({{"shape", {3, 2, 2, 1}}, {"sha256", sha256_hex(counting(12))}, {"pad_to", {4, 4}}}));
}

TEST_F(IdentityTest, FormatsAndDivisionIntoFilesDoNotEnter) {
  Json one = identity(labelled());
  EXPECT_EQ(identity(source({write_gz("a.gz", idx_bytes(0x08, {1, 2, 2}, counting(4))),
                             write("b", idx_bytes(0x08, {3, 2, 2}, counting(16).substr(4)))})),
            one);
}

TEST_F(IdentityTest, LoadingReportsTheSameIdentity) {
  DatasetSource s = labelled();
  s.classes = {1};
  s.pad_to = {3, 3};
  EXPECT_EQ(load_images(s).identity, identity(s));
  DatasetSource synthetic;
  synthetic.synthetic = DatasetSource::Synthetic{8, 2, 1, 4, 4, 1, 0.1};
  EXPECT_EQ(load_images(synthetic).identity, identity(synthetic));
  synthetic.classes = {0};
  EXPECT_EQ(load_images(synthetic).identity, identity(synthetic));
}

TEST_F(IdentityTest, LabelsAndSplitDoNotChangeTheImages) {
  DatasetSource s = labelled();
  Json images = image_identity(s, cache_), labels = label_identity(s, cache_), split = split_identity(s, cache_);
  write_raw_npy("y.npy", "|u1", false, "4,", std::string("\0\1\1\1", 4));
  s.split.public_fraction = 0.75;
  EXPECT_EQ(image_identity(s, cache_), images);
  EXPECT_NE(label_identity(s, cache_), labels);
  EXPECT_NE(split_identity(s, cache_), split);
  s.labels.clear();
  EXPECT_EQ(image_identity(s, cache_), images);
  EXPECT_TRUE(label_identity(s, cache_).is_null());
  EXPECT_EQ(split_identity(s, cache_), identity_of_split(load_public_mask(s))) << "a competition may say which images are public";
}

TEST_F(IdentityTest, OfWhatWasReadIsTheSame) {
  const DatasetSource s = labelled();
  EXPECT_EQ(identity_of_labels(load_labels(s)), label_identity(s, cache_));
  EXPECT_EQ(identity_of_split(load_public_mask(s)), split_identity(s, cache_));
}

TEST_F(IdentityTest, AChangedPixelIsSeenThroughTheCache) {
  DatasetSource s = labelled();
  Json before = image_identity(s, cache_);
  std::string pixels = counting(16);
  pixels[9] = 77;
  write_raw_npy("x.npy", "|u1", false, "4, 2, 2, 1", pixels);
  EXPECT_NE(image_identity(s, cache_), before);
}

TEST_F(IdentityTest, TellsHowManyImagesHaveBeenReadWhereItReadsThem) {
  DatasetSource s = source({write_raw_npy("x.npy", "|u1", false, "1200, 1, 1", counting(1200))});
  std::vector<std::pair<std::int64_t, std::int64_t>> told;
  DigestCache cache({}, [] { return 4e9; });
  cache.report_to([&](std::int64_t done, std::int64_t total) { told.emplace_back(done, total); });
  const std::vector<std::pair<std::int64_t, std::int64_t>> expected{{500, 1200}, {1000, 1200}};
  image_identity(s, cache);
  EXPECT_EQ(told, expected);
  image_identity(s, cache);
  EXPECT_EQ(told, expected) << "what is remembered is not read";
}

TEST_F(IdentityTest, AClassSubsetFollowsTheLabels) {
  DatasetSource s = labelled();
  s.classes = {1};
  Json before = image_identity(s, cache_);
  write_raw_npy("y.npy", "|u1", false, "4,", std::string("\1\1\0\0", 4));
  EXPECT_NE(image_identity(s, cache_), before);
}

TEST_F(IdentityTest, APrefixOfASyntheticSetIsTheShorterSet) {
  DatasetSource shorter, longer;
  shorter.synthetic = DatasetSource::Synthetic{5, 2, 1, 4, 4, 1, 0.1};
  longer.synthetic = DatasetSource::Synthetic{9, 2, 1, 4, 4, 1, 0.1};
  longer.limit = 5;
  EXPECT_EQ(identity(longer), identity(shorter));
}

}  // namespace
}  // namespace latentgrid
