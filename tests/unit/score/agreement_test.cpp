#include "score/agreement.hpp"

#include <gtest/gtest.h>

#include "support/golden.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

TEST(Agreement, IsThatOfScikitLearn) {
  for (const Json& answer : sklearn_answer("partitions")) {
    const auto clusters = answer.at("clusters").get<std::vector<std::int32_t>>();
    const auto labels = answer.at("labels").get<std::vector<std::int32_t>>();
    const CountMatrix table = confusion_matrix(clusters, labels, 10, 10);
    EXPECT_NEAR(adjusted_rand_index(table), answer.at("ari").get<double>(), 1e-12);
    EXPECT_NEAR(normalized_mutual_information(table), answer.at("nmi").get<double>(), 1e-12);
    EXPECT_NEAR(adjusted_rand_index(table.transpose()), adjusted_rand_index(table), 1e-12);
  }
}

TEST(Agreement, OfEqualPartitionsIsOneWhateverTheirNames) {
  CountMatrix table(3, 3);
  table << 0, 5, 0, 7, 0, 0, 0, 0, 2;
  EXPECT_DOUBLE_EQ(adjusted_rand_index(table), 1);
  EXPECT_DOUBLE_EQ(normalized_mutual_information(table), 1);
}
