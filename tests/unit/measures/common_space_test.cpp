#include "measures/common_space.hpp"

#include "base/error.hpp"
#include "support/predictions.hpp"
#include "unit/measures/measured_sweep.hpp"

namespace latentgrid {
namespace {

using namespace latentgrid::testing;

struct CommonSpaces : MeasuredSweep {
  CommonSpace find(const std::string& name) {
    const ResultsDb db = ResultsDb::open_for_reading(results.database());
    read_rows(db);
    return find_common_space(db, all_rows(), name);
  }
  std::string error(const std::string& name) {
    return error_of([&] { find(name); });
  }
};

TEST_F(CommonSpaces, AreEncodersThatAreNotTrainedOrJobs) {
  const JobRecord job = add(sample_job("AE1", "pca", 8, 0), {0, 1});
  const JobRecord other = add(sample_job("AE1", "none", 0, 0), {0, 1});
  record();
  EXPECT_EQ(find("raw").title, "raw pixels");
  EXPECT_EQ(find("raw").artifact, task_of(job, "load").artifact);
  EXPECT_EQ(find("raw").file, "images.npy");
  EXPECT_EQ(find(job.id).title, "the points of job " + job.id);
  EXPECT_EQ(find(job.id).artifact, task_of(job, "reduce").artifact);
  EXPECT_EQ(find(job.id).file, "embedding.npy");
  EXPECT_EQ(find(other.id).artifact, task_of(other, "encode").artifact);
  EXPECT_EQ(find(other.id).file, "latents.npy");
}

TEST_F(CommonSpaces, OthersAreRefused) {
  add(sample_job("AE1", "pca", 8, 0), {0, 1});
  record();
  EXPECT_EQ(error("pixels"),
            "'pixels' is no space: no job of the sweep has an id that begins so\n  hint: raw, features, or the id of a "
            "job of the sweep, whose points "
            "are then the space");
  EXPECT_EQ(error("features"), "the sweep has no features\n  hint: name a job, whose points are then the space");
}

TEST_F(CommonSpaces, WhatIsNotThereIsNamed) {
  const JobRecord job = add(sample_job("AE1", "pca", 8, 0), {0, 1});
  record();
  const CommonSpace space = find("raw");
  EXPECT_EQ(
      error_of([&] { images_in(store, space); }),
      "raw pixels cannot be read: " + (store.folder("load", task_of(job, "load").artifact) / "images.npy").string() +
          " is missing\n  hint: `latentgrid run FILE` of the sweep makes it anew");
}

}  // namespace
}  // namespace latentgrid
