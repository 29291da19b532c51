#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/expand.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

constexpr DatasetHeader faces = {.images = 1000, .channels = 3, .height = 32, .width = 32, .labelled = 1000, .classes = 5};

struct Trainings {
  explicit Trainings(const std::string& sections, std::vector<std::string> sets = {})
      : text("name: test\ndataset: {synthetic: {images: 1000}}\n" + sections, {std::move(sets), std::nullopt}) {
    EXPECT_TRUE(text.sweep) << text.said();
    if (text.sweep) result = expand(*text.sweep, faces, text.diagnostics);
  }
  // One line a job: how it trains, its epochs, and some of its parameters.
  std::vector<std::string> jobs(const std::vector<std::string>& shown = {}) const {
    std::vector<std::string> all;
    for (const Job& job : result.jobs) {
      std::string line = job.model ? fmt::format("{} {}", job.training()->method->name, job.epochs()) : job.architecture;
      for (const std::string& name : shown) {
        if (const Json value = parameter_of(job, name); !value.is_null()) line += fmt::format(" {}={}", name, value.dump());
      }
      all.push_back(line);
    }
    return all;
  }
  testing::SweepText text;
  Expansion result;
};

using Lines = std::vector<std::string>;

TEST(TrainingAxis, ChoosesHowAnEncoderIsTrained) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, latent_dim: 8, training: [autoencoder, vae, contrastive]}");
  EXPECT_EQ(t.jobs({"training", "loss", "vae.kl_weight", "contrastive.temperature", "autoencoder.denoise"}),
            (Lines{"autoencoder 2 training=\"autoencoder\" loss=\"mse\" autoencoder.denoise=\"none\"",
                   "vae 2 training=\"vae\" loss=\"mse\" vae.kl_weight=1.0", "contrastive 2 training=\"contrastive\" contrastive.temperature=0.5"}));
  EXPECT_EQ(t.text.said(), "");
}

TEST(TrainingAxis, ParametersOfATrainingMultiply) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, latent_dim: 8, training: {vae: {kl_weight: [1, 4], kl_warmup: [0, 5]}}}");
  EXPECT_EQ(t.jobs({"vae.kl_weight", "vae.kl_warmup"}),
            (Lines{"vae 2 vae.kl_weight=1.0 vae.kl_warmup=0", "vae 2 vae.kl_weight=1.0 vae.kl_warmup=5", "vae 2 vae.kl_weight=4.0 vae.kl_warmup=0",
                   "vae 2 vae.kl_weight=4.0 vae.kl_warmup=5"}));
}

// The command line, then what the training is given, then the grid, then `train:`.
TEST(TrainingAxis, WhatATrainingIsGivenGoesBeforeTheGrid) {
  const std::string sections =
      "train: {epochs: 2, learning_rate: 0.5}\ngrid: {architecture: AE1, epochs: 3, training: [autoencoder, contrastive: {epochs: 4, batch_size: 256}]}";
  EXPECT_EQ(Trainings(sections).jobs({"batch_size", "learning_rate"}),
            (Lines{"autoencoder 3 batch_size=128 learning_rate=0.5", "contrastive 4 batch_size=256 learning_rate=0.5"}));
  EXPECT_EQ(Trainings(sections, {"train.epochs=9"}).jobs(), (Lines{"autoencoder 9", "contrastive 9"}));
}

// An option that every training has is one axis, wherever it is written.
TEST(TrainingAxis, NamesSharedOptionsWithoutTheTraining) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, training: {contrastive: {epochs: 4, temperature: [0.5, 1]}}}");
  std::vector<std::string> names;
  for (const auto& [name, value] : t.result.jobs.at(0).axes()) names.push_back(name);
  EXPECT_EQ(names, (Lines{"architecture", "latent_dim", "epochs", "reduction", "reduced_dim", "clustering", "k", "seed", "training", "contrastive.temperature"}));
}

TEST(TrainingAxis, MayStandBelowAnArchitecture) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: [AE1, AE2: {training: contrastive}, raw]}");
  EXPECT_EQ(t.jobs(), (Lines{"autoencoder 2", "contrastive 2", "raw"}));
}

TEST(TrainingAxis, IsNothingToWhatIsNotTrained) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: raw, training: [autoencoder, contrastive]}");
  EXPECT_EQ(t.jobs(), (Lines{"raw"}));
  EXPECT_EQ(t.result.notes, (Lines{"1 cell equals another and became one job with it: raw pixels ignore training"}));
}

