#include "spec/launcher_section.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "base/diagnostic.hpp"
#include "spec/json_schema.hpp"

namespace latentgrid {
namespace {

struct ReadSection {
  ClusterWorkers section;
  Diagnostics diagnostics;
};

ReadSection read(const std::string& text) {
  ReadSection result;
  const YamlNode root = parse_yaml(text, "s.yaml", result.diagnostics);
  Reader reader(result.diagnostics);
  result.section = read_cluster_workers(root.find("slurm")->value, "slurm", {}, reader);
  return result;
}

std::string first_error(const std::string& text) {
  const ReadSection result = read(text);
  return result.diagnostics.all().empty() ? "" : result.diagnostics.all().front().message + " | " + result.diagnostics.all().front().hint;
}

TEST(ClusterWorkers, AsksForFourWorkersOfTheClustersDefaults) {
  EXPECT_EQ(read("slurm:").section.all, WorkerNeeds{});
  EXPECT_EQ(read("slurm: {}").section.all.workers, 4);
}

TEST(ClusterWorkers, AStageTakesWhatIsSaidForAllUnlessItSaysOtherwise) {
  const ClusterWorkers section = read(R"(slurm:
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

TEST(ClusterWorkers, WhatIsWrongIsSaid) {
  EXPECT_EQ(first_error("slurm: {partitoin: gpu}"), "unknown key 'partitoin' in slurm | did you mean 'partition'?");
  EXPECT_EQ(first_error("slurm: {workers: 0}"), "workers expects an integer of at least 1 and at most 100000, got '0' | ");
  EXPECT_EQ(first_error("slurm: gpu"), "slurm expects keys and values, got 'gpu' | for example slurm: {workers: 8, time: 2:00:00}");
  EXPECT_EQ(first_error("slurm: {train: {nodes: 2}}"), "unknown key 'nodes' in train | known here: extra, workers, cpus, memory, time, partition, account, qos, gres");
}

TEST(ClusterWorkers, TimesAndSizesAreWrittenAsSlurmTakesThem) {
  for (const char* time : {"5", "1:02", "1:02:03", "90:00:00", "1-2", "7-0", "1-2:03", "1-2:03:04", "UNLIMITED", "infinite", "-1"}) {
    EXPECT_EQ(first_error(fmt::format("slurm: {{time: '{}'}}", time)), "") << time;
  }
  for (const char* time : {"soon", "1h", "2d", "1:", ":5", "1-2:", "1 day", "1-2:3:4:5", "1:2:3:4", "+5", "1.5"}) {
    EXPECT_NE(first_error(fmt::format("slurm: {{time: '{}'}}", time)), "") << time;
  }
  for (const char* memory : {"0", "4000", "4k", "4M", "4g", "4GB", "2T"}) EXPECT_EQ(first_error(fmt::format("slurm: {{memory: '{}'}}", memory)), "") << memory;
  for (const char* memory : {"lots", "1.5G", "4Gx", "4P", "-1", "4 G"}) EXPECT_NE(first_error(fmt::format("slurm: {{memory: '{}'}}", memory)), "") << memory;
  EXPECT_EQ(first_error("slurm: {time: soon}"), "time expects a time as Slurm writes it, got 'soon' | minutes, hours:minutes:seconds or days-hours:minutes:seconds, for example 90, 1:30:00 or 2-12:00:00");
  EXPECT_EQ(first_error("slurm: {train: {memory: lots}}"), "memory expects a whole number with K, M, G or T behind it, got 'lots' | for example 4G; without a letter it is in MiB, as Slurm has it");
  EXPECT_NE(first_error("slurm: {coordinator: {time: soon}}"), "");
}

std::pair<LauncherSection, std::string> read_section(const std::string& text) {
  Diagnostics diagnostics;
  const YamlNode root = parse_yaml(text, "s.yaml", diagnostics);
  Reader reader(diagnostics);
  LauncherSection section = read_launcher(root.find("launcher")->value, reader);
  std::string said;
  for (const Diagnostic& diagnostic : diagnostics.all()) said += diagnostic.message + " | " + diagnostic.hint + "\n";
  return {section, said};
}

TEST(LauncherSection, HasCommandsAndWorkers) {
  const auto [section, said] = read_section(R"(launcher:
  submit: "qsub -N {name} -t {first}-{last} {script}"
  list: qstat
  columns: "{id} {name} {index} {state}"
  cancel: "qdel {name}"
  states: {qw: pending}
  workers: 7
  memory: 4gb:excl
  time: soon
  train: {gres: "gpu:1"}
)");
  EXPECT_EQ(said, "");
  EXPECT_EQ(section.commands.submit, "qsub -N {name} -t {first}-{last} {script}");
  EXPECT_EQ(section.commands.states.at("qw"), "pending");
  EXPECT_EQ(section.workers.all.workers, 7);
  EXPECT_EQ(section.workers.of_stage.at("train").gres, "gpu:1");
}

TEST(LauncherSection, WhereASweepRunsIsNoPartOfIt) {
  for (const char* set : {"slurm.workers=8", "slurm.train.gres=gpu:1", "launcher.submit=qsub", "slurm={workers: 2}"}) EXPECT_TRUE(is_about_workers(set)) << set;
  for (const char* set : {"train.epochs=3", "name=slurm", "slurmy.x=1"}) EXPECT_FALSE(is_about_workers(set)) << set;
}

TEST(LauncherSection, WhatIsWrongIsSaid) {
  EXPECT_EQ(read_section("launcher: {submit: x, list: y, columns: z}").second,
            "the launcher has no 'cancel' | docs/cluster.md has the commands of PBS, LSF and Grid Engine\n");
  EXPECT_EQ(read_section("launcher: {submit: x, list: y, columns: z, cancel: a, states: {q: waiting}}").second,
            "unknown state 'waiting' | known here: pending, running, ending, ended\n");
}

}  // namespace
}  // namespace latentgrid
