#include "columns/column_values.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

ColumnValues values_of(const std::vector<Cell>& cells) {
  ColumnValues values;
  for (const Cell& cell : cells) values.add(cell);
  return values;
}

std::string missing(const ColumnValues& values, const std::string& condition) {
  const auto found = values.missing(parse_condition(condition));
  return found ? found->predicate + "; " + found->known : "";
}

TEST(ColumnValues, SayWhichThereAre) {
  const ColumnValues epochs = values_of({std::int64_t{4}, std::int64_t{1}, std::int64_t{2}, Cell(), std::int64_t{4}});
  EXPECT_EQ(missing(epochs, "epochs=7"), "has epochs 7; there are 1, 2, 4");
  EXPECT_EQ(missing(epochs, "epochs=7,4,9"), "has epochs 7 or 9; there are 1, 2, 4");
  EXPECT_EQ(missing(epochs, "epochs!=7"), "has epochs 7; there are 1, 2, 4");
  EXPECT_EQ(missing(epochs, "epochs>4"), "has epochs > 4; there are 1, 2, 4");
  EXPECT_EQ(missing(epochs, "epochs=4"), "");
  EXPECT_EQ(missing(epochs, "epochs=4.0"), "");
  EXPECT_EQ(missing(epochs, "epochs=-"), "");
  EXPECT_EQ(missing(epochs, "epochs<2"), "");
  EXPECT_FALSE(epochs.empty());
}

TEST(ColumnValues, OfTextAreInEverySpelling) {
  const ColumnValues reductions = values_of({"pca", "pca50+tsne"});
  EXPECT_EQ(missing(reductions, "reduction=PCA"), "");
  EXPECT_EQ(missing(reductions, "reduction=tsne"), "has reduction tsne; there are pca, pca50+tsne");
  EXPECT_EQ(missing(values_of({"AE1"}), "architecture=AE9"), "has architecture AE9; there is only AE1");
  EXPECT_EQ(missing(values_of({"AE1"}), "architecture!=AE1"), "has architecture != AE1; there is only AE1");
  EXPECT_EQ(missing(values_of({30.0, 0.5}), "tsne.perplexity=-"), "is without tsne.perplexity; there are 0.5, 30");
}

TEST(ColumnValues, MayBeLists) {
  const ColumnValues ranges = values_of({"[-1, 1]"});
  EXPECT_EQ(missing(ranges, "range=[-1, 1]"), "");
  EXPECT_EQ(missing(ranges, "range=[0, 1]"), "has range 0 or 1; there is only [-1, 1]");
  EXPECT_EQ(missing(ranges, "range=[-1, 1],[0, 1]"), "has range [0, 1]; there is only [-1, 1]");
}

TEST(ColumnValues, OfALatentDimHaveANameToo) {
  ColumnValues latents;
  latents.add(std::int64_t{2048}, "native");
  latents.add(std::int64_t{64}, "64");
  EXPECT_EQ(missing(latents, "latent_dim=native"), "");
  EXPECT_EQ(missing(latents, "latent_dim=32"), "has latent_dim 32; there are 64, 2048, native");
}

TEST(ColumnValues, AreNotAllListedWhereThereAreMany) {
  ColumnValues numbers, names;
  for (std::int64_t i = 1; i <= 25; ++i) {
    numbers.add(i);
    names.add("a" + std::to_string(100 + i));
  }
  EXPECT_EQ(missing(numbers, "seed=0"), "has seed 0; there are 25 values from 1 to 25");
  EXPECT_TRUE(missing(names, "architecture=b").starts_with("has architecture b; there are a101, a102, "));
  EXPECT_TRUE(missing(names, "architecture=b").ends_with(", a120 and 5 more"));
}

TEST(ColumnValues, MayBeNone) {
  const ColumnValues none = values_of({Cell(), Cell()});
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(missing(none, "epochs=4"), "has epochs 4; no job has a value there");
}

}  // namespace
}  // namespace latentgrid