TEST(TrainingAxis, ItsOwnEpochsAreSaidWhereTheGridHasSeveral) {
  Trainings t("grid: {architecture: AE1, epochs: [2, 3], training: {contrastive: {epochs: 4}}}");
  EXPECT_EQ(t.jobs(), (Lines{"contrastive 4"}));
  EXPECT_EQ(t.result.notes, (Lines{"1 cell equals another and became one job with it: contrastive sets its own epochs"}));
}

TEST(TrainingAxis, CanBeExcludedWithItsParameters) {
  const std::string grid = "train: {epochs: 2}\ngrid: {architecture: [AE1, raw], latent_dim: 8, training: [autoencoder, vae: {kl_weight: [1, 4]}], exclude: ";
  EXPECT_EQ(Trainings(grid + "{training: vae}}").jobs(), (Lines{"autoencoder 2", "raw"}));
  EXPECT_EQ(Trainings(grid + "{training: {vae: {kl_weight: 4}}}}").jobs({"vae.kl_weight"}), (Lines{"autoencoder 2", "vae 2 vae.kl_weight=1.0", "raw"}));
}

TEST(TrainingAxis, AContrastiveEncoderHasNoDecoder) {
  const auto reconstructs = [](const char* training) {
    return Trainings(fmt::format("train: {{epochs: 2}}\ngrid: {{architecture: AE1, latent_dim: 8, training: {}}}", training)).result.jobs.at(0).reconstructs();
  };
  EXPECT_TRUE(reconstructs("autoencoder"));
  EXPECT_TRUE(reconstructs("vae"));
  EXPECT_FALSE(reconstructs("contrastive"));
  EXPECT_FALSE(reconstructs("vicreg"));
}

TEST(AugmentAxis, IsAChainAsReductionsAre) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, augment: [none, horizontal_flip, [horizontal_flip, crop: {padding: [2, 4]}]]}");
  EXPECT_EQ(t.jobs({"augment", "crop.padding", "horizontal_flip.p"}),
            (Lines{"autoencoder 2 augment=\"none\"", "autoencoder 2 augment=\"horizontal_flip\" horizontal_flip.p=0.5",
                   "autoencoder 2 augment=\"horizontal_flip+crop\" crop.padding=2 horizontal_flip.p=0.5",
                   "autoencoder 2 augment=\"horizontal_flip+crop\" crop.padding=4 horizontal_flip.p=0.5"}));
}

TEST(AugmentAxis, ATrainingThatNeedsViewsHasItsOwn) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, training: contrastive}");
  EXPECT_EQ(t.jobs({"augment"}), (Lines{"contrastive 2 augment=\"random_resized_crop+horizontal_flip+color_jitter+grayscale\""}));
  Trainings written("train: {epochs: 2}\ngrid: {architecture: AE1, training: contrastive, augment: [[random_resized_crop, horizontal_flip, color_jitter, grayscale]]}");
  EXPECT_EQ(*written.result.jobs.at(0).training()->params, *t.result.jobs.at(0).training()->params);
}

TEST(AugmentAxis, IsComparedInExclusions) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, augment: [none, horizontal_flip, [horizontal_flip, crop]], exclude: {augment: [[horizontal_flip, crop]]}}");
  EXPECT_EQ(t.jobs({"augment"}), (Lines{"autoencoder 2 augment=\"none\"", "autoencoder 2 augment=\"horizontal_flip\""}));
}

std::string said(const std::string& sections) {
  testing::SweepText text("name: test\ndataset: {synthetic: {images: 1000}}\n" + sections);
  if (text.sweep) expand(*text.sweep, faces, text.diagnostics);
  return text.said();
}

