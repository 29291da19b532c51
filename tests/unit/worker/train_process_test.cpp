#include <gtest/gtest.h>

#include <csignal>
#include <cstring>
#include <limits>
#include <map>

#include "base/file_system.hpp"
#include "store/npy.hpp"
#include "support/temporary_folder.hpp"
#include "unit/worker/worker_process.hpp"
#include "unit/worker/worker_tasks.hpp"

namespace latentgrid::testing {
namespace {

namespace fs = std::filesystem;

class TrainProcessTest : public ::testing::Test {
 protected:
  TrainProcessTest() {
    WorkerProcess worker(folder_.path());
    worker.receive();
    worker.send(load_task(small_dataset()));
    worker.receive_until_the_end();
  }

  protocol::WorkerMessage run(const protocol::Run& task) {
    WorkerProcess worker(folder_.path());
    worker.receive();
    worker.send(task);
    return worker.receive_until_the_end().back();
  }

  // All of a checkpoint but task.json, which holds times, and the optimizer's state, which only the longest one has.
  std::map<std::string, std::string> files(std::int64_t epochs) {
    std::map<std::string, std::string> contents;
    fs::path folder = store_.folder("train", {train_key, epochs});
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
      const bool of_optimizer = entry.path().parent_path().filename() == "optimizer";
      if (entry.is_regular_file() && entry.path().filename() != "task.json" && !of_optimizer) {
        contents[fs::relative(entry.path(), folder).string()] = read_file(entry.path());
      }
    }
    return contents;
  }

  std::string continued_from(std::int64_t epochs) {
    return store_.read_record("train", {train_key, epochs})["record"]["continued_from"];
  }

  void forget_training() { fs::remove_all(folder_ / "artifacts/train"); }

  TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
};

TEST_F(TrainProcessTest, OneRunLeavesEveryExtentAndEncodesIt) {
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(train_task({1, 3}))));
  EXPECT_EQ(store_.extents("train", train_key), (std::vector<std::int64_t>{1, 3}));
  Json record = store_.read_record("train", {train_key, 3});
  EXPECT_EQ(record["record"]["losses"].size(), 3u);
  EXPECT_EQ(record["record"]["losses"][2], record["metrics"]["train_loss"]);
  EXPECT_FALSE(fs::exists(store_.partial(train_key)));

  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(encode_task("autoencoder", 3))));
  EXPECT_GT(store_.read_record("encode", {encode_key, 0})["metrics"]["recon_mse"], 0.0);
  EXPECT_EQ(NpyFile(store_.folder("encode", {encode_key, 0}) / "latents.npy").header().shape,
            (std::vector<std::int64_t>{64, 64}));
  EXPECT_EQ(NpyFile(store_.folder("encode", {encode_key, 0}) / "errors.npy").header().shape, (std::vector<std::int64_t>{64}));
}

TEST_F(TrainProcessTest, MoreEpochsGoOnAndEqualAStandAloneRun) {
  run(train_task({2}));
  run(train_task({2, 4}));
  EXPECT_EQ(continued_from(4), "epoch 2");
  for (const char* used : {"wall_s", "cpu_s"}) {
    auto seconds = [&](std::int64_t epochs) { return store_.read_record("train", {train_key, epochs})["usage"][used]; };
    EXPECT_GT(seconds(4), seconds(2)) << used << " tells what all four epochs took";
  }
  auto two = files(2), four = files(4);
  forget_training();
  run(train_task({4}));
  EXPECT_EQ(continued_from(4), "start");
  EXPECT_EQ(files(4), four);
  forget_training();
  run(train_task({2, 4}));
  EXPECT_EQ(files(2), two);
  EXPECT_EQ(files(4), four);
}

