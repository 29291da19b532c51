#include "worker/artifact_check.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;
using worker::TaskError;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

class FiniteCheck : public ::testing::Test {
 protected:
  // What stands in the way of publishing `staged` as the work of such a task, after its kind; "" if nothing does.
  std::string refused(const std::string& stage, const Json& params, const Json& metrics = Json::object()) {
    try {
      worker::check_finite(folder.path(), metrics, on_points(stage, params, {0}));
    } catch (const TaskError& error) {
      return error.kind() + ": " + error.what();
    }
    return "";
  }
  void write(const std::string& name, std::vector<float> values) {
    std::filesystem::create_directories((folder / name).parent_path());
    write_npy(folder / name, std::span<const float>(values), {static_cast<std::int64_t>(values.size())});
  }

  TemporaryFolder folder;
};

}  // namespace

TEST_F(FiniteCheck, NamesStageFileAndNumberOfValues) {
  const auto large = std::numeric_limits<float>::max();
  write("latents.npy", {1, large, -large, 0});
  EXPECT_EQ(refused("encode", {{"method", "autoencoder"}}), "");
  write("latents.npy", {1, static_cast<float>(not_a_number), 2, -static_cast<float>(infinity)});
  EXPECT_EQ(refused("encode", {{"method", "autoencoder"}}),
            "diverged: encode: 2 of 4 values of latents.npy are not finite; the training diverged: lower learning_rate");
  EXPECT_EQ(refused("reduce", {{"method", "tsne"}}),
            "diverged: reduce: 2 of 4 values of latents.npy are not finite; t-SNE diverged: lower its learning_rate");
  EXPECT_EQ(refused("reduce", {{"method", "pca"}}),
            "input: reduce: 2 of 4 values of latents.npy are not finite; the values it reads are too large for float32");
}

TEST_F(FiniteCheck, LooksIntoFoldersAndIntoDoubles) {
  write("000_encoder.0.weight.npy", {1});
  write("optimizer/000_encoder.0.weight.exp_avg_sq.npy", {static_cast<float>(infinity)});
  EXPECT_EQ(refused("train", Json::object()),
            "diverged: train: 1 of 1 values of optimizer/000_encoder.0.weight.exp_avg_sq.npy are not finite; the training "
            "diverged: lower learning_rate");
  std::filesystem::remove_all(folder / "optimizer");
  const std::vector<double> losses{0.5, not_a_number};
  write_npy(folder / "losses.npy", std::span<const double>(losses), {2});
  EXPECT_EQ(refused("train", Json::object()),
            "diverged: train: 1 of 2 values of losses.npy are not finite; the training diverged: lower learning_rate");
}

TEST_F(FiniteCheck, MetricsToo) {
  EXPECT_EQ(refused("cluster", {{"method", "kmeans"}}, {{"inertia", 1e300}, {"iterations", 3}}), "");
  EXPECT_EQ(refused("cluster", {{"method", "kmeans"}}, {{"inertia", infinity}}),
            "input: cluster: inertia is not finite; the values it reads are too large for float32");
}

TEST_F(FiniteCheck, IntegersAreFinite) {
  const std::vector<std::int32_t> clusters{0, 2143289344};  // the bits of a float's NaN
  write_npy(folder / "clusters.npy", std::span<const std::int32_t>(clusters), {2});
  EXPECT_EQ(refused("cluster", {{"method", "kmeans"}}), "");
}
