#include "space/needs.hpp"

#include <gtest/gtest.h>

#include "db/figure_tasks.hpp"
#include "db/registration.hpp"
#include "methods/stages.hpp"
#include "plan/export_task.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct NeedsTest : ::testing::Test {
  TemporaryResults results;
  ArtifactStore store{results.folder()};
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  JobRecord pca = sample_job("AE1", "pca", 32, 0), raw = sample_job("raw", "pca", 32, 0);

  const Need* need(const TaskRef& task) { return needs_.find(task.stage, task.artifact); }
  void read() { needs_ = read_needs(db, store); }
  void complete(const JobRecord& job, double accuracy) {
    record_results(db, sample_artifacts(job, {0.04, accuracy, accuracy, accuracy, 0.2, 0.1}), {},
              {{job.id, JobState::complete, ""}});
  }
  using Sweeps = std::set<std::string>;

  Needs needs_;
};

TEST_F(NeedsTest, ArtifactsAreNeededByTheSweepsAndRevisionsThatHaveThem) {
  register_sweep(db, sample_sweep("one"), {pca});
  register_sweep(db, sample_sweep("two"), {pca, raw});
  SweepRecord again = sample_sweep("two");
  again.text = "changed";
  register_sweep(db, again, {pca});
  read();
  EXPECT_EQ(need(task_of(pca, "train"))->latest, (Sweeps{"one", "two"}));
  EXPECT_EQ(need(task_of(raw, "score"))->latest, Sweeps());
  EXPECT_TRUE(need(task_of(raw, "score"))->older);
  EXPECT_EQ(needs_.find("score", {sha256_hex("another"), 0}), nullptr);
}

TEST_F(NeedsTest, SearchesForNeighborsAndExportsBelongToWhatTheyAreOf) {
  register_sweep(db, sample_sweep("one"), {pca});
  read();
  const ArtifactId latents = task_of(pca, "encode").artifact, model = task_of(pca, "train").artifact;
  auto neighbors_of = [&](const char* stage) { return ArtifactId{cache_key(find_stage("neighbors"), stage, latents.key, latents.extent), 90}; };
  EXPECT_EQ(needs_.find("neighbors", neighbors_of("encode"))->latest, Sweeps{"one"});
  EXPECT_EQ(needs_.find("export", {encoder_export(model).tasks.back().key, 0})->latest, Sweeps{"one"});
  EXPECT_EQ(needs_.find("neighbors", neighbors_of("reduce")), nullptr);
}

TEST_F(NeedsTest, WhatAFigureWasMadeOfIsNeededToo) {
  const std::int64_t revision = register_sweep(db, sample_sweep("one"), {pca});
  const ArtifactId images{sha256_hex("i"), 0}, latents{sha256_hex("l"), 0}, map{sha256_hex("m"), 250};
  auto publish = [&](const std::string& stage, const ArtifactId& id, const std::string& transcript) {
    store.publish(store.new_staging_folder(), stage, id, {{"metrics", Json::object()}}, transcript);
  };
  publish("load", images, "stage = text load\n");
  publish("encode", latents,
          "stage = text encode\ninput.images = map 2\ninput.images.extent = int 0\ninput.images.key = text " +
              images.key + "\ninput.model = map 2\ninput.model.extent = int 5\ninput.model.key = text " +
              sha256_hex("absent") + "\nseed = null \n");
  publish("reduce", map,
          "stage = text reduce\ninput.points = map 2\ninput.points.extent = int 0\ninput.points.key = text " +
              latents.key + "\n");
  set_figure_tasks(db, revision, {{"map", 0, "embedding", pca.id, "reduce", map}});
  read();
  for (const auto& [stage, id] : {std::pair("reduce", map), std::pair("encode", latents), std::pair("load", images)}) {
    ASSERT_NE(needs_.find(stage, id), nullptr) << stage;
    EXPECT_EQ(needs_.find(stage, id)->latest, Sweeps{"one"}) << stage;
  }
}

TEST_F(NeedsTest, ModelsOfTheBestJobOfIncompleteOnesAndOfFiguresToComeAreAskedForAgain) {
  const JobRecord best = sample_job("AE2", "pca", 32, 1), other = sample_job("AE2", "pca", 32, 2),
                  shown = sample_job("AE2", "pca", 32, 3);
  const std::int64_t revision = register_sweep(db, sample_sweep("one"), {pca, best, other, shown});
  complete(best, 0.9);
  complete(other, 0.8);
  complete(shown, 0.7);
  set_figure_tasks(db, revision, {{"reconstructions", 0, "reconstruct", shown.id, "reconstruct", {sha256_hex("r"), 0}}});
  read();
  EXPECT_TRUE(needs_.checkpoints.contains(task_of(best, "train").artifact));
  EXPECT_TRUE(needs_.checkpoints.contains(task_of(pca, "train").artifact)) << "pending";
  EXPECT_TRUE(needs_.checkpoints.contains(task_of(shown, "train").artifact));
  EXPECT_FALSE(needs_.checkpoints.contains(task_of(other, "train").artifact));
}

}  // namespace
}  // namespace latentgrid