TEST(TrainingAxis, WhatAModelIsNoGoodForIsSaid) {
  EXPECT_EQ(said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  training: vae\n"),
            "sweep.yaml:6:13: error: a variational autoencoder needs an encoder that ends in a linear layer (AE1)\n"
            "    training: vae\n"
            "              ^\n"
            "  hint: give the architecture a latent_dim, which adds one\n");
  EXPECT_EQ(said("train: {epochs: 2, batch_size: 1}\ngrid:\n  architecture: AE1\n  training: contrastive\n"),
            "sweep.yaml:3:32: error: this training looks at the images of a batch together: a batch_size of 1 leaves nothing to compare (AE1)\n"
            "  train: {epochs: 2, batch_size: 1}\n"
            "                                 ^\n"
            "  hint: write a batch_size of 2 or more; 256 is usual\n");
  EXPECT_EQ(said("train: {epochs: 2, loss: bce}\ngrid:\n  architecture: AE1\n"),
            "sweep.yaml:3:26: error: loss bce needs values from 0 to 1, but these images are scaled to [-1, 1] (AE1)\n"
            "  train: {epochs: 2, loss: bce}\n"
            "                           ^\n"
            "  hint: write dataset: {range: [0, 1]}, or another loss\n");
}

TEST(TrainingAxis, OneCycleNeedsNoWarmUp) {
  EXPECT_EQ(said("train: {epochs: 2, lr_schedule: one_cycle, warmup_epochs: 1}\ngrid: {architecture: AE1}\n"),
            "sweep.yaml:3:59: error: one_cycle has a warm-up of its own\n"
            "  train: {epochs: 2, lr_schedule: one_cycle, warmup_epochs: 1}\n"
            "                                                            ^\n"
            "  hint: leave warmup_epochs out, or choose another lr_schedule\n");
}

TEST(TrainingAxis, AnEncoderAloneIsEnoughForTrainingsThatReconstructNothing) {
  const std::string sections = "train: {epochs: 2}\narchitectures: {mine: {encoder: [flatten, linear: {out_features: 20}]}}\n";
  Trainings t(sections + "grid: {architecture: mine, training: [contrastive, vicreg], latent_dim: [native, 8]}");
  EXPECT_EQ(t.result.jobs.size(), 4u);
  EXPECT_EQ(t.result.jobs[3].latent_dim(), 8);
  EXPECT_EQ(t.result.jobs[3].model->added_layers(), "linear(20, 8) is added to the end of the encoder (the encoder already ends in a vector of 20 values; latent_dim: native adds nothing)");
  EXPECT_EQ(t.text.said(), "");
  EXPECT_EQ(said(sections + "grid: {architecture: mine, training: [autoencoder, contrastive]}\n"),
            "sweep.yaml:5:22: error: mine has no decoder, and the training autoencoder reconstructs images\n"
            "  grid: {architecture: mine, training: [autoencoder, contrastive]}\n"
            "                       ^\n"
            "  hint: write its decoder, or choose a training that needs none: contrastive or vicreg\n");
}

TEST(TrainingAxis, ClusterHeadsAreParametersOfContrastiveLearning) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, training: {contrastive: {heads: [0, 5], head_clusters: [3, 4]}}, clustering: [kmeans, heads], "
              "exclude: {training: {contrastive: {heads: 0}}, clustering: heads}}");
  EXPECT_EQ(t.jobs({"contrastive.heads", "contrastive.head_clusters", "contrastive.heads_weight"}),
            (Lines{"contrastive 2 contrastive.heads=0", "contrastive 2 contrastive.heads=5 contrastive.head_clusters=3 contrastive.heads_weight=1.0",
                   "contrastive 2 contrastive.heads=5 contrastive.head_clusters=3 contrastive.heads_weight=1.0",
                   "contrastive 2 contrastive.heads=5 contrastive.head_clusters=4 contrastive.heads_weight=1.0",
                   "contrastive 2 contrastive.heads=5 contrastive.head_clusters=4 contrastive.heads_weight=1.0"}));
  EXPECT_EQ(t.text.said(), "");
}

TEST(TrainingAxis, ClusterHeadsNeedANumberOfClusters) {
  EXPECT_EQ(said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  training: {contrastive: {heads: 5}}\n"),
            "sweep.yaml:6:35: error: cluster heads need head_clusters, the number of clusters\n"
            "    training: {contrastive: {heads: 5}}\n"
            "                                    ^\n"
            "  hint: write it: contrastive: {heads: 5, head_clusters: 10}\n");
}

