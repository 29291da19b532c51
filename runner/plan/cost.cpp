#include "plan/cost.hpp"

#include <algorithm>

#include "plan/tsne_repulsion.hpp"

namespace latentgrid {

namespace {

// Rates of one core of a 2020s x86-64 machine, used until the database knows better.
constexpr double training_flop_per_s = 50e9;
constexpr double pairs_per_s = 4e9;          // t-SNE's exact repulsion in 2-D
constexpr double grid_points_per_s = 1.2e6;  // t-SNE's iteration with a grid
constexpr double neighbor_pairs_per_s = 5e8;
constexpr double pca_flop_per_s = 40e9;
constexpr double seconds_at_least = 0.02;
// Of an H100 to such a core.
constexpr double gpu_training_speedup = 80;
constexpr double gpu_pairs_speedup = 12;

// Multiply-adds of a forward pass for one image, from the layer list.
double forward_flop(const Json& layers, double height, double width) {
  double total = 0;
  for (const Json& layer : layers) {
    std::string type = layer.value("type", "");
    auto size = [&](const char* name, double fallback) {
      if (!layer.contains(name)) return fallback;
      const Json& v = layer[name];
      return v.is_array() ? (v.empty() ? fallback : v[0].get<double>()) : v.is_number() ? v.get<double>() : fallback;
    };
    if (type == "conv2d" || type == "conv_transpose2d") {
      double stride = size("stride", 1), kernel = size("kernel_size", 1);
      double positions = height * width / (type == "conv2d" ? stride * stride : 1);
      total += 2 * positions * kernel * kernel * size("in_channels", 1) * size("out_channels", 1);
      double factor = type == "conv2d" ? 1 / stride : stride;
      height *= factor;
      width *= factor;
    } else if (type == "max_pool2d" || type == "avg_pool2d") {
      double stride = size("stride", size("kernel_size", 1));
      height /= stride;
      width /= stride;
    } else if (type == "linear") {
      total += 2 * size("in_features", 1) * size("out_features", 1);
    }
  }
  return total;
}

double train_cost(const TaskNode& task, double images) {
  const Json& model = task.params->at("autoencoder");
  const Json& input = model.at("input");
  double height = input[1], width = input[2];
  double flop =
      forward_flop(model.at("encoder"), height, width) + forward_flop(model.at("decoder"), height / 8, width / 8);
  const double seconds = 3 * flop * images * static_cast<double>(task.missing.back()) / training_flop_per_s;
  return task.on_gpu ? seconds / gpu_training_speedup : seconds;
}

double reduce_cost(const TaskNode& task, double images) {
  if (task.params->at("method") == "tsne") {
    const std::int64_t dim = task.params->value("dim", std::int64_t{2});
    const bool grid =
        tsne_takes_grid(task.params->value("repulsion", "auto"), dim, static_cast<std::int64_t>(images));
    const double iterations = static_cast<double>(task.missing.back());
    const double pairs = images * images * (1 + 0.7 * static_cast<double>(dim - 2)) / pairs_per_s;
    const double exact = task.on_gpu ? pairs / gpu_pairs_speedup : pairs;
    const double iteration = grid ? images / grid_points_per_s : exact;
    return iterations * iteration + images * images / neighbor_pairs_per_s;
  }
  double width = task.params->value("width", 64.0);
  return images * width * width * 64 / pca_flop_per_s;
}

// A map may be of other images than the sweep's.
double images_loaded(const TaskNode& load, double sweeps_own) {
  const Json& identity = *load.params;
  if (identity.contains("shape")) return identity["shape"].at(0);
  const bool counted = identity.contains("synthetic") && !identity.contains("indices");
  return counted ? identity["synthetic"].value("images", sweeps_own) : sweeps_own;
}

double cost_of(const TaskNode& task, double images, const RecordedCost& recorded) {
  if (task.complete()) return 0;
  std::string method = task.params->is_object() ? task.params->value("method", "") : "";
  bool alike = task.stage != "train" && method != "tsne";  // trainings and t-SNE runs differ too much from each other
  if (alike && recorded) {
    if (std::optional<double> seconds = recorded(task.stage, method)) return *seconds;
  }
  if (task.stage == "train") return train_cost(task, images);
  if (task.stage == "reduce") return reduce_cost(task, images);
  if (task.stage == "encode") return images * 1e-3;
  if (task.stage == "trustworthiness") return images * images / neighbor_pairs_per_s;
  return images * 1e-5;
}

}  // namespace

std::vector<double> estimate_costs(const TaskGraph& graph, std::int64_t images, const RecordedCost& recorded) {
  std::vector<double> costs, counts;  // counts: of the images that a task's input is made from
  costs.reserve(graph.tasks.size());
  counts.reserve(graph.tasks.size());
  for (const TaskNode& task : graph.tasks) {
    counts.push_back(task.inputs.empty() ? images_loaded(task, static_cast<double>(images))
                                         : counts[static_cast<std::size_t>(task.inputs.front().task)]);
    const double seconds = cost_of(task, counts.back(), recorded);
    costs.push_back(task.complete() ? 0 : std::max(seconds, seconds_at_least));
  }
  return costs;
}

std::vector<double> critical_paths(const TaskGraph& graph, const std::vector<double>& costs) {
  std::vector<double> path(graph.tasks.size(), 0);
  for (std::size_t i = graph.tasks.size(); i-- > 0;) {
    double after = 0;
    for (int dependent : graph.tasks[i].dependents) after = std::max(after, path[dependent]);
    path[i] = costs[i] + after;
  }
  return path;
}

}  // namespace latentgrid
