#include "score/scores.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"

using namespace latentgrid;

TEST(Scores, OneMatchingOfAllLabelledPointsServesPublicAndPrivate) {
  // By itself the private half would be matched the other way round, with accuracy 2/3.
  const std::vector<std::int32_t> clusters{0, 0, 0, 1, 0, 1, 1}, labels{0, 0, 0, 1, 1, 0, 1};
  const std::vector<bool> is_public{true, true, true, true, false, false, false};
  const LabelScores scores = score_against_labels(clusters, labels, is_public);
  EXPECT_EQ(scores.assignment, (std::vector<std::int32_t>{0, 1}));
  EXPECT_EQ(scores.labelled, 7);
  EXPECT_DOUBLE_EQ(scores.accuracy, 5.0 / 7);
  EXPECT_DOUBLE_EQ(scores.accuracy_public, 1);
  EXPECT_DOUBLE_EQ(scores.accuracy_private, 1.0 / 3);
}

TEST(Scores, UnlabelledPointsArePredictedButNotScored) {
  const LabelScores scores = score_against_labels(std::vector<std::int32_t>{1, 0, 1, 0},
                                                  std::vector<std::int32_t>{0, 1, -1, -1}, {true, true, true, false});
  EXPECT_EQ(scores.predictions, (std::vector<std::int32_t>{0, 1, 0, 1}));
  EXPECT_EQ(scores.labelled, 2);
  EXPECT_EQ(scores.accuracy, 1);
  EXPECT_TRUE(std::isnan(scores.accuracy_private)) << "no private point has a label";
}

TEST(Scores, AClusterWithoutAClassIsWrong) {
  const LabelScores scores =
      score_against_labels(std::vector<std::int32_t>{0, 0, 1, 2, 2}, std::vector<std::int32_t>{0, 0, 1, 0, 1},
                           {true, true, true, true, true});
  EXPECT_EQ(scores.assignment, (std::vector<std::int32_t>{0, 1, -1}));
  EXPECT_EQ(scores.predictions, (std::vector<std::int32_t>{0, 0, 1, -1, -1}));
  EXPECT_DOUBLE_EQ(scores.accuracy, 3.0 / 5);
}

TEST(Scores, FewerClustersThanClassesLeaveAClassOut) {
  const LabelScores scores = score_against_labels(std::vector<std::int32_t>{0, 0, 1, 1},
                                                  std::vector<std::int32_t>{2, 2, 0, 1}, {true, true, true, true});
  EXPECT_EQ(scores.assignment[0], 2);
  EXPECT_DOUBLE_EQ(scores.accuracy, 0.75);
  EXPECT_EQ(scores.confusion.rows(), 2);
  EXPECT_EQ(scores.confusion.cols(), 3);
}

TEST(Scores, SayWhatIsWrong) {
  EXPECT_THROW(score_against_labels(std::vector<std::int32_t>{0}, std::vector<std::int32_t>{-1}, {true}), Error);
  EXPECT_THROW(score_against_labels(std::vector<std::int32_t>{0}, std::vector<std::int32_t>{0, 1}, {true, true}),
               Error);
  EXPECT_THROW(score_against_labels(std::vector<std::int32_t>{0}, std::vector<std::int32_t>{0}, {}), Error);
}
