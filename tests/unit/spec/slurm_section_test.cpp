#include "spec/slurm_section.hpp"

#include <gtest/gtest.h>

#include "base/diagnostic.hpp"
#include "spec/json_schema.hpp"

namespace latentgrid {
namespace {

struct ReadSection {
  SlurmSection section;
  Diagnostics diagnostics;
};

ReadSection read(const std::string& text) {
  ReadSection result;
  const YamlNode root = parse_yaml(text, "s.yaml", result.diagnostics);
  Reader reader(result.diagnostics);
  result.section = read_slurm(root.find("slurm")->value, reader);
  return result;
}

std::string first_error(const std::string& text) {
  const ReadSection result = read(text);
  return result.diagnostics.all().empty() ? "" : result.diagnostics.all().front().message + " | " + result.diagnostics.all().front().hint;
}

TEST(SlurmSection, AsksForFourWorkersOfTheClustersDefaults) {
  EXPECT_EQ(read("slurm:").section.all, WorkerNeeds{});
  EXPECT_EQ(read("slurm: {}").section.all.workers, 4);
}

TEST(SlurmSection, AStageTakesWhatIsSaidForAllUnlessItSaysOtherwise) {
  const SlurmSection section = read(R"(slurm:
  train: {partition: gpu, gres: "gpu:1", workers: 2}
  partition: cpu
  time: 2:00:00
  memory: 4G
  extra: [--exclude=n7, --reservation=lab]
  reduce: {cpus: 8, extra: --exclusive}
)").section;
  EXPECT_EQ(section.all.partition, "cpu");
  EXPECT_EQ(section.all.time, "2:00:00");
  EXPECT_EQ(section.all.extra, (std::vector<std::string>{"--exclude=n7", "--reservation=lab"}));
  ASSERT_EQ(section.of_stage.size(), 2U);
  EXPECT_EQ(section.of_stage.at("train"),
            (WorkerNeeds{.workers = 2, .memory = "4G", .time = "2:00:00", .partition = "gpu", .gres = "gpu:1", .extra = {"--exclude=n7", "--reservation=lab"}}));
  EXPECT_EQ(section.of_stage.at("reduce").cpus, 8);
  EXPECT_EQ(section.of_stage.at("reduce").extra, std::vector<std::string>{"--exclusive"});
}

TEST(SlurmSection, WhatIsWrongIsSaid) {
  EXPECT_EQ(first_error("slurm: {partitoin: gpu}"), "unknown key 'partitoin' in slurm | did you mean 'partition'?");
  EXPECT_EQ(first_error("slurm: {workers: 0}"), "workers expects an integer of at least 1, got '0' | ");
  EXPECT_EQ(first_error("slurm: gpu"), "slurm expects keys and values, got 'gpu' | for example slurm: {workers: 8, time: 2:00:00}");
  EXPECT_EQ(first_error("slurm: {train: {nodes: 2}}"), "unknown key 'nodes' in train | known here: extra, workers, cpus, memory, time, partition, account, qos, gres");
}

}  // namespace
}  // namespace latentgrid
