#include "chart_fixture.hpp"
#include "db/results_db.hpp"
#include "stats/eta_squared.hpp"

namespace latentgrid {
namespace {

using namespace testing;

const Json spec = {{"name", "figure"}, {"title", "Figure"}};

// Architecture × seed, every combination once.
const std::vector<SampleCell> balanced = {{.architecture = "AE1", .seed = 0, .accuracy = 0.5},
                                          {.architecture = "AE1", .seed = 1, .accuracy = 0.6},
                                          {.architecture = "AE2", .seed = 0, .accuracy = 0.8},
                                          {.architecture = "AE2", .seed = 1, .accuracy = 0.7}};

constexpr const char* different_embeddings =
    "Silhouettes cannot be compared between embeddings, as each is measured in its own space, and these jobs have more "
    "than one embedding.";

using AxisCharts = ChartTest;

TEST_F(AxisCharts, ImportanceIsEtaSquaredOfEveryAxisLargestFirst) {
  const Figure figure = charts::importance(data_of(balanced), spec);
  const BarChart& chart = std::get<BarChart>(figure.body);
  EXPECT_EQ(chart.categories, (std::vector<std::string>{"architecture", "seed"}));
  ASSERT_EQ(chart.series.size(), 2u);
  const std::vector<double> values = {0.5, 0.6, 0.8, 0.7};
  EXPECT_EQ(chart.series[0].values[0], eta_squared(values, std::vector<int>{0, 0, 1, 1}));
  EXPECT_EQ(chart.series[0].values[1], eta_squared(values, std::vector<int>{0, 1, 0, 1}));
  EXPECT_NEAR(*chart.series[0].values[0], 0.8, 1e-12);
  // With the other axis held there are two jobs to exchange, twice: 0.5 with 0.8 and 0.6 with 0.7; 0.5 with 0.6 and 0.8
  // with 0.7.
  EXPECT_NEAR(*chart.series[1].values[0], 0.5, 1e-12);
  EXPECT_NEAR(*chart.series[1].values[1], 0.1, 1e-12);
  EXPECT_EQ(chart.series[1].color, -1);
  EXPECT_EQ(
      figure.caption,
      (Sentences{"How much of the variance of accuracy over 4 complete jobs lies between the values of each axis: eta "
                 "squared of a one-way analysis of variance, for each axis by itself.",
                 "The shares need not add up to 1. No bar shows what axes do only in combination (an interaction).",
                 "The grey bar is the share to expect by chance: the mean of eta squared if the values of the axis "
                 "were exchanged among the jobs that agree on all other axes."}));
}

// Eight jobs; AE2 is better at 8 dimensions and worse at 16.
TEST_F(AxisCharts, InteractionDrawsALineForEachValueOfTheOtherAxis) {
  std::vector<SampleCell> cells;
  for (std::int64_t seed : {0, 1}) {
    const double more = 0.02 * static_cast<double>(seed);
    cells.push_back({.architecture = "AE1", .reduced_dim = 8, .seed = seed, .accuracy = 0.50 + more});
    cells.push_back({.architecture = "AE1", .reduced_dim = 16, .seed = seed, .accuracy = 0.70 + more});
    cells.push_back({.architecture = "AE2", .reduced_dim = 8, .seed = seed, .accuracy = 0.60 + more});
    cells.push_back({.architecture = "AE2", .reduced_dim = 16, .seed = seed, .accuracy = 0.55 + more});
  }
  const Figure figure = charts::interaction(data_of(cells), spec);
  const Panel& panel = std::get<XyPlot>(figure.body).panels.at(0);
  EXPECT_EQ(panel.x.title, "reduced dimension");
  EXPECT_EQ(panel.y.title, "mean accuracy");
  ASSERT_EQ(panel.series.size(), 2u);
  EXPECT_EQ(panel.series[1].name, "architecture AE2");
  EXPECT_TRUE(panel.series[1].line);
  ASSERT_EQ(panel.series[1].points.size(), 2u);
  EXPECT_EQ(panel.series[1].points[0].x, 8);
  EXPECT_NEAR(panel.series[1].points[0].y, 0.61, 1e-12);
  EXPECT_NEAR(panel.series[1].points[1].y, 0.56, 1e-12);
  EXPECT_EQ(panel.series[1].points[1].note, "architecture AE2, reduced dimension 16: mean of 2 jobs");
  EXPECT_EQ(figure.caption,
            (Sentences{"The mean accuracy of 8 complete jobs by reduced dimension, one line for each value of architecture. Of "
                       "the axes that can be combined these two explain most of its variance.",
                       "Where the lines are parallel, each axis has the same effect whatever the value of the other. Where "
                       "they cross, the best value of one depends on the other."}));
}

TEST_F(AxisCharts, InteractionNeedsTwoAxesThatCombine) {
  const Sentences omission = {"No two axes besides the seed have values that are combined, so there is no interaction to show."};
  EXPECT_EQ(charts::interaction(data_of(balanced), spec).omissions, omission) << "architecture and seed";
  // Epochs follow from the architecture.
  const Figure nested = charts::interaction(data_of({{.architecture = "AE1", .epochs = 10, .accuracy = 0.50},
                                                     {.architecture = "AE2", .epochs = 4, .accuracy = 0.81},
                                                     {.architecture = "AE2", .epochs = 4, .seed = 1, .accuracy = 0.82}}),
                                            spec);
  EXPECT_EQ(nested.omissions, omission);
  EXPECT_TRUE(is_empty(nested));
}

TEST_F(AxisCharts, ImportanceSaysWhereTheGridIsUnbalancedOrIncomplete) {
  std::vector<SampleCell> cells = balanced;
  cells.push_back({.architecture = "raw", .seed = 0, .accuracy = 0.4});
  cells.push_back({.architecture = "AE1", .epochs = 30, .seed = 0, .accuracy = 0.55});
  cells.push_back({.architecture = "AE2", .seed = 2, .state = JobState::skipped});
  cells.push_back({.architecture = "AE2", .seed = 3});
  const Figure figure = charts::importance(data_of(cells), spec);
  EXPECT_EQ(
      Sentences(figure.caption.begin() + 2, figure.caption.end()),
      (Sentences{
          "The grey bar is the share to expect by chance: the mean of eta squared if the values of the axis were "
          "exchanged among the jobs that agree on all other axes.",
          "The grid is unbalanced: some combinations of values have more jobs than others. The bar of an axis may "
          "therefore hold part of another's share, and so does its grey bar. Where the two bars are equally long, "
          "nothing is known about the axis.",
          "Only 5 of these 6 jobs have a value on the axis 'epochs'.", "1 of 8 jobs is incomplete and left out.",
          "1 complete job has no value of accuracy and is left out."}));
}

// AE1 is trained for 10 or 20 epochs, AE2 for 4: what epochs explain of the architectures' difference is not theirs.
TEST_F(AxisCharts, AnAxisGetsNoCreditForAnotherThatGoesWithIt) {
  const Figure figure = charts::importance(data_of({{.architecture = "AE1", .epochs = 10, .accuracy = 0.50},
                                                    {.architecture = "AE1", .epochs = 20, .accuracy = 0.52},
                                                    {.architecture = "AE2", .epochs = 4, .accuracy = 0.81},
                                                    {.architecture = "AE1", .epochs = 10, .seed = 1, .accuracy = 0.52},
                                                    {.architecture = "AE1", .epochs = 20, .seed = 1, .accuracy = 0.50},
                                                    {.architecture = "AE2", .epochs = 4, .seed = 1, .accuracy = 0.79}}),
                                           spec);
  const BarChart& chart = std::get<BarChart>(figure.body);
  std::map<std::string, std::pair<double, double>> shares;
  for (std::size_t i = 0; i < chart.categories.size(); ++i) {
    shares[chart.categories[i]] = {*chart.series[0].values[i], *chart.series[1].values[i]};
  }
  EXPECT_NEAR(shares.at("architecture").first, 0.994678, 1e-6);
  EXPECT_NEAR(shares.at("architecture").second, 0.249852, 1e-6) << "of all orders within a seed; epochs are nested in it";
  EXPECT_NEAR(shares.at("epochs").first, 0.994678, 1e-6);
  EXPECT_NEAR(shares.at("epochs").second, 0.996452, 1e-6) << "all of it is the architecture's";
}

TEST_F(AxisCharts, AxesThatAlwaysChangeTogetherAreNamed) {
  const Figure figure = charts::importance(data_of({{.epochs = 10, .k = 2, .seed = 0, .accuracy = 0.5},
                                                    {.epochs = 20, .k = 3, .seed = 0, .accuracy = 0.7},
                                                    {.epochs = 10, .k = 2, .seed = 1, .accuracy = 0.6},
                                                    {.epochs = 20, .k = 3, .seed = 1, .accuracy = 0.8}}),
                                           spec);
  EXPECT_EQ(std::count_if(figure.caption.begin(), figure.caption.end(), [](const std::string& sentence) {
              return sentence == "The axes epochs and k always change together, so their shares cannot be told apart.";
            }),
            1)
      << ::testing::PrintToString(figure.caption);
  EXPECT_EQ(figure.caption.size(), 4u) << "epochs and seeds make a balanced grid: " << ::testing::PrintToString(figure.caption);
}

TEST_F(AxisCharts, EqualScoresHaveNothingToExplain) {
  const Figure figure = charts::importance(data_of({{.seed = 0, .accuracy = 0.5}, {.seed = 1, .accuracy = 0.5}}), spec);
  EXPECT_TRUE(is_empty(figure));
  EXPECT_EQ(figure.omissions, (Sentences{"The 2 complete jobs have the same accuracy, so there is no variance to explain."}));
}

TEST_F(AxisCharts, SlicesHaveAPanelAnAxisInTheOrderOfTheGrid) {
  std::vector<SampleCell> cells;
  for (double rate : {0.0001, 0.001, 0.01}) {
    for (const char* architecture : {"AE1", "AE2"}) {
      cells.push_back({.architecture = architecture, .learning_rate = rate, .accuracy = cells.size() * 0.1});
    }
  }
  const Figure figure = charts::slices(data_of(cells), spec);
  const XyPlot& plot = std::get<XyPlot>(figure.body);
  EXPECT_TRUE(plot.shared_y);
  ASSERT_EQ(plot.panels.size(), 2u);
  EXPECT_EQ(plot.panels[0].title, "learning rate") << "it changes least often";
  EXPECT_TRUE(plot.panels[0].x.log);
  EXPECT_EQ(plot.panels[0].y.title, "accuracy");
  EXPECT_EQ(plot.panels[1].x.categories, (std::vector<std::string>{"AE1", "AE2"}));
  EXPECT_FALSE(plot.panels[1].x.log);
  ASSERT_EQ(plot.panels[0].series.size(), 2u);
  EXPECT_EQ(plot.panels[0].series[0].points.size(), 6u);
  EXPECT_EQ(plot.panels[0].series[0].points[2].x, 0.001);
  EXPECT_EQ(plot.panels[0].series[0].points[2].note, "AE1 + PCA(dim = 32), 20 epochs, learning_rate 0.001, seed 0");
  const PointSeries& mean = plot.panels[0].series[1];
  EXPECT_EQ(mean.name, "mean");
  EXPECT_TRUE(mean.line);
  ASSERT_EQ(mean.points.size(), 3u);
  EXPECT_EQ(mean.points[1].x, 0.001);
  EXPECT_DOUBLE_EQ(mean.points[1].y, 0.25);
  EXPECT_EQ(mean.points[1].note, "learning rate 0.001: mean of 2 jobs");
  EXPECT_FALSE(plot.panels[1].series[1].line) << "categories have no order";
  EXPECT_EQ(plot.panels[1].series[1].points[1].x, 1);
  EXPECT_EQ(figure.caption,
            (Sentences{"Each panel shows the accuracy of 6 complete jobs by their value on one axis, and the mean for "
                       "each value. The other axes vary as well."}));
}

TEST_F(AxisCharts, NumbersAmongTextAreCategories) {
  const Figure figure = charts::slices(data_of({{.latent = "native", .accuracy = 0.5},
                                                {.latent = "64", .accuracy = 0.6},
                                                {.latent = "8", .accuracy = 0.7},
                                                {.architecture = "raw", .accuracy = 0.4}}),
                                       spec);
  const Panel& panel = std::get<XyPlot>(figure.body).panels.at(1);
  EXPECT_EQ(panel.title, "latent dimension");
  EXPECT_EQ(panel.x.categories, (std::vector<std::string>{"8", "64", "native"}));
  EXPECT_EQ(panel.series[0].points[0].x, 2);
  EXPECT_EQ(figure.caption.back(), "Only 3 of these 4 jobs have a value on the axis 'latent dimension'.");
}

TEST_F(AxisCharts, AxesThatRepeatAColumnUnderTheirMethodsNameAreShownOnce) {
  auto cell = [](std::int64_t dim, std::int64_t k, std::int64_t n_init, double accuracy) {
    return SampleCell{.reduced_dim = dim,
                      .k = k,
                      .accuracy = accuracy,
                      .axes = {{"pca.dim", dim}, {"kmeans.k", k}, {"kmeans.n_init", n_init}}};
  };
  const Figure figure = charts::slices(data_of({cell(8, 2, 1, 0.5), cell(8, 3, 5, 0.6), cell(16, 2, 1, 0.7)}), spec);
  std::vector<std::string> titles;
  for (const Panel& panel : std::get<XyPlot>(figure.body).panels) titles.push_back(panel.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"reduced dimension", "k", "k-means n_init"}));
}

