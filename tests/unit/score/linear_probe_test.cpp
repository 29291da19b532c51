#include "score/linear_probe.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/random.hpp"
#include "support/golden.hpp"

namespace latentgrid {
namespace {

using testing::matrix_of;
using testing::ref;

TEST(RidgeClasses, AreThoseOfScikitLearn) {
  for (const Json& answer : testing::golden_answer("probe_answers.json", "linear")) {
    const MatrixRf points = matrix_of(answer.at("points"));
    const std::vector<std::int32_t> labels = answer.at("labels");
    const std::vector<std::int64_t> learned = answer.at("learned"), judged = answer.at("judged");
    EXPECT_EQ(ridge_classes(ref(points), labels, answer.at("ridge"), learned, judged), answer.at("classes").get<std::vector<std::int32_t>>());
  }
}

MatrixRf noise(std::int64_t rows, std::int64_t cols) {
  MatrixRf points(rows, cols);
  RandomStream random(1, "test");
  for (float& value : points.reshaped()) value = static_cast<float>(random.normal());
  return points;
}

TEST(LinearProbe, TellsClassesThatALinePartsAndNotNoise) {
  MatrixRf points = noise(200, 3);
  std::vector<std::int32_t> labels;
  for (int i = 0; i < 200; ++i) labels.push_back(i % 2);
  EXPECT_NEAR(linear_probe_accuracy(ref(points), labels, 1), 0.5, 0.12);
  for (int i = 0; i < 200; ++i) points(i, 1) += i % 2 ? 20 : 0;
  EXPECT_EQ(linear_probe_accuracy(ref(points), labels, 1), 1);
}

TEST(LinearProbe, OfTooLittleIsAnError) {
  const MatrixRf points = noise(4, 2);
  EXPECT_THROW(linear_probe_accuracy(ref(points), std::vector<std::int32_t>{0, 0, 0, 0}, 1), Error);
  EXPECT_THROW(linear_probe_accuracy(ref(points), std::vector<std::int32_t>{0, 1, -1, 0}, 1), Error);
  EXPECT_THROW(linear_probe_accuracy(ref(points), std::vector<std::int32_t>{0, 1}, 1), Error);
}

}  // namespace
}  // namespace latentgrid
