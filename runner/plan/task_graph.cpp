#include "plan/task_graph.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "base/key.hpp"
#include "methods/methods.hpp"
#include "plan/arithmetic.hpp"

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
  return stage == "train" || stage == "reconstruct" || method_of(stage, params) == "pca";
}

std::int64_t pca_width(std::int64_t dim, std::int64_t rank_bound) {
  std::int64_t width = smallest_pca_width;
  while (width < dim) width *= 2;
  return std::min(width, rank_bound);
}

// A task's key begins with what many tasks have in common and ends with its own inputs and seed.
KeyBuilder begin_key(std::string_view stage, const Json& params, KeyBuilder::Transcript transcript) {
  KeyBuilder key(transcript);
  key.add_text("stage", stage).add_integer("version", stage_version(stage)).add("params", params);
  return key;
}

void end_key(KeyBuilder& key, const TaskGraph& graph, const TaskNode& task, bool seeded, bool threaded) {
  for (const TaskInput& input : task.inputs) {
    const std::string name = "input." + input.name;
    key.add_map(name, 2).add_integer(name + ".extent", input.extent).add_text(name + ".key", graph.tasks[input.task].key);
  }
  seeded ? key.add_integer("seed", task.seed) : key.add("seed", nullptr);
  threaded ? key.add_integer("threads", task.threads) : key.add("threads", nullptr);
}

class GraphBuilder {
 public:
  GraphBuilder(const DatasetIdentity& dataset, TaskGraph& graph, std::size_t expected_tasks)
      : dataset_(dataset), graph_(graph) {
    shortcuts_.reserve(expected_tasks);
    by_key_.reserve(expected_tasks);
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

  // What all tasks of a stage with these parameters have in common.
  struct Kind {
    bool seeded, threaded;
    KeyBuilder key;
  };

  const Kind& kind(std::string_view stage, const Json& params) {
    auto found = kinds_.find({stage, &params});
    if (found != kinds_.end()) return found->second;
    Kind made{draws_random_numbers(stage, params), goes_through_blas(stage, params),
              begin_key(stage, params, KeyBuilder::Transcript::drop)};
    return kinds_.emplace(std::pair(stage, &params), std::move(made)).first->second;
  }

  // Two levels: what is cheap to compare finds most repetitions, so that SHA-256 is computed once a distinct task.
  JobStep intern(const char* stage, const std::shared_ptr<const Json>& params, std::vector<TaskInput> inputs,
                  std::int64_t seed, std::int64_t threads, std::int64_t extent) {
    const Kind& kind = this->kind(stage, *params);
    if (!kind.seeded) seed = 0;
    if (!kind.threaded) threads = 1;
    Shortcut shortcut{&kind, seed, threads, {}};
    for (std::size_t i = 0; i < inputs.size(); ++i) shortcut.inputs.at(i) = {inputs[i].task, inputs[i].extent};
    auto [known, fresh] = shortcuts_.try_emplace(shortcut, -1);
    if (fresh) known->second = add_task(stage, kind, params, std::move(inputs), seed, threads);
    std::vector<std::int64_t>& extents = graph_.tasks[known->second].extents;
    if (std::find(extents.begin(), extents.end(), extent) == extents.end()) extents.push_back(extent);
    return {known->second, extent, 0};
  }

  int add_task(const char* stage, const Kind& kind, const std::shared_ptr<const Json>& params,
               std::vector<TaskInput> inputs, std::int64_t seed, std::int64_t threads) {
    TaskNode node;
    node.stage = stage;
    node.params = params;
    node.inputs = std::move(inputs);
    node.seed = seed;
    node.threads = threads;
    node.may_share = !kind.threaded;
    KeyBuilder key = kind.key;
    end_key(key, graph_, node, kind.seeded, kind.threaded);
    node.key = key.key();
    if (auto same = by_key_.find(node.key); same != by_key_.end()) return same->second;
    const int index = static_cast<int>(graph_.tasks.size());
    graph_.tasks.push_back(std::move(node));
    by_key_.emplace(graph_.tasks.back().key, index);
    return index;
  }

  // A job is its work and the words it is shown under.
  std::string job_key(const Job& job, const std::string& score_key) {
    std::string words = fmt::format("{}\x1f{}\x1f{}", job.dataset, job.architecture, job.latent);
    auto found = job_keys_.find(words);
    if (found == job_keys_.end()) {
      KeyBuilder begun(KeyBuilder::Transcript::drop);
      begun.add("job", 1).add("dataset", job.dataset).add("architecture", job.architecture).add("latent", job.latent);
      found = job_keys_.emplace(std::move(words), std::move(begun)).first;
    }
    KeyBuilder key = found->second;
    return key.add_text("score", score_key).key();
  }

  struct Shortcut {
    const Kind* kind;
    std::int64_t seed, threads;
    std::array<std::pair<int, std::int64_t>, 2> inputs;  // no stage has more
    bool operator==(const Shortcut&) const = default;
  };
  struct ShortcutHash {
    std::size_t operator()(const Shortcut& s) const {
      std::size_t hash = std::hash<const Kind*>()(s.kind);
      for (std::int64_t part : {s.seed, s.threads, std::int64_t{s.inputs[0].first}, s.inputs[0].second,
                                std::int64_t{s.inputs[1].first}, s.inputs[1].second}) {
        hash = (hash ^ static_cast<std::size_t>(part)) * 0x9E3779B97F4A7C15u;
        hash ^= hash >> 32;
      }
      return hash;
    }
  };

  const DatasetIdentity& dataset_;
  TaskGraph& graph_;
  std::shared_ptr<const Json> load_params_, raw_params_, encode_params_, score_params_;
  std::map<std::pair<std::string_view, const Json*>, Kind> kinds_;  // the graph keeps the parameters alive
  std::unordered_map<Shortcut, int, ShortcutHash> shortcuts_;
  std::unordered_map<std::string, KeyBuilder> job_keys_;
  std::unordered_map<std::string_view, int> by_key_;  // views of the tasks' own keys, which moving a task leaves in place
  std::map<std::pair<const void*, const void*>, std::shared_ptr<const Json>> train_params_;
  std::map<std::tuple<std::string, const void*, std::int64_t>, std::shared_ptr<const Json>> reduction_params_;
  std::map<std::pair<std::string, const void*>, std::shared_ptr<const Json>> clustering_params_;
  std::map<std::string, std::set<std::int64_t>> cosine_totals_;
};

}  // namespace

