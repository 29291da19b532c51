// Figures of what trainings see and what models make, from what a run has left for them.
#include "unit/report/figures_of_tasks.hpp"

namespace latentgrid {
namespace {

struct ModelImages : FiguresOfTasks {
  // An artifact of the stage that is a panel's role too, with these files.
  void publish(std::size_t job, const std::string& stage, const Json& params,
               const std::vector<std::pair<std::string, std::vector<std::int64_t>>>& floats, const std::vector<float>& values,
               const std::vector<std::int64_t>& originals = {}) {
    const ArtifactId artifact = id(stage + std::to_string(job));
    const auto staged = store.new_staging_folder();
    for (const auto& [file, shape] : floats) write_npy(staged / file, std::span<const float>(values), shape);
    if (!originals.empty()) {
      std::int64_t count = 1;
      for (const std::int64_t side : originals) count *= side;
      std::vector<std::uint8_t> pixels;
      for (std::int64_t i = 0; i < count; ++i) pixels.push_back(static_cast<std::uint8_t>(i + 1));
      write_npy(staged / "originals.npy", std::span<const std::uint8_t>(pixels), originals);
    }
    store.publish(staged, stage, artifact, {{"metrics", Json::object()}, {"record", record}, {"provenance", {{"params", params}}}});
    add(static_cast<std::int64_t>(job), stage, job, stage, artifact);
  }
  // The first pixel of a cell's image.
  static int pixel(const ImageGrid& grid, std::size_t row, std::size_t cell) {
    const auto size = static_cast<std::size_t>(grid.images.height * grid.images.width * grid.images.channels);
    return grid.images.values.at(static_cast<std::size_t>(*grid.rows.at(row).cells.at(cell).image) * size);
  }
};

// 11 samples of 1×1×1: eight in a row.
TEST_F(ModelImages, SamplesStandInRowsOfEight) {
  std::vector<float> values;
  for (int i = 0; i < 11; ++i) values.push_back(static_cast<float>(i) / 10);
  record["range"] = {0, 1};
  publish(0, "sample", {{"count", 11}}, {{"samples.npy", {11, 1, 1, 1}}}, values);
  const Figure figure = charts::samples(data(), spec);
  EXPECT_TRUE(figure.omissions.empty()) << figure.omissions.front();
  const auto& grid = std::get<ImageGrid>(figure.body);
  EXPECT_EQ(grid.columns.size(), 8u);
  ASSERT_EQ(grid.rows.size(), 2u);
  EXPECT_EQ(grid.rows[0].title, "AE1, 1 to 8");
  EXPECT_EQ(grid.rows[1].title, "AE1, 9 to 11");
  EXPECT_EQ(grid.rows[1].cells.size(), 3u);
  EXPECT_EQ(pixel(grid, 0, 2), 51) << "0.2 of 255";
  EXPECT_EQ(pixel(grid, 1, 2), 255);
  EXPECT_EQ(figure.caption, (std::vector<std::string>{
                                "Each image is what a decoder makes of a latent drawn from the standard normal distribution, the prior of its "
                                "training; no image of the data set goes into it.",
                                "The models are AE1 after 20 epochs, seed 0."}));
}

TEST_F(ModelImages, SamplesOfAMissingModelAreAnOmission) {
  publish(0, "sample", {{"count", 2}}, {{"samples.npy", {2, 1, 1, 1}}}, {-1, 1});
  add(1, "sample", 1, "sample", id("nowhere"));
  const Figure figure = charts::samples(data(), spec);
  const std::string key = sha256_hex("nowhere");
  EXPECT_EQ(figure.omissions,
            (std::vector<std::string>{"AE2: artifacts/sample/" + key.substr(0, 2) + "/" + key + "/0 is missing. Run the sweep again."}));
  const auto& grid = std::get<ImageGrid>(figure.body);
  ASSERT_EQ(grid.rows.size(), 1u);
  EXPECT_EQ(grid.rows[0].title, "AE1");
  EXPECT_EQ(pixel(grid, 0, 0), 0);
  EXPECT_EQ(pixel(grid, 0, 1), 255) << "on [-1, 1]";
}

TEST_F(ModelImages, InterpolationsStandBetweenTheirImages) {
  const Json params = {{"pairs", {{3, 7}, {5, 2}}}, {"steps", 3}};
  publish(0, "interpolate", params, {{"interpolations.npy", {2, 3, 1, 1, 1}}}, {-1, 0, 1, 1, 0, -1}, {2, 2, 1, 1, 1});
  publish(1, "interpolate", params, {{"interpolations.npy", {2, 3, 1, 1, 1}}}, {-1, -1, -1, -1, -1, 2}, {2, 2, 1, 1, 1});
  const Figure figure = charts::interpolations(data(), spec);
  const auto& grid = std::get<ImageGrid>(figure.body);
  EXPECT_EQ(grid.columns, (std::vector<std::string>{"from", "0", "0.5", "1", "to"}));
  ASSERT_EQ(grid.rows.size(), 4u);
  const std::vector<std::int32_t> labels = load_labels(source);
  EXPECT_EQ(grid.rows[0].title, "AE1: image 3, class " + std::to_string(labels[3]) + " to image 7, class " + std::to_string(labels[7]));
  EXPECT_EQ(grid.rows[3].title, "AE2: image 5, class " + std::to_string(labels[5]) + " to image 2, class " + std::to_string(labels[2]));
  EXPECT_EQ(pixel(grid, 0, 0), 1);
  EXPECT_EQ(pixel(grid, 0, 1), 0);
  EXPECT_EQ(pixel(grid, 0, 2), 128);
  EXPECT_EQ(pixel(grid, 0, 3), 255);
  EXPECT_EQ(pixel(grid, 0, 4), 2);
  EXPECT_EQ(pixel(grid, 2, 0), 3) << "the second pair of the first model";
  EXPECT_EQ(pixel(grid, 2, 1), 255);
  EXPECT_EQ(pixel(grid, 3, 3), 255) << "clipped";
  EXPECT_EQ(figure.caption.at(1), "The models are AE1 after 20 epochs, seed 0; AE2 after 4 epochs, seed 0.");
}

TEST_F(ModelImages, InterpolationsOfOneModelAreNamedByTheirImagesAndOfOthersRefused) {
  publish(0, "interpolate", {{"pairs", Json::parse("[[3, 7]]")}, {"steps", 2}}, {{"interpolations.npy", {1, 2, 1, 1, 1}}}, {-1, 1}, {1, 2, 1, 1, 1});
  EXPECT_TRUE(std::get<ImageGrid>(charts::interpolations(data(), spec).body).rows[0].title.starts_with("image 3, class "));
  publish(1, "interpolate", {{"pairs", Json::parse("[[3, 6]]")}, {"steps", 2}}, {{"interpolations.npy", {1, 2, 1, 1, 1}}}, {-1, 1}, {1, 2, 1, 1, 1});
  EXPECT_EQ(error_of([&] { charts::interpolations(data(), spec); }), "interpolations of AE1 and AE2 are of different images");
}

TEST_F(ModelImages, AugmentedImagesStandBesideTheirOriginals) {
  const Json steps = {{{"method", "crop"}, {"padding", 4}, {"p", 1.0}}, {{"method", "horizontal_flip"}, {"p", 0.5}}};
  publish(1, "augment", {{"images", {3, 7}}, {"views", {{0, 0}, {0, 1}, {4, 0}}}, {"augment", steps}}, {{"views.npy", {2, 3, 1, 1, 1}}},
          {0, 0.2F, 0.4F, 0.6F, 0.8F, 1}, {2, 1, 1, 1});
  const Figure figure = charts::augmented(data(), spec);
  const auto& grid = std::get<ImageGrid>(figure.body);
  EXPECT_EQ(grid.columns, (std::vector<std::string>{"original", "epoch 1, view\u00A01", "epoch 1, view\u00A02", "epoch 5, view\u00A01"}));
  ASSERT_EQ(grid.rows.size(), 2u);
  EXPECT_EQ(grid.rows[1].title, "image 7, class " + std::to_string(load_labels(source).at(7)));
  std::vector<int> shown;
  for (std::size_t row = 0; row < 2; ++row) {
    for (std::size_t cell = 0; cell < 4; ++cell) shown.push_back(pixel(grid, row, cell));
  }
  EXPECT_EQ(shown, (std::vector<int>{1, 0, 51, 102, 2, 153, 204, 255})) << "originals as they are";
  EXPECT_EQ(figure.caption, (std::vector<std::string>{
                                "These are the images that the training of AE2 after 4 epochs, seed 0 is given, after crop (p 1.0, padding 4) and "
                                "horizontal_flip (p 0.5).",
                                "It ended after 4 epochs; what is shown of later epochs is what a longer one would see."}));
}

// 5 epochs ran of the 20 and 4 that were allowed; the third is kept.
TEST_F(ModelImages, CaptionsSayWhichEpochAnEarlyStopKept) {
  train_metrics = {{"epochs_run", 5}, {"best_epoch", 3}};
  publish(0, "augment", Json::parse(R"({"images": [3], "views": [[0, 0], [4, 0]], "augment": [{"method": "crop"}]})"), {{"views.npy", {1, 2, 1, 1, 1}}}, {0, 1}, {1, 1, 1, 1});
  EXPECT_EQ(charts::augmented(data(), spec).caption,
            (std::vector<std::string>{"These are the images that the training of AE1 after epoch 3 of 5 (at most 20), seed 0 is given, after crop."}))
      << "the fifth epoch saw its view";
}

TEST_F(ModelImages, AugmentedImagesOfEpochsThatNeverRanAreSaidToBeSuch) {
  train_metrics = {{"epochs_run", 5}, {"best_epoch", 5}};
  publish(0, "augment", Json::parse(R"({"images": [3], "views": [[0, 0], [5, 0]], "augment": [{"method": "crop"}]})"), {{"views.npy", {1, 2, 1, 1, 1}}}, {0, 1}, {1, 1, 1, 1});
  EXPECT_EQ(charts::augmented(data(), spec).caption,
            (std::vector<std::string>{"These are the images that the training of AE1 after 5 epochs (at most 20), seed 0 is given, after crop.",
                                      "It ended after 5 epochs; what is shown of later epochs is what a longer one would see."}));
}

TEST_F(ModelImages, WhatWasNotPlannedIsSaid) {
  for (const auto& chart : {charts::samples, charts::interpolations, charts::augmented}) {
    EXPECT_EQ(chart(data(), spec).omissions,
              (std::vector<std::string>{"Nothing was run for it, as no complete job could be shown. `latentgrid run` says why."}));
  }
  add(0, "augment", 0, "augment", id("nowhere"));
  EXPECT_TRUE(charts::augmented(data(), spec).omissions.at(0).starts_with("artifacts/augment/"));
}

// Models of one architecture that were trained differently.
TEST_F(ModelImages, ModelsAreToldApartByTheirTrainings) {
  jobs[1] = jobs[0];
  jobs[1].key = sha256_hex("other");
  jobs[1].id = jobs[1].key.substr(0, 12);
  for (std::size_t i = 0; i < 2; ++i) {
    jobs[i].axes.emplace_back("training", i == 0 ? "autoencoder" : "vae");
    if (i == 1) jobs[i].params["train"].update({{"method", "vae"}, {"kl_weight", 1.0}});
    publish(i, "sample", {{"count", 1}}, {{"samples.npy", {1, 1, 1, 1}}}, {0});
  }
  const Figure figure = charts::samples(data(), spec);
  const auto& grid = std::get<ImageGrid>(figure.body);
  ASSERT_EQ(grid.rows.size(), 2u);
  EXPECT_EQ(grid.rows[0].title, "AE1, training autoencoder");
  EXPECT_EQ(grid.rows[1].title, "AE1, training vae");
}

}  // namespace
}  // namespace latentgrid
