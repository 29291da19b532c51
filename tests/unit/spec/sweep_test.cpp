#include <fmt/format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "support/sweep_text.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

using testing::SweepText;

std::string with_grid(const std::string& grid) {
  return "name: test\ndataset: {synthetic: {images: 100}}\ngrid: {architecture: raw, " + grid + "}\n";
}

std::vector<Json> values_of(const std::string& grid) {
  SweepText s(with_grid(grid));
  EXPECT_TRUE(s.sweep) << s.said();
  std::vector<Json> values;
  if (!s.sweep) return values;
  for (const AxisValue& value : s.sweep->grids[0].groups[1].axes[0].values) values.push_back(value.value);
  return values;
}

TEST(Sweep, KeepsItsNameAndText) {
  SweepText s(with_grid("seeds: 1"));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.sweep->name, "test");
  EXPECT_EQ(s.sweep->text, with_grid("seeds: 1"));
  EXPECT_TRUE(s.sweep->report.is_null());
}

TEST(Sweep, OfAFileThatIsNotThereIsAnError) {
  Diagnostics diagnostics;
  read_sweep("no/such.yaml", {}, diagnostics);
  EXPECT_TRUE(diagnostics.has_errors());
}

TEST(Sweep, NeedsNameDatasetAndGrid) {
  EXPECT_EQ(SweepText("report: {tables: [{columns: [label]}]}").said(),
            "sweep.yaml:1:1: error: the sweep has no name\n"
            "  report: {tables: [{columns: [label]}]}\n"
            "  ^\n"
            "  hint: add a line at the top: name: my_sweep\n"
            "sweep.yaml:1:1: error: the sweep has no dataset\n"
            "  report: {tables: [{columns: [label]}]}\n"
            "  ^\n"
            "  hint: for example dataset: {images: trainX.npy, labels: trainY.npy}\n"
            "sweep.yaml:1:1: error: the sweep has no grid\n"
            "  report: {tables: [{columns: [label]}]}\n"
            "  ^\n"
            "  hint: for example grid: {architecture: [AE1, raw]}\n");
  EXPECT_EQ(SweepText("- a\n").said(),
            "sweep.yaml:1:1: error: a sweep is a map with name, dataset and grid, got a list\n"
            "  - a\n"
            "  ^\n"
            "  hint: begin with a line such as name: my_sweep\n");
  EXPECT_EQ(SweepText("").said(),
            "sweep.yaml:1:1: error: a sweep is a map with name, dataset and grid, got nothing\n"
            "  \n"
            "  ^\n"
            "  hint: begin with a line such as name: my_sweep\n");
}

TEST(Sweep, SaysWhatAFileIsThatIsNoSweepFile) {
  const testing::TemporaryFolder folder;
  auto said = [&](const std::string& name, const std::string& bytes, std::uintmax_t size = 0) {
    const std::filesystem::path file = folder / name;
    std::ofstream(file, std::ios::binary) << bytes;
    if (size > 0) std::filesystem::resize_file(file, size);
    Diagnostics diagnostics;
    read_sweep(file, {}, diagnostics);
    EXPECT_TRUE(diagnostics.has_errors());
    const std::string text = diagnostics.render();
    EXPECT_TRUE(text.starts_with(file.string() + ": error: ")) << text;
    return text.substr(file.string().size());
  };
  const std::string hint = "\n  hint: give the sweep file, which names the files of the data set\n";
  const std::string npy("\x93NUMPY\x01\0", 8);
  constexpr std::uintmax_t too_large = (16 << 20) + 1;
  EXPECT_EQ(said("y.npy", npy), ": error: this is an .npy file, not a sweep file (YAML)" + hint);
  EXPECT_EQ(said("x.npy", npy, too_large), ": error: this is an .npy file, not a sweep file (YAML)" + hint);
  EXPECT_EQ(said("p.png", "\x89PNG\r\n\x1a\n"), ": error: this is a PNG image, not a sweep file (YAML)" + hint);
  EXPECT_EQ(said("page.yaml", "<!DOCTYPE html><html></html>"), ": error: this is an HTML page, not a sweep file (YAML)" + hint);
  EXPECT_EQ(said("long.yaml", "name: x\n", too_large), ": error: this file is larger than 16 MiB: is it the right file?\n");
  Diagnostics of_folder;
  read_sweep(folder.path(), {}, of_folder);
  EXPECT_EQ(of_folder.render(), folder.path().string() + ": error: this is a folder, not a sweep file (YAML)" + hint);
}

