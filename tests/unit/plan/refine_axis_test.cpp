#include <fmt/format.h>
#include <gtest/gtest.h>

#include "plan/expand.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

constexpr DatasetHeader digits = {.images = 1000, .channels = 1, .height = 28, .width = 28, .labelled = 1000, .classes = 10};

struct Refined {
  explicit Refined(const std::string& grid, const DatasetHeader& dataset = digits)
      : text("name: test\ndataset: {synthetic: {images: 1000}}\ntrain: {epochs: 2}\ngrid: " + grid, {}) {
    EXPECT_TRUE(text.sweep) << text.said();
    if (text.sweep) result = expand(*text.sweep, dataset, text.diagnostics);
  }
  // One line a job: how it is refined, for how many epochs, and some parameters.
  std::vector<std::string> jobs(const std::vector<std::string>& shown = {}) const {
    std::vector<std::string> all;
    for (const Job& job : result.jobs) {
      const MethodStep* refinement = job.refinement();
      std::string line = refinement ? fmt::format("{} {}", refinement->method->name, refinement->extent) : "none";
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

TEST(RefineAxis, ChoosesHowATrainedEncoderIsRefined) {
  Refined r("{architecture: AE1, latent_dim: 10, refine: [none, dec: {update_interval: 40}, idec: {gamma: [0.1, 1], epochs: 5, update_interval: 4}]}");
  EXPECT_EQ(r.jobs({"refine", "dec.k", "idec.k", "idec.gamma"}),
            (Lines{"none refine=\"none\"", "dec 20 refine=\"dec\" dec.k=10", "idec 5 refine=\"idec\" idec.k=10 idec.gamma=0.1",
                   "idec 5 refine=\"idec\" idec.k=10 idec.gamma=1.0"}));
  EXPECT_EQ(r.text.said(), "");
  EXPECT_EQ(r.result.jobs[1].encoder().method->name, "autoencoder");
  EXPECT_EQ(r.result.jobs[1].latent_dim(), 10);
}

TEST(RefineAxis, RawPixelsAreNotRefined) {
  Refined r("{architecture: raw, refine: [none, dec]}");
  EXPECT_EQ(r.jobs({"refine"}), (Lines{"none"}));
}

TEST(RefineAxis, SaysWhatIsImpossible) {
  EXPECT_NE(Refined("{architecture: AE1, latent_dim: 10, training: contrastive, refine: idec}")
                .text.said()
                .find("IDEC goes on reconstructing the images, and this training has no decoder"),
            std::string::npos);
  EXPECT_NE(Refined("{architecture: AE1, latent_dim: 10, refine: {dec: {k: 1001}}}").text.said().find("1000 images cannot be divided into 1001 clusters"),
            std::string::npos);
  DatasetHeader unlabelled = digits;
  unlabelled.labelled = unlabelled.classes = 0;
  EXPECT_NE(Refined("{architecture: AE1, latent_dim: 10, refine: dec, clustering: {kmeans: {k: 3}}}", unlabelled).text.said().find("write it: refine: {dec: {k: 2}}"),
            std::string::npos);
}

TEST(RefineAxis, TargetsThatAreNeverComputedAgainAreAWarning) {
  EXPECT_EQ(Refined("{architecture: AE1, latent_dim: 10, refine: {dec: {epochs: 5}}}").text.said(),
            "sweep.yaml:4:66: warning: the targets are computed once only: there are 20 batches in all, and the update_interval is 140\n"
            "  grid: {architecture: AE1, latent_dim: 10, refine: {dec: {epochs: 5}}}\n"
            "                                                                   ^\n"
            "  hint: write a smaller update_interval, or more epochs\n");
  EXPECT_EQ(Refined("{architecture: AE1, latent_dim: 10, refine: {dec: {epochs: 5, update_interval: 19}}}").text.said(), "");
}

TEST(RefineAxis, SaysWhatARefinementIgnores) {
  Refined r("{architecture: AE1, latent_dim: 10, refine: {dec: {optimizer: adam, momentum: [0.5, 0.9], update_interval: 20}}}");
  EXPECT_EQ(r.jobs().size(), 1u);
  EXPECT_EQ(r.result.notes, (Lines{"1 cell equals another and became one job with it: dec ignores momentum with its other parameters"}));
}

TEST(RefineAxis, WordsOfOthersHaveHints) {
  const auto said = [](const std::string& text) { return testing::SweepText("name: test\ndataset: {synthetic: {images: 1000}}\n" + text, {}).said(); };
  const auto has = [&](const std::string& text, const std::string& hint) { EXPECT_NE(said(text).find("  hint: " + hint + "\n"), std::string::npos) << said(text); };
  has("train: {epochs: 2, refine: dec}\ngrid: {architecture: AE1}", "it belongs to grid: write grid: {refine: ...}");
  has("train: {epochs: 2}\nrefine: dec\ngrid: {architecture: AE1}", "it belongs to grid: write grid: {refine: ...}");
  has("train: {epochs: 2}\ngrid: {architecture: AE1, refinement: dec}", "did you mean 'refine'?");
  has("train: {epochs: 2}\ngrid: {architecture: AE1, clustering: dec}", "it belongs to refine: write refine: dec");
  has("train: {epochs: 2}\ngrid: {architecture: AE1, refine: {dec: {gamma: 1}}}", "it belongs to idec: write refine: {idec: {gamma: ...}}");
  EXPECT_NE(said("train: {epochs: 2}\ngrid: {architecture: AE1, refine: {dec: {lr_schedule: cosine}}}").find("  hint: known here: epochs, k, tolerance"), std::string::npos);
}

TEST(RefineAxis, ItsCentersAreAClustering) {
  Refined r("{architecture: AE1, latent_dim: 10, refine: [none, dec: {update_interval: 40}], clustering: [kmeans, heads], exclude: {refine: none, clustering: heads}}");
  EXPECT_EQ(r.jobs({"clustering"}), (Lines{"none", "dec 20", "dec 20"}));
  EXPECT_EQ(r.text.said(), "");
}

TEST(RefineAxis, IsExcludedAsOthersAre) {
  Refined r("{architecture: AE1, latent_dim: [8, 10], refine: [none, dec], exclude: [{latent_dim: 8, refine: dec}, {latent_dim: 10, refine: none}]}");
  EXPECT_EQ(r.jobs({"latent_dim"}).size(), 2u);
  EXPECT_EQ(r.jobs(), (Lines{"none", "dec 20"}));
}

}  // namespace
}  // namespace latentgrid
