// Exported encoders, loaded by PyTorch's Python front end.
#include <set>

#include "base/file_system.hpp"
#include "integration/sweep_fixture.hpp"
#include "model/layers.hpp"

using latentgrid::Json;
using latentgrid::testing::CommandResult;
using latentgrid::testing::run_command;
using latentgrid::testing::SweepFixture;
namespace fs = std::filesystem;

namespace {

// Every layer, with arguments unlike their defaults.
constexpr const char* sweep = R"(name: exported
dataset:
  synthetic: {images: 24, classes: 2, channels: 3, height: 32, width: 32, seed: 3, noise: 0.3}
architectures:
  every_layer:
    encoder:
      - conv2d: {out_channels: 4, kernel_size: [3, 5], stride: [1, 2], padding: [1, 2], padding_mode: reflect, bias: false}
      - relu
      - batch_norm2d: {num_features: 4, eps: 0.01}
      - max_pool2d: {kernel_size: 3, stride: 2, padding: 1}
      - conv_transpose2d: {out_channels: 6, kernel_size: 3, stride: 2, padding: 1, output_padding: 1, groups: 2}
      - leaky_relu: 0.2
      - upsample: {scale_factor: [0.5, 1.5], mode: bilinear}
      - gelu: tanh
      - avg_pool2d: {kernel_size: 3, ceil_mode: true}
      - sigmoid
      - dropout: 0.3
      - flatten
      - linear: {out_features: 48}
      - tanh
      - unflatten: {unflattened_size: [3, 4, 4]}
      - upsample: {size: [5, 7]}
      - conv2d: {out_channels: 8, kernel_size: [2, 3], padding: same}
      - pixel_shuffle: 2
      - group_norm: 2
      - elu: 0.8
      - residual:
          - conv2d: {out_channels: 4, kernel_size: 3, stride: 2, padding: 1}
          - layer_norm
          - selu
          - residual: {layers: [silu, {conv2d: [4, 6, 1]}], projection: [{conv2d: [4, 6, 3, 1, 1]}]}
      - dropout2d
      - adaptive_avg_pool2d: {output_size: [2, 3]}
      - flatten
      - batch_norm1d
      - softplus: {beta: 2}
    decoder:
      - flatten
      - linear: {out_features: values}
      - unflatten: {unflattened_size: [channels, height, width]}
      - tanh
train: {batch_size: 12}
grid:
  architecture: [AE1, AE2, every_layer]
  latent_dim: [native, 16]
  epochs: 2
)";

class RealExport : public SweepFixture {
 protected:
  void SetUp() override { write("sweep.yaml", sweep); }

  // What load_encoder.py says about the encoder of a job.
  Json loaded(const std::string& job) {
    const std::string file = (folder_ / (job + ".pt")).string();
    const CommandResult exported = call({"export", "encoder", job, "--out", file, "--json"});
    EXPECT_EQ(exported.exit_code, 0) << exported.err;
    EXPECT_EQ(Json::parse(exported.out)["bytes"], fs::file_size(file));
    std::map<std::string, fs::path> folders;
    const Json detail = Json::parse(call({"show", job, "--json"}).out);
    for (const Json& step : detail["path"]) folders[step["stage"]] = step["folder"].get<std::string>();
    const CommandResult python =
        run_command({"/usr/bin/python3", LATENTGRID_SOURCE_DIR "/tests/integration/load_encoder.py", file,
                     (folders["load"] / "images.npy").string(), (folders["encode"] / "latents.npy").string(),
                     (folders["train"] / "model.json").string()});
    EXPECT_EQ(python.exit_code, 0) << python.err;
    return Json::parse(python.out, nullptr, false);
  }
};

}  // namespace

TEST_F(RealExport, PythonsLatentsAreThoseOfTheSweep) {
  run();
  const Json jobs = query("SELECT job, architecture, latent_dim FROM results");
  ASSERT_EQ(jobs.size(), 6u);
  std::set<std::string> layers, known;
  for (const latentgrid::LayerSpec& spec : latentgrid::all_layers()) known.insert(spec.name);
  for (const Json& job : jobs) {
    SCOPED_TRACE(job.dump());
    const Json said = loaded(job["job"]);
    ASSERT_TRUE(said.is_object());
    for (const char* way : {"forward", "one by one", "encode_uint8", "frozen", "sequential"}) {
      EXPECT_LT(said[way].get<double>(), 1e-5) << way;
    }
    EXPECT_EQ(said["shape"], (Json{24, job["latent_dim"]}));
    EXPECT_EQ(said["dtype"], "torch.float32");
    EXPECT_EQ(said["latent_dim"], job["latent_dim"]);
    EXPECT_EQ(said["input_shape"], (Json{3, 32, 32}));
    EXPECT_EQ(said["training"], false);
    for (const Json& layer : said["layers"]) layers.insert(layer);
  }
  EXPECT_EQ(layers, known);
}

// The lines of docs/python.md, in a folder that has the files that they read.
TEST_F(RealExport, TheLinesOfTheDocumentationRun) {
  if (run_command({"/usr/bin/python3", "-c", "import numpy, pandas"}, {}).exit_code != 0) {
    GTEST_SKIP() << "python3-numpy and python3-pandas are not installed";
  }
  run(0, {"--set", "name=first", "--set", "grid={architecture: AE1, epochs: 1, reduction: {pca: {dim: 2}}}", "--set", "report={figures: []}"});
  const std::string job = query("SELECT job FROM results")[0]["job"];
  for (const char* part : {"latents.npy", "embedding.npy", "labels.csv", "labels.npy", "embedding.csv"}) {
    const std::string name = part, file = (folder_ / name).string();
    const CommandResult exported = call({"export", name.substr(0, name.find('.')), job, "--out", file});
    EXPECT_EQ(exported.exit_code, 0) << exported.err;
  }
  const std::string page = latentgrid::read_file(LATENTGRID_SOURCE_DIR "/docs/python.md");
  const std::size_t begin = page.find("```python\n") + 10;
  EXPECT_NE(latentgrid::read_file(LATENTGRID_SOURCE_DIR "/README.md").find(page.substr(begin, page.find("```", begin) - begin)), std::string::npos)
      << "README.md shows the same lines";
  const std::string lines = "import os\nos.chdir('" + folder_.path().string() + "')\n" +
                            page.substr(begin, page.find("```", begin) - begin) +
                            "embedding, table = numpy.load('embedding.npy'), pandas.read_csv('embedding.csv')\n"
                            "assert latents.dtype == numpy.float32 and latents.shape[0] == len(labels) == 24\n"
                            "assert (embedding == table[['embedding_0', 'embedding_1']].to_numpy('float32')).all()\n"
                            "array = numpy.load('labels.npy')\n"
                            "for field in ['image', 'label', 'cluster', 'predicted', 'correct']:\n"
                            "    assert (array[field] == labels[field]).all(), field\n"
                            "assert numpy.allclose(array['squared_error'], labels.squared_error)\n"
                            "assert abs(labels.correct.mean() - jobs.accuracy[0]) < 1e-9\n";
  const CommandResult python = run_command({"/usr/bin/python3", "-c", lines}, {});
  EXPECT_EQ(python.exit_code, 0) << lines << python.err;
  EXPECT_NE(python.out.find("architecture epochs reduction reduced_dim"), std::string::npos) << python.out;
}
