#include <algorithm>
#include <set>
#include <vector>

#include "data/image_labels.hpp"
#include "neighbors/knn_accuracy.hpp"
#include "score/linear_probe.hpp"
#include "worker/points.hpp"

namespace latentgrid::worker {

namespace {

// The images that have a label, and these.
struct Labelled {
  MatrixRf points;
  std::vector<std::int32_t> labels;

  Labelled(ConstMatrixRef all, std::span<const std::int32_t> known) {
    std::vector<std::int64_t> rows;
    for (std::size_t i = 0; i < known.size(); ++i) {
      if (known[i] < 0) continue;
      rows.push_back(static_cast<std::int64_t>(i));
      labels.push_back(known[i]);
    }
    points.resize(static_cast<std::int64_t>(rows.size()), all.cols());
    for (std::size_t i = 0; i < rows.size(); ++i) points.row(static_cast<std::int64_t>(i)) = all.row(rows[i]);
  }
};

}  // namespace

void run_probe(TaskContext& context) {
  const protocol::Run& task = context.task();
  if (context.store().exists(task.stage, {task.key, 0})) return;
  const Points all(context);
  const ImageLabels images(context.input("labels"));
  const Labelled labelled(all.matrix(), images.labels);
  const ConstMatrixRef points(labelled.points.data(), labelled.points.rows(), labelled.points.cols());
  const auto neighbors = task.params.at("neighbors").get<std::int64_t>();
  Json metrics = Json::object();
  context.progress(0, 2);
  if (points.rows() > neighbors) metrics["knn_accuracy"] = knn_accuracy(points, labelled.labels, neighbors, context.threads());
  context.progress(1, 2);
  if (points.rows() >= 4 && std::set(labelled.labels.begin(), labelled.labels.end()).size() > 1) {
    metrics["linear_accuracy"] = linear_probe_accuracy(points, labelled.labels, task.params.at("ridge"));
  }
  context.publish(0, context.new_staging_folder(), metrics, {{"labelled", points.rows()}, {"width", points.cols()}});
}

}  // namespace latentgrid::worker