TEST(Sweep, AKeyOfASectionAtTheTopIsToldItsSection) {
  const std::pair<const char*, const char*> cases[] = {
      {"limit: 400", "it belongs to dataset: write dataset: {limit: ...}"},
      {"images: x.npy", "it belongs to dataset: write dataset: {images: ...}"},
      {"split: {seed: 1}", "it belongs to dataset: write dataset: {split: ...}"},
      {"reduction: none", "it belongs to grid: write grid: {reduction: ...}"},
      {"architecture: raw", "it belongs to grid: write grid: {architecture: ...}"},
      {"figures: []", "it belongs to report: write report: {figures: ...}"},
      {"epochs: 3", "it belongs to train: write train: {epochs: ...}"}};
  for (const auto& [line, hint] : cases) {
    const SweepText s(with_grid("seeds: 1") + line + "\n");
    EXPECT_NE(s.said().find(std::string("\n  hint: ") + hint + "\n"), std::string::npos) << s.said();
  }
  EXPECT_NE(SweepText(with_grid("limit: 400")).said().find("  hint: it belongs to dataset: write dataset: {limit: ...}\n"),
            std::string::npos);
  EXPECT_EQ(SweepText(with_grid("seeds: 1"), {{"limit=100"}, std::nullopt}).said(),
            "--set limit=100: error: unknown key 'limit'\n  hint: it belongs to dataset: write --set dataset.limit=100\n");
}

TEST(Sweep, APublicScoreWithoutASplitIsAWarning) {
  const auto said = [](const std::string& split, const std::string& report) {
    return SweepText("name: x\ndataset: {synthetic: {images: 8, classes: 2}" + split + "}\ngrid: {architecture: raw}\n" + report + "\n").said();
  };
  const std::string warning = "warning: the report shows public and private scores, but the dataset has no split: they are of two random halves";
  for (const char* report : {"report: {tables: [{columns: [label, accuracy_public]}]}", "report: {tables: [{columns: [label, accuracy], sort: accuracy_private}]}",
                             "report: {figures: [score_by_epoch: {score: [accuracy_public]}]}"}) {
    EXPECT_NE(said("", report).find(warning), std::string::npos) << said("", report);
    EXPECT_EQ(said(", split: {public_fraction: 0.5}", report).find(warning), std::string::npos);
  }
  EXPECT_EQ(said("", "report: {tables: [{columns: [label, accuracy, leaderboard_public]}]}").find(warning), std::string::npos);
}

TEST(Train, AnOptionOfAnOlderVersionIsAWarning) {
  SweepText s("name: x\ndataset: {synthetic: {images: 100}}\ntrain:\n  memory_format: channels_last\ngrid: {architecture: AE1, latent_dim: 8, epochs: 1}\n");
  EXPECT_TRUE(s.sweep) << s.said();
  EXPECT_NE(s.said().find("sweep.yaml:4:3: warning: memory_format is no longer an option and is ignored\n    memory_format: channels_last\n    ^\n  hint: remove this line\n"), std::string::npos) << s.said();
}

TEST(Grid, AValueWhereAMapBelongsIsToldTheMap) {
  const std::pair<const char*, const char*> cases[] = {
      {"reduction: [pca: 8]", "hint: write pca: {dim: 8}\n"},
      {"reduction: [pca: [8, 16]]", "hint: write pca: {dim: [8, 16]}\n"},
      {"reduction: [pca: many]", "hint: for example pca: {dim: 8}\n"},
      {"reduction: [tsne: 30]", "hint: for example tsne: {dim: 2, perplexity: 30}\n"},
      {"clustering: [kmeans: 2]", "hint: write kmeans: {k: 2}\n"},
      {"include: [{architecture: {AE1: 10}}]", "hint: for example AE1: {epochs: 20}\n"}};
  for (const auto& [line, hint] : cases) {
    const SweepText s(with_grid(line));
    EXPECT_NE(s.said().find(hint), std::string::npos) << s.said();
  }
  EXPECT_NE(SweepText("name: x\ndataset: x.npy\ngrid: {architecture: raw}\n").said().find(
                "error: dataset expects keys and values, got 'x.npy'\n  dataset: x.npy\n           ^\n  hint: write dataset: {images: x.npy}\n"),
            std::string::npos);
}

TEST(Ranges, IncludeTheirEnd) {
  EXPECT_EQ(values_of("seeds: {range: [0, 3]}"), (std::vector<Json>{0, 1, 2, 3}));
  EXPECT_EQ(values_of("latent_dim: {range: [8, 40, 16]}"), (std::vector<Json>{8, 24, 40}));
  EXPECT_EQ(values_of("latent_dim: {range: [8, 39, 16]}"), (std::vector<Json>{8, 24}));
  EXPECT_EQ(values_of("epochs: {range: [5, 5]}"), (std::vector<Json>{5}));
}

