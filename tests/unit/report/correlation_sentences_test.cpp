#include "report/charts/correlation_sentences.hpp"

#include <gtest/gtest.h>

namespace latentgrid::charts {
namespace {

using Sentences = std::vector<std::string>;

const std::vector<double> errors = {0.050, 0.040, 0.034, 0.030, 0.028};

CorrelationSubject subject(const std::string& name, const std::vector<std::vector<double>>& scores) {
  CorrelationSubject subject{.name = name};
  for (const std::vector<double>& training : scores) {
    subject.trainings.push_back(
        {{errors.begin(), errors.begin() + static_cast<std::ptrdiff_t>(training.size())}, training});
  }
  return subject;
}

// scipy.stats.pearsonr: -0.66, -0.75, -0.97; spearmanr: -0.7, -0.7, -0.9.
const CorrelationSubject ae1 =
    subject("AE1", {{0.61, 0.66, 0.67, 0.63, 0.68}, {0.60, 0.61, 0.70, 0.64, 0.69}, {0.61, 0.64, 0.65, 0.68, 0.67}});
// scipy.stats.pearsonr: -0.27, 0.88, 0.38; spearmanr: -0.1, 0.9, 0.7.
const CorrelationSubject ae2 =
    subject("AE2", {{0.61, 0.67, 0.68, 0.65, 0.62}, {0.70, 0.67, 0.68, 0.63, 0.62}, {0.64, 0.68, 0.66, 0.63, 0.62}});

constexpr const char* rule =
    "If a lower loss and a higher accuracy go together, loss and accuracy have a negative correlation. It is called "
    "clear here if Spearman's is at most -0.5 or at least 0.5 over five checkpoints or more of one training.";
constexpr const char* no_p = "Checkpoints of one training depend on each other, so no p-value is given.";

std::string only_verdict(const CorrelationSubject& about) {
  const Sentences sentences = correlation_sentences({about}, {.score = "accuracy"});
  EXPECT_EQ(sentences.size(), 3u);
  EXPECT_EQ(sentences.front(), rule);
  EXPECT_EQ(sentences.back(), no_p);
  return sentences.size() > 1 ? sentences[1] : "";
}

TEST(CorrelationSentences, TellNegativeInAllThreeFromNoStableSign) {
  EXPECT_EQ(
      correlation_sentences({ae1, ae2}, {.score = "accuracy"}),
      (Sentences{
          rule,
          "AE1: the correlation is clearly negative in all three trainings (Spearman -0.90 to -0.70, Pearson -0.97 to "
          "-0.66). Within each of them a lower loss and a higher accuracy go together.",
          "AE2: the correlation is clearly negative in none and clearly positive in two of three trainings (Spearman "
          "-0.10 to +0.90, Pearson -0.27 to +0.88). This does not show that a lower loss and a higher accuracy go "
          "together.",
          no_p}));
}

TEST(CorrelationSentences, OneTrainingSaysNothingAboutOthers) {
  EXPECT_EQ(only_verdict(subject("AE1", {{0.61, 0.66, 0.67, 0.63, 0.68}})),
            "AE1: the correlation is clearly negative in the one training (Spearman -0.70, Pearson -0.66). There a "
            "lower loss and a higher accuracy go together. One training says nothing about others.");
  EXPECT_EQ(
      only_verdict(subject("AE1", {{0.70, 0.67, 0.68, 0.63, 0.62}})),
      "AE1: the correlation is clearly positive in the one training (Spearman +0.90, Pearson +0.88). There a lower "
      "loss comes with a lower accuracy, the opposite. One training says nothing about others.");
  EXPECT_EQ(only_verdict(subject("AE1", {{0.61, 0.67, 0.68, 0.65, 0.62}})),
            "AE1: the correlation is not clear in the one training (Spearman -0.10, Pearson -0.27). This is too weak "
            "to say whether a lower loss and a higher accuracy go together.");
}

TEST(CorrelationSentences, AllPositiveIsTheOppositeOfTheClaim) {
  EXPECT_EQ(
      only_verdict(subject("AE2", {{0.70, 0.67, 0.68, 0.63, 0.62}, {0.64, 0.68, 0.66, 0.63, 0.62}})),
      "AE2: the correlation is clearly positive in both trainings (Spearman +0.70 to +0.90, Pearson +0.38 to +0.88). "
      "Within each of them a lower loss comes with a lower accuracy, the opposite.");
}

TEST(CorrelationSentences, OneSignThatIsNotClearEverywhere) {
  EXPECT_EQ(only_verdict(subject("AE1", {{0.61, 0.67, 0.68, 0.65, 0.62}, {0.61, 0.64, 0.65, 0.68, 0.67}})),
            "AE1: the correlation is negative in both trainings, clearly in one (Spearman -0.90 to -0.10, Pearson "
            "-0.97 to -0.27). Where it is clear, a lower loss and a higher accuracy go together; this does not show "
            "that they do in every training.");
  EXPECT_EQ(
      only_verdict(subject("AE1", {{0.61, 0.67, 0.68, 0.65, 0.62}, {0.61, 0.67, 0.68, 0.65, 0.62}})),
      "AE1: the correlation is negative in both trainings, clearly in none (Spearman -0.10, Pearson -0.27). This is "
      "too weak to say that a lower loss and a higher accuracy go together.");
  EXPECT_EQ(
      only_verdict(subject("AE2", {{0.62, 0.68, 0.67, 0.65, 0.61}, {0.64, 0.68, 0.66, 0.63, 0.62}})),
      "AE2: the correlation is positive in both trainings, clearly in one (Spearman +0.40 to +0.70, Pearson -0.01 to "
      "+0.38). This does not show that a lower loss and a higher accuracy go together.");
}

TEST(CorrelationSentences, FewerThanThreeCheckpointsSayNothing) {
  EXPECT_EQ(correlation_sentences({subject("AE1", {{0.6, 0.7}, {0.6}}), subject("AE2", {{0.6, 0.6, 0.6}})},
                                  {.score = "accuracy"}),
            (Sentences{
                "No training has three checkpoints whose loss and accuracy vary, so nothing can be said about whether "
                "a lower loss and a higher accuracy go together."}));
  CorrelationSubject some = ae1;
  some.trainings.push_back({{0.1, 0.2}, {0.6, 0.7}});
  some.trainings.push_back({errors, {0.6, 0.6, 0.6, 0.6, 0.6}});
  EXPECT_EQ(
      correlation_sentences({some}, {.score = "accuracy"})[2],
      "AE1: nothing can be said about one training with fewer than three checkpoints and about one training where loss "
      "or accuracy stays the same.");
}

TEST(CorrelationSentences, BesideLongerTrainingsThoseOfFewCheckpointsDoNotCount) {
  CorrelationSubject some = ae1;
  some.trainings.push_back({{0.1, 0.2, 0.3, 0.4}, {0.6, 0.7, 0.8, 0.9}});
  const Sentences sentences = correlation_sentences({some}, {.score = "accuracy"});
  EXPECT_EQ(sentences.at(1),
            "AE1: the correlation is clearly negative in all three trainings (Spearman -0.90 to -0.70, Pearson -0.97 "
            "to -0.66). Within each of them a lower loss and a higher accuracy go together.");
  EXPECT_EQ(sentences.at(2), "AE1: nothing can be said about one training with fewer than five checkpoints.");
}

// Even with a perfect order.
TEST(CorrelationSentences, FewerThanFiveCheckpointsAreNeverClear) {
  EXPECT_EQ(only_verdict(subject("AE1", {{0.61, 0.66, 0.67}, {0.61, 0.64, 0.65, 0.68}})),
            "AE1: the correlation is Spearman -1.00, Pearson -0.98 to -0.97 in both trainings. Over fewer than five "
            "checkpoints either sign is often chance, so nothing is said about whether a lower loss and a higher "
            "accuracy go together.");
  EXPECT_EQ(only_verdict(subject("AE1", {{0.61, 0.66, 0.67}})),
            "AE1: the correlation is Spearman -1.00, Pearson -0.98 in the one training. Over fewer than five "
            "checkpoints either sign is often chance, so nothing is said about whether a lower loss and a higher "
            "accuracy go together.");
}

TEST(CorrelationSentences, WhereLowerIsBetterThePositiveSignGoesTogether) {
  const Sentences sentences = correlation_sentences({ae1}, {.score = "seconds", .lower_is_better = true});
  EXPECT_EQ(
      sentences[0],
      "If a lower loss and a lower seconds go together, loss and seconds have a positive correlation. It is called "
      "clear here if Spearman's is at most -0.5 or at least 0.5 over five checkpoints or more of one training.");
  EXPECT_EQ(
      sentences[1],
      "AE1: the correlation is clearly negative in all three trainings (Spearman -0.90 to -0.70, Pearson -0.97 to "
      "-0.66). Within each of them a lower loss comes with a higher seconds, the opposite.");
}

TEST(CorrelationSentences, AcrossSeedsAreWordedAsSuch) {
  CorrelationSubject about{.name = "AE1"};
  about.across_seeds = {
      {{0.1, 0.2, 0.3}, {0.7, 0.6, 0.5}}, {{0.1, 0.2, 0.3}, {0.5, 0.6, 0.7}}, {{0.1, 0.2}, {0.5, 0.6}}};
  EXPECT_EQ(
      correlation_sentences({about}, {.score = "accuracy"}),
      (Sentences{
          "No training has three checkpoints whose loss and accuracy vary, so nothing can be said about whether a "
          "lower loss and a higher accuracy go together.",
          "AE1: across trainings that differ only in the seed, after equally many epochs, the correlation of loss and accuracy is Spearman -1.00 to "
          "+1.00, Pearson -1.00 to +1.00 over three trainings each, in two comparisons.",
          "Over fewer than five trainings no rank correlation is beyond chance at 5 %, not even one of 1."}));
  about.across_seeds = {{errors, {0.61, 0.66, 0.67, 0.63, 0.68}}};
  EXPECT_EQ(correlation_sentences({about}, {.score = "accuracy"}).back(),
            "AE1: across trainings that differ only in the seed, after equally many epochs, the correlation of loss and accuracy is Spearman -0.70, "
            "Pearson -0.66 over five trainings.");
}

TEST(CorrelationSentences, NamedTrainingsAreToldOneByOne) {
  CorrelationSubject named = ae1;
  for (std::size_t i = 0; i < named.trainings.size(); ++i) named.trainings[i].name = "seed " + std::to_string(i);
  EXPECT_EQ(correlation_sentences({named}, {.score = "accuracy"}).at(2),
            "AE1: each by itself has these correlations (Spearman, Pearson): seed 0 -0.70, -0.66; seed 1 -0.70, -0.75; "
            "seed 2 -0.90, -0.97.");
}

TEST(CorrelationSentences, OfVeryManyArchitecturesTheFirstTwelveAreDescribed) {
  std::vector<CorrelationSubject> many;
  for (int i = 0; i < 15; ++i) many.push_back(subject("A" + std::to_string(i), {{0.61, 0.66, 0.67}}));
  const Sentences sentences = correlation_sentences(many, {.score = "accuracy"});
  EXPECT_EQ(sentences.size(), 1u + 12u + 2u);
  EXPECT_EQ(sentences[13], "Nothing is said here about the other 3 architectures.");
}

}  // namespace
}  // namespace latentgrid::charts