TEST(TrainingAxis, ClusterHeadsOfImpossibleSizesAreErrors) {
  const auto heads = [](const std::string& params) {
    return said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  training: {contrastive: {" + params + "}}\n");
  };
  EXPECT_EQ(heads("heads: 2, head_clusters: 1001"),
            "sweep.yaml:6:53: error: 1000 images cannot be divided into 1001 clusters\n"
            "    training: {contrastive: {heads: 2, head_clusters: 1001}}\n"
            "                                                      ^\n"
            "  hint: choose head_clusters of at most 1000\n");
  EXPECT_EQ(heads("heads: 2, head_clusters: 1000"), "");
  EXPECT_NE(heads("heads: 2, head_clusters: 3, overclusters: 1").find("error: heads of one cluster learn nothing\n"), std::string::npos);
  EXPECT_NE(heads("heads: 1000, head_clusters: 1000, overclusters: 10000")
                .find("error: 1000 heads of 10000 clusters need too much memory: each compares every cluster with every other\n"),
            std::string::npos);
}

TEST(TrainingAxis, VicregNeedsSomethingToLearn) {
  EXPECT_NE(said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  training: {vicreg: {invariance_weight: 0, variance_weight: 0, covariance_weight: 0}}\n")
                .find("error: all three weights are 0, so that there is nothing to learn\n"),
            std::string::npos);
}

// With a default that is no part of old keys it is an option all the same.
TEST(TrainingAxis, OptionsThatAreLeftAtTheirDefaultAreNotIgnored) {
  const Trainings t("train: {epochs: 2}\ngrid: {architecture: AE1, early_stop: [none, validation_loss], patience: [2, 3]}");
  EXPECT_EQ(t.result.jobs.size(), 3u);
  EXPECT_EQ(t.result.notes, (Lines{"1 cell equals another and became one job with it: the settings of AE1 ignore patience"}));
}

TEST(TrainingAxis, ClusteringByHeadsNeedsATrainingThatHasThem) {
  EXPECT_EQ(said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  clustering: heads\n"),
            "sweep.yaml:6:15: error: the training autoencoder has no cluster heads\n"
            "    clustering: heads\n"
            "                ^\n"
            "  hint: a training that has them is training: {contrastive: {heads: 5, head_clusters: 10}}, and refinements have clusters too, refine: dec; or leave these cells out: exclude: {training: autoencoder, refine: none, clustering: heads}\n");
  EXPECT_EQ(said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  training: contrastive\n  clustering: heads\n"),
            "sweep.yaml:7:15: error: the training contrastive has no cluster heads unless it is told to\n"
            "    clustering: heads\n"
            "                ^\n"
            "  hint: write training: {contrastive: {heads: 5, head_clusters: 10}}; or leave these cells out: exclude: {training: {contrastive: {heads: 0}}, refine: none, clustering: heads}\n");
  EXPECT_EQ(said("grid:\n  architecture: raw\n  clustering: heads\n"),
            "sweep.yaml:5:15: error: heads are trained with an encoder, and raw pixels are not trained\n"
            "    clustering: heads\n"
            "                ^\n"
            "  hint: leave these cells out: exclude: {architecture: raw, clustering: heads}\n");
}

TEST(TrainingAxis, ClusteringByHeadsStandsBehindNoReduction) {
  const std::string sections = "train: {epochs: 2}\ngrid:\n  architecture: AE1\n  training: {contrastive: {heads: 5, head_clusters: 3}}\n  clustering: heads\n  reduction: ";
  EXPECT_EQ(said(sections + "{pca: {dim: 8}}\n"),
            "sweep.yaml:7:15: error: heads label what the encoder makes of an image, and cannot stand behind a reduction\n"
            "    clustering: heads\n"
            "                ^\n"
            "  hint: leave these cells out: exclude: {reduction: pca, clustering: heads}\n");
  EXPECT_EQ(said(sections + "[none, {pca: {dim: 8}}, [l2_normalize, {pca: {dim: 8}}]]\n  exclude: [{reduction: pca, clustering: heads}, {reduction: [[l2_normalize, pca]], clustering: heads}]\n"), "");
  EXPECT_TRUE(said(sections + "[[l2_normalize, {pca: {dim: 8}}]]\n").ends_with("exclude: {reduction: [[l2_normalize, pca]], clustering: heads}\n"));
}

