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

const std::vector<MethodSpec> with_separators = {
    {.kind = MethodKind::reduction, .name = "random_projection", .display_name = "random projection"},
    {.kind = MethodKind::clustering, .name = "k_medoids", .display_name = "PAM"}};

TEST(CanonicalColumn, KnowsMethodsWhoseNamesHaveSeparators) {
  for (const char* written : {"random_projection.dim", "Random projection.dim", "RandomProjection.dim", "random-projection.dim"}) {
    EXPECT_EQ(canonical_column(written, with_separators), "random_projection.dim") << written;
  }
  EXPECT_EQ(canonical_column("randomprojection[2].dim", with_separators), "random_projection[2].dim");
  EXPECT_EQ(canonical_column("K-Medoids.max_iterations", with_separators), "k_medoids.max_iterations");
  EXPECT_EQ(canonical_column("pam.max_iterations", with_separators), "k_medoids.max_iterations") << "as reports write it";
}

TEST(CanonicalColumn, LeavesAMethodOfAnotherVersionAsItIsWritten) {
  EXPECT_EQ(canonical_column("kernel_umap.dim", with_separators), "kernel_umap.dim");
}

TEST(CanonicalColumn, IsTheNameOfEveryMethod) {
  for (const MethodSpec& method : all_methods()) {
    EXPECT_EQ(canonical_column(method.name + ".dim"), method.name + ".dim");
    EXPECT_EQ(canonical_column(method.display_name + ".dim"), method.name + ".dim");
  }
}

TEST(LettersOfMethods, AgreeForAllSpellings) {
  EXPECT_EQ(letters_of_methods("t-SNE"), "tsne");
  EXPECT_EQ(letters_of_methods("PCA 50 + t-SNE"), "pca50+tsne");
  EXPECT_EQ(letters_of_methods("random_projection50+tsne"), letters_of_methods("Random projection 50 + t-SNE"));
  EXPECT_EQ(letters_of_methods("none"), "none");
}

}  // namespace
}  // namespace latentgrid
