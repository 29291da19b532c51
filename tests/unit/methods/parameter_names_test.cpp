#include "methods/parameter_names.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace latentgrid {
namespace {

TEST(ParameterNames, HaveTheTypeOfTheirMethod) {
  EXPECT_EQ(parameter_type("learning_rate"), ParamType::real);
  EXPECT_EQ(parameter_type("batch_size"), ParamType::integer);
  EXPECT_EQ(parameter_type("optimizer"), ParamType::text);
  EXPECT_EQ(parameter_type("threads"), ParamType::integer);
  EXPECT_EQ(parameter_type("tsne.perplexity"), ParamType::real);
  EXPECT_EQ(parameter_type("tsne.iterations"), ParamType::integer);
  EXPECT_EQ(parameter_type("pca.dim"), ParamType::integer);
  EXPECT_EQ(parameter_type("pca[2].dim"), ParamType::integer);
  EXPECT_EQ(parameter_type("kmeans.n_init"), ParamType::integer);
  for (const char* name : {"", "accuracy", "pca", "pca.perplexity", "isomap.dim", ".dim"}) {
    EXPECT_FALSE(parameter_type(name)) << name;
  }
}

TEST(ParameterNames, AreAllParameters) {
  const std::vector<std::string> names = parameter_names();
  EXPECT_GT(names.size(), 20u);
  for (const std::string& name : names) EXPECT_TRUE(parameter_type(name)) << name;
  EXPECT_NE(std::find(names.begin(), names.end(), "tsne.perplexity"), names.end());
}

TEST(ParameterNames, SomeValuesAreShownAsWords) {
  EXPECT_EQ(value_word("tsne.learning_rate", 0), "auto");
  EXPECT_EQ(value_word("tsne.learning_rate", 200), "");
  EXPECT_EQ(value_word("pca.whiten", 0), "false");
  EXPECT_EQ(value_word("pca[2].whiten", 1), "true");
  EXPECT_EQ(value_word("pca.dim", 1), "");
  EXPECT_EQ(value_word("accuracy", 1), "");
}

}  // namespace
}  // namespace latentgrid
