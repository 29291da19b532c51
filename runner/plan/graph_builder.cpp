#include "plan/graph_builder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "methods/probe.hpp"
#include "methods/stages.hpp"
#include "plan/task_key.hpp"

namespace latentgrid {

GraphBuilder::GraphBuilder(const DatasetIdentity& dataset, TaskGraph& graph, std::size_t expected_tasks)
    : dataset_(dataset), graph_(graph), index_(expected_tasks) {
  interned_.reserve(expected_tasks);
  score_params_ = std::make_shared<const Json>(score_params(dataset));
  load_params_ = std::make_shared<const Json>(dataset.images);
  label_params_ = std::make_shared<const Json>(label_params(dataset));
}

void GraphBuilder::add(const Job& job) {
  JobNode node;
  node.path.reserve(job.path.size() + 3);
  path_is_seeded_ = false;
  JobStep images, model;
  const bool loads = !job.encoder().method->reads_dataset;
  if (loads) images = load(node, load_params_);
  if (job.training()) model = this->model(node, job, images);
  const JobStep encoded = encode(node, job, loads ? &images : nullptr, job.training() ? &model : nullptr);
  JobStep points = encoded;
  std::int64_t width = job.latent_dim();
  int number = 0;
  for (const SharedStep& reduction : job.reductions()) {
    points = reduce(node, job, *reduction, points, number++, width, dataset_.image_count);
    width = reduction->width;
  }
  JobStep clusters = step(node, intern("cluster", task_params(job.clustering(), job.portable), {{"points", points.task, points.extent}}, job.seed,
                                       job.threads, job.clustering().extent));
  const JobStep labels = step(node, intern("labels", label_params_, {}, 0, 1, 0));
  if (job.probe && !dataset_.labels.is_null()) probe(node, job, encoded, labels);
  std::vector<TaskInput> inputs{{"clusters", clusters.task, clusters.extent}};
  if (dataset_.labels.is_null()) {
    inputs.push_back({"points", points.task, points.extent});
  } else {
    inputs.push_back({"labels", labels.task, 0, false});
  }
  JobStep score = step(node, intern("score", score_params_, std::move(inputs), job.seed, job.threads, 0));
  node.key = job_key(job, graph_.tasks[score.task].key);
  node.id = node.key.substr(0, 12);
  graph_.tasks_without_sharing += static_cast<std::int64_t>(node.path.size());
  graph_.jobs.push_back(std::move(node));
}

void GraphBuilder::finish() {
  for (TaskNode& task : graph_.tasks) {
    std::sort(task.extents.begin(), task.extents.end());
    task.missing = task.extents;
  }
  std::vector<std::size_t> readers(graph_.tasks.size());
  for (const TaskNode& task : graph_.tasks) {
    for (const TaskInput& input : task.inputs) ++readers[static_cast<std::size_t>(input.task)];
  }
  for (std::size_t i = 0; i < readers.size(); ++i) graph_.tasks[i].dependents.reserve(readers[i]);
  for (std::size_t i = 0; i < graph_.tasks.size(); ++i) {
    for (const TaskInput& input : graph_.tasks[i].inputs) {
      graph_.tasks[input.task].dependents.push_back(static_cast<int>(i));
    }
  }
  for (const auto& [text, totals] : lengths_) {
    if (totals.size() < 2) continue;
    graph_.sharing_refused.push_back(fmt::format("{} {} {}", text.first, fmt::join(totals, ", "), text.second));
  }
}

JobStep GraphBuilder::step(JobNode& node, JobStep added) {
  node.path.push_back(added);
  return added;
}

JobStep GraphBuilder::load(JobNode& node, const std::shared_ptr<const Json>& images) {
  return step(node, intern("load", images, {}, 0, 1, 0));
}

JobStep GraphBuilder::model(JobNode& node, const Job& job, const JobStep& images) {
  JobStep trained = intern("train", train_params(job), {{"images", images.task, 0}}, job.seed, job.threads, job.epochs());
  trained = step(node, on_gpu(trained, job.training()->gpu));
  return job.refinement() ? refine(node, job, images, trained) : trained;
}

JobStep GraphBuilder::refine(JobNode& node, const Job& job, const JobStep& images, const JobStep& model) {
  const MethodStep& refinement = *job.refinement();
  const JobStep refined = intern("refine", task_params(refinement, job.portable), {{"images", images.task, 0}, {"model", model.task, model.extent}}, job.seed,
                                 job.threads, refinement.extent);
  return step(node, on_gpu(refined, refinement.gpu));
}

JobStep GraphBuilder::encode(JobNode& node, const Job& job, const JobStep* images, const JobStep* model) {
  std::vector<TaskInput> inputs;
  if (images) inputs.push_back({"images", images->task, 0});
  if (model) inputs.push_back({"model", model->task, model->extent});
  const JobStep encoded =
      intern("encode", task_params(job.encoder(), job.portable), std::move(inputs), job.seed, job.threads, 0);
  return step(node, on_gpu(encoded, job.encoder().gpu));
}

JobStep GraphBuilder::reduce(JobNode& node, const Job& job, const MethodStep& reduction, const JobStep& points, int number,
                             std::int64_t width, std::int64_t count) {
  const std::size_t tasks = graph_.tasks.size();
  JobStep added = intern("reduce", task_params(reduction, job.portable, {.count = count, .width = width}),
                         {{"points", points.task, points.extent}}, job.seed, job.threads, reduction.extent);
  added.step = number;
  if (const auto& separate = reduction.method->separate_runs; separate && graph_.tasks.size() > tasks) {
    note_length("reduce " + reduction.method->name, job, separate->parameter, separate->because, reduction.params->at(separate->parameter));
  }
  return step(node, on_gpu(added, reduction.gpu));
}

void GraphBuilder::probe(JobNode& node, const Job& job, const JobStep& encoded, const JobStep& labels) {
  if (!probe_params_) {
    Json params = *job.probe;
    params["labels"] = dataset_.labels;
    probe_params_ = std::make_shared<const Json>(std::move(params));
  }
  step(node, intern(probe_stage, probe_params_, {{"points", encoded.task, encoded.extent}, {"labels", labels.task, 0, false}}, job.seed, job.threads, 0));
}

void GraphBuilder::note_length(const std::string& what, const Job& job, std::string_view parameter, std::string_view because,
                               std::int64_t length) {
  const std::string latent = job.latent.empty() ? "" : fmt::format(" (latent {})", job.latent);
  lengths_[{fmt::format("{} of {}{}, seed {}: {}", what, job.architecture, latent, job.seed, parameter),
            fmt::format("are separate runs, because {} depends on the total number of {}", because, parameter)}]
      .insert(length);
}

JobStep GraphBuilder::other(JobNode& node, const char* stage, const std::shared_ptr<const Json>& params,
                            std::vector<TaskInput> inputs, std::int64_t threads, int gpu, std::int64_t seed) {
  return step(node, on_gpu(intern(stage, params, std::move(inputs), seed, threads, 0), gpu));
}

// Where jobs differ in no more than the GPU, the first that names one decides.
JobStep GraphBuilder::on_gpu(JobStep step, int gpu) {
  if (gpu < 0) return step;
  TaskNode& task = graph_.tasks[step.task];
  if (task.on_gpu && task.gpu < 0) task.gpu = gpu;
  return step;
}

const std::shared_ptr<const Json>& GraphBuilder::train_params(const Job& job) {
  const MethodStep& training = *job.training();
  auto& cached = train_params_[{job.model.get(), training.params.get()}];
  if (!cached) {
    Json params = *training.params;
    params[model_parameter] = training.method->reconstructs ? job.model->to_json() : job.model->encoder_to_json();
    cached = std::make_shared<const Json>(with_arithmetic(std::move(params), *training.params));
  }
  if (!training.method->shares_its_beginning(*training.params)) {
    note_length("train", job, training.method->extent->parameter, training.method->depends_on_length(*training.params), training.extent);
  }
  return cached;
}

const std::shared_ptr<const Json>& GraphBuilder::task_params(const MethodStep& step, bool portable, const PointsSize& points) {
  const MethodSpec& method = *step.method;
  const std::int64_t slice = method.has_slices() ? step.extent : 0;
  auto& cached = task_params_[{&method, step.params.get(), slice, points.count, points.width, portable}];
  if (!cached) {
    kept_.push_back(step.params);
    Json params = method.task_params ? method.task_params(*step.params, step.extent, points) : *step.params;
    params["method"] = method.name;
    if (method.blas && !runs_on_gpu(params)) params = with_portability(std::move(params), portable);
    if (method.reads_dataset) params[features_parameter] = dataset_.features;
    cached = std::make_shared<const Json>(std::move(params));
  }
  return cached;
}

GraphBuilder::Kind& GraphBuilder::kind(std::string_view stage, const std::shared_ptr<const Json>& params) {
  Kind*& known = known_kinds_[{params.get(), stage}];
  if (known) return *known;
  KeyBuilder key = begin_task_key(stage, *params, KeyBuilder::Transcript::drop);
  std::string start = KeyBuilder(key).key();
  Kind made{static_cast<int>(kinds_.size()), draws_random_numbers(stage, *params), goes_through_blas(stage, *params),
            runs_on_gpu(*params), std::move(key)};
  kept_.push_back(params);
  known = &kinds_.try_emplace(std::move(start), std::move(made)).first->second;
  return *known;
}

JobStep GraphBuilder::intern(const char* stage, const std::shared_ptr<const Json>& params,
                             std::vector<TaskInput> inputs, std::int64_t seed, std::int64_t threads,
                             std::int64_t extent) {
  Kind& kind = this->kind(stage, params);
  path_is_seeded_ |= kind.seeded;
  if (!kind.seeded) seed = 0;
  if (!kind.threaded) threads = 1;
  Interned wanted{.kind = kind.number, .seed = seed, .threads = threads, .last_extent = extent};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    wanted.inputs.at(i) = inputs[i].task;
    wanted.input_extents.at(i) = inputs[i].extent;
  }
  // A grid's jobs ask for the tasks of a kind at regular distances, time and again: most are found by that.
  const std::size_t guess = kind.last + kind.distance;
  const bool guessed = guess < interned_.size() && interned_[guess].same_task(wanted);
  const auto [place, fresh] = guessed ? std::pair(guess, false) : place_of(wanted);
  kind.distance = place - std::exchange(kind.last, place);
  const JobStep step = {static_cast<int>(place), extent, 0};
  if (fresh) {
    interned_.push_back(wanted);
    add_task(stage, kind, params, std::move(inputs), seed, threads);
  } else if (std::exchange(interned_[place].last_extent, extent) == extent) {
    return step;
  }
  std::vector<std::int64_t>& extents = graph_.tasks[place].extents;
  if (std::find(extents.begin(), extents.end(), extent) == extents.end()) extents.push_back(extent);
  return step;
}

