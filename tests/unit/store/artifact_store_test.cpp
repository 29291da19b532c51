#include "store/artifact_store.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "support/temporary_folder.hpp"

using namespace latentgrid;
using latentgrid::testing::TemporaryFolder;

namespace {

const std::string key = "3f" + std::string(62, 'a');

std::filesystem::path stage_text(const ArtifactStore& store, const std::string& text) {
  std::filesystem::path staged = store.new_staging_folder();
  write_file_atomically(staged / "text", text);
  return staged;
}

}  // namespace

TEST(ArtifactStore, PublishesOnceAndTheFirstWins) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path());
  EXPECT_FALSE(store.exists("train", {key, 10}));
  EXPECT_TRUE(store.publish(stage_text(store, "one"), "train", {key, 10}, {{"metrics", {{"loss", 0.5}}}}));
  EXPECT_FALSE(store.publish(stage_text(store, "two"), "train", {key, 10}, Json::object()));
  EXPECT_EQ(read_file(store.folder("train", {key, 10}) / "text"), "one");
  EXPECT_EQ(store.folder("train", {key, 10}), folder.path() / "artifacts" / "train" / "3f" / key / "10");
  Json record = store.read_record("train", {key, 10});
  EXPECT_EQ(record, (Json{{"stage", "train"}, {"key", key}, {"extent", 10}, {"metrics", {{"loss", 0.5}}}, {"files", {{"text", 3}}}}));
  EXPECT_TRUE(std::filesystem::is_empty(folder / "tmp"));
}

TEST(ArtifactStore, TheTranscriptOfAKeyComesWithItsFirstArtifactAndStays) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path());
  EXPECT_TRUE(store.publish(stage_text(store, "one"), "train", {key, 10}, Json::object(), "stage = text train\n"));
  EXPECT_EQ(read_file(store.transcript("train", key)), "stage = text train\n");
  EXPECT_EQ(store.read_record("train", {key, 10})["files"], (Json{{"text", 3}}));
  EXPECT_FALSE(std::filesystem::exists(store.folder("train", {key, 10}) / "key.txt"));
  EXPECT_TRUE(store.publish(stage_text(store, "two"), "train", {key, 20}, Json::object(), "another text\n"));
  EXPECT_EQ(read_file(store.transcript("train", key)), "stage = text train\n");
  EXPECT_EQ(store.damage("train", {key, 20}), std::nullopt);
  EXPECT_TRUE(std::filesystem::is_empty(folder / "tmp"));
}

TEST(ArtifactStore, ManyAtOnceLeaveOneTranscriptAndEveryExtentWhole) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path());
  std::atomic<int> first = 0;
  std::vector<std::thread> publishers;
  for (int i = 0; i < 8; ++i) {
    publishers.emplace_back([&, extent = i / 2] {  // two for every extent
      if (store.publish(stage_text(store, "text"), "train", {key, extent}, Json::object(), "stage = text train\n")) ++first;
    });
  }
  for (std::thread& publisher : publishers) publisher.join();
  EXPECT_EQ(first, 4);
  EXPECT_EQ(read_file(store.transcript("train", key)), "stage = text train\n");
  EXPECT_EQ(store.extents("train", key), (std::vector<std::int64_t>{0, 1, 2, 3}));
  for (std::int64_t extent : {0, 1, 2, 3}) EXPECT_FALSE(std::filesystem::exists(store.folder("train", {key, extent}) / "key.txt"));
  EXPECT_TRUE(std::filesystem::is_empty(folder / "tmp"));
}

TEST(ArtifactStore, PublishedArtifactsKnowsWhatExists) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path());
  EXPECT_FALSE(PublishedArtifacts(store).contains("train", key, 10));
  store.publish(stage_text(store, "one"), "train", {key, 10}, Json::object());
  PublishedArtifacts published(store);
  EXPECT_TRUE(published.contains("train", key, 10));
  EXPECT_FALSE(published.contains("train", key, 20));
  EXPECT_FALSE(published.contains("encode", key, 10));
  EXPECT_FALSE(published.contains("train", "3f" + std::string(62, 'b'), 10));
  store.remove("train", {key, 10});
  EXPECT_FALSE(published.contains("train", key, 10));
}

TEST(ArtifactStore, ListsPublishedExtentsAscending) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path());
  EXPECT_TRUE(store.extents("train", key).empty());
  for (std::int64_t extent : {100, 20, 3}) store.publish(stage_text(store, "x"), "train", {key, extent}, Json::object());
  write_file_atomically(store.transcript("train", key), "stage = text train\n");
  std::filesystem::create_directories(store.folder("train", {key, 7}));  // emptied by hand: not an artifact
  EXPECT_EQ(store.extents("train", key), (std::vector<std::int64_t>{3, 20, 100}));
}

TEST(ArtifactStore, NoticesFilesThatLostBytesAndRemovesTheArtifact) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path());
  for (std::int64_t extent : {1, 2, 3}) store.publish(stage_text(store, "abcd"), "train", {key, extent}, Json::object());
  const std::filesystem::path cut = store.folder("train", {key, 2}) / "text", gone = store.folder("train", {key, 3}) / "text";
  EXPECT_EQ(store.damage("train", {key, 2}), std::nullopt);
  std::filesystem::resize_file(cut, 1);
  std::filesystem::remove(gone);
  EXPECT_EQ(store.damage("train", {key, 2}), cut.string() + ": 1 bytes instead of 4");
  EXPECT_EQ(store.damage("train", {key, 3}), gone.string() + ": No such file or directory");
  EXPECT_EQ(store.extents("train", key), (std::vector<std::int64_t>{1}));

  store.remove("train", {key, 2});
  store.remove("train", {key, 4});
  EXPECT_FALSE(store.exists("train", {key, 2}));
  EXPECT_TRUE(store.publish(stage_text(store, "abcd"), "train", {key, 2}, Json::object()));
  EXPECT_TRUE(std::filesystem::is_empty(folder / "tmp"));
}

TEST(ArtifactStore, ABrokenRecordIsAnErrorThatSaysWhatToDo) {
  TemporaryFolder folder;
  ArtifactStore store(folder.path());
  store.publish(stage_text(store, "x"), "load", {key, 0}, Json::object());
  write_file_atomically(store.folder("load", {key, 0}) / "task.json", "{");
  try {
    store.read_record("load", {key, 0});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("hint: delete the folder and run the sweep again"), std::string::npos);
  }
}
