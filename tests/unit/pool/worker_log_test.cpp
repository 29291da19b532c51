#include "pool/worker_log.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

class WorkerLogTest : public ::testing::Test {
 protected:
  void print(const std::string& text) { std::ofstream(file_, std::ios::app) << text; }

  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "worker-lab-77-5.log";
  WorkerLog log_{file_};
};

TEST_F(WorkerLogTest, HasTheTasksOneAfterTheOther) {
  print("a library says hello\n"
        "latentgrid T0 worker starts: process 77 on lab; on n2 (Slurm job 4711_3)\n"
        "latentgrid T1 task begins: load 0a attempt 1\n"
        "latentgrid T2 task ends: load 0a attempt 1: done\n"
        "between two tasks\n"
        "latentgrid T3 task begins: train 5f attempt 2, to 5, 10\n"
        "warning: a\nwarning: b\n"
        "latentgrid T4 task ends: train 5f attempt 2: failed (diverged): loss is NaN\n");
  log_.read();
  EXPECT_EQ(log_.worker(), "lab-77-5");
  ASSERT_TRUE(log_.process());
  EXPECT_EQ(log_.process()->process, 77);
  EXPECT_EQ(log_.process()->since, "T0");
  ASSERT_EQ(log_.tasks().size(), 2U);
  EXPECT_EQ(log_.tasks()[0].stage, "load");
  EXPECT_EQ(log_.tasks()[0].how, "done");
  EXPECT_EQ(log_.text(log_.tasks()[0], 0), "");
  const LoggedTask& train = log_.tasks()[1];
  EXPECT_EQ(train.key, "5f");
  EXPECT_EQ(train.attempt, 2);
  EXPECT_EQ(train.extents, "5, 10");
  EXPECT_EQ(train.place, "on n2 (Slurm job 4711_3)");
  EXPECT_EQ(train.began, "T3");
  EXPECT_EQ(train.ended, "T4");
  EXPECT_EQ(train.how, "failed (diverged): loss is NaN");
  EXPECT_EQ(log_.text(train, 0), "warning: a\nwarning: b\n");
  EXPECT_EQ(log_.text(train, train.from + 11), "warning: b\n");
  EXPECT_EQ(log_.current(), nullptr);
}

TEST_F(WorkerLogTest, WhatComesIsReadPieceByPiece) {
  print("latentgrid T1 task begins: train 5f attempt 1\nepoch");
  log_.read();
  ASSERT_NE(log_.current(), nullptr);
  EXPECT_EQ(log_.text(*log_.current(), 0), "") << "the line is not whole yet";
  print(" 1\nlatentgrid T2 task en");
  log_.read();
  ASSERT_NE(log_.current(), nullptr);
  EXPECT_EQ(log_.text(*log_.current(), 0), "epoch 1\n");
  print("ds: train 5f attempt 1: done\n");
  log_.read();
  EXPECT_EQ(log_.current(), nullptr);
  EXPECT_EQ(log_.text(log_.tasks().at(0), 0), "epoch 1\n");
}

TEST_F(WorkerLogTest, ATaskWhoseWorkerWasEndedEndsWhereTheNextOneStarts) {
  print("latentgrid T1 task begins: train 5f attempt 1\n"
        "last words\n"
        "latentgrid T2 worker starts: process 78 on lab\n"
        "of the next one\n");
  log_.read();
  EXPECT_EQ(log_.current(), nullptr);
  ASSERT_EQ(log_.tasks().size(), 1U);
  EXPECT_EQ(log_.tasks()[0].ended, "");
  EXPECT_EQ(log_.text(log_.tasks()[0], 0), "last words\n");
  EXPECT_EQ(log_.process()->process, 78);
}

TEST_F(WorkerLogTest, ThereMayBeNoneAndOthersBeside) {
  log_.read();
  EXPECT_TRUE(log_.tasks().empty());
  print("");
  std::ofstream(folder_ / "latentgrid-0a-all-0.log") << "slurmstepd: error\n";
  std::ofstream(folder_ / "worker-0.log") << "";
  const std::vector<WorkerLog> logs = worker_logs(folder_.path());
  ASSERT_EQ(logs.size(), 2U);
  EXPECT_EQ(logs[0].worker(), "0");
  EXPECT_EQ(logs[1].worker(), "lab-77-5");
  EXPECT_TRUE(worker_logs(folder_ / "nowhere").empty());
}

}  // namespace
}  // namespace latentgrid