// Where the task is, or is to be added (true). Most are the first that read what they do: they are found, or known to
// be new, without the index.
std::pair<std::size_t, bool> GraphBuilder::place_of(const Interned& wanted) {
  const std::size_t next = interned_.size();
  auto is_wanted = [&](std::size_t place) { return interned_[place].same_task(wanted); };
  const int read = std::max(wanted.inputs[0], wanted.inputs[1]);
  if (read >= 0) {
    std::uint32_t& first_reader = interned_[static_cast<std::size_t>(read)].first_reader;
    if (first_reader == 0) {
      first_reader = static_cast<std::uint32_t>(next);
      return {next, true};
    }
    if (is_wanted(first_reader)) return {first_reader, false};
  }
  return index_.find_or_add(wanted.hash(), next, is_wanted);
}

void GraphBuilder::add_task(const char* stage, const Kind& kind, const std::shared_ptr<const Json>& params,
                            std::vector<TaskInput> inputs, std::int64_t seed, std::int64_t threads) {
  TaskNode& node = graph_.tasks.emplace_back();
  node.stage = stage;
  node.params = params;
  node.inputs = std::move(inputs);
  node.seed = seed;
  node.threads = threads;
  node.may_share = !kind.threaded && (!kind.on_gpu || find_stage(stage).shares_cpu_on_gpu);
  node.on_gpu = kind.on_gpu;
  KeyBuilder key = kind.key;
  end_task_key(key, graph_, node, kind.seeded, kind.threaded);
  node.key = key.key();
}

