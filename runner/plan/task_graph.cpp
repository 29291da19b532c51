#include "plan/task_graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "base/key.hpp"
#include "methods/methods.hpp"

namespace latentgrid {

namespace {

// PCA's directions are computed once for W of them; every dimension is a slice.
constexpr std::int64_t smallest_pca_width = 64;

std::string method_of(std::string_view stage, const Json& params) {
  return stage == "reduce" || stage == "cluster" ? params.at("method").get<std::string>() : "";
}

// Seed and threads enter a key only where they can change a number.
bool draws_random_numbers(std::string_view stage, const Json& params) {
  if (stage == "reduce") return find_method(MethodKind::reduction, method_of(stage, params))->draws_random_numbers(params);
  if (stage == "cluster") return find_method(MethodKind::clustering, method_of(stage, params))->draws_random_numbers(params);
  return stage == "train";
}

bool goes_through_blas(std::string_view stage, const Json& params) {
  if (stage == "encode") return params.at("method") != "raw";
  return stage == "train" || method_of(stage, params) == "pca";
}

std::int64_t pca_width(std::int64_t dim, std::int64_t rank_bound) {
  std::int64_t width = smallest_pca_width;
  while (width < dim) width *= 2;
  return std::min(width, rank_bound);
}

// What changes the floats of training and encoding, besides threads.
Json with_arithmetic(Json params) {
  params["device"] = "cpu";
  params["precision"] = "float32";
  params["memory_format"] = "channels_last";
  return params;
}

class GraphBuilder {
 public:
  GraphBuilder(const DatasetIdentity& dataset, TaskGraph& graph) : dataset_(dataset), graph_(graph) {
    score_params_ = std::make_shared<const Json>(Json{{"labels", dataset.labels},
                                                      {"split", dataset.labels.is_null() ? Json() : dataset.split},
                                                      {"silhouette", dataset.labels.is_null()}});
    raw_params_ = std::make_shared<const Json>(Json{{"method", "raw"}});
    encode_params_ = std::make_shared<const Json>(with_arithmetic({{"method", "autoencoder"}}));
    load_params_ = std::make_shared<const Json>(dataset.images);
  }

  void add(const Job& job) {
    JobNode node;
    JobStep load = step(node, intern("load", load_params_, {}, job.seed, job.threads, 0));
    JobStep points = encode(node, job, load);
    int number = 0;
    for (const ReductionStep& reduction : job.reduction) points = reduce(node, job, reduction, points, number++);
    JobStep clusters =
        step(node, intern("cluster", with_method(job.clustering, job.clustering_params),
                          {{"points", points.task, points.extent}}, job.seed, job.threads, 0));
    std::vector<TaskInput> inputs{{"clusters", clusters.task, 0}};
    if (dataset_.labels.is_null()) inputs.push_back({"points", points.task, points.extent});
    JobStep score = step(node, intern("score", score_params_, std::move(inputs), job.seed, job.threads, 0));
    node.key = job_key(job, graph_.tasks[score.task].key);
    node.id = node.key.substr(0, 12);
    graph_.tasks_without_sharing += static_cast<std::int64_t>(node.path.size());
    graph_.jobs.push_back(std::move(node));
  }

  void finish() {
    for (TaskNode& task : graph_.tasks) {
      std::sort(task.extents.begin(), task.extents.end());
      task.missing = task.extents;
    }
    for (std::size_t i = 0; i < graph_.tasks.size(); ++i) {
      for (const TaskInput& input : graph_.tasks[i].inputs) graph_.tasks[input.task].dependents.push_back(static_cast<int>(i));
    }
    for (const auto& [run, totals] : cosine_totals_) {
      if (totals.size() < 2) continue;
      graph_.sharing_refused.push_back(fmt::format(
          "train {}: epochs {} are separate runs, because lr_schedule cosine depends on the total number of epochs",
          run, fmt::join(totals, ", ")));
    }
  }

 private:
  JobStep step(JobNode& node, JobStep added) {
    node.path.push_back(added);
    return added;
  }

  JobStep encode(JobNode& node, const Job& job, const JobStep& load) {
    if (!job.model) {
      return step(node, intern("encode", raw_params_, {{"images", load.task, 0}}, job.seed, job.threads, 0));
    }
    JobStep train = step(node, intern("train", train_params(job), {{"images", load.task, 0}}, job.seed, job.threads, job.epochs));
    return step(node, intern("encode", encode_params_, {{"images", load.task, 0}, {"model", train.task, train.extent}},
                             job.seed, job.threads, 0));
  }

  JobStep reduce(JobNode& node, const Job& job, const ReductionStep& reduction, const JobStep& points, int number) {
    bool is_pca = reduction.method == "pca";
    std::int64_t size = is_pca ? pca_width(reduction.dim, rank_bound(job, number)) : reduction.dim;
    auto& cached = reduction_params_[{reduction.method, reduction.params.get(), size}];
    if (!cached) {
      Json params = *reduction.params;
      params["method"] = reduction.method;
      params[is_pca ? "width" : "dim"] = size;
      cached = std::make_shared<const Json>(std::move(params));
    }
    JobStep added = intern("reduce", cached, {{"points", points.task, points.extent}}, job.seed, job.threads, reduction.extent);
    added.step = number;
    return step(node, added);
  }