TEST_F(AxisCharts, WhatTheMethodChoosesIsACategoryAmongNumbers) {
  const Figure figure = charts::slices(data_of({{.accuracy = 0.5, .axes = {{"tsne.learning_rate", 0.0}}},
                                                {.seed = 1, .accuracy = 0.6, .axes = {{"tsne.learning_rate", 200.0}}}}),
                                       spec);
  const Panel& panel = std::get<XyPlot>(figure.body).panels.at(1);
  EXPECT_EQ(panel.title, "t-SNE learning rate");
  EXPECT_EQ(panel.x.categories, (std::vector<std::string>{"auto", "200"}));
}

TEST_F(AxisCharts, SlicesNameAxesThatChangeTogether) {
  const Figure figure = charts::slices(data_of({{.epochs = 10, .k = 2, .accuracy = 0.5}, {.epochs = 20, .k = 3, .accuracy = 0.7}}), spec);
  EXPECT_EQ(figure.caption.back(), "The axes epochs and k always change together, so a difference may come from any of them.");
}

TEST_F(AxisCharts, BeyondTwelvePanelsTheCaptionNamesWhatIsLeftOut) {
  std::vector<SampleCell> cells = {{.k = 2, .accuracy = 0.5}, {.k = 3, .accuracy = 0.6}};
  for (int i = 0; i < 13; ++i) {
    for (int value : {0, 1})
      cells[value].axes.emplace_back("tsne.option" + std::string(1, static_cast<char>('a' + i)), value);
  }
  const Figure figure = charts::slices(data_of(cells), spec);
  EXPECT_EQ(std::get<XyPlot>(figure.body).panels.size(), 12u);
  EXPECT_EQ(figure.caption[1], "The first 12 of 14 axes are shown. Left out: t-SNE optionl, t-SNE optionm.");
}

