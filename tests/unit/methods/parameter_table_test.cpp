#include "methods/parameter_table.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "methods/methods.hpp"

namespace latentgrid {
namespace {

const std::string readme = LATENTGRID_SOURCE_DIR "/experiments/README.md";
constexpr const char* begin_of_tables = "<!-- latentgrid methods --format md -->\n";
constexpr const char* end_of_tables = "<!-- end of methods -->\n";

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::string all_as_markdown() {
  std::string text;
  for (const MethodSpec& method : all_methods()) {
    const bool is_part_of_training = method.kind == MethodKind::encoder && !untrained_encoder(method.name);
    if (!is_part_of_training) text += (text.empty() ? "" : "\n") + markdown_of(method);
  }
  return text;
}

// LATENTGRID_ACCEPT=1 writes the tables and fails, so that a run which accepts can't pass for a test.
TEST(ParameterTable, OfTheReadmeIsWhatTheMethodsSay) {
  const std::string text = text_of(readme);
  const std::size_t begin = text.find(begin_of_tables) + std::string(begin_of_tables).size(), end = text.find(end_of_tables);
  ASSERT_LE(begin, end);
  if (std::getenv("LATENTGRID_ACCEPT")) {
    std::ofstream(readme) << text.substr(0, begin) << all_as_markdown() << text.substr(end);
    FAIL() << "wrote " << readme << "; read it, then run without LATENTGRID_ACCEPT";
  }
  EXPECT_EQ(text.substr(begin, end - begin), all_as_markdown());
}

TEST(ParameterTable, ShowsDefaultsAndConditions) {
  const MethodSpec& tsne = *find_method(MethodKind::reduction, "tsne");
  for (const ParameterRow& row : parameter_rows(tsne)) {
    if (row.name == "learning_rate") {
      EXPECT_EQ(row.default_value, "auto");
      EXPECT_EQ(row.values, "auto or a number of at least 0");
    }
  }
  for (const ParameterRow& row : parameter_rows(*find_method(MethodKind::training, "contrastive"))) {
    if (row.name == "head_clusters") {
      EXPECT_EQ(row.default_value, "required");
      EXPECT_EQ(row.meaning, "clusters of each of these heads (with heads above 0)");
    }
  }
  for (const ParameterRow& row : parameter_rows(default_training())) {
    if (row.name == "momentum") {
      EXPECT_EQ(row.meaning, "momentum of SGD (with optimizer: sgd)");
    }
    if (row.name == "epochs") {
      EXPECT_EQ(row.default_value, "required");
    }
  }
}

TEST(ParameterTable, SaysHowAClusteringCountsItsClusters) {
  const MethodSpec finds_k{.kind = MethodKind::clustering, .name = "density", .doc = "clusters of any shape", .params = {},
                           .has_noise = true, .metrics = {"cores"}};
  EXPECT_EQ(sentences_about(finds_k),
            (std::vector<std::string>{"Clusters of any shape.", "It finds the number of clusters itself.",
                                      "It may leave images out of every cluster, as noise.", "It records cores, clusters_found, noise."}));
  EXPECT_EQ(sentences_about(*find_method(MethodKind::clustering, "kmeans")),
            (std::vector<std::string>{"Lloyd's k-means from k-means++ starts.", "Source: sklearn.cluster.KMeans 1.2.",
                                      "For example `kmeans: {k: 10}`.", "Its result depends on the seed.",
                                      "It records inertia, iterations, clusters_found."}));
}

TEST(ParameterTable, SaysWhenTheSeedMattersAndWhatOneRunServes) {
  const auto last = [](const char* reduction) {
    const std::vector<std::string> all = sentences_about(*find_method(MethodKind::reduction, reduction));
    return std::vector<std::string>(all.begin() + 3, all.end());
  };
  EXPECT_EQ(last("tsne"), (std::vector<std::string>{"A run with fewer iterations is the beginning of one with more: one run serves both.",
                                                    "Its result depends on the seed with init: random.", "It records kl_divergence."}));
  EXPECT_EQ(last("pca"), (std::vector<std::string>{"One run serves all values of dim.", "It records explained_variance."}));
  EXPECT_EQ(last("standardize"), std::vector<std::string>{});
  EXPECT_EQ(sentences_about(default_training()).back(), "It records train_loss, recon_mse.");
}

}  // namespace
}  // namespace latentgrid
