#include "base/heartbeat.hpp"

#include <gtest/gtest.h>

#include "support/fake_clock.hpp"
#include "support/faulty_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

class Heartbeat : public ::testing::Test {
 protected:
  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_.path() / "heartbeat";
  testing::FakeClock clock_;
};

TEST_F(Heartbeat, SilenceIsTheTimeSinceTheLastOneThatWasSeen) {
  HeartbeatWriter writer(file_);
  HeartbeatWatch watch(file_, clock_);
  clock_.advance(3);
  EXPECT_EQ(watch.silence_s(), 3) << "none was there";
  writer.beat(1234);
  EXPECT_EQ(watch.silence_s(), 0);
  EXPECT_EQ(watch.resident_kb(), 1234);
  clock_.advance(7);
  EXPECT_EQ(watch.silence_s(), 7);
  writer.beat();
  EXPECT_EQ(watch.silence_s(), 0);
}

// Nothing that a clock says is written: two machines' need not agree, and one that slept for an hour looks before it judges.
TEST_F(Heartbeat, AfterALongSleepOneLookIsEnough) {
  HeartbeatWriter writer(file_);
  HeartbeatWatch watch(file_, clock_);
  writer.beat();
  watch.silence_s();
  clock_.advance(3600);
  writer.beat();
  EXPECT_EQ(watch.silence_s(), 0);
}

TEST_F(Heartbeat, OneThatWasThereIsNoSignOfLifeBeforeTheNext) {
  HeartbeatWriter writer(file_);
  writer.beat();
  HeartbeatWatch watch(file_, clock_);
  watch.silence_s();
  EXPECT_FALSE(watch.has_grown());
  writer.beat();
  watch.silence_s();
  EXPECT_TRUE(watch.has_grown());
  watch.silence_s();
  EXPECT_TRUE(watch.has_grown());
}

TEST_F(Heartbeat, WhatThisProcessSleepsIsNobodysSilence) {
  HeartbeatWatch watch(file_, clock_);
  watch.silence_s();
  clock_.advance(3600);
  EXPECT_EQ(watch.silence_s(), 15) << "the other one's next beat may just not be here yet";
  clock_.advance(5);
  EXPECT_EQ(watch.silence_s(), 20);
}

TEST_F(Heartbeat, AnotherProcessGoesOnCounting) {
  HeartbeatWriter(file_).beat();
  HeartbeatWatch watch(file_, clock_);
  watch.silence_s();
  clock_.advance(5);
  HeartbeatWriter(file_).beat();
  EXPECT_EQ(watch.silence_s(), 0) << "the same number would be no sign of life";
}

TEST_F(Heartbeat, WhatIsHalfWrittenIsNoSign) {
  HeartbeatWriter(file_).beat();
  HeartbeatWatch watch(file_, clock_);
  watch.silence_s();
  clock_.advance(5);
  write_file(file_, "00000000");
  EXPECT_EQ(watch.silence_s(), 5);
  write_file(file_, "");
  EXPECT_EQ(watch.silence_s(), 5);
}

TEST_F(Heartbeat, OneThatCannotBeWrittenIsFollowedByOneThatCan) {
  testing::FaultyFileSystem files(folder_.path());
  HeartbeatWriter writer(file_, files);
  HeartbeatWatch watch(file_, clock_);
  for (int failing : {1, 2, 3}) {
    files.fail(failing, false);
    EXPECT_FALSE(writer.beat());
    EXPECT_TRUE(writer.beat());
    clock_.advance(1);
    EXPECT_EQ(watch.silence_s(), 0) << failing;
  }
}

}  // namespace
}  // namespace latentgrid