TEST(Ranges, OfRealNumbersAreWhatAPersonWouldWrite) {
  EXPECT_EQ(values_of("weight_decay: {range: [0, 0.5, 0.1]}"), (std::vector<Json>{0.0, 0.1, 0.2, 0.3, 0.4, 0.5}));
}

TEST(Ranges, ThatMakeNoSenseAreRefused) {
  auto message = [](const std::string& grid) {
    SweepText s(with_grid(grid));
    return s.diagnostics.all().empty() ? "" : s.diagnostics.all().front().message;
  };
  EXPECT_EQ(message("seeds: {range: [3, 0]}"), "the range ends before it starts");
  EXPECT_EQ(message("seeds: {range: [3]}"), "range expects two or three numbers");
  EXPECT_EQ(message("seeds: {range: [0, 10, 0]}"), "step expects an integer above 0, got '0'");
  EXPECT_EQ(message("seeds: {range: [0, 1e12]}"), "the range has 1000000000001 values");
  EXPECT_EQ(message("optimizer: {range: [0, 1]}"), "optimizer has no order: a range needs numbers");
  EXPECT_EQ(message("seeds: {rnge: [0, 1]}"), "unknown key 'rnge' in seeds");
  EXPECT_EQ(message("seeds: []"), "seeds has no values");
}

TEST(Numbers, AreTheSameHoweverWritten) {
  EXPECT_EQ(values_of("epochs: [20, 2e1, 20.0, +20]"), (std::vector<Json>{20, 20, 20, 20}));
  EXPECT_EQ(values_of("learning_rate: [0.001, 1e-3, .001]"), (std::vector<Json>{0.001, 0.001, 0.001}));
  EXPECT_TRUE(values_of("epochs: 3e6")[0].is_number_integer());
  EXPECT_EQ(values_of("epochs: 3e6")[0], 3000000);
}

TEST(Numbers, InQuotesAreText) {
  EXPECT_EQ(SweepText(with_grid("epochs: '5'")).diagnostics.all().at(0).message,
            "epochs expects an integer of at least 1, got '5'");
}

TEST(Seeds, OfANumberThatMayBeMeantAsTheirNumberAreAWarning) {
  SweepText s(with_grid("seeds: 3"));
  ASSERT_TRUE(s.sweep) << s.said();
  EXPECT_EQ(s.said(),
            "sweep.yaml:3:34: warning: seeds: 3 means the single seed 3, not 3 seeds\n"
            "  grid: {architecture: raw, seeds: 3}\n"
            "                                   ^\n"
            "  hint: write seeds: {range: [0, 2]} for 3 seeds, or seeds: [3] if one is what you want\n");
  EXPECT_EQ(SweepText(with_grid("seeds: 0")).said(), "");
  EXPECT_EQ(SweepText(with_grid("seeds: 42")).said(), "");
}

TEST(Seeds, CannotBeWrittenTwice) {
  SweepText s("name: test\nseeds: [0]\ndataset: {synthetic: {images: 100}}\ngrid: {architecture: raw, seeds: [1]}\n");
  EXPECT_EQ(s.said(),
            "sweep.yaml:4:27: error: seeds are written twice: here and at the top of the file\n"
            "  grid: {architecture: raw, seeds: [1]}\n"
            "                            ^\n"
            "  hint: remove one of them\n");
}

TEST(Seeds, AreMeantByARandomStateOfAMethod) {
  for (const std::string name : {"random_state", "seed"}) {
    EXPECT_EQ(SweepText(with_grid("reduction: {tsne: {" + name + ": 1}}")).said(),
              "sweep.yaml:3:46: error: unknown key '" + name + "' in tsne\n"
              "  grid: {architecture: raw, reduction: {tsne: {" + name + ": 1}}}\n"
              "                                               ^\n"
              "  hint: remove it here: the random numbers of all methods follow the seeds of the grid, for example seeds: [1]\n");
  }
}

TEST(MissingColon, OfAKeyIsSaidWithItsValue) {
  EXPECT_EQ(SweepText(with_grid("reduction: [pca dim: 4]")).said(),
            "sweep.yaml:3:39: error: unknown reduction 'pca dim'\n"
            "  grid: {architecture: raw, reduction: [pca dim: 4]}\n"
            "                                        ^\n"
            "  hint: a colon is missing after 'pca': write pca: {dim: 4}\n");
}

