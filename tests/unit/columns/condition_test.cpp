#include "columns/condition.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace latentgrid {
namespace {

template <typename Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const UsageError& error) {
    return error.what();
  }
  return "";
}

bool holds(const std::string& condition, const Cell& cell) {
  return meets(parse_condition(condition), cell);
}

TEST(Condition, HasANameAComparisonAndValues) {
  EXPECT_EQ(parse_condition("state=failed"), (Condition{"state", Relation::equal, {"failed"}}));
  EXPECT_EQ(parse_condition("state == failed"), (Condition{"state", Relation::equal, {"failed"}}));
  EXPECT_EQ(parse_condition("t-SNE.perplexity != 10, 30"),
            (Condition{"tsne.perplexity", Relation::not_equal, {"10", "30"}}));
  EXPECT_EQ(parse_condition("reduction=[pca, t-SNE]"), (Condition{"reduction", Relation::equal, {"pca", "t-SNE"}}));
  EXPECT_EQ(parse_condition("accuracy<0.5"), (Condition{"accuracy", Relation::less, {"0.5"}}));
  EXPECT_EQ(parse_condition("accuracy <= .5"), (Condition{"accuracy", Relation::at_most, {".5"}}));
  EXPECT_EQ(parse_condition("train.learning_rate>1e-3"),
            (Condition{"learning_rate", Relation::greater, {"1e-3"}}));
  EXPECT_EQ(parse_condition("epochs>=20"), (Condition{"epochs", Relation::at_least, {"20"}}));
  EXPECT_EQ(parse_condition("latent="), (Condition{"latent", Relation::equal, {""}}));
}

TEST(Condition, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(error_of([] { parse_condition("state"); }),
            "the condition 'state' has no comparison; write NAME=VALUE, NAME!=VALUE, NAME<VALUE or NAME>=VALUE, for "
            "example state=failed");
  EXPECT_EQ(error_of([] { parse_condition("=failed"); }),
            "the condition '=failed' has no name; write NAME=VALUE, NAME!=VALUE, NAME<VALUE or NAME>=VALUE, for "
            "example state=failed");
  EXPECT_EQ(error_of([] { parse_condition("state!failed"); }),
            "the condition 'state!failed' has a '!' without '='; write NAME!=VALUE");
  const std::pair<const char*, const char*> mistaken[] = {{"=>", ">="}, {"=<", "<="}, {"<>", "!="}, {"=!", "!="}, {"===", "="}};
  for (const auto& [symbol, meant] : mistaken) {
    const std::string condition = std::string("epochs ") + symbol + " 4";
    EXPECT_EQ(error_of([&] { parse_condition(condition); }),
              "the condition '" + condition + "' has a comparison that does not exist, '" + symbol + "'; write " + meant);
  }
  EXPECT_EQ(error_of([] { parse_condition("accuracy>1,2"); }),
            "the condition 'accuracy>1,2' compares with several values; <, <=, > and >= take one number");
  EXPECT_EQ(error_of([] { parse_condition("accuracy>high"); }),
            "the condition 'accuracy>high' compares with 'high', which is not a number; <, <=, > and >= take one "
            "number, = and != take text too");
}

TEST(Condition, NumbersAgreeAsNumbers) {
  EXPECT_TRUE(holds("pca.dim=8", std::int64_t{8}));
  EXPECT_TRUE(holds("pca.dim=8.0", std::int64_t{8}));
  EXPECT_TRUE(holds("learning_rate=1e-3", 0.001));
  EXPECT_TRUE(holds("learning_rate=0.01,0.001", 0.001));
  EXPECT_FALSE(holds("learning_rate=0.01", 0.001));
  EXPECT_FALSE(holds("learning_rate=native", 0.001));
  EXPECT_TRUE(holds("shuffle=true", std::int64_t{1}));
  EXPECT_FALSE(holds("shuffle=false", std::int64_t{1}));
}

TEST(Condition, TextAgreesAsItIsAndMethodsInAnySpelling) {
  EXPECT_TRUE(holds("architecture=AE1,AE2", "AE2"));
  EXPECT_FALSE(holds("architecture=ae2", "AE2"));
  for (const char* written : {"reduction=tsne", "reduction=t-SNE", "reduction=TSNE", "reduction=[pca, t-SNE]"}) {
    EXPECT_TRUE(holds(written, "tsne")) << written;
    EXPECT_FALSE(holds(written, "pca50+tsne")) << written;
  }
  EXPECT_TRUE(holds("reduction=PCA50 + t-SNE", "pca50+tsne"));
  EXPECT_TRUE(holds("clustering=K-Means", "kmeans"));
}

