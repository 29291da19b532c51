#include <gtest/gtest.h>

#include <set>

#include "data/image_labels.hpp"
#include "methods/stages.hpp"
#include "neighbors/knn_accuracy.hpp"
#include "score/linear_probe.hpp"
#include "support/golden.hpp"
#include "unit/worker_stages/test_context.hpp"

using namespace latentgrid;
using namespace latentgrid::testing;

namespace {

const std::string labels_key(64, 'd');

class ProbeStage : public ::testing::Test {
 protected:
  // As many images as there are labels in front of them, and `unlabelled` more.
  Json probe(const Json& answer, std::int64_t unlabelled, std::int64_t neighbors) {
    const MatrixRf points = matrix_of(answer.at("points"));
    MatrixRf all = MatrixRf::Constant(points.rows() + unlabelled, points.cols(), 100);
    all.topRows(points.rows()) = points;
    publish_latents(store_, all);
    const std::vector<std::uint8_t> images(static_cast<std::size_t>(all.rows()));
    write_npy(folder_ / "images.npy", std::span<const std::uint8_t>(images), {all.rows(), 1, 1, 1});
    const std::vector<std::int64_t> labels = answer.at("labels");
    write_npy(folder_ / "labels.npy", std::span<const std::int64_t>(labels), {points.rows()});
    DatasetSource source;
    source.name = "test";
    source.images = {folder_ / "images.npy"};
    source.labels = {{folder_ / "labels.npy", 0}};
    const std::filesystem::path staged = store_.new_staging_folder();
    ImageLabels(source).write(staged);
    store_.publish(staged, "labels", {labels_key, 0}, Json::object());
    protocol::Run task = on_points("probe", {{"labels", {{"sha256", "of these"}}}, {"neighbors", neighbors}, {"ridge", 1.0}}, {0});
    task.inputs["labels"] = {"labels", {labels_key, 0}};
    TestContext context(store_, task);
    run_probe(context);
    return store_.read_record("probe", {task_key, 0});
  }

  TemporaryFolder folder_;
  ArtifactStore store_{folder_.path()};
};

}  // namespace

TEST_F(ProbeStage, IsOfTheLabelledImagesAlone) {
  const Json answer = golden_answer("probe_answers.json", "knn").at(0);
  const Json record = probe(answer, 7, answer.at("k"));
  const MatrixRf points = matrix_of(answer.at("points"));
  EXPECT_EQ(record.at("metrics").at("knn_accuracy"), answer.at("accuracy"));
  EXPECT_EQ(record.at("metrics").at("linear_accuracy"), linear_probe_accuracy(ref(points), answer.at("labels").get<std::vector<std::int32_t>>(), 1));
  EXPECT_EQ(record.at("record").at("labelled"), points.rows());
}

TEST_F(ProbeStage, LeavesOutWhatIsNotDefined) {
  const Json few = {{"points", {{0.0, 1.0}, {1.0, 0.0}, {2.0, 2.0}}}, {"labels", {0, 1, 1}}};
  EXPECT_EQ(probe(few, 0, 3).at("metrics"), Json::object());
}

TEST_F(ProbeStage, RecordsWhatItsRowSays) {
  const Json metrics = probe(golden_answer("probe_answers.json", "knn").at(0), 0, 5).at("metrics");
  std::set<std::string> names;
  for (const auto& [name, value] : metrics.items()) names.insert(name);
  const auto& row = find_stage("probe").metrics;
  EXPECT_EQ(names, std::set<std::string>(row.begin(), row.end()));
}
