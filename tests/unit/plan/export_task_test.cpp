#include "plan/export_task.hpp"
#include "plan/task_key.hpp"

#include <gtest/gtest.h>

using namespace latentgrid;

namespace {

const ArtifactId model{std::string(64, 'a'), 20};

}  // namespace

TEST(EncoderExport, ReadsTheModelOfOneTraining) {
  const TaskGraph graph = encoder_export(model);
  ASSERT_EQ(graph.tasks.size(), 2u);
  EXPECT_EQ(graph.tasks[0].key, model.key);
  EXPECT_TRUE(graph.tasks[0].complete());
  const TaskNode& task = graph.tasks[1];
  EXPECT_EQ(task.stage, "export");
  EXPECT_EQ(task.missing, (std::vector<std::int64_t>{0}));
  ASSERT_EQ(task.inputs.size(), 1u);
  EXPECT_EQ(task.inputs[0].name, "model");
  EXPECT_EQ(task.inputs[0].task, 0);
  EXPECT_EQ(task.inputs[0].extent, 20);
}

TEST(EncoderExport, KeyIsThatOfTheModelItsEpochsAndTheArithmetic) {
  const TaskGraph graph = encoder_export(model);
  const TaskIdentity identity = task_identity(graph, graph.tasks[1]);
  EXPECT_EQ(identity.key, graph.tasks[1].key);
  EXPECT_EQ(identity.transcript,
            "stage = text export\n"
            "version = int 1\n"
            "params = map 6\n"
            "params.convolution = text winograd\n"
            "params.device = text cpu\n"
            "params.format = text torchscript\n"
            "params.memory_format = text channels_last\n"
            "params.part = text encoder\n"
            "params.precision = text float32\n"
            "input.model = map 2\n"
            "input.model.extent = int 20\n"
            "input.model.key = text " +
                model.key +
                "\n"
                "seed = null \n"
                "threads = null \n");
  EXPECT_EQ(encoder_export(model).tasks[1].key, graph.tasks[1].key);
  EXPECT_NE(encoder_export({model.key, 21}).tasks[1].key, graph.tasks[1].key);
  EXPECT_NE(encoder_export({std::string(64, 'b'), 20}).tasks[1].key, graph.tasks[1].key);
}