TEST_F(TrainProcessTest, OnlyTheLongestCheckpointHoldsTheOptimizer) {
  auto holds = [&](std::int64_t epochs) { return fs::exists(store_.folder("train", {train_key, epochs}) / "optimizer"); };
  run(train_task({1, 2, 4}));
  EXPECT_FALSE(holds(1));
  EXPECT_FALSE(holds(2));
  EXPECT_TRUE(holds(4));
  run(train_task({1, 2, 4, 5}));
  EXPECT_EQ(continued_from(5), "epoch 4");
  const auto four = files(4), five = files(5);
  // What was in between needs a start from the beginning, and comes to the same.
  run(train_task({1, 3, 5}));
  EXPECT_EQ(continued_from(3), "start");
  EXPECT_FALSE(holds(3));
  const auto three = files(3);
  store_.remove("train", {train_key, 4});
  store_.remove("train", {train_key, 5});
  run(train_task({4, 5}));
  EXPECT_EQ(continued_from(5), "start");
  EXPECT_EQ(files(4), four);
  EXPECT_EQ(files(5), five);
  EXPECT_EQ(files(3), three);
}

TEST_F(TrainProcessTest, ACosineScheduleLeavesNothingToGoOnFrom) {
  protocol::Run task = train_task({2});
  task.params["lr_schedule"] = "cosine";
  task.params["epochs"] = 2;
  run(task);
  EXPECT_FALSE(fs::exists(store_.folder("train", {train_key, 2}) / "optimizer"));
}

// Its state is in the rolling checkpoint then, not in the published one.
TEST_F(TrainProcessTest, ARunStoppedAfterAPublishedEpochGoesOn) {
  constexpr int epochs = 200;
  WorkerProcess worker(folder_.path());
  worker.receive();
  worker.send(train_task({3, epochs}));
  for (bool published = false; !published;) {
    published = std::holds_alternative<protocol::ArtifactReady>(*worker.receive());
  }
  ::kill(worker.pid(), SIGKILL);
  worker.wait();
  run(train_task({3, epochs}));
  EXPECT_TRUE(continued_from(epochs).starts_with("interrupted run at epoch ")) << continued_from(epochs);
  const auto resumed = files(epochs);
  forget_training();
  run(train_task({epochs}));
  EXPECT_EQ(files(epochs), resumed);
}

TEST_F(TrainProcessTest, WhatIsPublishedIsNotTrainedAgain) {
  run(train_task({2}));
  Json before = store_.read_record("train", {train_key, 2});
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(train_task({2}))));
  EXPECT_EQ(store_.read_record("train", {train_key, 2}), before);
}

TEST_F(TrainProcessTest, AStoppedRunGoesOnFromItsRollingCheckpoint) {
  constexpr int epochs = 200;
  WorkerProcess worker(folder_.path());
  worker.receive();
  worker.send(train_task({epochs}));
  while (!fs::exists(store_.partial(train_key))) ASSERT_TRUE(std::holds_alternative<protocol::Progress>(*worker.receive()));
  worker.send(protocol::Stop{});
  protocol::Failed failed = std::get<protocol::Failed>(worker.receive_until_the_end().back());
  EXPECT_EQ(failed.kind, "interrupted");
  EXPECT_EQ(worker.wait(), 0);

  run(train_task({epochs}));
  EXPECT_TRUE(continued_from(epochs).starts_with("interrupted run at epoch ")) << continued_from(epochs);
  EXPECT_FALSE(fs::exists(store_.partial(train_key)));
  auto resumed = files(epochs);
  forget_training();
  run(train_task({epochs}));
  EXPECT_EQ(files(epochs), resumed);
}

TEST_F(TrainProcessTest, AKilledRunGoesOnFromItsRollingCheckpoint) {
  constexpr int epochs = 200;
  for (int kill = 0; kill < 3; ++kill) {
    WorkerProcess worker(folder_.path());
    worker.receive();
    worker.send(train_task({epochs}));
    for (int messages = 0; messages < 2; ++messages) worker.receive();
    ::kill(worker.pid(), SIGKILL);
    EXPECT_EQ(worker.wait(), 128 + SIGKILL);
  }
  run(train_task({epochs}));
  auto resumed = files(epochs);
  forget_training();
  run(train_task({epochs}));
  EXPECT_EQ(files(epochs), resumed);
}

