#include <algorithm>

#include "data/dataset.hpp"
#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

class SplitTest : public DataTest {
 protected:
  DatasetSource hundred(std::int64_t labelled) {
    DatasetSource source;
    source.name = "hundred";
    source.images = {write_raw_npy("x.npy", "|u1", false, "100, 1, 1, 1", counting(100))};
    source.labels = {{write_raw_npy("y.npy", "|u1", false, std::to_string(labelled) + ",", counting(labelled)), 0}};
    return source;
  }
};

std::ptrdiff_t count(const std::vector<bool>& mask) { return std::count(mask.begin(), mask.end(), true); }

TEST_F(SplitTest, TheFractionIsOfTheLabelledImages) {
  EXPECT_EQ(count(load_public_mask(hundred(100))), 50);
  std::vector<bool> mask = load_public_mask(hundred(20));
  EXPECT_EQ(count(mask), 10);
  EXPECT_EQ(std::count(mask.begin(), mask.begin() + 20, true), 10);
}

TEST_F(SplitTest, TheSeedDecides) {
  DatasetSource source = hundred(100);
  std::vector<bool> first = load_public_mask(source);
  EXPECT_EQ(load_public_mask(source), first);
  source.split.seed = 1;
  EXPECT_NE(load_public_mask(source), first);
}

TEST_F(SplitTest, AnIndexFileCountsOverAllImages) {
  DatasetSource source = hundred(100);
  source.split.public_indices = write_raw_npy("public.npy", "|u1", false, "3,", std::string("\0\2\x50", 3));
  source.limit = 4;
  EXPECT_EQ(load_public_mask(source), (std::vector<bool>{true, false, true, false}));
  source.limit.reset();
  EXPECT_TRUE(load_public_mask(source)[0x50]);
}

TEST_F(SplitTest, AMaskHasOneBooleanForEveryImageOfAllFiles) {
  DatasetSource source = hundred(100);
  std::string booleans(100, '\0');
  booleans[1] = booleans[3] = booleans[99] = '\1';
  source.split.public_indices = write_raw_npy("public.npy", "|b1", false, "100,", booleans);
  EXPECT_EQ(count(load_public_mask(source)), 3);
  EXPECT_TRUE(load_public_mask(source)[99]);
  source.limit = 4;
  EXPECT_EQ(load_public_mask(source), (std::vector<bool>{false, true, false, true}));
}

TEST_F(SplitTest, AnIndexBeyondTheImagesIsAnError) {
  DatasetSource source = hundred(100);
  source.split.public_indices = write_raw_npy("public.npy", "|u1", false, "1,", "\x64");
  EXPECT_EQ(message_of([&] { load_public_mask(source); }), "public.npy names image 100, but there are only 100 images\n  hint: images are numbered from 0 to 99");
}

}  // namespace
}  // namespace latentgrid
