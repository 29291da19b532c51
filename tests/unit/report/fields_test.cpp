#include "report/fields.hpp"

#include <gtest/gtest.h>

#include "db/results_columns.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

ResultRow row(const std::string& architecture, const std::string& latent, const std::string& reduction,
              std::int64_t dim) {
  ResultRow row;
  row.architecture = architecture;
  row.latent = latent;
  row.reduction = reduction;
  row.reduced_dim = dim;
  row.clustering = "kmeans";
  row.steps = reduction_steps({{"reduction", testing::sample_steps(reduction, dim)}});
  return row;
}

TEST(Labels, NameArchitectureLatentAndSteps) {
  EXPECT_EQ(row_label(row("AE1", "native", "pca", 32), false), "AE1 + PCA(dim = 32)");
  EXPECT_EQ(row_label(row("AE2", "native", "tsne", 2), false), "AE2 + t-SNE(dim = 2)");
  EXPECT_EQ(row_label(row("AE2", "32", "tsne", 2), true), "AE2(32) + t-SNE(dim = 2)");
  EXPECT_EQ(row_label(row("AE2", "native", "pca50+tsne", 2), false), "AE2 + PCA(dim = 50) + t-SNE(dim = 2)");
  EXPECT_EQ(row_label(row("raw", "", "none", 3072), false), "raw pixels");
}

TEST(Labels, NameReductionsAsPapersDo) {
  EXPECT_EQ(reduction_label(row("AE1", "native", "pca", 32)), "PCA");
  EXPECT_EQ(reduction_label(row("AE1", "native", "tsne", 2)), "t-SNE");
  EXPECT_EQ(reduction_label(row("AE1", "native", "none", 2048)), "none");
  EXPECT_EQ(reduction_label(row("AE1", "native", "pca50+tsne", 2)), "PCA 50 + t-SNE");
}

TEST(Labels, AStepWithoutDimensionsIsNamedAlone) {
  ResultRow chain = row("AE1", "64", "standardize+pca", 8);
  chain.steps = {{"standardize", ""}, {"pca", "8"}};
  EXPECT_EQ(row_label(chain, false), "AE1 + standardization + PCA(dim = 8)");
  EXPECT_EQ(reduction_label(chain), "standardization + PCA");
}

// Digits at the end of a method's name are no dimensions.
TEST(Labels, AreMadeOfTheStepsNotOfTheLettersOfTheirName) {
  ResultRow chain = row("AE1", "64", "umap2+tsne", 2);
  chain.steps = {{"umap2", "16"}, {"tsne", "2"}};
  EXPECT_EQ(row_label(chain, false), "AE1 + umap2(dim = 16) + t-SNE(dim = 2)");
  EXPECT_EQ(reduction_label(chain), "umap2 16 + t-SNE");
}

TEST(Labels, NameMethodsInFieldsOfTextAsPapersDo) {
  EXPECT_EQ(shown_text(find_field("reduction"), row("AE1", "64", "pca50+tsne", 2)), "PCA 50 + t-SNE");
  EXPECT_EQ(shown_text(find_field("reduction"), row("AE1", "64", "none", 64)), "none");
  EXPECT_EQ(shown_text(find_field("clustering"), row("AE1", "64", "none", 64)), "k-means");
  EXPECT_EQ(shown_text(find_field("architecture"), row("AE1", "64", "none", 64)), "AE1");
}

TEST(Fields, CoverEveryColumnOfResults) {
  for (const std::string& column : results_columns()) EXPECT_EQ(find_field(column).name, column);
}

TEST(Fields, MayBeParametersOfTheJobs) {
  EXPECT_EQ(find_field("tsne.perplexity").kind(), ColumnKind::text);
  EXPECT_EQ(find_field("pca.dim").kind(), ColumnKind::integer);
  EXPECT_EQ(find_field("pca.dim").title, "PCA dim");
  EXPECT_EQ(find_field("tsne.early_exaggeration").title, "t-SNE early exaggeration");
  EXPECT_EQ(find_field("kmeans.n_init").title, "k-means n_init");
  EXPECT_EQ(find_field("learning_rate").title, "learning rate");
  EXPECT_EQ(find_field("learning_rate").name, "learning_rate");
  EXPECT_EQ(testing::error_of([] { find_field("pca.dimm"); }), "the report asks for an unknown field 'pca.dimm'");
}

TEST(Fields, AMisspeltOneGetsASuggestion) {
  EXPECT_EQ(testing::error_of([] { find_field("acuracy"); }),
            "the report asks for an unknown field 'acuracy', did you mean 'accuracy'?");
}

}  // namespace
}  // namespace latentgrid