// With a rate of 0 no epoch reconstructs better than the first, but for the batch norm's statistics, which settle.
TEST_F(TrainProcessTest, AnEarlyStopPublishesTheBestEpochAndSaysSo) {
  protocol::Run task = train_task({400}, 0);
  task.params.update({{"early_stop", "validation_loss"}, {"patience", 4}, {"validation", 0.25}, {"epochs", 400}});
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(task)));
  EXPECT_EQ(store_.extents("train", train_key), std::vector<std::int64_t>{400});
  const Json artifact = store_.read_record("train", {train_key, 400}), record = artifact["record"], metrics = artifact["metrics"];
  EXPECT_EQ(record["stopped_by"], "early_stop");
  const std::int64_t ran = record["epochs_run"], best = record["best_epoch"];
  EXPECT_LT(ran, 400);
  EXPECT_EQ(ran, best + 4);
  EXPECT_EQ(record["losses"].size(), static_cast<std::size_t>(ran));
  EXPECT_EQ(metrics["train_loss"], record["losses"][static_cast<std::size_t>(best - 1)]);
  EXPECT_EQ(metrics["epochs_run"], ran);
  EXPECT_EQ(metrics["best_epoch"], best);
  const NpyFile values(store_.folder("train", {train_key, 400}) / "validation.npy");
  EXPECT_EQ(values.header().shape, std::vector<std::int64_t>{ran});
  double best_value = 0;
  std::memcpy(&best_value, values.bytes().data() + static_cast<std::size_t>(best - 1) * sizeof(double), sizeof(double));
  EXPECT_EQ(record["best_value"], best_value);
  EXPECT_FALSE(fs::exists(store_.partial(train_key)));
  EXPECT_FALSE(fs::exists(store_.folder("train", {train_key, 400}) / "optimizer"));

  run(encode_task("autoencoder", 400));
  EXPECT_EQ(NpyFile(store_.folder("encode", {encode_key, 0}) / "latents.npy").header().shape[0], 64) << "those that were held out too";
}

TEST_F(TrainProcessTest, AKilledEarlyStopEndsAsOneThatWasNot) {
  protocol::Run task = train_task({200});
  task.params.update({{"early_stop", "validation_loss"}, {"patience", 200}, {"validation", 0.25}, {"epochs", 200}});
  for (int kill = 0; kill < 3; ++kill) {
    WorkerProcess worker(folder_.path());
    worker.receive();
    worker.send(task);
    for (int messages = 0; messages < 2; ++messages) worker.receive();
    ::kill(worker.pid(), SIGKILL);
    worker.wait();
  }
  run(task);
  EXPECT_TRUE(continued_from(200).starts_with("interrupted run at epoch ")) << continued_from(200);
  const auto resumed = files(200);
  const Json record = store_.read_record("train", {train_key, 200})["record"];
  EXPECT_EQ(record["stopped_by"], "epochs");
  EXPECT_TRUE(resumed.contains("validation.npy"));
  forget_training();
  run(task);
  EXPECT_EQ(files(200), resumed);
  EXPECT_EQ(store_.read_record("train", {train_key, 200})["record"]["best_epoch"], record["best_epoch"]);
}

// The first epoch is always trained; a second would end later than that.
TEST_F(TrainProcessTest, ABudgetEndsATraining) {
  protocol::Run task = train_task({50});
  task.params.update({{"max_minutes", 1e-6}, {"epochs", 50}});
  run(task);
  const Json record = store_.read_record("train", {train_key, 50})["record"];
  EXPECT_EQ(record["stopped_by"], "max_minutes");
  EXPECT_EQ(record["epochs_run"], 1);
  EXPECT_FALSE(record.contains("best_epoch"));
  const auto short_run = files(50);
  forget_training();
  run(train_task({1}));
  EXPECT_EQ(files(1), short_run);
  forget_training();
  task.params["max_minutes"] = 1000.0;
  task.extents = {3};
  run(task);
  const Json whole = store_.read_record("train", {train_key, 3})["record"];
  EXPECT_EQ(whole["stopped_by"], "epochs");
  EXPECT_EQ(whole["epochs_run"], 3);
}