// A job is its work and the words it is shown under, and its seed: that is in the work unless nothing of it draws random numbers.
std::string GraphBuilder::job_key(const Job& job, const std::string& score_key) {
  std::string words = fmt::format("{}\x1f{}\x1f{}\x1f{}", job.dataset, job.architecture, job.latent, job.probe ? job.probe->dump() : "");
  auto found = job_keys_.find(words);
  if (found == job_keys_.end()) {
    KeyBuilder begun(KeyBuilder::Transcript::drop);
    begun.add("job", 1).add("dataset", job.dataset).add("architecture", job.architecture).add("latent", job.latent);
    if (job.probe) begun.add("probe", *job.probe);
    found = job_keys_.emplace(std::move(words), std::move(begun)).first;
  }
  KeyBuilder key = found->second;
  if (!path_is_seeded_) key.add_integer("seed", job.seed);
  return key.add_text("score", score_key).key();
}

std::uint32_t GraphBuilder::Interned::hash() const {
  return HashIndex::hash({kind, seed, threads, inputs[0], input_extents[0], inputs[1], input_extents[1]});
}

bool GraphBuilder::Interned::same_task(const Interned& other) const {
  return kind == other.kind && seed == other.seed && threads == other.threads && inputs == other.inputs &&
         input_extents == other.input_extents;
}

}  // namespace latentgrid
