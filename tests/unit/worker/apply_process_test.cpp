// What applies a trained model to be looked at or taken away: reconstruct and export.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/file_system.hpp"
#include "methods/stages.hpp"
#include "store/npy.hpp"
#include "support/temporary_folder.hpp"
#include "unit/worker/worker_process.hpp"
#include "unit/worker/worker_tasks.hpp"

namespace latentgrid::testing {
namespace {

const std::string reconstruct_key(64, 'd'), export_key(64, 'e'), generate_key(64, '1');

protocol::Run reconstruct_task(const Json& images) {
  return {
      .task = 4,
      .stage = "reconstruct",
      .key = reconstruct_key,
      .params = {{"images", images}, {"device", "cpu"}, {"precision", "float32"}},
      .extents = {0},
      .inputs = {{"images", {"load", {load_key, 0}}}, {"model", {"train", {train_key, 2}}}},
      .sources = Json::object(),
      .transcript = "stage = text reconstruct\n"};
}

// The same inputs, or the model alone.
protocol::Run generate_task(const std::string& stage, Json params) {
  protocol::Run task = reconstruct_task({});
  task.stage = stage;
  task.key = generate_key;
  params.update({{"device", "cpu"}, {"precision", "float32"}});
  task.params = std::move(params);
  task.seed = 5;
  if (stage == "sample") task.inputs.erase("images");
  task.transcript = "stage = text " + stage + "\n";
  return task;
}

protocol::Run export_task(const std::string& format = "torchscript") {
  return {.task = 5,
          .stage = "export",
          .key = export_key,
          .params = {{"part", "encoder"}, {"format", format}},
          .extents = {0},
          .inputs = {{"model", {"train", {train_key, 2}}}},
          .sources = Json::object(),
          .transcript = "stage = text export\n"};
}

class ApplyProcessTest : public ::testing::Test {
 protected:
  ApplyProcessTest() : worker_(folder_.path()) {
    worker_.receive();
    run(load_task(small_dataset()));
    run(train_task({2}));
  }

  protocol::WorkerMessage run(const protocol::Run& task) {
    worker_.send(task);
    return worker_.receive_until_the_end().back();
  }
  std::string failure(const protocol::Run& task) {
    const protocol::Failed failed = std::get<protocol::Failed>(run(task));
    return failed.kind + ": " + failed.message;
  }

  TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
  WorkerProcess worker_;
};

TEST_F(ApplyProcessTest, ReconstructLeavesOriginalsReconstructionsAndTheErrorsOfEncode) {
  run(encode_task("autoencoder", 2));
  const std::vector<std::int64_t> chosen{0, 3, 17, 63};
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(reconstruct_task(chosen))));
  EXPECT_EQ(store_.read_record("reconstruct", {reconstruct_key, 0})["metrics"], Json::object());
  const std::filesystem::path folder = store_.folder("reconstruct", {reconstruct_key, 0});
  const NpyFile images(store_.folder("load", {load_key, 0}) / "images.npy"), originals(folder / "originals.npy"),
      reconstructions(folder / "reconstructions.npy"), errors(folder / "errors.npy"),
      all_errors(store_.folder("encode", {encode_key, 0}) / "errors.npy");
  const std::vector<std::int64_t> shape{4, 8, 8, 3};
  EXPECT_EQ(originals.header().shape, shape);
  EXPECT_EQ(reconstructions.header().shape, shape);
  EXPECT_EQ(reconstructions.floats().size(), 4 * 192u);
  ASSERT_EQ(errors.header().shape, (std::vector<std::int64_t>{4}));
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    const auto image = static_cast<std::size_t>(chosen[i]);
    EXPECT_TRUE(
        std::ranges::equal(originals.uint8s().subspan(i * 192, 192), images.uint8s().subspan(image * 192, 192)));
    EXPECT_NEAR(errors.floats()[i], all_errors.floats()[image], 1e-6 * all_errors.floats()[image]);
  }
  EXPECT_EQ(store_.read_record("reconstruct", {reconstruct_key, 0})["record"], (Json{{"images", chosen}}));
}

TEST_F(ApplyProcessTest, InterpolateLeavesTheWaysBetweenPairsOfImages) {
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(generate_task("interpolate", {{"pairs", {{17, 3}, {0, 63}}}, {"steps", 5}}))));
  const std::filesystem::path folder = store_.folder("interpolate", {generate_key, 0});
  const NpyFile images(store_.folder("load", {load_key, 0}) / "images.npy"), originals(folder / "originals.npy"),
      ways(folder / "interpolations.npy");
  EXPECT_EQ(originals.header().shape, (std::vector<std::int64_t>{2, 2, 8, 8, 3}));
  EXPECT_EQ(ways.header().shape, (std::vector<std::int64_t>{2, 5, 8, 8, 3}));
  std::size_t at = 0;
  for (const std::size_t image : {17, 3, 0, 63}) {
    EXPECT_TRUE(std::ranges::equal(originals.uint8s().subspan(at++ * 192, 192), images.uint8s().subspan(image * 192, 192))) << image;
  }
  run(reconstruct_task({3, 17}));
  const NpyFile reconstructions(store_.folder("reconstruct", {reconstruct_key, 0}) / "reconstructions.npy");
  for (std::size_t i = 0; i < 192; ++i) {
    ASSERT_NEAR(ways.floats()[i], reconstructions.floats()[192 + i], 1e-5) << "begins with the reconstruction of 17";
    ASSERT_NEAR(ways.floats()[4 * 192 + i], reconstructions.floats()[i], 1e-5) << "ends with that of 3";
  }
}