TEST_F(AxisCharts, VeryManyJobsAreThinnedByRankAndTheCaptionSaysSo) {
  std::vector<SampleCell> cells;
  for (std::int64_t seed = 0; seed < 2500; ++seed) {
    cells.push_back({.architecture = "raw", .seed = seed, .accuracy = static_cast<double>((seed * 7) % 2500) / 2500});
  }
  const ReportData data = data_of(cells);
  const Figure sliced = charts::slices(data, spec);
  const Panel& panel = std::get<XyPlot>(sliced.body).panels.at(0);
  EXPECT_EQ(panel.series[0].points.size(), 2000u);
  EXPECT_EQ(panel.series[1].points.size(), 2500u) << "means are of all";
  EXPECT_EQ(sliced.caption[1],
            "At most 2000 points are drawn in a panel, evenly chosen by rank of accuracy. The means are of all jobs.");
  const Figure parallel = charts::parallel_coordinates(data, spec);
  const auto& lines = std::get<ParallelCoordinates>(parallel.body).lines;
  ASSERT_EQ(lines.size(), 2000u);
  EXPECT_EQ(lines.front().back(), 0.0);
  EXPECT_EQ(lines.back().back(), 2499.0 / 2500);
  EXPECT_EQ(
      parallel.caption,
      (Sentences{
          "Each line is a job, coloured by its accuracy. Of 2500 complete jobs 2000 are drawn, evenly chosen by rank "
          "of accuracy, with the best and the worst among them."}));
}

