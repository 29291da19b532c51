// Images and their reconstructions, from what a run has left for them.
#include <fmt/format.h>

#include "unit/report/figures_of_tasks.hpp"

namespace latentgrid {
namespace {

using charts::reconstructions;

TEST_F(FiguresOfTasks, ReconstructionsStandBesideTheirOriginals) {
  reconstruct(0, {-1, 1, 0, 0}, {0.25f, 0});
  reconstruct(1, {-2, 0.5f, 0, 3}, {0.5f, 0.75f});
  const Figure figure = reconstructions(data(), spec);
  EXPECT_TRUE(figure.omissions.empty()) << figure.omissions.front();
  const auto& grid = std::get<ImageGrid>(figure.body);
  EXPECT_EQ(grid.columns, (std::vector<std::string>{"original", "AE1", "AE2"}));
  ASSERT_EQ(grid.rows.size(), 2u);
  EXPECT_EQ(grid.rows[0].title, fmt::format("image 3, class {}", load_labels(source).at(3)));
  EXPECT_EQ(grid.rows[0].cells[1].caption, "MSE 0.2500");
  EXPECT_EQ(grid.rows[1].cells[2].caption, "MSE 0.7500");
  auto pixels = [&](std::size_t row, std::size_t cell) {
    const auto at = grid.images.values.begin() + 2 * *grid.rows[row].cells[cell].image;
    return std::vector<int>(at, at + 2);
  };
  EXPECT_EQ(pixels(0, 0), (std::vector<int>{0, 255}));
  EXPECT_EQ(pixels(0, 1), (std::vector<int>{0, 255}));
  EXPECT_EQ(pixels(1, 1), (std::vector<int>{128, 128}));
  EXPECT_EQ(pixels(0, 2), (std::vector<int>{0, 191})) << "what lies beyond [-1, 1] is clipped";
  EXPECT_EQ(pixels(1, 2), (std::vector<int>{128, 255}));
  EXPECT_EQ(figure.caption.at(1), "The autoencoders are AE1 after 20 epochs, seed 0; AE2 after 4 epochs, seed 0.");
}

// Position 3 among the images of classes 1 and 2 is image 5 of the file, position 7 is image 11.
TEST_F(FiguresOfTasks, ReconstructionsBearTheImagesOwnNumbers) {
  const std::vector<std::uint8_t> pixels(12 * 2);
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 12; ++i) labels.push_back(i % 3);
  write_npy(results.folder() / "images.npy", std::span(pixels), {12, 1, 2, 1});
  write_npy(results.folder() / "labels.npy", std::span(labels), {12});
  source = {.name = "files", .images = {results.folder() / "images.npy"}};
  source.labels = {{results.folder() / "labels.npy", 0, {}}};
  source.classes = {1, 2};
  reconstruct(0, {-1, 1, 0, 0}, {0.25f, 0});
  auto titles = [&] {
    const Figure figure = reconstructions(data(), spec);
    const auto& rows_ = std::get<ImageGrid>(figure.body).rows;
    return std::vector<std::string>{rows_[0].title, rows_[1].title};
  };
  EXPECT_EQ(titles(), (std::vector<std::string>{"image 5, class 1", "image 11, class 1"}));
  std::filesystem::remove(results.folder() / "images.npy");
  keeps_labels = false;
  EXPECT_EQ(titles(), (std::vector<std::string>{"image 5, class 1", "image 11, class 1"}));
  const std::filesystem::path kept = store.folder("labels", of_labels());
  std::filesystem::remove_all(kept);
  EXPECT_EQ(titles(), (std::vector<std::string>{"selected image 3", "selected image 7"}));
  EXPECT_EQ(reconstructions(data(), spec).omissions.back(),
            fmt::format("The images are shown without the numbers of their files and without their classes: images.json of job {} is missing: "
                        "{}; `latentgrid run experiments/s.yaml` makes it anew.",
                        jobs[0].id, (kept / "images.json").string()));
}

TEST_F(FiguresOfTasks, ReconstructionsAreShownOnTheScaleOfTheirModel) {
  record["range"] = {0, 1};
  reconstruct(0, {0, 1, 0.5f, -1}, {0.25f, 0});
  const Figure figure = reconstructions(data(), spec);
  const auto& grid = std::get<ImageGrid>(figure.body);
  auto pixels = [&](std::size_t row) {
    const auto at = grid.images.values.begin() + 2 * *grid.rows[row].cells[1].image;
    return std::vector<int>(at, at + 2);
  };
  EXPECT_EQ(pixels(0), (std::vector<int>{0, 255}));
  EXPECT_EQ(pixels(1), (std::vector<int>{128, 0}));
  EXPECT_EQ(figure.caption.at(0),
            "MSE is the mean squared error of an image's values, which lie on [0, 1].");
}

TEST_F(FiguresOfTasks, RefinedModelsCountAmongThoseThatAreNotShown) {
  jobs[1] = jobs[0];
  jobs[1].key = sha256_hex("refined");
  jobs[1].id = jobs[1].key.substr(0, 12);
  jobs[1].params["refine"] = {{"method", "dec"}, {"k", 2}, {"epochs", 4}};
  train_metrics = {{"epochs_run", 12}};
  reconstruct(0, {-1, 1, 0, 0}, {0.25f, 0});
  const Figure figure = reconstructions(data(), spec);
  EXPECT_EQ(figure.caption.at(1), "The autoencoders are AE1 after 12 epochs (at most 20), seed 0.");
  EXPECT_EQ(figure.caption.back(), "1 of 2 models are shown that differ in architecture, latent dimension, training, augmentation or refinement.");
}

TEST_F(FiguresOfTasks, AMissingReconstructionIsAnOmissionAndTheOthersAreShown) {
  reconstruct(0, {-1, 1, 0, 0}, {0.25f, 0});
  add(1, "reconstruct", 1, "reconstruct", id("nowhere"));
  const Figure figure = reconstructions(data(), spec);
  const std::string key = sha256_hex("nowhere");
  EXPECT_EQ(figure.omissions, (std::vector<std::string>{"AE2: artifacts/reconstruct/" + key.substr(0, 2) + "/" + key +
                                                   "/0 is missing. Run the sweep again."}));
  const auto& grid = std::get<ImageGrid>(figure.body);
  EXPECT_EQ(grid.rows[0].cells[2].image, std::nullopt);
  EXPECT_EQ(grid.rows[0].cells[2].caption, "missing");
}

TEST_F(FiguresOfTasks, ReconstructionsOfOtherImagesAreRefused) {
  reconstruct(0, {-1, 1, 0, 0}, {0.25f, 0});
  reconstruct(1, {-1, 1, 0, 0}, {0.25f, 0}, {3, 8});
  EXPECT_EQ(error_of([&] { reconstructions(data(), spec); }), "reconstructions of AE1 and AE2 are of different images");
}

}  // namespace
}  // namespace latentgrid