TEST_F(ApplyProcessTest, WhatCannotBeGeneratedIsAnError) {
  EXPECT_EQ(failure(generate_task("interpolate", {{"pairs", Json::parse("[[0, 64]]")}, {"steps", 5}})),
            "parameter: there is no image 64: the data set has 64, counted from 0");
  EXPECT_EQ(failure(generate_task("interpolate", {{"pairs", Json::array()}, {"steps", 5}})),
            "parameter: there are no images to interpolate between: the list of pairs is empty");
  EXPECT_EQ(failure(generate_task("interpolate", {{"pairs", Json::parse("[[0, 1]]")}, {"steps", 1}})),
            "parameter: an interpolation has two steps or more, not 1");
  EXPECT_EQ(failure(generate_task("sample", {{"count", 0}})), "parameter: there is one sample or more, not 0");
  EXPECT_EQ(failure(generate_task("sample", {{"count", 4}})),
            "input: " + store_.folder("train", {train_key, 2}).string() + ": nothing can be drawn of a latent that no linear layer makes");
}

// As a GPU does it, on the CPU: the device of a task takes t-SNE's pairs to LibTorch.
TEST_F(ApplyProcessTest, TsneOfATaskWithADeviceGoesThroughLibTorch) {
  run(encode_task("autoencoder", 2));
  const MethodSpec& tsne = *find_method(MethodKind::reduction, "tsne");
  Json params = tsne.complete({{"dim", 3}, {"perplexity", 5}});
  params["method"] = "tsne";
  params.erase("iterations");
  protocol::Run task{.task = 6,
                     .stage = "reduce",
                     .key = std::string(64, 'f'),
                     .params = params,
                     .extents = {10},
                     .inputs = {{"points", {"encode", {encode_key, 0}}}},
                     .sources = Json::object(),
                     .transcript = "stage = text reduce\n"};
  run(task);
  const Json own = store_.read_record("reduce", {task.key, 10});
  task.key = std::string(64, '0');
  task.device = "cpu";
  run(task);
  const Json torch = store_.read_record("reduce", {task.key, 10});
  EXPECT_EQ(torch["record"]["repulsion"], "exact, cpu");
  EXPECT_EQ(torch["provenance"]["device"], "cpu");
  EXPECT_NE(own["record"]["repulsion"], "exact, cpu");
  EXPECT_NEAR(torch["metrics"]["kl_divergence"], own["metrics"]["kl_divergence"].get<double>(), 1e-4);
}

TEST_F(ApplyProcessTest, ImagesThatCannotBeReconstructedAreParameterErrors) {
  EXPECT_EQ(failure(reconstruct_task({3, 64})), "parameter: there is no image 64: the data set has 64, counted from 0");
  EXPECT_EQ(failure(reconstruct_task({-1, 3})), "parameter: there is no image -1: the data set has 64, counted from 0");
  EXPECT_EQ(failure(reconstruct_task({3, 3})),
            "parameter: images to reconstruct must be distinct and ascending: 3 follows 3");
  EXPECT_EQ(failure(reconstruct_task({5, 3})),
            "parameter: images to reconstruct must be distinct and ascending: 3 follows 5");
  EXPECT_EQ(failure(reconstruct_task(Json::array())), "parameter: there is no image to reconstruct: the list is empty");
  EXPECT_FALSE(store_.exists("reconstruct", {reconstruct_key, 0}));
}

TEST_F(ApplyProcessTest, ExportLeavesOneFileAndSaysWhatItTakesAndGives) {
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(export_task())));
  const Json record = store_.read_record("export", {export_key, 0});
  EXPECT_EQ(record["record"],
            (Json{{"part", "encoder"}, {"format", "torchscript"}, {"latent_dim", 64}, {"input", {3, 8, 8}}}));
  EXPECT_EQ(record["files"].size(), 1u);
  EXPECT_TRUE(record["provenance"]["libraries"].contains("libtorch"));
  const std::string file = read_file(store_.folder("export", {export_key, 0}) / "encoder.pt");
  EXPECT_TRUE(file.starts_with("PK")) << "no zip archive";
  EXPECT_TRUE(std::holds_alternative<protocol::Done>(run(export_task())));
  store_.remove("export", {export_key, 0});
  run(export_task());
  EXPECT_TRUE(read_file(store_.folder("export", {export_key, 0}) / "encoder.pt") == file);
}

TEST_F(ApplyProcessTest, AnotherFormatIsAParameterError) {
  EXPECT_EQ(failure(export_task("onnx")),
            "parameter: a model's encoder can be exported as torchscript, not its encoder as onnx");
}

TEST_F(ApplyProcessTest, AModelThatIsNotThereIsNamed) {
  store_.remove("train", {train_key, 2});
  const std::string expected =
      "input: the input 'model' is not there: " + store_.folder("train", {train_key, 2}).string();
  EXPECT_EQ(failure(export_task()), expected);
  EXPECT_EQ(failure(reconstruct_task({0})), expected);
}

}  // namespace
}  // namespace latentgrid::testing