TEST_F(AxisCharts, ParallelCoordinatesHaveTheScoreLastAndTheBestOnTop) {
  std::vector<SampleCell> cells = balanced;
  cells.push_back({.architecture = "raw", .seed = 0, .accuracy = 0.4});
  cells[0].epochs = 30;
  const Figure figure = charts::parallel_coordinates(data_of(cells), spec);
  const auto& plot = std::get<ParallelCoordinates>(figure.body);
  std::vector<std::string> titles;
  for (const FigureAxis& axis : plot.axes) titles.push_back(axis.title);
  EXPECT_EQ(titles, (std::vector<std::string>{"architecture", "epochs", "seed", "accuracy"}));
  EXPECT_EQ(plot.axes[0].categories, (std::vector<std::string>{"AE1", "AE2", "raw"}));
  ASSERT_EQ(plot.lines.size(), 5u);
  EXPECT_EQ(plot.lines.front(), (std::vector<std::optional<double>>{2, std::nullopt, 0, 0.4}));
  EXPECT_EQ(plot.lines.back(), (std::vector<std::optional<double>>{1, 20, 0, 0.8}));
  EXPECT_EQ(figure.caption, (Sentences{"Each of the 5 lines is a complete job, coloured by its accuracy.",
                                       "Only 4 of these 5 jobs have a value on the axis 'epochs'."}));
}

