#include "measures/choice.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

using Evidence = MeasureChoice::Evidence;

// Jobs with an accuracy and values of agreement and stability, `seeds` of them a setting.
struct Judged {
  std::vector<ResultRow> rows;
  JobMeasures measures;
  std::size_t seeds = 1;

  void add(std::optional<double> accuracy, std::optional<double> agreement,
           std::optional<double> stability = std::nullopt) {
    ResultRow row;
    row.job = "job" + std::to_string(rows.size());
    row.state = "complete";
    row["accuracy"] = accuracy;
    measures.setting_of.push_back(rows.size() / seeds);
    measures.of_job.push_back({agreement, stability, std::nullopt, std::nullopt});
    rows.push_back(row);
  }
  std::optional<LabelledChoice> judge() const {
    std::vector<const ResultRow*> jobs;
    for (const ResultRow& row : rows) jobs.push_back(&row);
    return judge_measures(jobs, measures, *find_metric("accuracy"),
                          {find_measure("agreement"), find_measure("stability")});
  }
};

TEST(Choice, SaysWhatWouldHaveBeenChosenAndWhatThatCosts) {
  Judged judged;
  // scipy.stats.kendalltau([1, 2, 3, 4, 5, 6], [.5, .6, .7, .8, 1, .9]): tau 0.8667, p 0.0167
  for (const auto& [accuracy, agreement] :
       {std::pair(0.5, 0.1), {0.6, 0.2}, {0.7, 0.3}, {0.8, 0.4}, {1.0, 0.5}, {0.9, 0.6}})
    judged.add(accuracy, agreement);
  const LabelledChoice found = judged.judge().value();
  EXPECT_EQ(found.jobs, 6u);
  EXPECT_EQ(found.best, 1);
  EXPECT_DOUBLE_EQ(found.mean, 0.75);
  ASSERT_EQ(found.measures.size(), 1u) << "no job has the others";
  const MeasureChoice& agreement = found.measures.front();
  EXPECT_EQ(agreement.measure->name, "agreement");
  EXPECT_EQ(agreement.chosen, 5u);
  EXPECT_EQ(agreement.score, 0.9);
  EXPECT_DOUBLE_EQ(agreement.loss, 0.1);
  EXPECT_NEAR(agreement.tau.value(), 0.8666666666666666, 1e-12);
  EXPECT_NEAR(agreement.p.value(), 0.016666666666666666, 1e-12);
  EXPECT_EQ(agreement.evidence, Evidence::better_than_chance);
  EXPECT_TRUE(agreement.beats_random);
}

TEST(Choice, IsJudgedOverSettingsNotOverTheirSeeds) {
  Judged judged{.seeds = 3};
  // Four settings in perfect order, three seeds each: 12 jobs, but any order of four may be chance.
  for (int setting = 0; setting < 4; ++setting) {
    for (int seed = 0; seed < 3; ++seed)
      judged.add(0.5 + 0.1 * setting + 0.01 * seed, 0.1 * setting + 0.01 * seed, 0.9 - 0.1 * setting);
  }
  LabelledChoice found = judged.judge().value();
  EXPECT_EQ(found.measures[0].judged, 12u);
  EXPECT_EQ(found.measures[0].settings, 4u);
  EXPECT_EQ(found.measures[0].tau, 1);
  EXPECT_EQ(found.measures[0].evidence, Evidence::too_few);
  // Two more, and the order is evidence, in either direction.
  for (int setting = 4; setting < 6; ++setting) {
    for (int seed = 0; seed < 3; ++seed)
      judged.add(0.5 + 0.1 * setting + 0.01 * seed, 0.1 * setting + 0.01 * seed, 0.9 - 0.1 * setting);
  }
  found = judged.judge().value();
  EXPECT_EQ(found.measures[0].evidence, Evidence::better_than_chance);
  EXPECT_NEAR(found.measures[0].p.value(), 2 * 2 / 720.0, 1e-12) << "of six settings, times two measures";
  const MeasureChoice& stability = found.measures[1];
  EXPECT_EQ(stability.judged, 6u) << "settings";
  EXPECT_EQ(stability.chosen, 0u);
  EXPECT_EQ(stability.seeds, 3u);
  EXPECT_DOUBLE_EQ(stability.score, 0.51);
  EXPECT_DOUBLE_EQ(stability.loss, 0.5);
  EXPECT_EQ(stability.tau, -1);
  EXPECT_EQ(stability.evidence, Evidence::wrong_way);
  EXPECT_FALSE(stability.beats_random);
}

TEST(Choice, AnOrderThatMayBeChanceIsCalledSo) {
  Judged judged;
  for (const auto& [accuracy, agreement] :
       {std::pair(0.5, 0.3), {0.6, 0.1}, {0.7, 0.2}, {0.8, 0.5}, {0.9, 0.4}, {0.55, 0.25}})
    judged.add(accuracy, agreement);
  EXPECT_EQ(judged.judge()->measures.front().evidence, Evidence::chance);
}

TEST(Choice, EqualValuesOrderNothingAndTheFirstIsChosen) {
  Judged judged;
  for (int i = 0; i < 6; ++i) judged.add(0.1 * i, 1.0);
  const MeasureChoice found = judged.judge()->measures.front();
  EXPECT_EQ(found.evidence, Evidence::orders_nothing);
  EXPECT_FALSE(found.tau);
  EXPECT_EQ(found.chosen, 0u);
}

TEST(Choice, NeedsScores) {
  Judged judged;
  EXPECT_FALSE(judged.judge());
  judged.add(0.5, 0.5);
  judged.add(std::nullopt, 0.6);
  EXPECT_FALSE(judged.judge()) << "one job has a score";
  judged.add(0.7, std::nullopt);
  const LabelledChoice found = judged.judge().value();
  EXPECT_EQ(found.best, 0.7) << "also of a job without the measure";
  EXPECT_DOUBLE_EQ(found.measures.front().loss, 0.2);
  EXPECT_EQ(found.measures.front().judged, 1u);
}

}  // namespace
}  // namespace latentgrid
