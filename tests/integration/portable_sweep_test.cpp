// A small sweep in portable arithmetic, whose artifacts must be the bytes that tests/golden/portable_digests.json has, whatever the CPU.
#include <cstdlib>

#include "base/file_system.hpp"
#include "base/key.hpp"
#include "integration/sweep_fixture.hpp"

using latentgrid::Json;
using latentgrid::read_file;
using latentgrid::sha256_hex;
using latentgrid::testing::CommandResult;
using latentgrid::testing::run_command;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

constexpr const char* portable_sweep = R"(name: portable
dataset:
  synthetic: {images: 400, classes: 4, channels: 3, height: 16, width: 16, seed: 5, noise: 0.4}
architectures:
  small:
    encoder: [{conv2d: [channels, 16, 3, 1, 1]}, {batch_norm2d: [16]}, relu, {max_pool2d: 2}, {conv2d: [16, 64, 3, 1, 1]}, relu, {max_pool2d: 2}]
    decoder: [{conv_transpose2d: [64, 16, 2, 2]}, relu, {conv_transpose2d: [16, channels, 2, 2]}, tanh]
train: {batch_size: 64, arithmetic: portable}
grid:
  - architecture: small
    latent_dim: 24
    epochs: [1, 2]
    threads: [1, 2]
    reduction:
      - pca: {dim: [2, 8], whiten: [false, true]}
      - [{pca: {dim: 8}}, {tsne: {dim: 2, perplexity: 10, iterations: 100}}]
      - [{pca: {dim: 8}}, {umap: {dim: 2, epochs: 50}}]
      - kernel_pca: {dim: 4, kernel: rbf}
      - fast_ica: {dim: 4}
    clustering: [kmeans, gmm]
  - architecture: raw
    reduction:
      - pca: {dim: 300}
      - kernel_pca: {dim: 20, kernel: poly}
      - [standardize, {laplacian_eigenmaps: {dim: 4}}]
    clustering: [{spectral: {}}, {agglomerative: {linkage: average}}, hdbscan]
report: {figures: []}
)";

class PortableSweep : public SweepFixture {
 protected:
  void SetUp() override { write("sweep.yaml", portable_sweep); }

  // By stage, method, the beginning of the key, and the extent: SHA-256 of each array.
  Json digests() {
    Json found = Json::object();
    const fs::path root = folder_ / results_ / "artifacts";
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".npy") continue;
      const fs::path relative = fs::relative(entry.path(), root);
      auto part = relative.begin();
      const std::string stage = part->string(), key = std::next(part, 2)->string(), extent = std::next(part, 3)->string();
      const Json task = Json::parse(read_file(root / stage / *std::next(part) / key / extent / "task.json"), nullptr, false);
      if (!task.contains("provenance")) continue;  // of a cache: which are there depends on what ran first
      const std::string method = task.value(Json::json_pointer("/provenance/params/method"), "");
      found[stage + (method.empty() ? "" : " " + method) + " " + key.substr(0, 8) + "@" + extent + " " + entry.path().filename().string()] =
          sha256_hex(read_file(entry.path())).substr(0, 16);
    }
    return found;
  }
};

}  // namespace

TEST_F(PortableSweep, IsTheSameBytesAsOnAnotherMachine) {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) GTEST_SKIP() << "this CPU lacks AVX2 or FMA";
  const Json done = run();
  EXPECT_EQ(done["jobs"]["failed"], 0) << last_err_;
  EXPECT_EQ(query("SELECT count(*) AS n FROM artifacts a JOIN tasks t ON t.id = a.task WHERE t.stage = 'train' AND a.libraries LIKE '%Haswell%'")[0]["n"], 4) << "two threads, two extents";
  const Json used = Json::parse(query("SELECT a.libraries FROM artifacts a JOIN tasks t ON t.id = a.task WHERE t.stage = 'train'")[0].value("libraries", ""));
  const Json now = {{"libraries", {{"blas", used["blas"]["config"]}, {"libtorch", used["libtorch"]}}},
                    {"artifacts", digests()},
                    {"scores", query("SELECT architecture, epochs, reduction, reduced_dim, clustering, recon_mse, accuracy, ari, nmi FROM results ORDER BY job")}};
  const fs::path file = LATENTGRID_SOURCE_DIR "/tests/golden/portable_digests.json";
  if (std::getenv("LATENTGRID_ACCEPT")) {
    std::ofstream(file) << now.dump(1) << '\n';
    FAIL() << "wrote " << file << "; read it, then run without LATENTGRID_ACCEPT";
  }
  const Json known = Json::parse(read_file(file));
  if (now["libraries"] != known["libraries"]) GTEST_SKIP() << "the digests are of " << known["libraries"] << ", and here is " << now["libraries"];
  for (const auto& [name, digest] : known["artifacts"].items()) EXPECT_EQ(now["artifacts"].value(name, "is not there"), digest) << name;
  EXPECT_EQ(now["artifacts"].size(), known["artifacts"].size());
  EXPECT_EQ(now["scores"], known["scores"]);
}