TEST(TrainingAxis, AnEarlyStopNeedsImagesToJudgeBy) {
  EXPECT_EQ(said("train: {epochs: 2, early_stop: validation_loss, validation: 0.001}\ngrid: {architecture: AE1}\n"),
            "sweep.yaml:3:32: error: early_stop validation_loss needs at least 2 images that are held out, and a validation of 0.001 of 1000 images is 1\n"
            "  train: {epochs: 2, early_stop: validation_loss, validation: 0.001}\n"
            "                                 ^\n"
            "  hint: write a larger validation, or choose more images\n");
  EXPECT_EQ(said("train: {epochs: 2, early_stop: validation_loss, validation: 0.0015}\ngrid: {architecture: AE1}\n"), "");
  EXPECT_EQ(said("train: {epochs: 2, early_stop: validation_loss, validation: 0.51}\ngrid: {architecture: AE1}\n"),
            "sweep.yaml:3:61: error: validation expects a number above 0 and at most 0.5, got '0.51'\n"
            "  train: {epochs: 2, early_stop: validation_loss, validation: 0.51}\n"
            "                                                              ^\n");
}

TEST(TrainingAxis, EpochsAreInTheTrainingWhereSomethingEndsItEarly) {
  const auto params = [](const std::string& train) { return *Trainings("train: {epochs: 2, " + train + "}\ngrid: {architecture: AE1}").result.jobs.at(0).training()->params; };
  const Json plain = params("batch_size: 128");
  EXPECT_EQ(params("early_stop: none"), plain);
  EXPECT_EQ(params("early_stop: none, max_minutes: 0"), plain);
  Json expected = plain;
  expected.update({{"epochs", 2}, {"early_stop", "rank"}, {"patience", 10}});
  EXPECT_EQ(params("early_stop: rank"), expected);
  expected = plain;
  expected.update({{"epochs", 2}, {"max_minutes", 30.0}});
  EXPECT_EQ(params("max_minutes: 30"), expected);
}

TEST(TrainingAxis, ThatTheMachineDecidesIsSaid) {
  Trainings t("train: {epochs: 2}\ngrid: {architecture: [AE1, AE2], max_minutes: [10, 20]}");
  EXPECT_EQ(t.result.notes, (Lines{"max_minutes ends a training by the clock: how many epochs it has, and so its results, depends on the speed of the machine"}));
  EXPECT_EQ(Trainings("train: {epochs: 2, max_minutes: 0}\ngrid: {architecture: AE1}").result.notes, Lines{});
}

// PyTorch's batch norm refuses a batch with one value a channel, of the images that are left.
TEST(TrainingAxis, HeldOutImagesAreNotInItsBatches) {
  const std::string sections =
      "architectures:\n  flat: {encoder: [flatten, {linear: {out_features: 8}}, batch_norm1d], decoder: [{linear: {out_features: values}}, {unflatten: {unflattened_size: [channels, height, width]}}, tanh]}\n"
      "train: {epochs: 2, batch_size: 31, early_stop: validation_loss, validation: ";
  const std::string text = said(sections + "0.1}\ngrid: {architecture: flat}\n");  // 900 = 29 * 31 + 1
  EXPECT_NE(text.find("900 images in batches of 31 leave a batch of one image"), std::string::npos) << text;
  EXPECT_EQ(said(sections + "0.2}\ngrid: {architecture: flat}\n"), "");
}

TEST(AugmentAxis, ContrastiveLearningNeedsOne) {
  EXPECT_EQ(said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  training: contrastive\n  augment: none\n"),
            "sweep.yaml:7:12: error: contrastive learning compares different views of an image, and without augmentation they are all the same\n"
            "    augment: none\n"
            "             ^\n"
            "  hint: leave augment out for its default: random_resized_crop, horizontal_flip, color_jitter, grayscale; or leave this cell out: exclude: {training: contrastive, augment: none}\n");
}

TEST(AugmentAxis, WhatImagesAreTooSmallForIsSaid) {
  const std::string text = said("train: {epochs: 2}\ngrid:\n  architecture: AE1\n  augment: {crop: {padding: 32}}\n");
  EXPECT_TRUE(text.starts_with("sweep.yaml:6:29: error: ")) << text;
}

TEST(TrainingAxis, AnotherNameIsAnErrorWithTheOneThatIsMeant) {
  EXPECT_EQ(said("grid:\n  architecture: AE1\n  training: simclr\n"),
            "sweep.yaml:5:13: error: unknown training 'simclr'\n"
            "    training: simclr\n"
            "              ^\n"
            "  hint: did you mean 'contrastive'?\n");
}

}  // namespace
}  // namespace latentgrid