TaskGraph build_task_graph(const std::vector<Job>& jobs, const DatasetIdentity& dataset) {
  TaskGraph graph;
  graph.jobs.reserve(jobs.size());
  // Most jobs have a cluster and a score of their own, and share the rest.
  const std::size_t expected = 2 * jobs.size();
  graph.tasks.reserve(expected);
  GraphBuilder builder(dataset, graph, expected);
  for (const Job& job : jobs) builder.add(job);
  builder.finish();
  return graph;
}

void mark_newly_published(TaskGraph& graph, const ArtifactStore& store) {
  PublishedArtifacts published(store);
  for (TaskNode& task : graph.tasks) {
    std::erase_if(task.missing,
                  [&](std::int64_t extent) { return published.contains(task.stage, task.key, extent); });
  }
}

void mark_published(TaskGraph& graph, const ArtifactStore& store) {
  PublishedArtifacts published(store);
  for (TaskNode& task : graph.tasks) {
    task.missing.clear();
    for (std::int64_t extent : task.extents) {
      if (!published.contains(task.stage, task.key, extent)) task.missing.push_back(extent);
    }
  }
}

TaskIdentity task_identity(const TaskGraph& graph, const TaskNode& task) {
  KeyBuilder key = begin_key(task.stage, *task.params, KeyBuilder::Transcript::keep);
  end_key(key, graph, task, draws_random_numbers(task.stage, *task.params), goes_through_blas(task.stage, *task.params));
  std::string hex = key.key();
  return {hex, key.transcript()};
}

}  // namespace latentgrid
