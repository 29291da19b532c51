#include "chart_fixture.hpp"
#include "db/results_db.hpp"

namespace latentgrid {
namespace {

using namespace testing;

const Json spec = {{"kind", "error_vs_score"}, {"name", "error"}, {"title", "Error against accuracy"}};

constexpr const char* no_correlation =
    "No training has three checkpoints whose loss and accuracy vary, so nothing can be said about whether a lower loss "
    "and a higher accuracy go together.";

std::vector<SampleCell> checkpoints(const std::string& architecture, std::int64_t seed,
                                    const std::vector<double>& scores) {
  const std::vector<double> errors = {0.050, 0.040, 0.034, 0.030, 0.028};
  std::vector<SampleCell> cells;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    cells.push_back({.architecture = architecture,
                     .epochs = static_cast<std::int64_t>(i) + 1,
                     .seed = seed,
                     .mse = errors[i],
                     .accuracy = scores[i]});
  }
  return cells;
}

std::vector<SampleCell> joined(const std::vector<std::vector<SampleCell>>& lists) {
  std::vector<SampleCell> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

struct ErrorVsScore : ChartTest {
  Figure figure_of(const std::vector<SampleCell>& cells) { return charts::error_vs_score(data_of(cells), spec); }
};

// Correlations as in correlation_sentences_test.cpp.
TEST_F(ErrorVsScore, SaysWhatTheCorrelationsSupport) {
  const Figure figure = figure_of(joined(
      {checkpoints("AE1", 0, {0.61, 0.66, 0.67, 0.63, 0.68}), checkpoints("AE1", 1, {0.60, 0.61, 0.70, 0.64, 0.69}),
       checkpoints("AE2", 0, {0.61, 0.67, 0.68, 0.65, 0.62}), checkpoints("AE2", 1, {0.70, 0.67, 0.68, 0.63, 0.62})}));
  EXPECT_EQ(
      figure.caption,
      (Sentences{"Each point is a checkpoint, by its reconstruction loss and its accuracy: 20 checkpoints in all. A "
                 "line joins those of one training with one reduction and clustering, in the order of their epochs.",
                 "If a lower loss and a higher accuracy go together, loss and accuracy have a negative correlation. It "
                 "is called clear here if Spearman's is at most -0.5 or at least 0.5 over five checkpoints or more of "
                 "one training.",
                 "AE1: the correlation is clearly negative in both trainings (Spearman -0.70, Pearson -0.75 to -0.66). "
                 "Within each of them a lower loss and a higher accuracy go together.",
                 "AE1: each by itself has these correlations (Spearman, Pearson): seed 0 -0.70, -0.66; seed 1 -0.70, "
                 "-0.75.",
                 "AE2: the correlation is clearly negative in none and clearly positive in one of two trainings "
                 "(Spearman -0.10 to +0.90, Pearson -0.27 to +0.88). This does not show that a lower loss and a higher "
                 "accuracy go together.",
                 "AE2: each by itself has these correlations (Spearman, Pearson): seed 0 -0.10, -0.27; seed 1 +0.90, "
                 "+0.88.",
                 "Checkpoints of one training depend on each other, so no p-value is given."}));
  const XyPlot& plot = std::get<XyPlot>(figure.body);
  ASSERT_EQ(plot.panels.size(), 2u);
  EXPECT_EQ(plot.panels[0].title, "AE1");
  EXPECT_EQ(plot.panels[1].title, "AE2");
  EXPECT_EQ(plot.panels[0].x.title, "reconstruction loss");
  EXPECT_EQ(plot.panels[0].y.title, "accuracy");
  ASSERT_EQ(plot.panels[0].series.size(), 2u);
  const PointSeries& first = plot.panels[0].series[0];
  EXPECT_TRUE(first.line);
  EXPECT_EQ(first.name, "seed 0");
  EXPECT_EQ(plot.panels[1].series[1].name, "seed 1");
  EXPECT_EQ(plot.panels[1].series[0].color, first.color) << "a name is one colour in all panels";
  ASSERT_EQ(first.points.size(), 5u);
  EXPECT_EQ(first.points[1].x, 0.040);
  EXPECT_EQ(first.points[1].y, 0.66);
  EXPECT_EQ(first.points[1].note, "AE1 + PCA(dim = 32), 2 epochs, seed 0");
}

TEST_F(ErrorVsScore, JoinsCheckpointsInOrderOfEpochsWhateverTheFilesOrder) {
  const Figure figure = figure_of({{.epochs = 20, .mse = 0.02, .accuracy = 0.7},
                                   {.epochs = 3, .mse = 0.04, .accuracy = 0.6},
                                   {.epochs = 10, .mse = 0.03, .accuracy = 0.65}});
  const PointSeries& series = std::get<XyPlot>(figure.body).panels.at(0).series.at(0);
  EXPECT_EQ(series.points[0].x, 0.04);
  EXPECT_EQ(series.points[1].x, 0.03);
  EXPECT_EQ(series.points[2].x, 0.02);
  EXPECT_EQ(series.name, "training");
}

TEST_F(ErrorVsScore, EveryReductionHasItsOwnSentenceAndColour) {
  std::vector<SampleCell> cells = joined(
      {checkpoints("AE1", 0, {0.61, 0.66, 0.67, 0.63, 0.68}), checkpoints("AE1", 0, {0.70, 0.67, 0.68, 0.63, 0.62})});
  for (std::size_t i = 5; i < 10; ++i) {
    cells[i].reduction = "tsne";
    cells[i].reduced_dim = 2;
  }
  const Figure figure = figure_of(cells);
  EXPECT_EQ(figure.caption[2],
            "AE1 + PCA(dim = 32): the correlation is clearly negative in the one training (Spearman -0.70, Pearson "
            "-0.66). There a lower loss and a higher accuracy go together. One training says nothing about others.");
  EXPECT_EQ(
      figure.caption[3],
      "AE1 + t-SNE(dim = 2): the correlation is clearly positive in the one training (Spearman +0.90, Pearson +0.88). "
      "There a lower loss comes with a lower accuracy, the opposite. One training says nothing about others.");
  const std::vector<PointSeries>& series = std::get<XyPlot>(figure.body).panels.at(0).series;
  EXPECT_EQ(series[0].name, "PCA(dim = 32)");
  EXPECT_EQ(series[1].name, "t-SNE(dim = 2)");
  EXPECT_NE(series[0].color, series[1].color);
}

TEST_F(ErrorVsScore, OfVeryManyReductionsArchitecturesAreDescribedAndCurvesCounted) {
  std::vector<SampleCell> cells;
  for (std::int64_t dim = 1; dim <= 13; ++dim) {
    std::vector<SampleCell> some = checkpoints("AE1", 0, {0.61, 0.66, 0.67, 0.63, 0.68});
    for (SampleCell& cell : some) cell.reduced_dim = dim;
    cells = joined({cells, some});
  }
  const Figure figure = figure_of(cells);
  EXPECT_EQ(figure.caption[1], "A curve is one training with one reduction and clustering.");
  EXPECT_EQ(
      figure.caption[3],
      "AE1: the correlation is clearly negative in all 13 curves (Spearman -0.70, Pearson -0.66). Within each of them "
      "a lower loss and a higher accuracy go together.");
}

TEST_F(ErrorVsScore, OneEpochOfManySeedsIsComparedAcrossTrainings) {
  std::vector<SampleCell> cells = {
      {.seed = 0, .mse = 0.05, .accuracy = 0.61},  {.seed = 1, .mse = 0.04, .accuracy = 0.66},
      {.seed = 2, .mse = 0.034, .accuracy = 0.67}, {.seed = 3, .mse = 0.03, .accuracy = 0.63},
      {.seed = 4, .mse = 0.028, .accuracy = 0.68}, {.architecture = "raw", .accuracy = 0.5},
      {.seed = 5, .state = JobState::pending}};
  const Figure figure = figure_of(cells);
  EXPECT_EQ(
      figure.caption,
      (Sentences{
          "Each point is a checkpoint, by its reconstruction loss and its accuracy: 5 checkpoints in all.",
          no_correlation,
          "AE1: across trainings that differ only in the seed, after equally many epochs, the correlation of loss and accuracy is Spearman -0.70, "
          "Pearson -0.66 over five trainings.",
          "1 of 7 jobs is incomplete and left out.",
          "1 complete job has no reconstruction loss, as it has no decoder, and is left out."}));
}

TEST_F(ErrorVsScore, OfRawPixelsAloneThereIsNothingToDraw) {
  const Figure figure = figure_of({{.architecture = "raw", .accuracy = 0.5}});
  EXPECT_TRUE(is_empty(figure));
  EXPECT_EQ(figure.omissions, (Sentences{"No complete job has a reconstruction loss, as no autoencoder was trained."}));
}

TEST_F(ErrorVsScore, TheErrorIsNotSetAgainstItself) {
  Json against_itself = spec;
  against_itself["score"] = "recon_mse";
  const Figure figure = charts::error_vs_score(data_of(checkpoints("AE1", 0, {0.6, 0.7, 0.8})), against_itself);
  EXPECT_TRUE(is_empty(figure));
  EXPECT_EQ(figure.omissions, (Sentences{"The reconstruction loss cannot be set against itself. Choose another score."}));
}

TEST_F(ErrorVsScore, SilhouettesOfDifferentCheckpointsAreNotCompared) {
  dataset["labelled"] = 0;
  const Figure figure =
      figure_of({{.epochs = 1, .mse = 0.05, .silhouette = 0.3}, {.epochs = 2, .mse = 0.04, .silhouette = 0.2}});
  EXPECT_TRUE(is_empty(figure));
  EXPECT_EQ(
      figure.omissions,
      (Sentences{"Silhouettes cannot be compared between embeddings, as each is measured in its own space, and these "
                 "jobs have more than one embedding."}));
}

TEST_F(ErrorVsScore, OfVeryManyTrainingsSomeAreDrawn) {
  std::vector<SampleCell> cells;
  for (std::int64_t seed = 0; seed < 250; ++seed) cells = joined({cells, checkpoints("AE1", seed, {0.61, 0.66, 0.67})});
  const Figure figure = figure_of(cells);
  EXPECT_EQ(figure.caption[1],
            "200 of 250 lines are drawn, evenly chosen in the order of the file. Correlations are of all.");
  EXPECT_EQ(figure.caption[3],
            "AE1: the correlation is Spearman -1.00, Pearson -0.98 in all 250 trainings. Over fewer than five "
            "checkpoints either sign is often chance, so nothing is said about whether a lower loss and a higher "
            "accuracy go together.");
}

}  // namespace
}  // namespace latentgrid
