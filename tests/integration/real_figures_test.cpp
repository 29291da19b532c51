// Figures of what trainings see and what models make, by the real programs.
#include <algorithm>
#include <array>

#include "augment/augmentation.hpp"
#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"
#include "store/npy.hpp"

using latentgrid::Augmentation;
using latentgrid::Json;
using latentgrid::NpyFile;
using latentgrid::PixelRange;
using latentgrid::read_file;
using latentgrid::testing::CommandResult;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

constexpr const char* sweep = R"(name: pictures
dataset: {synthetic: {images: 60, classes: 3, channels: 3, height: 8, width: 8, seed: 3, noise: 0.2}}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 4, 3, 2, 1]}, relu]
    decoder: [{conv_transpose2d: [4, channels, 2, 2]}, tanh]
train: {batch_size: 20, epochs: 2}
grid:
  architecture: tiny
  latent_dim: 4
  training: [autoencoder, vae, contrastive]
  augment: [[random_resized_crop, horizontal_flip, color_jitter]]
  seeds: [5]
report:
  figures:
    - reconstructions
    - interpolations: {steps: 3}
    - samples: {count: 5}
    - augmented: {job: {training: contrastive}, views: 4}
)";

class RealFigures : public SweepFixture {
 protected:
  void SetUp() override { write("sweep.yaml", sweep); }

  // Of a figure's first panel, and its record.
  fs::path artifact(const std::string& figure) {
    const Json row = query("SELECT t.stage, t.key, t.extent FROM pictures p JOIN tasks t ON t.id = p.task WHERE figure = '" + figure +
                           "' ORDER BY panel, role")[0];
    const std::string key = row["key"];
    return folder_ / results_ / "artifacts" / row["stage"].get<std::string>() / key.substr(0, 2) / key / "0";
  }
  Json trainings_of(const std::string& figure) {
    return query("SELECT DISTINCT parameter('training', j.params, j.clustering) AS training FROM pictures p JOIN jobs j ON j.id = p.job "
                 "WHERE figure = '" + figure + "' ORDER BY 1");
  }
};

}  // namespace

TEST_F(RealFigures, AreRunOnceAndDrawn) {
  const Json first = run();
  EXPECT_EQ(first["jobs"], (Json{{"complete", 3}, {"failed", 0}, {"skipped", 0}})) << last_err_;
  EXPECT_EQ(first["tasks"]["executed"], 1 + 1 + 3 * 4 + 2 + 2 + 1 + 1) << last_err_;
  EXPECT_EQ(run()["tasks"]["executed"], 0);
  EXPECT_EQ(trainings_of("reconstructions"), Json::parse(R"([{"training": "autoencoder"}, {"training": "vae"}])"));
  EXPECT_EQ(trainings_of("interpolations"), trainings_of("reconstructions"));
  EXPECT_EQ(trainings_of("samples"), Json::parse(R"([{"training": "vae"}])"));
  EXPECT_EQ(trainings_of("augmented"), Json::parse(R"([{"training": "contrastive"}])"));
  const CommandResult report = call({"report", "pictures", "--out", (folder_ / "out").string(), "--strict"});
  EXPECT_EQ(report.exit_code, 0) << report.err;
  const std::string page = read_file(folder_ / "out" / "report.html");
  for (const char* figure : {"reconstructions", "interpolations", "samples", "augmented"}) {
    for (const char* ending : {".png", ".svg", ".pdf"}) {
      EXPECT_GT(fs::file_size(folder_ / "out" / "figures" / (figure + std::string(ending))), 1000u) << figure << ending;
    }
    EXPECT_NE(page.find("\"name\":\"" + std::string(figure) + "\""), std::string::npos) << figure;
  }
  EXPECT_EQ(NpyFile(artifact("samples") / "samples.npy").header().shape, (std::vector<std::int64_t>{5, 8, 8, 3}));
  EXPECT_EQ(NpyFile(artifact("interpolations") / "interpolations.npy").header().shape, (std::vector<std::int64_t>{2, 3, 8, 8, 3}));
}

// The figure's views are those of the training: its seed, the epoch, the view and the image decide them.
TEST_F(RealFigures, AugmentedImagesAreTheBytesThatAugmentationGivesAndReconstructionsShowOriginals) {
  run();
  const std::string load = query("SELECT DISTINCT key FROM tasks WHERE stage = 'load'")[0]["key"];
  const NpyFile all(folder_ / results_ / "artifacts" / "load" / load.substr(0, 2) / load / "0" / "images.npy");
  const fs::path folder = artifact("augmented");
  const Json params = Json::parse(read_file(folder / "task.json"))["provenance"]["params"];
  EXPECT_EQ(params["views"], Json::parse("[[0, 0], [0, 1], [1, 0], [1, 1]]"));
  const auto chosen = params["images"].get<std::vector<std::int64_t>>();
  ASSERT_EQ(chosen.size(), 3u) << "the first of each class";
  const NpyFile views(folder / "views.npy"), originals(folder / "originals.npy"), reconstructed(artifact("reconstructions") / "originals.npy");
  EXPECT_TRUE(std::ranges::equal(originals.uint8s(), reconstructed.uint8s())) << "of a model that was trained on augmented images";
  constexpr std::size_t values = 8 * 8 * 3;
  const Augmentation augmentation(params["augment"], 5);
  const std::array<std::pair<std::int64_t, int>, 4> seen = {{{0, 0}, {0, 1}, {1, 0}, {1, 1}}};
  std::size_t changed = 0;
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    EXPECT_TRUE(std::ranges::equal(originals.uint8s().subspan(i * values, values), all.uint8s().subspan(static_cast<std::size_t>(chosen[i]) * values, values)));
    for (std::size_t v = 0; v < seen.size(); ++v) {
      std::vector<float> expected(values);
      augmentation.apply({all.uint8s(), 60, 8, 8, 3}, std::span(chosen).subspan(i, 1), seen[v].first, seen[v].second, PixelRange::zero_to_one,
                         expected.data(), 1);
      EXPECT_TRUE(std::ranges::equal(views.floats().subspan((i * 4 + v) * values, values), expected)) << "image " << chosen[i] << ", view " << v;
      changed += expected[0] != static_cast<float>(all.uint8s()[static_cast<std::size_t>(chosen[i]) * values]) / 255.0F;
    }
  }
  EXPECT_GT(changed, 6u) << "of 12";
}

TEST_F(RealFigures, SamplesWithoutAPriorAreRefusedBeforeAnythingRuns) {
  const CommandResult refused = call({"run", (folder_ / "sweep.yaml").string(), "--set", "grid.training=autoencoder"});
  EXPECT_EQ(refused.exit_code, 2) << refused.err;
  EXPECT_NE(refused.err.find("error: no job trains a model with a prior: there is nothing to sample\n"), std::string::npos) << refused.err;
  EXPECT_FALSE(fs::exists(folder_ / results_ / "artifacts"));
}
