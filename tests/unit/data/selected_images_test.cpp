#include "data/selected_images.hpp"

#include "unit/data/files.hpp"

namespace latentgrid {
namespace {

using Place = SelectedImages::Place;

// Three images in a.npy, five in b.npy, labelled 0 1 2 0 1 2 0 1.
struct SelectedImagesTest : DataTest {
  DatasetSource source;

  SelectedImagesTest() {
    source.name = "two";
    source.images = {write_raw_npy("a.npy", "|u1", false, "3, 2, 2", counting(12)),
                     write_raw_npy("b.npy", "|u1", false, "5, 2, 2", counting(32).substr(12))};
    source.labels = {{write_raw_npy("y.npy", "|u1", false, "8,", std::string("\0\1\2\0\1\2\0\1", 8)), 0}};
  }

  static std::vector<std::pair<std::size_t, std::int64_t>> places(const SelectedImages& images) {
    std::vector<std::pair<std::size_t, std::int64_t>> all;
    for (std::size_t i = 0; i < images.size(); ++i) {
      const Place place = images.place(i);
      all.emplace_back(place.file, place.number);
    }
    return all;
  }
};

TEST_F(SelectedImagesTest, EveryImageHasTheNumberOfItsOwnFile) {
  const SelectedImages all(source);
  EXPECT_EQ(places(all), (std::vector<std::pair<std::size_t, std::int64_t>>{
                             {0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {1, 3}, {1, 4}}));
  EXPECT_EQ(all.number_over_all(4), 4);
  EXPECT_EQ(all.files()[1].name, "b.npy");
  EXPECT_EQ(all.files()[1].images, 5);
  EXPECT_EQ(all.files()[1].selected, 5);
  EXPECT_EQ(all.title(4), "image 1 of b.npy");
}

TEST_F(SelectedImagesTest, ClassesAndLimitKeepTheNumbers) {
  source.classes = {1, 2};
  source.limit = 4;
  const SelectedImages some(source);
  EXPECT_EQ(places(some),
            (std::vector<std::pair<std::size_t, std::int64_t>>{{0, 1}, {0, 2}, {1, 1}, {1, 2}}));
  EXPECT_EQ(some.files()[0].selected, 2);
  EXPECT_EQ(some.number_over_all(3), 5);
  EXPECT_EQ(some.position_of(4), 2u);
  EXPECT_EQ(some.position_of(3), std::nullopt);
  EXPECT_EQ(some.position_of(7), std::nullopt);
}

TEST_F(SelectedImagesTest, OneFileNeedsNoName) {
  source.images.pop_back();
  source.labels.clear();
  EXPECT_EQ(SelectedImages(source).title(2), "image 2");
  const DatasetSource synthetic{.name = "made", .synthetic = DatasetSource::Synthetic{.images = 3}};
  EXPECT_EQ(SelectedImages(synthetic).title(2), "image 2");
  EXPECT_EQ(SelectedImages(synthetic).file_name(0), "");
}

TEST_F(SelectedImagesTest, FilesOfOneNameAreToldApartByTheirFolders) {
  std::filesystem::create_directory(path("c"));
  std::filesystem::copy_file(path("a.npy"), path("c/a.npy"));
  source.images = {path("a.npy"), path("c/a.npy")};
  source.labels.clear();
  EXPECT_EQ(SelectedImages(source).title(3), "image 0 of c/a.npy");
  EXPECT_EQ(SelectedImages(source).file_name(0), path("").parent_path().filename().string() + "/a.npy");
}

}  // namespace
}  // namespace latentgrid
