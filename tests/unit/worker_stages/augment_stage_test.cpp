#include <gtest/gtest.h>

#include <algorithm>

#include "augment/augmentation.hpp"
#include "base/random.hpp"
#include "methods/methods.hpp"
#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

// Nine images of 5×7×3 random bytes.
struct AugmentStage : ::testing::Test {
  static constexpr std::int64_t count = 9, height = 5, width = 7, channels = 3;
  static constexpr std::size_t values = 5 * 7 * 3;

  TemporaryFolder folder;
  const ArtifactStore store{folder / "results"};
  std::vector<std::uint8_t> pixels;
  Json steps = Json::array();

  void SetUp() override {
    RandomStream random(1, "images");
    for (std::size_t i = 0; i < count * values; ++i) pixels.push_back(static_cast<std::uint8_t>(random.below(256)));
    const auto staged = store.new_staging_folder();
    write_npy(staged / "images.npy", std::span<const std::uint8_t>(pixels), {count, height, width, channels});
    store.publish(staged, "load", {points_key, 0}, Json::object());
    for (const char* method : {"random_resized_crop", "horizontal_flip", "color_jitter"}) {
      Json step = find_method(MethodKind::augmentation, method)->complete(Json::object());
      step["method"] = method;
      steps.push_back(step);
    }
  }
  protocol::Run task(const Json& images, const Json& views) const {
    return {.task = 1,
            .stage = "augment",
            .key = task_key,
            .params = {{"images", images}, {"views", views}, {"augment", steps}},
            .extents = {0},
            .inputs = {{"images", {"load", {points_key, 0}}}},
            .seed = 42};
  }
  std::string error_of(const protocol::Run& planned) const {
    TestContext context(store, planned);
    try {
      worker::run_augment(context);
    } catch (const worker::TaskError& error) {
      return error.kind() + ": " + error.what();
    }
    return "";
  }
};

TEST_F(AugmentStage, LeavesTheViewsThatATrainingOfThisSeedSees) {
  const std::vector<std::pair<std::int64_t, int>> views = {{0, 0}, {0, 1}, {3, 0}};
  const std::vector<std::int64_t> chosen = {2, 8};
  TestContext context(store, task(chosen, views));
  worker::run_augment(context);
  EXPECT_EQ(context.published, (std::vector<std::int64_t>{0}));
  EXPECT_EQ(context.progress_calls, 3);
  const auto made = store.folder("augment", {task_key, 0});
  const NpyFile originals(made / "originals.npy"), all(made / "views.npy");
  EXPECT_EQ(originals.header().shape, (std::vector<std::int64_t>{2, height, width, channels}));
  EXPECT_EQ(all.header().shape, (std::vector<std::int64_t>{2, 3, height, width, channels}));
  // As nn/image_views asks for a whole epoch: of all images, in the order of that epoch.
  const std::vector<std::int64_t> order = RandomStream(42, "train.order", {0}).permutation(count);
  const Augmentation augmentation(steps, 42);
  for (std::size_t v = 0; v < views.size(); ++v) {
    std::vector<float> epoch(count * values);
    augmentation.apply({pixels, count, height, width, channels}, order, views[v].first, views[v].second, PixelRange::zero_to_one, epoch.data(), 1);
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const auto place = static_cast<std::size_t>(std::ranges::find(order, chosen[i]) - order.begin());
      EXPECT_TRUE(std::ranges::equal(all.floats().subspan((i * 3 + v) * values, values), std::span(epoch).subspan(place * values, values)))
          << "image " << chosen[i] << ", view " << v;
    }
  }
  EXPECT_TRUE(std::ranges::equal(originals.uint8s().subspan(values), std::span(pixels).subspan(8 * values, values)));
  EXPECT_EQ(store.read_record("augment", {task_key, 0})["record"]["images"], Json(chosen));
  TestContext again(store, task(chosen, views));
  worker::run_augment(again);
  EXPECT_TRUE(again.published.empty()) << "it is there";
}

TEST_F(AugmentStage, ImagesThatAreNotThereAreParameterErrors) {
  const Json views = Json::parse("[[0, 0]]");
  EXPECT_EQ(error_of(task({0, 9}, views)), "parameter: there is no image 9: the data set has 9, counted from 0");
  EXPECT_EQ(error_of(task({3, 3}, views)), "parameter: images to augment must be distinct and ascending: 3 follows 3");
  EXPECT_EQ(error_of(task(Json::array(), views)), "parameter: there is no image to augment: the list is empty");
  EXPECT_EQ(error_of(task({0}, Json::array())), "parameter: there is no view to make: the list is empty");
  EXPECT_FALSE(store.exists("augment", {task_key, 0}));
}

}  // namespace
