#include "worker/channel.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include "base/error.hpp"

namespace latentgrid::worker {
namespace {

class ChannelTest : public ::testing::Test {
 protected:
  ChannelTest() {
    EXPECT_EQ(::pipe(commands_), 0);
    EXPECT_EQ(::pipe(messages_), 0);
  }
  ~ChannelTest() override {
    for (int fd : {commands_[0], commands_[1], messages_[0], messages_[1]}) ::close(fd);
  }
  void write(const std::string& text) { ASSERT_EQ(::write(commands_[1], text.data(), text.size()), ssize_t(text.size())); }

  int commands_[2], messages_[2];
  const std::string stop_ = protocol::encode(protocol::Stop{}) + "\n";
  const std::string run_ = protocol::encode(protocol::Run{.task = 5, .stage = "load"}) + "\n";
};

TEST_F(ChannelTest, CommandsComeInOrderHoweverTheyAreCut) {
  Channel channel(commands_[0], messages_[1]);
  std::string all = run_ + stop_;
  write(all.substr(0, 10));
  EXPECT_FALSE(channel.stop_requested());
  write(all.substr(10));
  EXPECT_EQ(std::get<protocol::Run>(*channel.receive()).task, 5);
  EXPECT_TRUE(std::holds_alternative<protocol::Stop>(*channel.receive()));
}

TEST_F(ChannelTest, StopIsSeenBehindOtherCommands) {
  Channel channel(commands_[0], messages_[1]);
  EXPECT_FALSE(channel.stop_requested());
  write(run_);
  EXPECT_FALSE(channel.stop_requested());
  write(stop_);
  EXPECT_TRUE(channel.stop_requested());
  EXPECT_TRUE(std::holds_alternative<protocol::Run>(*channel.receive()));
}

TEST_F(ChannelTest, EndOfFileIsAStop) {
  Channel channel(commands_[0], messages_[1]);
  ::close(commands_[1]);
  EXPECT_TRUE(channel.stop_requested());
  EXPECT_FALSE(channel.receive().has_value());
  commands_[1] = ::dup(commands_[0]);
}

TEST_F(ChannelTest, ALineThatIsNoMessageIsAnError) {
  Channel channel(commands_[0], messages_[1]);
  write("{\"type\":\"dance\"}\n");
  EXPECT_THROW(channel.receive(), Error);
}

TEST_F(ChannelTest, LentThreadsAreKnownBetweenCommandsAndAreNoCommand) {
  Channel channel(commands_[0], messages_[1]);
  EXPECT_EQ(channel.shared_threads(5), 1);
  write(run_ + protocol::encode(protocol::Share{5, 3}) + "\n");
  EXPECT_EQ(channel.shared_threads(5), 3);
  EXPECT_EQ(channel.shared_threads(6), 1) << "lent to another task";
  EXPECT_EQ(std::get<protocol::Run>(*channel.receive()).task, 5);
  write(protocol::encode(protocol::Share{5, 1}) + "\n");
  EXPECT_FALSE(channel.stop_requested());
  EXPECT_EQ(channel.shared_threads(5), 1);
}

TEST_F(ChannelTest, MessagesAreLines) {
  Channel channel(commands_[0], messages_[1]);
  channel.send(protocol::Failed{3, "internal", "two\nlines"});
  char buffer[256];
  ssize_t n = ::read(messages_[0], buffer, sizeof buffer);
  EXPECT_EQ(std::string(buffer, n), R"({"kind":"internal","message":"two\nlines","task":3,"type":"failed"})" "\n");
}

}  // namespace
}  // namespace latentgrid::worker
