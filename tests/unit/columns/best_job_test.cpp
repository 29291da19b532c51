#include "columns/best_job.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

TEST(BestJob, IsTheFirstCompleteOneWithTheBestValue) {
  BestJob accuracy(*find_metric("accuracy")), loss(*find_metric("recon_mse"));
  EXPECT_EQ(accuracy.found(), std::nullopt);
  for (BestJob* best : {&accuracy, &loss}) {
    best->see(0, "failed", 1.0);
    best->see(1, "complete", std::nullopt);
    best->see(2, "complete", 0.5);
    best->see(3, "complete", 0.7);
    best->see(4, "complete", 0.5);
    best->see(5, "complete", 0.7);
  }
  EXPECT_EQ(accuracy.found(), 3u);
  EXPECT_EQ(loss.found(), 2u);
}

TEST(BestJob, IsByAccuracyOrWithoutLabelsByReconstructionLoss) {
  EXPECT_EQ(default_metric_of_best(true), "accuracy");
  EXPECT_EQ(default_metric_of_best(false), "recon_mse");
}

}  // namespace
}  // namespace latentgrid
