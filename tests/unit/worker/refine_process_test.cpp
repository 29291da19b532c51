// Refinements by the real worker: what is published, and what an interruption leaves.
#include <gtest/gtest.h>

#include <csignal>
#include <map>

#include "base/file_system.hpp"
#include "store/npy.hpp"
#include "support/temporary_folder.hpp"
#include "unit/worker/worker_process.hpp"
#include "unit/worker/worker_tasks.hpp"

namespace latentgrid::testing {
namespace {

namespace fs = std::filesystem;

const std::string refine_key(64, 'd');

// 64 images in batches of 8, eight an epoch.
class RefineProcessTest : public ::testing::Test {
 protected:
  RefineProcessTest() {
    run(load_task(small_dataset()));
    run(train_task({2}));
  }

  static protocol::Run refine_task(std::vector<std::int64_t> extents, std::int64_t update_interval, double tolerance = 0) {
    return {.task = 4,
            .stage = "refine",
            .key = refine_key,
            .params = {{"method", "dec"}, {"k", 2}, {"tolerance", tolerance}, {"update_interval", update_interval}, {"batch_size", 8},
                       {"optimizer", "sgd"}, {"learning_rate", 0.01}, {"momentum", 0.9}},
            .extents = std::move(extents),
            .inputs = {{"images", {"load", {load_key, 0}}}, {"model", {"train", {train_key, 2}}}},
            .seed = 42,
            .sources = Json::object(),
            .transcript = "stage = text refine\n"};
  }

  protocol::WorkerMessage run(const protocol::Run& task) {
    WorkerProcess worker(folder_.path());
    worker.receive();
    worker.send(task);
    return worker.receive_until_the_end().back();
  }

  // All of the refined model but task.json and the optimizer's state.
  std::map<std::string, std::string> files(std::int64_t epochs) {
    std::map<std::string, std::string> contents;
    for (const auto& entry : fs::directory_iterator(store_.folder("refine", {refine_key, epochs}))) {
      if (entry.is_regular_file() && entry.path().filename() != "task.json") contents[entry.path().filename()] = read_file(entry.path());
    }
    return contents;
  }
  Json record(std::int64_t epochs) { return store_.read_record("refine", {refine_key, epochs}); }
  void forget_refinement() { fs::remove_all(folder_ / "artifacts/refine"); }

  TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
};

// With targets from before the first batch that stay, so that it learns until it is killed.
TEST_F(RefineProcessTest, AKilledRunGoesOnFromItsRollingCheckpoint) {
  constexpr int epochs = 200;
  const protocol::Run task = refine_task({epochs}, 100'000);
  for (int kill = 0; kill < 2; ++kill) {
    WorkerProcess worker(folder_.path());
    worker.receive();
    worker.send(task);
    while (!fs::exists(store_.partial(refine_key))) ASSERT_TRUE(std::holds_alternative<protocol::Progress>(*worker.receive()));
    worker.receive();
    ::kill(worker.pid(), SIGKILL);
    EXPECT_EQ(worker.wait(), 128 + SIGKILL);
  }
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(task)));
  const std::string from = record(epochs)["record"]["continued_from"];
  EXPECT_TRUE(from.starts_with("interrupted run at epoch ")) << from;
  EXPECT_EQ(record(epochs)["record"]["epochs_run"], epochs);
  EXPECT_EQ(record(epochs)["record"]["stopped_by"], "epochs");
  EXPECT_FALSE(fs::exists(store_.partial(refine_key)));
  const auto resumed = files(epochs);
  EXPECT_TRUE(resumed.contains("losses.npy"));
  forget_refinement();
  run(task);
  EXPECT_EQ(record(epochs)["record"]["continued_from"], "start");
  EXPECT_EQ(files(epochs), resumed);
}

// Whatever changes is no more than is tolerated: the second update, in the middle of the first epoch, is the last.
TEST_F(RefineProcessTest, WhatConvergedBeforeIsPublishedWithTheEpochsThatRan) {
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(refine_task({1, 3}, 4, 1))));
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(refine_task({1, 3, 5}, 4, 1))));
  EXPECT_EQ(store_.extents("refine", refine_key), (std::vector<std::int64_t>{1, 3, 5}));
  EXPECT_EQ(record(5)["record"]["continued_from"], "epoch 3");
  for (const std::int64_t epochs : {1, 3, 5}) {
    const Json of = record(epochs)["record"];
    EXPECT_EQ(of["epochs_run"], 1);
    EXPECT_EQ(of["losses"].size(), 1U) << "none of epochs that never ran";
    EXPECT_EQ(of["stopped_by"], epochs == 1 ? "epochs" : "converged");
    EXPECT_EQ(of["converged"], true);
    EXPECT_EQ(record(epochs)["metrics"]["refinement_loss"], of["losses"][0]);
    EXPECT_FALSE(record(epochs)["metrics"].contains("epochs_run")) << "that is a training's";
    EXPECT_EQ(files(epochs), files(1));
    EXPECT_EQ(NpyFile(store_.folder("refine", {refine_key, epochs}) / "losses.npy").header().shape, std::vector<std::int64_t>{1});
  }
  const auto five = files(5);
  forget_refinement();
  run(refine_task({5}, 4, 1));
  EXPECT_EQ(files(5), five);
}

TEST_F(RefineProcessTest, TwoThreadsGiveTheSameBytesEachTimeAndAfterAnInterruption) {
  protocol::Run task = refine_task({3}, 100'000);
  task.threads = 2;
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(task)));
  EXPECT_EQ(record(3)["provenance"]["threads"], 2);
  const auto once = files(3);
  forget_refinement();
  run(task);
  EXPECT_EQ(files(3), once);
  forget_refinement();
  task.extents = {1};
  run(task);
  task.extents = {1, 3};
  run(task);
  EXPECT_EQ(record(3)["record"]["continued_from"], "epoch 1");
  EXPECT_EQ(files(3), once);
}

}  // namespace
}  // namespace latentgrid::testing
