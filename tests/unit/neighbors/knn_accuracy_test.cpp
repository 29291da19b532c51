#include "neighbors/knn_accuracy.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/golden.hpp"

namespace latentgrid {
namespace {

using testing::matrix_of;
using testing::ref;

TEST(KnnAccuracy, IsScikitLearnsLeaveOneOut) {
  for (const Json& answer : testing::golden_answer("probe_answers.json", "knn")) {
    const MatrixRf points = matrix_of(answer.at("points"));
    const std::vector<std::int32_t> labels = answer.at("labels");
    for (int threads : {1, 2}) {
      EXPECT_DOUBLE_EQ(knn_accuracy(ref(points), labels, answer.at("k"), threads), answer.at("accuracy").get<double>());
    }
  }
}

TEST(KnnAccuracy, NeedsALabelOfEveryPoint) {
  const MatrixRf points = MatrixRf::Random(4, 2);
  EXPECT_THROW(knn_accuracy(ref(points), std::vector<std::int32_t>{0, 1, 1}, 1, 1), Error);
  EXPECT_THROW(knn_accuracy(ref(points), std::vector<std::int32_t>{0, 1, -1, 1}, 1, 1), Error);
}

}  // namespace
}  // namespace latentgrid
