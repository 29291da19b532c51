#include "plan/gpus.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "plan/cost.hpp"
#include "plan/expand.hpp"
#include "plan/task_graph.hpp"
#include "support/sweep_text.hpp"

namespace latentgrid {
namespace {

using Device = std::pair<std::string, int>;

TEST(Device, AutoIsAGpuWhereThereIsOne) {
  EXPECT_EQ(device_and_gpu("auto", 0), Device("cpu", -1));
  EXPECT_EQ(device_and_gpu("auto", 2), Device("cuda", -1));
  EXPECT_EQ(device_and_gpu("cpu", 2), Device("cpu", -1));
  EXPECT_EQ(device_and_gpu("cuda", 0), Device("cuda", -1));
  EXPECT_EQ(device_and_gpu("cuda:3", 1), Device("cuda", 3));
}

TEST(Device, OfAMethodIsOneOfItsCompleteParametersStill) {
  const MethodSpec& tsne = *find_method(MethodKind::reduction, "tsne");
  Json params = tsne.complete({{"dim", 2}, {"device", "auto"}});
  EXPECT_EQ(take_gpu(tsne, params, {.count = 1000}, 0), -1);
  EXPECT_EQ(params, tsne.complete({{"dim", 2}}));
  params = tsne.complete({{"dim", 2}, {"device", "cuda:1"}});
  EXPECT_EQ(take_gpu(tsne, params, {.count = 1000}, 4), 1);
  EXPECT_EQ(params["device"], "cuda");
  const MethodSpec& pca = *find_method(MethodKind::reduction, "pca");
  params = pca.complete({{"dim", 2}});
  EXPECT_EQ(take_gpu(pca, params, {.count = 1000}, 4), -1);
}

TEST(Device, OfATsneThatTakesAGridIsTheCpu) {
  const MethodSpec& tsne = *find_method(MethodKind::reduction, "tsne");
  Json params = tsne.complete({{"dim", 2}, {"device", "cuda:1"}});
  EXPECT_EQ(take_gpu(tsne, params, {.count = 4001}, 4), -1);
  EXPECT_EQ(params, tsne.complete({{"dim", 2}}));
  params = tsne.complete({{"dim", 2}, {"device", "cuda:1"}});
  EXPECT_EQ(take_gpu(tsne, params, {.count = 4000}, 4), 1);
  params = tsne.complete({{"dim", 2}, {"device", "cuda:1"}, {"repulsion", "exact"}});
  EXPECT_EQ(take_gpu(tsne, params, {.count = 4001}, 4), 1);
}

// ---- what a sweep's device comes to ----

const DatasetHeader faces = {.images = 1000, .channels = 3, .height = 32, .width = 32, .labelled = 1000, .classes = 5};
const DatasetIdentity identity{1000, {{"digest", "pixels"}}, "labels", "split"};

TaskGraph graph_of(const std::string& sections, int gpus = 0) {
  testing::SweepText text("name: test\ndataset: {synthetic: {images: 1000}}\n" + sections, {{}, std::nullopt});
  EXPECT_TRUE(text.sweep) << text.said();
  const Expansion expansion = expand(*text.sweep, faces, text.diagnostics, gpus);
  EXPECT_EQ(text.said(), "");
  return build_task_graph(expansion.jobs, identity);
}

// stage, device, GPU and threads of what may run on either.
std::vector<std::string> placed(const TaskGraph& graph) {
  std::vector<std::string> lines;
  for (const TaskNode& task : graph.tasks) {
    if (task.stage != "train" && task.stage != "encode" && task.stage != "reduce") continue;
    lines.push_back(fmt::format("{} {} {} threads {} may_share {}", task.stage, task.on_gpu ? "gpu" : "cpu", task.gpu,
                                task.threads, task.may_share));
  }
  return lines;
}

std::vector<std::string> keys(const TaskGraph& graph) {
  std::vector<std::string> all;
  for (const TaskNode& task : graph.tasks) all.push_back(task.key);
  return all;
}

using Lines = std::vector<std::string>;
const std::string grid = "grid: {architecture: {AE1: {epochs: 1}}, reduction: {pca: {dim: 2}}}\n";

TEST(OnAGpu, AreTrainingAndEncodingAndTheThreadsOfTheCpuChangeNothing) {
  const TaskGraph cpu = graph_of("train: {threads: 2}\n" + grid);
  EXPECT_EQ(placed(cpu), (Lines{"train cpu -1 threads 2 may_share false", "encode cpu -1 threads 2 may_share false",
                                "reduce cpu -1 threads 2 may_share false"}));
  const TaskGraph two = graph_of("train: {threads: 2, device: cuda}\n" + grid);
  EXPECT_EQ(placed(two), (Lines{"train gpu -1 threads 1 may_share false", "encode gpu -1 threads 1 may_share false",
                                "reduce cpu -1 threads 2 may_share false"}));
  const TaskGraph one = graph_of("train: {threads: 1, device: cuda}\n" + grid);
  EXPECT_EQ(one.tasks[1].key, two.tasks[1].key);
  EXPECT_NE(one.tasks[1].key, cpu.tasks[1].key);
}

TEST(OnAGpu, WhichOneIsInNoKey) {
  const TaskGraph any = graph_of("train: {device: cuda}\n" + grid);
  const TaskGraph second = graph_of("train: {device: \"cuda:1\"}\n" + grid);
  EXPECT_EQ(keys(any), keys(second));
  EXPECT_EQ(placed(second).front(), "train gpu 1 threads 1 may_share false");
}

TEST(OnAGpu, PrecisionIsInTheKeysOfTrainingAndOfEncoding) {
  const TaskGraph plain = graph_of("train: {device: cuda}\n" + grid);
  const TaskGraph brain = graph_of("train: {device: cuda, precision: bfloat16}\n" + grid);
  EXPECT_NE(plain.tasks[1].key, brain.tasks[1].key);
  EXPECT_EQ((*brain.tasks[2].params)["precision"], "bfloat16");
  EXPECT_EQ((*brain.tasks[2].params)["device"], "cuda");
}

TEST(OnAGpu, TsneDoesItsRepulsionThereAndTheRestWithThreadsThatAreLent) {
  const TaskGraph graph = graph_of("grid: {architecture: raw, reduction: {tsne: {dim: 3, device: \"cuda:0\"}}}\n");
  EXPECT_EQ(placed(graph), (Lines{"encode cpu -1 threads 1 may_share true", "reduce gpu 0 threads 1 may_share true"}));
}

// The jobs' devices of training and of t-SNE, and what was said.
std::pair<std::vector<std::string>, std::string> devices(const std::string& sections) {
  testing::SweepText text("name: test\ndataset: {synthetic: {images: 1000}}\n" + sections, {{}, std::nullopt});
  EXPECT_TRUE(text.sweep) << text.said();
  std::vector<std::string> lines;
  const Expansion expansion = expand(*text.sweep, faces, text.diagnostics);
  for (const Job& job : expansion.jobs) {
    std::string line = job.architecture;
    for (const auto& [axis, value] : job.axes()) {
      if (axis.ends_with("device")) line += " " + axis + " " + value.get<std::string>();
    }
    lines.push_back(line);
  }
  return {lines, text.said() + fmt::format("{}", fmt::join(expansion.notes, "; "))};
}

TEST(Devices, AreAxesWithTheirDefaultToo) {
  EXPECT_EQ(devices("grid: {architecture: raw, reduction: {tsne: {dim: 3, device: [cpu, cuda]}}}\n").first,
            (Lines{"raw tsne.device cpu", "raw tsne.device cuda"}));
}

TEST(Devices, ThatComeToTheSameAreOneJob) {
  const auto [jobs, said] = devices(
      "grid: {architecture: raw, reduction: {tsne: {dim: 2, repulsion: grid, device: [cpu, cuda]}}}\n");
  EXPECT_EQ(jobs, (Lines{"raw tsne.device cpu"}));
  EXPECT_NE(said.find("device comes to the same for them"), std::string::npos) << said;
}

TEST(Devices, AreExcludedAsTheyAreWrittenAndAsWhatTheyComeTo) {
  const std::string trained = "grid: {architecture: {AE1: {epochs: 1}}, device: [cpu, \"cuda:1\"], exclude: [{device: %}]}\n";
  const std::string reduced =
      "grid: {architecture: raw, reduction: {tsne: {dim: 3, device: [cpu, \"cuda:1\"]}}, exclude: [{reduction: {tsne: {device: %}}}]}\n";
  auto left = [](std::string sections, const std::string& excluded) {
    return devices(sections.replace(sections.find('%'), 1, excluded)).first;
  };
  for (const char* gpu : {"cuda", "\"cuda:1\""}) {
    EXPECT_EQ(left(trained, gpu), (Lines{"AE1 device cpu"})) << gpu;
    EXPECT_EQ(left(reduced, gpu), (Lines{"raw tsne.device cpu"})) << gpu;
  }
  EXPECT_EQ(left(trained, "cpu"), (Lines{"AE1 device cuda"}));
  EXPECT_EQ(left(reduced, "cpu"), (Lines{"raw tsne.device cuda"}));
}

TEST(OnAGpu, LayersWhoseGradientsDifferAreWarnedOf) {
  const std::string sections =
      "architectures:\n"
      "  up: {encoder: [{conv2d: [channels, 4, 2, 2]}], decoder: [{upsample: {scale_factor: 2, mode: bilinear}}, "
      "{conv2d: [4, channels, 1]}, tanh]}\n"
      "train: {device: %, epochs: 1}\n"
      "grid: {architecture: up, latent_dim: [8, 16]}\n";
  auto said = [&](const std::string& device) {
    std::string text = sections;
    return devices(text.replace(text.find('%'), 1, device)).second;
  };
  EXPECT_EQ(said("cpu"), "");
  const std::string warning = said("cuda");
  EXPECT_NE(warning.find("warning: on a GPU, training up is not the same twice: the gradient of its upsample with mode: "
                         "bilinear adds up in an order of its own each time"),
            std::string::npos)
      << warning;
  EXPECT_EQ(warning.find("warning:"), warning.rfind("warning:")) << warning;
}

TEST(OnAGpu, IsEstimatedToTakeLess) {
  const std::string sections = "grid: {architecture: {AE2: {epochs: 9}}, latent_dim: 8, reduction: {tsne: {dim: 3, device: cuda}}}\n";
  const TaskGraph gpu = graph_of("train: {device: cuda}\n" + sections);
  TaskGraph cpu = gpu;
  for (TaskNode& task : cpu.tasks) task.on_gpu = false;
  const std::vector<double> there = estimate_costs(gpu, 1000, {}), here = estimate_costs(cpu, 1000, {});
  for (std::size_t i = 0; i < there.size(); ++i) {
    if (gpu.tasks[i].stage == "train" || gpu.tasks[i].stage == "reduce") {
      EXPECT_LT(there[i], here[i] / 5) << gpu.tasks[i].stage;
    }
  }
}

TEST(Costs, OfAMixtureAreOfPointsOfTheirOwnWidth) {
  const auto cluster_cost = [](const std::string& reduction) {
    const TaskGraph graph = graph_of("grid: {architecture: raw, reduction: " + reduction + ", clustering: {gmm: {k: 2}}}\n");
    const std::vector<double> costs = estimate_costs(graph, 60'000, {});
    for (const double cost : costs) EXPECT_TRUE(cost > 0 && cost < 3600) << cost;
    for (std::size_t i = 0; i < costs.size(); ++i) {
      if (graph.tasks[i].stage == "cluster") return costs[i];
    }
    return 0.0;
  };
  EXPECT_LT(cluster_cost("{pca: {dim: 8}}"), cluster_cost("{pca: {dim: 16}}"));
  EXPECT_LT(cluster_cost("{tsne: {dim: 2}}"), cluster_cost("{pca: {dim: 8}}"));
}

TEST(Auto, IsTheWorkOfAGpuWhereTheExecutorHasOneAndOfTheCpuElsewhere) {
  EXPECT_EQ(keys(graph_of("train: {device: auto}\n" + grid)), keys(graph_of(grid)));
  EXPECT_EQ(keys(graph_of("train: {device: auto}\n" + grid, 1)), keys(graph_of("train: {device: cuda}\n" + grid)));
}

}  // namespace
}  // namespace latentgrid
