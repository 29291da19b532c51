#include "protocol/messages.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

using namespace latentgrid;
using namespace latentgrid::protocol;

namespace {

std::string error_of(const std::string& line) {
  try {
    decode_worker_message(line);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Messages, ARunComesBackAsItWas) {
  protocol::Run run;
  run.task = 17;
  run.attempt = 2;
  run.stage = "train";
  run.key = std::string(64, 'a');
  run.params = {{"learning_rate", 1e-3}, {"layers", {1, 2}}};
  run.extents = {10, 20};
  run.inputs["images"] = {"load", ArtifactId{std::string(64, 'b'), 0}};
  run.seed = -1;
  run.threads = 2;
  run.device = "cuda:1";
  run.sources = {{"dataset", {{"name", "x"}}}};
  run.transcript = "stage = text train\n";
  std::string line = encode(CoordinatorMessage(run));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(encode(decode_coordinator_message(line)), line);
  protocol::Run back = std::get<protocol::Run>(decode_coordinator_message(line));
  EXPECT_EQ(back.inputs["images"].second.key, std::string(64, 'b'));
  EXPECT_EQ(back.extents, run.extents);
}

TEST(Messages, EveryWorkerMessageComesBackAsItWas) {
  std::vector<WorkerMessage> messages{Hello{1, {{"train", 3}}},
                                      Progress{1, 3, 20, {{"loss", 0.5}}}, ArtifactReady{1, 10},
                                      Done{1}, Failed{1, "diverged", "loss is NaN at epoch 3"}};
  for (const WorkerMessage& message : messages) {
    std::string line = encode(message);
    EXPECT_EQ(encode(decode_worker_message(line)), line);
  }
}

TEST(Messages, LentThreadsComeBackAsTheyWere) {
  const CoordinatorMessage back = decode_coordinator_message(encode(CoordinatorMessage(Share{7, 4})));
  EXPECT_EQ(std::get<Share>(back).task, 7);
  EXPECT_EQ(std::get<Share>(back).threads, 4);
}

TEST(Messages, WhatIsNoMessageIsAnErrorThatShowsTheLine) {
  EXPECT_EQ(error_of("hello world"), "not a protocol message: hello world");
  EXPECT_EQ(error_of("[]"), "not a protocol message: []");
  EXPECT_EQ(error_of(R"({"type":"shout"})"), "unknown message type 'shout' from a worker");
  EXPECT_NE(error_of(R"({"type":"done"})").find(R"(key 'task' not found)"), std::string::npos);
  EXPECT_NE(error_of(R"({"type":"progress","task":"x","done":1,"total":1,"metrics":{}})").find("bad protocol message"), std::string::npos);
}

TEST(Messages, TextThatIsNotUtf8DoesNotStopTheProtocol) {
  std::string line = encode(WorkerMessage(Failed{1, "input", "cannot read \xff.npy"}));
  EXPECT_EQ(std::get<Failed>(decode_worker_message(line)).message, "cannot read \xEF\xBF\xBD.npy");
}
