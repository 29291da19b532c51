#include "columns/names.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

TEST(CanonicalColumn, SpellsMethodsInOneWay) {
  for (const char* written : {"tsne.perplexity", "t-SNE.perplexity", "TSNE.perplexity", " t_sne.perplexity "}) {
    EXPECT_EQ(canonical_column(written), "tsne.perplexity") << written;
  }
  EXPECT_EQ(canonical_column("PCA.dim"), "pca.dim");
  EXPECT_EQ(canonical_column("K-Means.n_init"), "kmeans.n_init");
  EXPECT_EQ(canonical_column("PCA[2].dim"), "pca[2].dim");
}

TEST(CanonicalColumn, LeavesOutTheSectionOfTrainingParameters) {
  EXPECT_EQ(canonical_column("train.learning_rate"), "learning_rate");
  EXPECT_EQ(canonical_column("learning_rate"), "learning_rate");
  EXPECT_EQ(canonical_column(" accuracy "), "accuracy");
  EXPECT_EQ(canonical_column(""), "");
  EXPECT_EQ(canonical_column(".dim"), ".dim");
}

TEST(CanonicalMethod, KeepsChains) {
  EXPECT_EQ(canonical_method("t-SNE"), "tsne");
  EXPECT_EQ(canonical_method("PCA 50 + t-SNE"), "pca50+tsne");
  EXPECT_EQ(canonical_method("none"), "none");
}

}  // namespace
}  // namespace latentgrid