// What the interrupted run has used is gone: of half of it nothing is left for another epoch.
TEST_F(TrainProcessTest, AnInterruptedBudgetIsNotGivenAgain) {
  protocol::Run task = train_task({100000});
  task.params.update({{"max_minutes", 1000.0}, {"epochs", 100000}});
  {
    WorkerProcess worker(folder_.path());
    worker.receive();
    worker.send(task);
    for (int messages = 0; messages < 5; ++messages) worker.receive();
    ::kill(worker.pid(), SIGKILL);
    worker.wait();
  }
  const fs::path partial = store_.partial(train_key);
  ASSERT_TRUE(fs::exists(partial));
  const double seconds = Json::parse(read_file(partial / "usage.json"))["wall_s"];
  const std::int64_t epochs = NpyFile(partial / "losses.npy").header().shape.at(0);
  task.params["max_minutes"] = seconds / 60 / 2;
  run(task);
  const Json record = store_.read_record("train", {train_key, 100000})["record"];
  EXPECT_EQ(record["stopped_by"], "max_minutes");
  EXPECT_EQ(record["epochs_run"], epochs);
}

TEST_F(TrainProcessTest, EndOfFileEndsABusyWorker) {
  WorkerProcess worker(folder_.path());
  worker.receive();
  worker.send(train_task({100000}));
  worker.receive();
  worker.close_input();
  worker.receive_until_the_end();
  EXPECT_EQ(worker.wait(), 0);
}

TEST_F(TrainProcessTest, ADamagedRollingCheckpointIsNotUsed) {
  run(train_task({2}));
  auto expected = files(2);
  fs::create_directories(folder_ / "partial");
  fs::copy(store_.folder("train", {train_key, 2}), store_.partial(train_key), fs::copy_options::recursive);
  forget_training();
  run(train_task({2}));
  EXPECT_EQ(continued_from(2), "start");
  EXPECT_EQ(files(2), expected);
}

TEST_F(TrainProcessTest, ADivergedRunSaysAtWhichEpoch) {
  protocol::Run task = train_task({3});
  task.params["autoencoder"]["decoder"].erase(1);  // tanh would hide it
  task.params["optimizer"] = "sgd";
  task.params["learning_rate"] = 1e30;
  protocol::Failed failed = std::get<protocol::Failed>(run(task));
  EXPECT_EQ(failed.kind, "diverged");
  EXPECT_EQ(failed.message, "loss is infinite at epoch 1");
}

// The loss of the only batch is finite; the step after it is not.
TEST_F(TrainProcessTest, ParametersThatAreNotFiniteAreNotPublished) {
  protocol::Run task = train_task({1});
  task.params["batch_size"] = 64;
  task.params["optimizer"] = "sgd";
  task.params["weight_decay"] = 1e38;
  task.params["learning_rate"] = 1e4;
  const protocol::Failed failed = std::get<protocol::Failed>(run(task));
  EXPECT_EQ(failed.kind, "diverged");
  EXPECT_EQ(failed.message, "108 of 108 values of encoder.0.weight are not finite after epoch 1; lower learning_rate");
  EXPECT_EQ(store_.extents("train", train_key), std::vector<std::int64_t>());
}

// As an earlier version published them.
TEST_F(TrainProcessTest, LatentsOfAModelThatIsNotFiniteAreNotPublished) {
  run(train_task({1}));
  const fs::path bias = store_.folder("train", {train_key, 1}) / "005_decoder.0.bias.npy";
  const std::vector<float> values(3, std::numeric_limits<float>::quiet_NaN());
  ASSERT_TRUE(fs::exists(bias));
  write_npy(bias, std::span<const float>(values), {3});
  const protocol::Failed failed = std::get<protocol::Failed>(run(encode_task("autoencoder", 1)));
  EXPECT_EQ(failed.kind, "diverged");
  EXPECT_EQ(failed.message, "3 of 3 values of decoder.0.bias are not finite in the trained model " + bias.parent_path().string() +
                                "; train with a lower learning_rate");
  EXPECT_FALSE(store_.exists("encode", {encode_key, 0}));
  EXPECT_TRUE(fs::is_empty(folder_ / "tmp"));
}

TEST_F(TrainProcessTest, ADropoutRunDependsOnNoGeneratorState) {
  protocol::Run task = train_task({3});
  task.params["autoencoder"]["encoder"].push_back({{"type", "dropout"}, {"p", 0.3}});
  run(task);
  auto straight = files(3);
  forget_training();
  task.extents = {1};
  run(task);
  task.extents = {3};
  run(task);
  EXPECT_EQ(continued_from(3), "epoch 1");
  EXPECT_EQ(files(3), straight);
}

}  // namespace
}  // namespace latentgrid::testing
