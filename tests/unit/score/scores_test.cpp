#include "score/scores.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "base/error.hpp"
#include "support/golden.hpp"

using namespace latentgrid;
using latentgrid::testing::sklearn_answer;

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

// The example of Manning, Raghavan and Schütze, Introduction to Information Retrieval, figure 16.4: 12 of 17 points. In numpy,
// for labels from 0: sum(numpy.bincount(labels[clusters == c]).max() for c in numpy.unique(clusters)) / len(labels)
TEST(Scores, PurityIsTheShareOfEachClustersMostFrequentClass) {
  const std::vector<std::int32_t> clusters{0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2},
      labels{0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 2, 0, 0, 2, 2, 2};
  EXPECT_DOUBLE_EQ(score_against_labels(clusters, labels, std::vector<bool>(17, true)).purity, 12.0 / 17);
}

TEST(Scores, PurityLetsClustersShareAClassAndLeavesUnlabelledPointsOut) {
  const LabelScores scores =
      score_against_labels(std::vector<std::int32_t>{0, 0, 1, 2, 2, 2}, std::vector<std::int32_t>{0, 0, 0, 0, 1, -1},
                           std::vector<bool>(6, true));
  EXPECT_DOUBLE_EQ(scores.purity, 4.0 / 5);
  EXPECT_DOUBLE_EQ(scores.accuracy, 3.0 / 5) << "one cluster a class";
}

TEST(Scores, NoiseIsWrongAndAPartOfItsOwn) {
  const std::vector<std::int32_t> clusters{0, 0, -1, 1, -1, -1}, labels{1, 1, 1, 0, 0, -1};
  const LabelScores scores = score_against_labels(clusters, labels, {true, true, true, false, false, false});
  EXPECT_EQ(scores.assignment, (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQ(scores.predictions, (std::vector<std::int32_t>{1, 1, -1, 0, -1, -1}));
  EXPECT_EQ(scores.confusion, (CountMatrix(3, 2) << 0, 2, 1, 0, 1, 1).finished()) << "the last row is noise";
  EXPECT_EQ(scores.labelled, 5);
  EXPECT_DOUBLE_EQ(scores.accuracy, 3.0 / 5);
  EXPECT_DOUBLE_EQ(scores.purity, 3.0 / 5);
  EXPECT_DOUBLE_EQ(scores.accuracy_public, 2.0 / 3);
  EXPECT_DOUBLE_EQ(scores.accuracy_private, 1.0 / 2);
}

TEST(Scores, NoiseAgreesWithLabelsAsInScikitLearn) {
  const Json answer = sklearn_answer("noise");
  const auto clusters = answer.at("clusters").get<std::vector<std::int32_t>>(), labels = answer.at("labels").get<std::vector<std::int32_t>>();
  const LabelScores scores = score_against_labels(clusters, labels, std::vector<bool>(labels.size()));
  EXPECT_NEAR(scores.ari, answer.at("ari").get<double>(), 1e-12);
  EXPECT_NEAR(scores.nmi, answer.at("nmi").get<double>(), 1e-12);
}

TEST(Scores, NothingButNoiseIsAllWrong) {
  const std::vector<std::int32_t> clusters{-1, -1, -1}, labels{0, 1, 1};
  const LabelScores scores = score_against_labels(clusters, labels, {true, true, true});
  EXPECT_TRUE(scores.assignment.empty());
  EXPECT_EQ(scores.predictions, clusters);
  EXPECT_EQ(scores.confusion, (CountMatrix(1, 2) << 1, 2).finished());
  EXPECT_EQ(scores.accuracy, 0);
  EXPECT_EQ(scores.ari, 0);
  EXPECT_EQ(scores.nmi, 0);
}

TEST(Scores, SayWhatIsWrong) {
  EXPECT_THROW(score_against_labels(std::vector<std::int32_t>{-2}, std::vector<std::int32_t>{0}, {true}), Error);
  EXPECT_THROW(score_against_labels(std::vector<std::int32_t>{0}, std::vector<std::int32_t>{-1}, {true}), Error);
  EXPECT_THROW(score_against_labels(std::vector<std::int32_t>{0}, std::vector<std::int32_t>{0, 1}, {true, true}),
               Error);
  EXPECT_THROW(score_against_labels(std::vector<std::int32_t>{0}, std::vector<std::int32_t>{0}, {}), Error);
}
