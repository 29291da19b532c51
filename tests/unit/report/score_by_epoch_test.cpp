#include <algorithm>
#include <cmath>

#include "chart_fixture.hpp"
#include "db/results_db.hpp"

namespace latentgrid {
namespace {

using namespace testing;

struct ScoreByEpoch : ChartTest {
  Json spec = {{"kind", "score_by_epoch"}, {"name", "by_epoch"}, {"title", "Score by epoch"}};

  Figure figure_of(const std::vector<SampleCell>& cells) { return charts::score_by_epoch(data_of(cells), spec); }

  // Two epoch counts of an architecture on two seeds.
  static std::vector<SampleCell> four(const std::string& architecture, double first) {
    std::vector<SampleCell> cells;
    for (std::int64_t seed : {0, 1}) {
      for (std::int64_t epochs : {5, 10}) {
        cells.push_back({.architecture = architecture, .epochs = epochs, .seed = seed,
                         .accuracy = first + 0.2 * static_cast<double>(seed) + 0.01 * static_cast<double>(epochs)});
      }
    }
    return cells;
  }
};

const Panel& panel_of(const Figure& figure, std::size_t at = 0) {
  return std::get<XyPlot>(figure.body).panels.at(at);
}

std::vector<std::string> names_in(const Panel& panel) {
  std::vector<std::string> names;
  for (const PointSeries& series : panel.series) names.push_back(series.name);
  return names;
}

TEST_F(ScoreByEpoch, SaysWhereTrainingsStandThatEndedEarly) {
  std::vector<SampleCell> cells = four("AE1", 0.1);
  const std::string sentence = "A training that ended early stands at the epochs that it was allowed.";
  cells.back().train_metrics = {{"epochs_run", 10}, {"best_epoch", 4}};
  const auto says_so = [&] {
    const Sentences caption = figure_of(cells).caption;
    return std::find(caption.begin(), caption.end(), sentence) != caption.end();
  };
  EXPECT_FALSE(says_so());
  cells.back().train_metrics["epochs_run"] = 7;
  cells.back().epochs = 11;  // another training
  EXPECT_TRUE(says_so());
}

TEST_F(ScoreByEpoch, HasALineASettingThroughTheMeansOfItsSeeds) {
  std::vector<SampleCell> cells = four("AE1", 0.1);
  for (const SampleCell& cell : four("AE2", 0.4)) cells.push_back(cell);
  cells.push_back({.architecture = "raw", .accuracy = 0.3});
  const Figure figure = figure_of(cells);
  EXPECT_EQ(figure.omissions, Sentences{});
  const Panel& panel = panel_of(figure);
  EXPECT_EQ(panel.x.title, "epochs");
  EXPECT_FALSE(panel.x.log);
  EXPECT_EQ(panel.y.title, "accuracy");
  EXPECT_EQ(names_in(panel), (std::vector<std::string>{"AE1", "AE2"}));
  const PointSeries& line = panel.series[0];
  EXPECT_TRUE(line.line);
  EXPECT_FALSE(line.dashed);
  ASSERT_EQ(line.points.size(), 2u);
  EXPECT_EQ(line.points[0].x, 5);
  EXPECT_NEAR(line.points[0].y, 0.25, 1e-12);
  EXPECT_NEAR(line.points[0].spread, 0.1 * std::sqrt(2), 1e-12) << "of a sample, as tables have it";
  EXPECT_EQ(line.points[0].note, "mean of 2 seeds, std 0.1414");
  EXPECT_EQ(line.points[1].x, 10);
  EXPECT_EQ(figure.caption, (Sentences{"Accuracy after so many epochs of training, with a line for each setting.",
                                       "Points are means of 2 seeds. The band is one standard deviation above and "
                                       "below.",
                                       "1 job without training has no epochs and is left out."}));
}

TEST_F(ScoreByEpoch, ALineIsCalledByWhatVaries) {
  std::vector<SampleCell> cells;
  for (std::int64_t epochs : {1, 2}) {
    for (std::int64_t dim : {8, 32}) {
      for (double rate : {0.001, 0.01}) {
        cells.push_back({.epochs = epochs, .reduced_dim = dim, .learning_rate = rate, .accuracy = 0.5 + 0.001 * static_cast<double>(dim)});
      }
    }
  }
  EXPECT_EQ(names_in(panel_of(figure_of(cells))),
            (std::vector<std::string>{"PCA(dim = 8), learning_rate 0.001", "PCA(dim = 8), learning_rate 0.01",
                                      "PCA(dim = 32), learning_rate 0.001", "PCA(dim = 32), learning_rate 0.01"}));
}

TEST_F(ScoreByEpoch, OneSettingIsCalledByItsScoreAndOneSeedHasNoBand) {
  const Figure figure = figure_of({{.epochs = 1, .accuracy = 0.5}, {.epochs = 3, .accuracy = 0.75}});
  EXPECT_EQ(names_in(panel_of(figure)), (std::vector<std::string>{"accuracy"}));
  EXPECT_EQ(panel_of(figure).series[0].points[1].spread, 0);
  EXPECT_EQ(figure.caption.at(1),
            "Every point is a single run. With several seeds there would be a band of one standard deviation.");
}

TEST_F(ScoreByEpoch, WithoutSeveralEpochsThereIsNothingToDraw) {
  const Figure figure = figure_of({{.epochs = 20, .accuracy = 0.5}, {.architecture = "AE2", .epochs = 4, .accuracy = 0.6}});
  EXPECT_TRUE(is_empty(figure)) << "a sweep that lists no figures is shown none";
  EXPECT_FALSE(figure.lost);
  EXPECT_EQ(figure.omissions, (Sentences{"No setting has scores after several numbers of epochs. `epochs: [5, 10, 20]` "
                                    "would give some."}));
}

TEST_F(ScoreByEpoch, ScoresOfOneScaleShareAPanelAndOthersHaveTheirOwn) {
  std::vector<SampleCell> cells = four("AE1", 0.1);
  for (SampleCell& cell : cells) cell.mse = 1 - *cell.accuracy;
  spec["score"] = {"accuracy", "recon_mse"};
  Figure figure = figure_of(cells);
  ASSERT_EQ(std::get<XyPlot>(figure.body).panels.size(), 2u);
  EXPECT_EQ(panel_of(figure, 0).title, "accuracy");
  EXPECT_EQ(panel_of(figure, 1).title, "reconstruction loss");
  EXPECT_EQ(figure.caption.front(), "Accuracy and reconstruction loss after so many epochs of training, with a line "
                                    "for each setting.");
}

TEST_F(ScoreByEpoch, JobsAreChosenByTheirAxes) {
  std::vector<SampleCell> cells = four("AE1", 0.1);
  for (const SampleCell& cell : four("AE2", 0.4)) cells.push_back(cell);
  spec["jobs"] = {{"where", {{"architecture", {"AE2"}}}}};
  const Figure figure = figure_of(cells);
  EXPECT_EQ(names_in(panel_of(figure)), (std::vector<std::string>{"accuracy"}));
  EXPECT_NEAR(panel_of(figure).series[0].points[0].y, 0.55, 1e-12);
}

TEST_F(ScoreByEpoch, CountsTheJobsThatItShows) {
  std::vector<SampleCell> cells = four("AE1", 0.1);
  cells.push_back({.architecture = "AE2", .epochs = 5, .state = JobState::failed});
  cells.push_back({.architecture = "AE1", .epochs = 15, .state = JobState::failed});
  spec["jobs"] = {{"where", {{"architecture", {"AE1"}}}}};
  EXPECT_EQ(figure_of(cells).caption.back(), "1 of 5 jobs is incomplete and left out.");
  spec["jobs"] = {{"where", {{"architecture", {"AE2"}}}}};
  EXPECT_EQ(figure_of(cells).omissions, (Sentences{"The only job is not complete."}));
}

TEST_F(ScoreByEpoch, SpeaksOfTheSeedsOfTheSettingsThatAreDrawn) {
  std::vector<SampleCell> cells;
  for (std::int64_t k = 1; k <= 9; ++k) {
    for (std::int64_t seed = 0; seed < (k == 1 ? 1 : 2); ++seed) {
      for (std::int64_t epochs : {1, 2}) {
        cells.push_back({.epochs = epochs, .k = k, .seed = seed, .accuracy = 0.01 * static_cast<double>(k)});
      }
    }
  }
  EXPECT_EQ(figure_of(cells).caption.at(1), "Points are means of 2 seeds. The band is one standard deviation above and below.")
      << "k = 1 is not drawn";
}

TEST_F(ScoreByEpoch, OfManySettingsTheBestAreDrawn) {
  std::vector<SampleCell> cells;
  for (std::int64_t k = 1; k <= 14; ++k) {
    for (std::int64_t epochs : {1, 2}) cells.push_back({.epochs = epochs, .k = k, .accuracy = 0.01 * static_cast<double>(k)});
  }
  const Figure figure = figure_of(cells);
  EXPECT_EQ(panel_of(figure).series.size(), 8u);
  EXPECT_EQ(panel_of(figure).series.front().name, "k 7");
  EXPECT_EQ(figure.caption.back(), "The 8 of 14 settings with the best mean accuracy are drawn. `jobs:` chooses others.");
}

}  // namespace
}  // namespace latentgrid