TEST(Condition, OrdersNumbersAlone) {
  EXPECT_TRUE(holds("accuracy<0.5", 0.25));
  EXPECT_FALSE(holds("accuracy<0.5", 0.5));
  EXPECT_TRUE(holds("accuracy<=0.5", 0.5));
  EXPECT_TRUE(holds("epochs>5", std::int64_t{20}));
  EXPECT_FALSE(holds("epochs>20", std::int64_t{20}));
  EXPECT_TRUE(holds("epochs>=20", std::int64_t{20}));
  EXPECT_FALSE(holds("latent>=20", "native"));
  EXPECT_TRUE(holds("latent>=20", "32"));
}

TEST(Condition, WhatHasNoValueMeetsNoneButNotEqual) {
  const Cell nothing;
  EXPECT_FALSE(holds("tsne.perplexity=30", nothing));
  EXPECT_TRUE(holds("tsne.perplexity!=30", nothing));
  EXPECT_FALSE(holds("tsne.perplexity<30", nothing));
  EXPECT_FALSE(holds("tsne.perplexity>=30", nothing));
  EXPECT_TRUE(holds("tsne.perplexity=-", nothing));
  EXPECT_FALSE(holds("tsne.perplexity!=-", nothing));
  EXPECT_TRUE(holds("tsne.perplexity!=-", std::int64_t{30}));
  EXPECT_TRUE(holds("reason=", ""));
}

TEST(Condition, AValueMayItselfBeAList) {
  const Cell range = "[-1, 1]";
  for (const std::string written : {"range=[-1, 1]", "range=[-1,1]", "range=[[-1, 1]]", "range=[0, 1], [-1, 1]"}) {
    EXPECT_TRUE(holds(written, range)) << written;
  }
  EXPECT_FALSE(holds("range=[0, 1]", range));
  EXPECT_FALSE(holds("range=-1", range)) << "one of its values";
  EXPECT_FALSE(holds("range!=[-1, 1]", range));
  EXPECT_TRUE(holds("range!=[0, 1]", range));
  EXPECT_TRUE(meets(equals_condition("range", Json{-1, 1}), range));
}

TEST(Condition, IsMadeOfASweepsValues) {
  EXPECT_EQ(equals_condition("t-SNE.perplexity", Json{10, 2.5}),
            (Condition{"tsne.perplexity", Relation::equal, {"10", "2.5"}}));
  EXPECT_EQ(equals_condition("architecture", "AE1"), (Condition{"architecture", Relation::equal, {"AE1"}}));
  EXPECT_EQ(equals_condition("shuffle", true), (Condition{"shuffle", Relation::equal, {"true"}}));
}

TEST(Condition, OnALatentDimGoesByItsNumberAndItsName) {
  const auto met = [](const std::string& text, std::int64_t number, const Cell& name) {
    return meets(parse_condition(text), number, name);
  };
  EXPECT_EQ(other_name_of("latent_dim"), "latent");
  EXPECT_EQ(other_name_of("epochs"), "");
  EXPECT_TRUE(met("latent_dim=native", 2048, "native"));
  EXPECT_TRUE(met("latent_dim=2048", 2048, "native"));
  EXPECT_TRUE(met("latent_dim=native,64", 64, "64"));
  EXPECT_TRUE(met("latent_dim=native,3072", 3072, Cell())) << "raw pixels have no name";
  EXPECT_FALSE(met("latent_dim!=native", 2048, "native"));
  EXPECT_FALSE(met("latent_dim!=2048", 2048, "native"));
  EXPECT_TRUE(met("latent_dim!=native", 64, "64"));
  EXPECT_TRUE(met("latent_dim<4096", 2048, "native"));
  EXPECT_FALSE(met("latent_dim=-", 3072, Cell())) << "it has a number";
}

TEST(Condition, IsWrittenAsItIsRead) {
  for (const char* const text : {"epochs >= 4", "architecture = AE1, AE2", "reduction != none", "accuracy < 0.5"}) {
    EXPECT_EQ(text_of(parse_condition(text)), text);
  }
}

}  // namespace
}  // namespace latentgrid
