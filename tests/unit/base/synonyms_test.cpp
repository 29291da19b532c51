#include "base/synonyms.hpp"

#include <gtest/gtest.h>

#include "base/diagnostic.hpp"

using namespace latentgrid;

namespace {

const std::vector<std::string> training = {"epochs",     "optimizer",    "learning_rate",
                                           "batch_size", "weight_decay", "lr_schedule"};
const std::vector<std::string> tsne = {"dim", "perplexity", "iterations", "min_gradient_norm", "init"};
const std::vector<std::string> reductions = {"none", "pca", "tsne"};

}  // namespace

TEST(SameThing, KnowsWhatOtherProgramsCallIt) {
  EXPECT_EQ(same_thing("lr", training), "learning_rate");
  EXPECT_EQ(same_thing("bs", training), "batch_size");
  EXPECT_EQ(same_thing("wd", training), "weight_decay");
  EXPECT_EQ(same_thing("n_epochs", training), "epochs");
  EXPECT_EQ(same_thing("n_iter", training), "epochs");
  EXPECT_EQ(same_thing("n_iter", tsne), "iterations");
  EXPECT_EQ(same_thing("n_components", tsne), "dim");
  EXPECT_EQ(same_thing("n_clusters", {"k", "n_init"}), "k");
  EXPECT_EQ(same_thing("kpca", {"none", "pca", "kernel_pca"}), "kernel_pca");
}

TEST(SameThing, CaseAndSeparatorsDoNotMatter) {
  EXPECT_EQ(same_thing("batchSize", training), "batch_size");
  EXPECT_EQ(same_thing("t-SNE", reductions), "tsne");
  EXPECT_EQ(same_thing("BatchNorm2d", {"conv2d", "batch_norm2d"}), "batch_norm2d");
}

TEST(SameThing, NeedsACandidateOfThatName) {
  EXPECT_EQ(same_thing("lr", tsne), "");
  EXPECT_EQ(same_thing("", training), "");
  EXPECT_EQ(same_thing("-", training), "");
}

// "did you mean 'pca'?" for kernel PCA would be no help.
TEST(ClosestMatch, PrefersOtherNamesAndLeavesOtherMethodsAlone) {
  EXPECT_EQ(closest_match("lr", training), "learning_rate");
  EXPECT_EQ(closest_match("sparsepca", reductions), "");
  EXPECT_EQ(known_elsewhere("Sparse-PCA"), "sparse PCA");
  EXPECT_EQ(known_elsewhere("pca"), "");
  EXPECT_EQ(closest_match("AdamW", {"adam", "sgd"}), "");
  EXPECT_EQ(known_elsewhere("AdamW"), "AdamW");
  EXPECT_EQ(closest_match("batch_norm3d", {"batch_norm2d", "relu"}), "");
  EXPECT_EQ(closest_match("sparsepca.dim", {"pca.dim"}), "");
  EXPECT_EQ(known_elsewhere("sparsepca.dim"), "sparse PCA");
}

// Columns of jobs have their method in front.
TEST(ClosestMatch, AParameterIsFoundByItsOtherNameWithItsMethodAndWithout) {
  const std::vector<std::string> columns = {"job",      "reduced_dim",     "k",          "wall_s",    "accuracy",
                                            "pca.dim",  "tsne.perplexity", "tsne.iterations", "kmeans.n_init"};
  EXPECT_EQ(closest_match("pca.n_components", columns), "pca.dim");
  EXPECT_EQ(closest_match("tsne.n_iter", columns), "tsne.iterations");
  EXPECT_EQ(closest_match("n_iter", columns), "tsne.iterations");
  EXPECT_EQ(closest_match("kmeans.n_clusters", columns), "k");
  EXPECT_EQ(closest_match("tsne.perp", columns), "tsne.perplexity");
  EXPECT_EQ(closest_match("n_components", columns), "reduced_dim");
  EXPECT_EQ(closest_match("runtime", columns), "wall_s");
  EXPECT_EQ(closest_match("val_acc", columns), "accuracy");
}

TEST(NameInJobs, IsWhatAParameterIsCalledHere) {
  EXPECT_EQ(name_in_jobs("lr"), "learning_rate");
  EXPECT_EQ(name_in_jobs("NMI_score"), "nmi");
  EXPECT_EQ(name_in_jobs("kernel"), "") << "of a layer";
  EXPECT_EQ(name_in_jobs(""), "");
}