TEST_F(AxisCharts, WhereLowerIsBetterTheLowestIsOnTop) {
  Json by_error = spec;
  by_error["score"] = "recon_mse";
  const Figure figure = charts::parallel_coordinates(
      data_of({{.seed = 0, .mse = 0.1, .accuracy = 0.5}, {.seed = 1, .mse = 0.3, .accuracy = 0.6}}), by_error);
  EXPECT_EQ(std::get<ParallelCoordinates>(figure.body).lines.back().back(), 0.1);
}

TEST_F(AxisCharts, SilhouettesAreComparedOnOneEmbeddingOnly) {
  dataset["labelled"] = 0;
  const ReportData several = data_of({{.reduced_dim = 8, .silhouette = 0.3}, {.reduced_dim = 16, .silhouette = 0.2}});
  for (const Figure& figure : {charts::importance(several, spec), charts::slices(several, spec),
                               charts::parallel_coordinates(several, spec)}) {
    EXPECT_TRUE(is_empty(figure));
    EXPECT_EQ(figure.omissions, (Sentences{different_embeddings}));
  }
  const ReportData one = data_of({{.k = 2, .silhouette = 0.3}, {.k = 3, .silhouette = 0.2}});
  EXPECT_EQ(std::get<BarChart>(charts::importance(one, spec).body).categories, (std::vector<std::string>{"k"}));
  EXPECT_EQ(std::get<XyPlot>(charts::slices(one, spec).body).panels[0].y.title, "silhouette");
}

TEST_F(AxisCharts, WithNothingToShowAnOmissionSaysWhy) {
  auto gap_of = [&](const std::vector<SampleCell>& cells, const Json& about = spec) {
    const Figure figure = charts::importance(data_of(cells), about);
    EXPECT_TRUE(is_empty(figure));
    return figure.omissions;
  };
  EXPECT_EQ(gap_of({}), (Sentences{"The sweep has no jobs."}));
  EXPECT_EQ(gap_of({{.state = JobState::pending}, {.seed = 1, .state = JobState::failed}}),
            (Sentences{"None of 2 jobs is complete."}));
  EXPECT_EQ(gap_of({{.accuracy = 0.5}}),
            (Sentences{"No axis varies among the 1 complete job with a value of accuracy."}));
  EXPECT_EQ(gap_of({{.seed = 2, .accuracy = 0.5}}, {{"score", "nmi"}}),
            (Sentences{"No complete job has a value of NMI."}));
  dataset["labelled"] = 0;
  EXPECT_EQ(gap_of({{.seed = 3}}), (Sentences{"No complete job has a value of silhouette."}));
  EXPECT_EQ(gap_of({{.seed = 3}}, {{"score", "accuracy"}}),
            (Sentences{"The data set has no labels, so there is no accuracy."}));
}

TEST_F(AxisCharts, AScoreThatIsNoMeasuredFieldIsAnError) {
  EXPECT_EQ(error_of([&] {
              charts::slices(data_of(balanced), {{"score", "seed"}});
            }),
            "a figure shows the score 'seed', which is no measured value");
  EXPECT_EQ(error_of([&] {
              charts::slices(data_of(balanced), {{"score", "accuracies"}});
            }),
            "the report asks for an unknown field 'accuracies', did you mean 'accuracy'?");
}

}  // namespace
}  // namespace latentgrid
