#include <gtest/gtest.h>

#include "data/digest_cache.hpp"
#include "data/identity.hpp"
#include "data/image_labels.hpp"
#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

namespace fs = std::filesystem;

// Six images in two files of one name; classes 3 and 7 are selected of them, and the last image has no label.
struct LabelsStage : ::testing::Test {
  TemporaryFolder folder;
  const ArtifactStore store{folder / "results"};
  DatasetSource source;

  void label(const std::vector<std::int64_t>& labels) {
    write_npy(folder / "labels.npy", std::span<const std::int64_t>(labels), {static_cast<std::int64_t>(labels.size())});
  }
  void SetUp() override {
    for (const char* part : {"a", "b"}) {
      std::filesystem::create_directory(folder / part);
      const std::vector<std::uint8_t> pixels(3 * 4);
      write_npy(folder / part / "x.npy", std::span<const std::uint8_t>(pixels), {3, 2, 2, 1});
      source.images.push_back(folder / part / "x.npy");
    }
    label({7, 9, 3, 3, 7, -1});
    write_npy(folder / "public.npy", std::span<const std::int64_t>(std::vector<std::int64_t>{0, 3}), {2});
    source.name = "six";
    source.labels = {{folder / "labels.npy", 0}};
    source.classes = {3, 7};
    source.split.public_indices = folder / "public.npy";
  }
  protocol::Run task() const {
    DigestCache digests;
    return {.task = 1,
            .stage = "labels",
            .key = task_key,
            .params = {{"labels", label_identity(source, digests)},
                       {"split", split_identity(source, digests)},
                       {"selection", SelectedImages(source).identity()}},
            .extents = {0},
            .sources = {{"dataset", source.to_json()}}};
  }
  std::string error_of(const protocol::Run& task) const {
    TestContext context(store, task);
    try {
      worker::run_labels(context);
    } catch (const worker::TaskError& error) {
      return error.kind() + ": " + error.what();
    }
    return "";
  }
};

TEST_F(LabelsStage, KeepsAllThatIsKnownOfTheImagesButTheirPixels) {
  const protocol::Run planned = task();
  ASSERT_EQ(error_of(planned), "");
  std::filesystem::remove_all(folder / "a");  // nothing of the user's is read any more
  std::filesystem::remove(folder / "labels.npy");
  const ImageLabels kept(store.folder("labels", {task_key, 0}));
  EXPECT_EQ(kept.labels, (std::vector<std::int32_t>{1, 0, 0, 1}));
  EXPECT_EQ(kept.class_values, (std::vector<std::int64_t>{3, 7}));
  EXPECT_EQ(kept.is_public, (std::vector<bool>{true, false, true, false}));
  EXPECT_EQ(kept.images.title(1), "image 2 of a/x.npy");
  EXPECT_EQ(kept.images.title(3), "image 1 of b/x.npy");
  EXPECT_EQ(kept.images.number_over_all(3), 4);
  EXPECT_EQ(kept.images.files()[1].images, 3);
  EXPECT_EQ(kept.images.files()[1].selected, 2);
  EXPECT_EQ(kept.images.identity(), planned.params.at("selection"));
}

TEST_F(LabelsStage, EqualFilesInAnotherFolderAreEqualBytes) {
  auto json = [&](const fs::path& at) {
    DatasetSource moved = source;
    moved.images = {at / "a" / "x.npy", at / "b" / "x.npy"};
    const SelectedImages selected(moved);
    return selected.to_json().dump() + selected.identity().dump();
  };
  const std::string before = json(folder.path());
  fs::create_directory(folder / "elsewhere");
  for (const char* part : {"a", "b"}) fs::rename(folder / part, folder / "elsewhere" / part);
  EXPECT_EQ(json(folder / "elsewhere"), before);
}

TEST_F(LabelsStage, WhatChangedSincePlanningIsNotKeptUnderTheKeyOfTheOld) {
  const std::string changed =
      "input: the labels, the split or the image files of dataset 'six' have changed since the run was planned; run the sweep again";
  const protocol::Run planned = task();
  label({7, 9, 3, 3, 3, -1});
  EXPECT_EQ(error_of(planned), changed);
  label({7, 7, 3, 3, 7, -1});
  EXPECT_EQ(error_of(planned), changed) << "other images are selected";
  label({7, 9, 3, 3, 7, -1});
  write_npy(folder / "public.npy", std::span<const std::int64_t>(std::vector<std::int64_t>{0, 4}), {2});
  EXPECT_EQ(error_of(planned), changed);
}

}  // namespace
