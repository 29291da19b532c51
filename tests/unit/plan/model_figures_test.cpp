// Figures of what trainings see and what models make: which models, which images, which tasks.
#include <algorithm>

#include "data/dataset.hpp"
#include "store/npy.hpp"
#include "unit/plan/planned_figure_tasks.hpp"

namespace latentgrid {
namespace {

// `grid` beside architecture and latent_dim; `figures` as a list, "" for no section.
std::string text_of(const std::string& grid, const std::string& figures, const std::string& dataset = "synthetic: {images: 60, classes: 3, seed: 1}") {
  return "name: test\ntrain: {epochs: 2}\ndataset: {" + dataset + R"(}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid: {architecture: tiny, latent_dim: 4, )" + grid + "}\n" + (figures.empty() ? "" : "report: {figures: [" + figures + "]}\n");
}

TEST_F(PlannedFigureTasks, AModelIsShownOfEachTrainingAndAugmentation) {
  const auto planned = plan_sweep(text_of("training: [autoencoder, {vae: {kl_weight: [1, 4]}}], augment: [none, horizontal_flip], epochs: [1, 2], "
                                          "learning_rate: [0.001, 0.01], seeds: [0, 1]",
                                          "reconstructions"));
  ASSERT_TRUE(planned) << said_;
  std::vector<std::string> models;
  for (std::size_t i = 0; i < planned->tasks.size(); ++i) {
    const Job& shown = job(*planned, i);
    const Json weight = parameter_of(shown, "vae.kl_weight");
    models.push_back(shown.training()->method->name + (weight.is_null() ? "" : weight.dump()) + " " + parameter_of(shown, "augment").get<std::string>());
    EXPECT_EQ(shown.epochs(), 2);
    EXPECT_EQ(shown.seed, 0);
    EXPECT_EQ(parameter_of(shown, "learning_rate"), 0.001) << "what all trainings have tells none apart";
  }
  std::sort(models.begin(), models.end());
  EXPECT_EQ(models, (std::vector<std::string>{"autoencoder horizontal_flip", "autoencoder none", "vae1.0 horizontal_flip", "vae1.0 none",
                                              "vae4.0 horizontal_flip", "vae4.0 none"}));
}

TEST_F(PlannedFigureTasks, OfEachRefinementTheLongestIsShown) {
  const auto planned = plan_sweep(text_of("refine: [none, dec: {epochs: [1, 4]}, idec: {epochs: [3, 2]}], epochs: [2, 1], seeds: [0, 1]", "reconstructions"));
  ASSERT_TRUE(planned) << said_;
  std::vector<std::string> models;
  for (std::size_t i = 0; i < planned->tasks.size(); ++i) {
    const Job& shown = job(*planned, i);
    const MethodStep* refinement = shown.refinement();
    models.push_back(refinement ? refinement->method->name + " " + std::to_string(refinement->extent) : "none");
    EXPECT_EQ(shown.epochs(), 2);
    EXPECT_EQ(shown.seed, 0);
    for (const TaskInput& input : node(*planned, i).inputs) {
      if (input.name == "model") {
        EXPECT_EQ(input.extent, refinement ? refinement->extent : 2);
      }
    }
  }
  EXPECT_EQ(models, (std::vector<std::string>{"none", "dec 4", "idec 3"}));
}

// A refinement draws the latents towards clusters, and away from the prior.
TEST_F(PlannedFigureTasks, SamplesAreOfNoRefinedModel) {
  const auto planned = plan_sweep(text_of("training: vae, refine: [idec, none]", "samples, interpolations"));
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(planned->tasks.size(), 3U) << "the interpolations are of both";
  EXPECT_EQ(planned->tasks[0].role, "sample");
  EXPECT_EQ(job(*planned, 0).refinement(), nullptr);
  EXPECT_FALSE(plan_sweep(text_of("training: vae, refine: idec", "samples")));
  EXPECT_NE(said_.find("error: no job trains a model with a prior: there is nothing to sample\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("which models of {training: vae} alone have, until they are refined\n"), std::string::npos) << said_;
  ASSERT_TRUE(plan_sweep(text_of("training: vae, refine: idec", ""))) << said_;
  EXPECT_EQ(panels(*plan_sweep(text_of("training: vae, refine: idec", ""))), (std::vector<std::string>{"reconstructions"}));
}

TEST_F(PlannedFigureTasks, SamplesAreOfModelsWithAPriorAndOfTheirJobsSeed) {
  auto planned = plan_sweep(text_of("training: [autoencoder, vae], seeds: [3, 4]", "samples: {count: 5}, samples: {name: all, jobs: {training: vae}}"));
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(planned->tasks.size(), 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(planned->tasks[i].role, "sample");
    EXPECT_EQ(job(*planned, i).training()->method->name, "vae");
    EXPECT_EQ((*node(*planned, i).params)["count"], i == 0 ? 5 : 16);
    EXPECT_EQ(node(*planned, i).seed, i == 2 ? 4 : 3);
  }
  EXPECT_EQ(said_, "");
}

TEST_F(PlannedFigureTasks, WithoutAPriorThereIsNothingToSample) {
  EXPECT_FALSE(plan_sweep(text_of("training: [autoencoder, contrastive]", "samples")));
  EXPECT_EQ(said_,
            "sweep.yaml:9:20: error: no job trains a model with a prior: there is nothing to sample\n"
            "  report: {figures: [samples]}\n"
            "                     ^\n"
            "  hint: samples are decoded from draws of the latents' prior, which models of {training: vae} alone have, until they are refined\n");
  EXPECT_FALSE(plan_sweep(text_of("training: [autoencoder, vae]", "samples: {jobs: {training: autoencoder}}")));
  EXPECT_NE(said_.find("sweep.yaml:9:36: error: none of these jobs trains a model with a prior: there is nothing to sample\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("  hint: jobs: {training: vae}\n"), std::string::npos) << said_;
  known_.best = [](const std::string&) { return std::optional<std::size_t>(0); };
  const auto planned = plan_sweep(text_of("training: [autoencoder, vae]", "samples: {jobs: best}"));
  ASSERT_TRUE(planned) << said_;
  EXPECT_TRUE(planned->tasks.empty());
  EXPECT_NE(said_.find("warning: 'samples' is left out: the best job has no prior, so there is nothing to sample\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("  hint: jobs: {training: vae}\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, InterpolationsGoBetweenClassesAndAreOfEveryDecoder) {
  auto planned = plan_sweep(text_of("training: [autoencoder, vae, contrastive]", "interpolations, interpolations: {name: own, images: [9, 2, 50, 7], steps: 3}"));
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(planned->tasks.size(), 4u) << "two decoders in each";
  const std::vector<std::int32_t> labels = load_labels(plan_->sweep.dataset);
  auto first_of = [&](std::int32_t label) { return std::find(labels.begin(), labels.end(), label) - labels.begin(); };
  std::vector<std::int64_t> firsts = {first_of(0), first_of(1), first_of(2)};
  std::sort(firsts.begin(), firsts.end());
  const Json params = *node(*planned, 0).params;
  EXPECT_EQ(params["pairs"], (Json{{firsts[0], firsts[1]}, {firsts[2], firsts[0]}})) << "every class is in one";
  EXPECT_EQ(params["steps"], 6);
  EXPECT_EQ((*node(*planned, 2).params)["pairs"], (Json{{9, 2}, {50, 7}}));
  EXPECT_EQ((*node(*planned, 3).params)["steps"], 3);
  planned = plan_sweep(text_of("training: vae", "interpolations: {images: [0, 1, 1, 2, 0, 1]}"));
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ((*node(*planned, 0).params)["pairs"], (Json{{0, 1}, {1, 2}, {0, 1}})) << "an image may be in several";
  EXPECT_FALSE(plan_sweep(text_of("training: contrastive", "interpolations")));
  EXPECT_NE(said_.find("error: no job trains a decoder: there is nothing to interpolate\n"), std::string::npos) << said_;
  EXPECT_FALSE(plan_sweep(text_of("training: vae", "interpolations: {images: [60, 2]}")));
  EXPECT_NE(said_.find("error: there is no image 60: the dataset has 60 images\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, WithoutLabelsInterpolationsGoBetweenImagesThatAreFarApart) {
  const std::vector<std::uint8_t> pixels(11 * 8 * 8);
  write_npy(folder_ / "images.npy", std::span(pixels), {11, 8, 8, 1});
  const auto planned = plan_sweep(text_of("training: vae, clustering: {kmeans: {k: 2}}", "interpolations", "images: images.npy"));
  ASSERT_TRUE(planned) << said_;
  EXPECT_EQ((*node(*planned, 0).params)["pairs"], (Json{{0, 5}, {1, 6}, {2, 7}, {3, 8}}));
}

TEST_F(PlannedFigureTasks, AugmentedImagesAreWhatTheTrainingSees) {
  auto planned = plan_sweep(text_of("training: [autoencoder, contrastive], augment: [none, [crop, horizontal_flip]], seeds: [5], "
                                    "exclude: {training: contrastive, augment: none}",
                                    "augmented: {views: 3}, augmented: {name: two, images: [9, 2], views: 3, job: {training: contrastive}}"));
  ASSERT_TRUE(planned) << said_;
  ASSERT_EQ(planned->tasks.size(), 2u);
  EXPECT_EQ(panels(*planned), (std::vector<std::string>{"augmented", "two"}));
  const TaskNode &one = node(*planned, 0), &two = node(*planned, 1);
  EXPECT_EQ((*one.params)["views"], Json::parse("[[0, 0], [1, 0], [2, 0]]"));
  EXPECT_EQ((*two.params)["views"], Json::parse("[[0, 0], [0, 1], [1, 0]]")) << "a step sees two";
  EXPECT_EQ((*one.params)["images"].size(), 3u);
  EXPECT_EQ((*two.params)["images"], Json({2, 9}));
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ((*node(*planned, i).params)["augment"], (*job(*planned, i).training()->params)["augment"]);
    EXPECT_EQ((*node(*planned, i).params)["augment"].size(), 2u);
    EXPECT_EQ(node(*planned, i).seed, 5) << "the training's";
    EXPECT_EQ(node(*planned, i).inputs.size(), 1u) << "no model is needed";
  }
}

TEST_F(PlannedFigureTasks, WithoutAugmentationThereIsNothingToShow) {
  EXPECT_FALSE(plan_sweep(text_of("training: vae", "augmented")));
  EXPECT_EQ(said_,
            "sweep.yaml:9:20: error: no job trains on augmented images: there is nothing to show\n"
            "  report: {figures: [augmented]}\n"
            "                     ^\n"
            "  hint: leave the figure out, or write augment: horizontal_flip in the grid\n");
  EXPECT_FALSE(plan_sweep(text_of("training: vae, augment: [none, crop]", "augmented: {job: {augment: none}}")));
  EXPECT_NE(said_.find("error: none of these jobs trains on augmented images: there is nothing to show\n"), std::string::npos) << said_;
  EXPECT_NE(said_.find("  hint: name a job that has some, such as job: {augment: horizontal_flip}\n"), std::string::npos) << said_;
}

TEST_F(PlannedFigureTasks, WhereNoFiguresAreListedThoseOfSomeTrainingsAreShownWhereThereAreSuch) {
  ASSERT_TRUE(plan_sweep(text_of("training: vae", ""))) << said_;
  auto shown = [&](const std::string& grid) { return panels(*plan_sweep(text_of(grid, ""))); };
  EXPECT_EQ(shown("training: autoencoder"), (std::vector<std::string>{"reconstructions"}));
  EXPECT_EQ(shown("training: [autoencoder, vae]"), (std::vector<std::string>{"reconstructions", "reconstructions", "interpolations", "samples"}));
  EXPECT_EQ(shown("training: contrastive"), (std::vector<std::string>{"augmented"}));
  EXPECT_EQ(said_, "");
}

}  // namespace
}  // namespace latentgrid
