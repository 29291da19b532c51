#include <map>
#include <set>

#include "chart_fixture.hpp"
#include "db/results_db.hpp"

namespace latentgrid {
namespace {

using namespace testing;

const Json spec = {{"kind", "training_curves"}, {"name", "curves"}, {"title", "Training"}};

struct TrainingCurves : ChartTest {
  Figure figure_of(const std::vector<SampleCell>& cells) { return charts::training_curves(data_of(cells), spec); }
};

const Panel& panel_of(const Figure& figure) {
  return std::get<XyPlot>(figure.body).panels.at(0);
}

TEST_F(TrainingCurves, AreOneATraining) {
  const Figure figure = figure_of({{.epochs = 2, .accuracy = 0.5},
                                   {.epochs = 3, .accuracy = 0.6},
                                   {.epochs = 3, .reduction = "tsne", .reduced_dim = 2, .accuracy = 0.7},
                                   {.architecture = "AE2", .epochs = 1, .seed = 1, .accuracy = 0.8},
                                   {.architecture = "raw", .accuracy = 0.4}});
  EXPECT_EQ(figure.name, "curves");
  EXPECT_EQ(figure.title, "Training");
  EXPECT_EQ(figure.caption, (Sentences{"Mean training loss in each epoch, for 2 trainings."}));
  EXPECT_EQ(figure.omissions, Sentences{});
  const Panel& panel = panel_of(figure);
  EXPECT_EQ(panel.x.title, "epoch");
  EXPECT_EQ(panel.y.title, "mean training loss");
  EXPECT_FALSE(panel.y.log);
  ASSERT_EQ(panel.series.size(), 2u);
  EXPECT_EQ(panel.series[0].name, "AE1, seed 0");
  EXPECT_EQ(panel.series[1].name, "AE2, seed 1");
  EXPECT_TRUE(panel.series[0].line);
  EXPECT_NE(panel.series[0].color, panel.series[1].color);
  ASSERT_EQ(panel.series[0].points.size(), 3u) << "the longest of its runs";
  EXPECT_EQ(panel.series[0].points[2].x, 3);
  EXPECT_EQ(panel.series[0].points[2].y, 0.125);
  EXPECT_EQ(panel.series[0].points[2].note, "AE1, seed 0, epoch 3");
}

// The training behind both is one, and not refined.
TEST_F(TrainingCurves, AreNotOfRefinementsAndSaySo) {
  const Figure figure = figure_of({{.epochs = 2, .accuracy = 0.5, .axes = {{"refine", "none"}}},
                                   {.epochs = 2, .accuracy = 0.6, .axes = {{"refine", "dec"}}, .refine = {{"method", "dec"}, {"k", 10}}}});
  ASSERT_EQ(panel_of(figure).series.size(), 1u);
  EXPECT_EQ(panel_of(figure).series[0].name, "AE1, seed 0");
  EXPECT_EQ(figure.caption, (Sentences{"Mean training loss in each epoch, for 1 training.",
                                       "Refinements minimize other losses and are not drawn; `latentgrid show JOB` lists them."}));
}

TEST_F(TrainingCurves, NameWhatElseVariesInTraining) {
  const Figure figure = figure_of({{.latent = "32", .epochs = 1, .learning_rate = 0.01, .accuracy = 0.5},
                                   {.latent = "64", .epochs = 1, .learning_rate = 0.1, .accuracy = 0.6}});
  EXPECT_EQ(panel_of(figure).series[0].name, "AE1(32), seed 0, learning_rate 0.01");
  EXPECT_EQ(panel_of(figure).series[1].points[0].note, "AE1(64), seed 0, learning_rate 0.1, epoch 1");
}

TEST_F(TrainingCurves, SayThatDifferentLossesDoNotCompare) {
  const Figure figure = figure_of({{.epochs = 1, .accuracy = 0.5}, {.epochs = 1, .accuracy = 0.6, .loss = "l1"}});
  EXPECT_EQ(figure.caption, (Sentences{"Mean training loss in each epoch, for 2 trainings.",
                                       "The trainings minimize different losses (l1, mse), whose values do not compare."}));
}

TEST_F(TrainingCurves, ALossThatIsNoNumberIsLeftOut) {
  losses = {0.5, nullptr, 0.001};
  const Figure figure = figure_of({{.epochs = 3, .accuracy = 0.5}});
  EXPECT_EQ(figure.caption, (Sentences{"Mean training loss in each epoch, for 1 training.",
                                       "1 loss is left out because it is not finite."}));
  const Panel& panel = panel_of(figure);
  ASSERT_EQ(panel.series[0].points.size(), 2u);
  EXPECT_EQ(panel.series[0].points[1].x, 3);
  EXPECT_TRUE(panel.y.log) << "two decades";
}

TEST_F(TrainingCurves, OfVeryManyEpochsSomeAreDrawn) {
  losses.assign(25'000, 0.5);
  const Figure figure = figure_of({{.epochs = 25'000, .accuracy = 0.5}});
  EXPECT_EQ(figure.caption[1], "At most 20000 epochs of each training are drawn, evenly chosen.");
  const std::vector<Point>& points = panel_of(figure).series[0].points;
  EXPECT_EQ(points.size(), 20'000u);
  EXPECT_EQ(points.front().x, 1);
  EXPECT_EQ(points.back().x, 25'000);
}

TEST_F(TrainingCurves, WhatHasNoLossesYetIsCounted) {
  const Figure figure = figure_of({{.accuracy = 0.5}, {.seed = 1, .state = JobState::failed}});
  EXPECT_EQ(figure.caption, (Sentences{"Mean training loss in each epoch, for 1 training.",
                                       "1 of 2 trainings has recorded no losses yet and is left out."}));
  const Figure none = figure_of({{.seed = 2, .state = JobState::pending}});
  EXPECT_TRUE(is_empty(none));
  EXPECT_EQ(none.omissions, (Sentences{"No training has recorded its losses yet."}));
}

TEST_F(TrainingCurves, OfRawPixelsThereAreNone) {
  const Figure figure = figure_of({{.architecture = "raw", .accuracy = 0.5}});
  EXPECT_TRUE(is_empty(figure));
  EXPECT_EQ(figure.omissions, (Sentences{"The sweep trains no encoder."}));
}

TEST_F(TrainingCurves, OfManyThoseThatDifferInMoreThanTheSeedHaveColoursOfTheirOwn) {
  std::vector<SampleCell> cells;
  for (std::int64_t seed = 0; seed < 7; ++seed) {
    for (const double rate : {0.01, 0.1}) cells.push_back({.latent = "32", .epochs = 1, .seed = seed, .learning_rate = rate, .accuracy = 0.5});
  }
  const Figure figure = figure_of(cells);
  EXPECT_EQ(figure.caption.at(1), "Each line is one training. Lines of one colour differ only in the seed or the number of epochs.");
  std::map<std::string, std::set<Color>> colours;
  for (const PointSeries& series : panel_of(figure).series) colours[series.name].insert(series.color);
  EXPECT_EQ(colours, (std::map<std::string, std::set<Color>>{{"AE1, learning_rate 0.01", {0}}, {"AE1, learning_rate 0.1", {1}}}));
}

TEST_F(TrainingCurves, VeryManyAreThinAndEvenlyChosen) {
  std::vector<SampleCell> cells;
  for (std::int64_t seed = 0; seed < 300; ++seed) {
    cells.push_back({.architecture = seed < 150 ? "AE1" : "AE2",
                     .latent = seed % 2 ? "32" : "64",
                     .epochs = 1,
                     .seed = seed,
                     .accuracy = 0.5});
  }
  const Figure figure = figure_of(cells);
  EXPECT_EQ(figure.caption,
            (Sentences{"Mean training loss in each epoch, for 200 of 300 trainings, evenly chosen in the order of the "
                       "file.",
                       "Each line is one training. Colours tell architectures and latent dimensions apart."}));
  const Panel& panel = panel_of(figure);
  ASSERT_EQ(panel.series.size(), 200u);
  EXPECT_EQ(panel.series.front().name, "AE1(64)");
  EXPECT_EQ(panel.series.front().points[0].note, "AE1(64), seed 0, epoch 1");
  EXPECT_EQ(panel.series.back().points[0].note, "AE2(32), seed 299, epoch 1");
  EXPECT_FALSE(panel.series.front().marks);
  std::map<std::string, std::set<Color>> colours;
  for (const PointSeries& series : panel.series) colours[series.name].insert(series.color);
  EXPECT_EQ(colours.size(), 4u);
  for (const auto& [name, used] : colours) EXPECT_EQ(used.size(), 1u) << name;
}

}  // namespace
}  // namespace latentgrid
