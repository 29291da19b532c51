#include "neighbors/trustworthiness.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "support/golden.hpp"
#include "support/random_points.hpp"
#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;
using worker::TaskError;

namespace {

const std::string embedding_key(64, 'e'), another_key(64, 'd');

void publish_embedding(const ArtifactStore& store, const std::string& key, const MatrixRf& embedding) {
  const std::filesystem::path staged = store.new_staging_folder();
  write_npy(staged / "embedding.npy", std::span<const float>(embedding.data(), embedding.size()),
            {embedding.rows(), embedding.cols()});
  store.publish(staged, "reduce", {key, 1000}, Json::object());
}

protocol::Run trustworthiness_task(std::int64_t neighbors) {
  protocol::Run task = on_points("trustworthiness", {{"neighbors", neighbors}}, {0});
  task.inputs["embedding"] = {"reduce", {embedding_key, 1000}};
  return task;
}

class TrustworthinessStage : public ::testing::Test {
 protected:
  Json metrics() { return store_.read_record("trustworthiness", {task_key, 0}).at("metrics"); }

  // What the task's failure says: "kind: message".
  std::string failure(std::int64_t neighbors) {
    TestContext context(store_, trustworthiness_task(neighbors));
    try {
      run_trustworthiness(context);
    } catch (const TaskError& error) {
      EXPECT_TRUE(context.published.empty());
      return error.kind() + ": " + error.what();
    }
    return "";
  }

  TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
};

}  // namespace

TEST_F(TrustworthinessStage, IsThatOfScikitLearnWhateverTheThreads) {
  const Json answer = sklearn_answer("trustworthiness");
  publish_latents(store_, matrix_of(answer.at("points")));
  publish_embedding(store_, embedding_key, matrix_of(answer.at("embedding")));
  for (const int threads : {1, 3}) {
    TestContext context(store_, trustworthiness_task(5));
    context.shared_threads = threads;
    run_trustworthiness(context);
    EXPECT_NEAR(metrics().at("trustworthiness"), answer.at("by_neighbors").at("5").get<double>(), 1e-12);
    EXPECT_EQ(store_.read_record("trustworthiness", {task_key, 0}).at("record"),
              (Json{{"neighbors", 5}, {"images", 60}}));
    EXPECT_EQ(store_.read_record("trustworthiness", {task_key, 0}).at("files"), Json::object());
    store_.remove("trustworthiness", {task_key, 0});
  }
}

TEST_F(TrustworthinessStage, ComparesWithAnEarlierReductionToo) {
  const Json answer = sklearn_answer("trustworthiness");
  publish_embedding(store_, another_key, matrix_of(answer.at("points")));
  publish_embedding(store_, embedding_key, matrix_of(answer.at("embedding")));
  protocol::Run task = trustworthiness_task(12);
  task.inputs["points"] = {"reduce", {another_key, 1000}};
  TestContext context(store_, task);
  run_trustworthiness(context);
  EXPECT_NEAR(metrics().at("trustworthiness"), answer.at("by_neighbors").at("12").get<double>(), 1e-12);
}

TEST_F(TrustworthinessStage, WhatIsPublishedIsNotComputedAgain) {
  publish_latents(store_, random_points(12, 3, 1));
  publish_embedding(store_, embedding_key, random_points(12, 2, 2));
  TestContext context(store_, trustworthiness_task(5));
  run_trustworthiness(context);
  run_trustworthiness(context);
  EXPECT_EQ(context.published, (std::vector<std::int64_t>{0}));
}

TEST_F(TrustworthinessStage, TooFewImagesAreAParameterErrorWithTheNumbers) {
  publish_latents(store_, random_points(10, 3, 1));
  publish_embedding(store_, embedding_key, random_points(10, 2, 2));
  EXPECT_EQ(failure(5),
            "parameter: the trustworthiness of 5 neighbors is defined for more than 10 images, these are 10");
  EXPECT_EQ(failure(0), "parameter: neighbors must be at least 1, not 0");
  EXPECT_EQ(failure(4), "");
}

TEST_F(TrustworthinessStage, AnEmbeddingOfOtherImagesIsRefused) {
  publish_latents(store_, random_points(20, 3, 1));
  publish_embedding(store_, embedding_key, random_points(19, 2, 2));
  EXPECT_EQ(failure(5), "input: the points are 20 images, the embedding has 19");
}

TEST_F(TrustworthinessStage, ValuesThatAreNotFiniteAreNamed) {
  publish_latents(store_, random_points(20, 3, 1));
  MatrixRf embedding = random_points(20, 2, 2);
  embedding(7, 1) = std::nanf("");
  publish_embedding(store_, embedding_key, embedding);
  EXPECT_EQ(failure(5), "diverged: " + (store_.folder("reduce", {embedding_key, 1000}) / "embedding.npy").string() +
                            ": row 7, counted from 0, has values that are not finite");
}