TEST(BuiltInArchitectures, AreThoseOfTheSecondReport) {
  SweepText s(with_grid("seeds: 0"));
  ASSERT_TRUE(s.sweep) << s.said();
  auto text = [](const std::vector<Layer>& layers) {
    std::string all;
    for (const Layer& layer : layers) {
      const Json& a = layer.arguments;
      auto first = [&](const char* name) { return a[name][0].dump(); };
      all += a["type"].get<std::string>();
      if (a.contains("out_channels")) {
        all += fmt::format("({}, {}, {}, {}, {})", a["in_channels"].dump(), a["out_channels"].dump(),
                           first("kernel_size"), first("stride"), first("padding"));
      } else if (a.contains("num_features")) {
        all += fmt::format("({})", a["num_features"].dump());
      } else if (a.contains("kernel_size")) {
        all += fmt::format("({}, {})", first("kernel_size"), first("stride"));
      }
      all += " ";
    }
    return all;
  };
  const Architecture& ae1 = s.sweep->architectures.at("AE1");
  EXPECT_EQ(text(ae1.encoder), "conv2d(\"channels\", 8, 3, 2, 1) ");
  EXPECT_EQ(text(ae1.decoder), "conv_transpose2d(8, \"channels\", 2, 2, 0) tanh ");
  const Architecture& ae2 = s.sweep->architectures.at("AE2");
  EXPECT_EQ(text(ae2.encoder),
            "conv2d(\"channels\", 64, 3, 1, 1) relu batch_norm2d(64) max_pool2d(2, 2) "
            "conv2d(64, 128, 3, 1, 1) relu batch_norm2d(128) max_pool2d(2, 2) "
            "conv2d(128, 256, 3, 1, 1) relu batch_norm2d(256) max_pool2d(2, 2) ");
  EXPECT_EQ(text(ae2.decoder),
            "conv_transpose2d(256, 128, 2, 2, 0) relu conv_transpose2d(128, 64, 2, 2, 0) relu "
            "conv_transpose2d(64, \"channels\", 2, 2, 0) tanh ");
}

TEST(Layers, MayBeWrittenByPositionByNameOrBare) {
  SweepText s(R"(name: test
dataset: {synthetic: {images: 100}}
architectures:
  mine:
    encoder:
      - conv2d: [channels, 8, 3, 2, 1]
      - conv2d: {out_channels: 8, kernel_size: [3, 3], stride: 2, padding: 1, bias: false}
      - leaky_relu
      - leaky_relu: 0.2
    decoder:
      - upsample: {scale_factor: 4, mode: bilinear}
grid: {architecture: mine, epochs: 1}
)");
  ASSERT_TRUE(s.sweep) << s.said();
  const auto& layers = s.sweep->architectures.at("mine").encoder;
  EXPECT_EQ(layers[0].arguments["padding"], Json({1, 1}));
  EXPECT_TRUE(layers[1].arguments["in_channels"].is_null());
  EXPECT_EQ(layers[1].arguments["stride"], Json({2, 2}));
  EXPECT_EQ(layers[1].arguments["bias"], false);
  EXPECT_EQ(layers[2].arguments["negative_slope"], 0.01);
  EXPECT_EQ(layers[3].arguments["negative_slope"], 0.2);
  EXPECT_EQ(layers[3].where.line, 9);
}

TEST(Layers, OfAResidualAreReadInside) {
  SweepText s(R"(name: test
dataset: {synthetic: {images: 100}}
architectures:
  mine:
    encoder:
      - residual:
          - conv2d: {out_channels: 8, kernel_size: 3, padding: same}
          - residual:
              layers: [batch_norm2d, relu]
              projection: [conv2d: [8, 8, 1], avg_pool2d: 1]
    decoder:
      - upsample: {size: [height/2, 5]}
grid: {architecture: mine, epochs: 1}
)");
  ASSERT_TRUE(s.sweep) << s.said();
  const Layer& outer = s.sweep->architectures.at("mine").encoder.at(0);
  EXPECT_EQ(outer.arguments, Json({{"type", "residual"}}));
  ASSERT_EQ(outer.layers.size(), 2u);
  EXPECT_TRUE(outer.projection.empty());
  EXPECT_EQ(outer.layers[0].arguments["padding"], Json({1, 1}));
  EXPECT_EQ(outer.layers[0].where.line, 7);
  const Layer& inner = outer.layers[1];
  EXPECT_EQ(inner.layers.at(1).type(), "relu");
  EXPECT_EQ(inner.layers.at(1).where.line, 9);
  EXPECT_EQ(inner.projection.at(1).type(), "avg_pool2d");
  EXPECT_EQ(s.sweep->architectures.at("mine").decoder[0].arguments["size"], Json({"height/2", 5}));
}

}  // namespace
}  // namespace latentgrid
