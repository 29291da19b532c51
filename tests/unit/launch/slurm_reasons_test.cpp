#include "launch/slurm_reasons.hpp"

#include <gtest/gtest.h>

#include <string>

namespace latentgrid {
namespace {

bool is_stuck(const char* reason) { return find_slurm_reason(reason).stuck; }

TEST(SlurmReasons, SomeReasonsToWaitDoNotPass) {
  for (const char* reason : {"PartitionTimeLimit", "PartitionNodeLimit", "PartitionConfig", "PartitionInactive", "BadConstraints", "AccountNotAllowed", "AccountingPolicy",
                             "InvalidAccount", "InvalidQOS", "QOSNotAllowed", "JobHeldUser", "JobHeldAdmin", "DependencyNeverSatisfied", "job requeued in held state",
                             "launch failed requeued held", "AssocMaxWallDurationPerJobLimit", "QOSMaxWallDurationPerJobLimit", "AssocMaxCpuPerJobLimit", "QOSMaxCpuPerJobLimit",
                             "AssocMaxMemPerJob", "QOSMaxMemoryPerJob", "QOSMaxGRESPerJob", "AssocMaxGRESPerJob", "AssocMaxNodePerJobLimit", "QOSMinCpuNotSatisfied", "QOSMinGRES", "MaxMemPerLimit",
                             "Job's account not known, so it can't use this partition"}) {
    EXPECT_TRUE(is_stuck(reason)) << reason;
    EXPECT_FALSE(find_slurm_reason(reason).remedy.empty()) << reason;
  }
  for (const char* reason : {"", "None", "Resources", "Priority", "JobArrayTaskLimit", "QOSMaxJobsPerUserLimit", "PartitionDown", "ReqNodeNotAvail, UnavailableNodes:n3", "AssocGrpCpuLimit",
                             "BeginTime", "QOSMaxCpuPerUserLimit", "QOSGrpGRES", "AssocGrpCPUMinutesLimit"}) {
    EXPECT_FALSE(is_stuck(reason)) << reason;
  }
}

TEST(SlurmReasons, AnAdviceIsAboutItsReason) {
  const auto remedy = [](const char* reason) { return std::string(find_slurm_reason(reason).remedy); };
  const auto meaning = [](const char* reason) { return std::string(find_slurm_reason(reason).meaning); };
  EXPECT_EQ(meaning("PartitionTimeLimit"), "it asks for more time than its partition allows");
  EXPECT_NE(remedy("PartitionTimeLimit").find("--slurm time=..."), std::string::npos);
  EXPECT_NE(remedy("OUT_OF_MEMORY").find("--slurm memory=..."), std::string::npos);
  EXPECT_EQ(remedy("FAILED (killed by signal 9)"), remedy("OUT_OF_MEMORY"));
  EXPECT_NE(remedy("QOSMinCpuNotSatisfied").find("ask for more (--slurm cpus=..."), std::string::npos);
  EXPECT_EQ(remedy("Licenses"), "wait, or leave --licenses out of `extra`");
  EXPECT_NE(remedy("ReqNodeNotAvail, Reserved for maintenance").find("`scontrol show reservation`"), std::string::npos);
  EXPECT_EQ(remedy("Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions"), remedy("ReqNodeNotAvail"));
  EXPECT_EQ(meaning("AssocGrpCPUMinutesLimit"), meaning("QOSGrpCPUMinutesLimit"));
  EXPECT_NE(meaning("AssocGrpCPURunMinutesLimit"), meaning("AssocGrpCPUMinutesLimit"));
  EXPECT_EQ(meaning("AssocGrpCpuLimit"), "jobs of its account use all that the account may have at once");
  EXPECT_EQ(meaning("QOSMaxCpuPerUserLimit"), "jobs of its quality of service (QOS) use all that they may have at once");
  for (const char* reason : {"", "None", "TIMEOUT", "FAILED (exit code 3)", "SomethingOfNextYear"}) {
    EXPECT_EQ(meaning(reason), "") << reason;
    EXPECT_EQ(remedy(reason), "") << reason;
  }
}

}  // namespace
}  // namespace latentgrid
