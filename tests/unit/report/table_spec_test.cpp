#include "report/table_spec.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

std::vector<std::string> default_columns(const DefaultTable& usual) {
  const std::vector<TableSpec> specs = table_specs(Json(), "sweep", usual);
  std::vector<std::string> fields;
  for (const TableSpec::Column& column : specs.front().columns) fields.push_back(column.field);
  return fields;
}

TEST(DefaultTable, HasNoReconstructionLossWhereNothingIsTrained) {
  using Fields = std::vector<std::string>;
  EXPECT_EQ(default_columns({.split = false}), (Fields{"label", "recon_mse", "accuracy", "ari", "nmi"}));
  EXPECT_EQ(default_columns({.split = false, .trained = false}), (Fields{"label", "accuracy", "ari", "nmi"}));
  EXPECT_EQ(default_columns({.labelled = false, .trained = false}), (Fields{"label", "silhouette"}));
  EXPECT_EQ(default_columns({.trained = false, .on_leaderboard = true}),
            (Fields{"label", "leaderboard_public", "leaderboard_private", "accuracy_public", "accuracy_private", "accuracy", "ari", "nmi"}));
  EXPECT_EQ(default_columns({.split = false, .trained = false, .probed = true}),
            (Fields{"label", "accuracy", "ari", "nmi", "knn_accuracy", "linear_accuracy"}));
  EXPECT_EQ(table_specs(Json(), "sweep", {.split = false, .trained = false}).front().title, "Accuracy, ARI and NMI of the settings of sweep sweep");
}

}  // namespace
}  // namespace latentgrid