  std::int64_t rank_bound(const Job& job, int number) const {
    std::int64_t width = number == 0 ? job.latent_dim : job.reduction[number - 1].dim;
    return std::min(width, dataset_.image_count);
  }

  const std::shared_ptr<const Json>& train_params(const Job& job) {
    auto& cached = train_params_[{job.model.get(), job.train.get()}];
    if (!cached) {
      Json params = *job.train;
      params["autoencoder"] = job.model->to_json();
      cached = std::make_shared<const Json>(with_arithmetic(std::move(params)));
    }
    if (cached->value("lr_schedule", "constant") == "cosine") {
      cosine_totals_[fmt::format("of {} (latent {}), seed {}", job.architecture, job.latent, job.seed)].insert(job.epochs);
    }
    return cached;
  }

  const std::shared_ptr<const Json>& with_method(const std::string& method, const std::shared_ptr<const Json>& params) {
    auto& cached = clustering_params_[{method, params.get()}];
    if (!cached) {
      Json complete = *params;
      complete["method"] = method;
      cached = std::make_shared<const Json>(std::move(complete));
    }
    return cached;
  }

  // Two levels: what is cheap to compare finds most repetitions, so that SHA-256 is computed once a distinct task.
  JobStep intern(const char* stage, const std::shared_ptr<const Json>& params, std::vector<TaskInput> inputs,
                  std::int64_t seed, std::int64_t threads, std::int64_t extent) {
    if (!draws_random_numbers(stage, *params)) seed = 0;
    if (!goes_through_blas(stage, *params)) threads = 1;
    Shortcut shortcut{stage, params.get(), seed, threads, {}};
    for (const TaskInput& input : inputs) shortcut.inputs.emplace_back(input.task, input.extent);
    auto [known, fresh] = shortcuts_.try_emplace(std::move(shortcut), -1);
    if (fresh) {
      TaskNode node;
      node.stage = stage;
      node.params = params;
      node.inputs = std::move(inputs);
      node.seed = seed;
      node.threads = threads;
      node.may_share = !goes_through_blas(stage, *params);
      node.key = task_identity(graph_, node).key;
      auto [same, new_key] = by_key_.try_emplace(node.key, static_cast<int>(graph_.tasks.size()));
      if (new_key) graph_.tasks.push_back(std::move(node));
      known->second = same->second;
    }
    std::vector<std::int64_t>& extents = graph_.tasks[known->second].extents;
    if (std::find(extents.begin(), extents.end(), extent) == extents.end()) extents.push_back(extent);
    return {known->second, extent, 0};
  }

  // A job is its work and the words it is shown under.
  static std::string job_key(const Job& job, const std::string& score_key) {
    KeyBuilder key;
    key.add("job", 1).add("dataset", job.dataset).add("architecture", job.architecture).add("latent", job.latent);
    key.add("score", score_key);
    return key.key();
  }

  struct Shortcut {
    std::string stage;
    const Json* params;
    std::int64_t seed, threads;
    std::vector<std::pair<int, std::int64_t>> inputs;
    auto operator<=>(const Shortcut&) const = default;
  };

  const DatasetIdentity& dataset_;
  TaskGraph& graph_;
  std::shared_ptr<const Json> load_params_, raw_params_, encode_params_, score_params_;
  std::map<Shortcut, int> shortcuts_;
  std::unordered_map<std::string, int> by_key_;
  std::map<std::pair<const void*, const void*>, std::shared_ptr<const Json>> train_params_;
  std::map<std::tuple<std::string, const void*, std::int64_t>, std::shared_ptr<const Json>> reduction_params_;
  std::map<std::pair<std::string, const void*>, std::shared_ptr<const Json>> clustering_params_;
  std::map<std::string, std::set<std::int64_t>> cosine_totals_;
};

}  // namespace

TaskGraph build_task_graph(const std::vector<Job>& jobs, const DatasetIdentity& dataset) {
  TaskGraph graph;
  graph.jobs.reserve(jobs.size());
  GraphBuilder builder(dataset, graph);
  for (const Job& job : jobs) builder.add(job);
  builder.finish();
  return graph;
}

void mark_published(TaskGraph& graph, const ArtifactStore& store) {
  for (TaskNode& task : graph.tasks) {
    task.missing.clear();
    for (std::int64_t extent : task.extents) {
      if (!store.exists(task.stage, {task.key, extent})) task.missing.push_back(extent);
    }
  }
}

TaskIdentity task_identity(const TaskGraph& graph, const TaskNode& task) {
  KeyBuilder key;
  key.add("stage", task.stage).add("version", stage_version(task.stage)).add("params", *task.params);
  for (const TaskInput& input : task.inputs) {
    key.add("input." + input.name, {{"key", graph.tasks[input.task].key}, {"extent", input.extent}});
  }
  key.add("seed", draws_random_numbers(task.stage, *task.params) ? Json(task.seed) : Json());
  key.add("threads", goes_through_blas(task.stage, *task.params) ? Json(task.threads) : Json());
  std::string hex = key.key();
  return {hex, key.transcript()};
}

}  // namespace latentgrid
