#include "plan/task_graph.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

using namespace latentgrid;

namespace {

const DatasetIdentity dataset{1000, {{"digest", "pixels"}}, "labels", "split"};

std::shared_ptr<const Autoencoder> model_of(std::int64_t latent) {
  auto model = std::make_shared<Autoencoder>();
  model->encoder.push_back({{{"type", "linear"}, {"out_features", latent}}, {}});
  model->input = {3, 32, 32};
  model->latent = {latent, 0, 0};
  return model;
}

SharedStep step(MethodKind kind, const char* name, Json params, std::int64_t extent = 0, std::int64_t width = 0) {
  return std::make_shared<const MethodStep>(MethodStep{.method = find_method(kind, name),
                                                       .params = std::make_shared<const Json>(std::move(params)),
                                                       .extent = extent,
                                                       .width = width});
}

class Jobs {
 public:
  Job job(std::int64_t epochs, std::int64_t seed = 0, const Chain& reductions = {}) {
    Job made = without_model(seed, reductions);
    made.architecture = "AE";
    made.model = model_;
    made.latent = "128";
    made.path[0] = encoder_;
    made.path.insert(made.path.begin(), trained_for(epochs));
    return made;
  }
  Job without_model(std::int64_t seed, const Chain& reductions, Json encoder = Json::object()) {
    Job made;
    made.dataset = "data";
    made.architecture = "raw";
    made.path.push_back(step(MethodKind::encoder, "raw", std::move(encoder), 0, 3072));
    made.path.insert(made.path.end(), reductions.begin(), reductions.end());
    made.path.push_back(clustering_);
    made.k = 2;
    made.seed = seed;
    return made;
  }
  SharedStep trained_for(std::int64_t epochs) {
    auto params = train_;
    if (!separate_.empty()) {
      Json all = *train_;
      all.update(separate_);
      all["epochs"] = epochs;
      params = std::make_shared<const Json>(std::move(all));
    }
    return std::make_shared<const MethodStep>(MethodStep{.method = &default_training(), .params = params, .extent = epochs});
  }
  SharedStep pca(std::int64_t dim) { return with(pca_, dim, dim); }
  SharedStep tsne(std::int64_t dim, std::int64_t iterations) {
    return step(MethodKind::reduction, "tsne", {{"perplexity", 30.0}, {"init", "pca"}, {"dim", dim}}, iterations, dim);
  }
  void cosine() { trained_with({{"lr_schedule", "cosine"}}); }
  void trained_with(const Json& options) { separate_ = options; }  // such that every number of epochs is a run of its own

 private:
  static SharedStep with(MethodStep made, std::int64_t extent, std::int64_t width) {
    made.extent = extent;
    made.width = width;
    return std::make_shared<const MethodStep>(std::move(made));
  }

  Json separate_ = Json::object();
  std::shared_ptr<const Autoencoder> model_ = model_of(128);
  std::shared_ptr<const Json> train_ = std::make_shared<const Json>(Json{{"learning_rate", 1e-3}, {"lr_schedule", "constant"}});
  SharedStep encoder_ = step(MethodKind::encoder, "autoencoder", Json::object(), 0, 128);
  SharedStep clustering_ = step(MethodKind::clustering, "kmeans", {{"k", 2}, {"n_init", 10}});
  MethodStep pca_ = *step(MethodKind::reduction, "pca", Json::object());
};

std::map<std::string, int> stages_of(const TaskGraph& graph) {
  std::map<std::string, int> counts;
  for (const TaskNode& task : graph.tasks) ++counts[task.stage];
  return counts;
}

const TaskNode& first(const TaskGraph& graph, const std::string& stage) {
  for (const TaskNode& task : graph.tasks) {
    if (task.stage == stage) return task;
  }
  throw std::runtime_error("no task of " + stage);
}

}  // namespace

TEST(TaskGraph, TrainingsThatDifferInEpochsAreOneRun) {
  Jobs make;
  TaskGraph graph = build_task_graph({make.job(20), make.job(10), make.job(50)}, dataset);
  EXPECT_EQ(stages_of(graph), (std::map<std::string, int>{{"load", 1}, {"train", 1}, {"encode", 3}, {"cluster", 3}, {"labels", 1}, {"score", 3}}));
  EXPECT_EQ(first(graph, "train").extents, (std::vector<std::int64_t>{10, 20, 50}));
  EXPECT_EQ(graph.tasks_without_sharing, 18);
}

TEST(TaskGraph, ARangeThatIsNotTheDefaultIsInTheKeysOfWhatReadsScaledImages) {
  Jobs make;
  auto keys = [&](PixelRange range) {
    Json encoder = Json::object();
    put_range(encoder, range);
    Job trained = make.job(10), pixels = make.without_model(0, {}, encoder);
    auto model = std::make_shared<Autoencoder>(*trained.model);
    model->range = trained.range = pixels.range = range;
    trained.model = model;
    const TaskGraph graph = build_task_graph({trained, pixels}, dataset);
    std::vector<std::string> found{first(graph, "load").key, first(graph, "train").key};
    for (const TaskNode& task : graph.tasks) {
      if (task.stage == "encode") found.push_back(task.key);
      if (task.stage == "train" || (task.stage == "encode" && task.inputs.size() == 1)) {
        const Json& of = task.stage == "train" ? task.params->at("autoencoder") : *task.params;
        EXPECT_EQ(of.contains("range"), range == PixelRange::zero_to_one) << of;
      }
    }
    return found;
  };
  const std::vector<std::string> usual = keys(PixelRange::minus_one_to_one), other = keys(PixelRange::zero_to_one);
  ASSERT_EQ(usual.size(), 4u);
  EXPECT_EQ(usual[0], other[0]) << "the bytes are the same";
  for (std::size_t i = 1; i < 4; ++i) EXPECT_NE(usual[i], other[i]) << i;
}

TEST(TaskGraph, IterationsOfOneTsneAndDimensionsOfOnePcaAreOneRun) {
  Jobs make;
  TaskGraph graph = build_task_graph({make.job(4, 0, {make.tsne(2, 250)}), make.job(4, 0, {make.tsne(2, 1000)}),
                                      make.job(4, 0, {make.tsne(8, 250)}), make.job(4, 0, {make.pca(8)}), make.job(4, 0, {make.pca(64)})},
                                     dataset);
  EXPECT_EQ(stages_of(graph)["reduce"], 3);
  EXPECT_EQ(stages_of(graph)["cluster"], 5);
}

TEST(TaskGraph, PcaWidthIsAFunctionOfTheJobAlone) {
  Jobs make;
  TaskGraph small = build_task_graph({make.job(4, 0, {make.pca(8)})}, dataset);
  TaskGraph both = build_task_graph({make.job(4, 0, {make.pca(8)}), make.job(4, 0, {make.pca(100)})}, dataset);
  EXPECT_EQ(small.jobs[0].key, both.jobs[0].key);
  EXPECT_EQ((*first(small, "reduce").params)["width"], 64);
  EXPECT_EQ((*both.tasks[both.jobs[1].path[3].task].params)["width"], 128);
}

TEST(TaskGraph, SeedsShareWhatDrawsNoRandomNumbers) {
  Jobs make;
  const Job raw0 = make.without_model(0, {make.pca(8)}), raw1 = make.without_model(1, {make.pca(8)});
  TaskGraph graph = build_task_graph({raw0, raw1}, dataset);
  EXPECT_EQ(stages_of(graph), (std::map<std::string, int>{{"load", 1}, {"encode", 1}, {"reduce", 1}, {"cluster", 2}, {"labels", 1}, {"score", 2}}));
}

TEST(TaskGraph, JobsOfDifferentSeedsAreDifferentWhereNothingDrawsRandomNumbers) {
  static const MethodSpec exact{.kind = MethodKind::clustering, .name = "exact"};
  Jobs make;
  Job zero = make.without_model(0, {make.pca(8)}), one = make.without_model(1, {make.pca(8)});
  for (Job* job : {&zero, &one}) {
    job->path.back() = std::make_shared<const MethodStep>(MethodStep{.method = &exact, .params = std::make_shared<const Json>(Json::object())});
  }
  const TaskGraph graph = build_task_graph({zero, one}, dataset);
  EXPECT_EQ(stages_of(graph), (std::map<std::string, int>{{"load", 1}, {"encode", 1}, {"reduce", 1}, {"cluster", 1}, {"labels", 1}, {"score", 1}}));
  EXPECT_NE(graph.jobs[0].key, graph.jobs[1].key);
}

// The defaults of a method, and each value of the parameter that decides whether it draws random numbers.
std::vector<Json> parameters_to_try(const MethodSpec& method) {
  Json usual = Json::object();
  for (const ParamSpec& param : method.params) usual[param.name] = param.default_value.is_null() ? Json(3) : param.default_value;
  std::vector<Json> all;
  if (const ParamSpec* decides = method.find(method.stochastic_if)) {
    for (const std::string& choice : decides->choices) {
      all.push_back(usual);
      all.back()[decides->name] = choice;
    }
  }
  return all.empty() ? std::vector<Json>{usual} : all;
}

TEST(TaskGraph, SeedsAndThreadsAreIdentityWhereTheMethodSaysSo) {
  Jobs make;
  for (const MethodSpec& method : all_methods()) {
    const bool is_reduction = method.kind == MethodKind::reduction;
    if (!is_reduction && method.kind != MethodKind::clustering) continue;
    for (const Json& params : parameters_to_try(method)) {
      auto tasks = [&](std::int64_t other_seed, std::int64_t other_threads) {
        std::vector<Job> jobs = {make.without_model(0, {}), make.without_model(other_seed, {})};
        for (Job& job : jobs) {
          if (!is_reduction) job.path.pop_back();
          job.path.insert(job.path.begin() + 1, step(method.kind, method.name.c_str(), params, method.extent ? 3 : 0, 3));
        }
        jobs.back().threads = other_threads;
        return stages_of(build_task_graph(jobs, dataset))[is_reduction ? "reduce" : "cluster"];
      };
      EXPECT_EQ(tasks(1, 1), method.draws_random_numbers(params) ? 2 : 1) << method.name << params;
      EXPECT_EQ(tasks(0, 2), method.blas ? 2 : 1) << method.name << params;
    }
  }
}

TEST(TaskGraph, ThreadsAreIdentityOnlyWhereFloatsDependOnThem) {
  Jobs make;
  Job one = make.job(4, 0, {make.tsne(2, 250)}), two = one;
  two.threads = 2;
  TaskGraph alone = build_task_graph({one}, dataset), both = build_task_graph({one, two}, dataset);
  EXPECT_EQ(stages_of(both)["load"], 1);
  EXPECT_EQ(stages_of(both)["train"], 2);
  EXPECT_EQ(both.jobs[0].key, alone.jobs[0].key);
  EXPECT_NE(both.jobs[0].key, both.jobs[1].key);
}

TEST(TaskGraph, LabelsAndSplitEnterTheirOwnTaskAndTheScoreAlone) {
  Jobs make;
  DatasetIdentity relabelled{1000, {{"digest", "pixels"}}, "other labels", "other split"};
  TaskGraph a = build_task_graph({make.job(4)}, dataset), b = build_task_graph({make.job(4)}, relabelled);
  for (std::size_t i = 0; i < a.tasks.size(); ++i) {
    const bool differs = a.tasks[i].stage == "labels" || a.tasks[i].stage == "score";
    EXPECT_EQ(a.tasks[i].key != b.tasks[i].key, differs) << a.tasks[i].stage;
  }
}

TEST(TaskGraph, WhichImagesOfItsFilesADataSetSelectsEntersTheLabelsAlone) {
  Jobs make;
  DatasetIdentity renamed = dataset;
  renamed.selection = "of files of other names";
  TaskGraph a = build_task_graph({make.job(4)}, dataset), b = build_task_graph({make.job(4)}, renamed);
  EXPECT_NE(first(a, "labels").key, first(b, "labels").key);
  EXPECT_EQ(first(a, "score").key, first(b, "score").key);
  EXPECT_EQ(a.jobs[0].key, b.jobs[0].key);
  const JobStep& labels = a.jobs[0].path.end()[-2];
  EXPECT_EQ(a.tasks[labels.task].stage, "labels");
  EXPECT_EQ(a.tasks.back().inputs.back().task, labels.task) << "the score waits for them";
}

// One task an encoder, whatever reduces and clusters what it gives; jobs that ran without it are other jobs.
TEST(TaskGraph, AnEncoderIsProbedOnceWhereTheSweepSaysSo) {
  Jobs make;
  std::vector<Job> plain{make.job(10), make.job(10, 0, {make.pca(8)}), make.job(20)}, probed = plain;
  const auto params = std::make_shared<const Json>(Json{{"neighbors", 20}, {"ridge", 1.0}});
  for (Job& job : probed) job.probe = params;
  const TaskGraph without = build_task_graph(plain, dataset), with = build_task_graph(probed, dataset);
  EXPECT_EQ(stages_of(without).count("probe"), 0u);
  EXPECT_EQ(stages_of(with).at("probe"), 2);
  EXPECT_EQ(*first(with, "probe").params, (Json{{"neighbors", 20}, {"ridge", 1.0}, {"labels", "labels"}}));
  EXPECT_EQ(first(with, "train").key, first(without, "train").key);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_NE(with.jobs[i].key, without.jobs[i].key);
  DatasetIdentity unlabelled = dataset;
  unlabelled.labels = nullptr;
  EXPECT_EQ(stages_of(build_task_graph(probed, unlabelled)).count("probe"), 0u);
}

TEST(TaskGraph, WithoutLabelsTheScoreReadsThePointsForTheSilhouette) {
  Jobs make;
  DatasetIdentity unlabelled{1000, {{"digest", "pixels"}}, nullptr, "split"};
  TaskGraph graph = build_task_graph({make.job(4)}, unlabelled);
  EXPECT_EQ(graph.tasks.back().inputs.size(), 2u);
  EXPECT_EQ((*graph.tasks.back().params)["silhouette"], true);
}

TEST(TaskGraph, ACosineScheduleRefusesToShareAndSaysWhy) {
  Jobs make;
  make.cosine();
  const Job ten = make.job(10), twenty = make.job(20);
  TaskGraph graph = build_task_graph({ten, twenty}, dataset);
  EXPECT_EQ(stages_of(graph)["train"], 2);
  ASSERT_EQ(graph.sharing_refused.size(), 1u);
  EXPECT_EQ(graph.sharing_refused[0],
            "train of AE (latent 128), seed 0: epochs 10, 20 are separate runs, because lr_schedule cosine depends on the total "
            "number of epochs");
}

TEST(TaskGraph, WhatEndsATrainingEarlyRefusesToShareAndSaysWhy) {
  auto said = [](const Json& options) {
    Jobs make;
    make.trained_with(options);
    const TaskGraph graph = build_task_graph({make.job(10), make.job(20)}, dataset);
    EXPECT_EQ(stages_of(graph)["train"], 2);
    return graph.sharing_refused;
  };
  const std::string begin = "train of AE (latent 128), seed 0: epochs 10, 20 are separate runs, because ", end = " depends on the total number of epochs";
  EXPECT_EQ(said({{"early_stop", "rank"}}), std::vector<std::string>{begin + "the best epoch of early_stop" + end});
  EXPECT_EQ(said({{"max_minutes", 5.0}}), std::vector<std::string>{begin + "what max_minutes leaves of a training" + end});
}

TEST(TaskGraph, AChainReadsItsOwnSteps) {
  Jobs make;
  TaskGraph graph = build_task_graph({make.job(4, 0, {make.pca(50), make.tsne(2, 250)}), make.job(4, 0, {make.pca(50)})}, dataset);
  EXPECT_EQ(stages_of(graph)["reduce"], 2);
  const JobStep& second = graph.jobs[0].path[4];
  EXPECT_EQ(second.step, 1);
  EXPECT_EQ(graph.tasks[second.task].inputs[0].extent, 50);
}

TEST(TaskGraph, KeysDoNotDependOnOrderOrCompany) {
  Jobs make;
  std::vector<Job> jobs{make.job(4, 0, {make.pca(8)}), make.job(4, 1, {make.tsne(2, 250)}), make.job(8, 0)};
  TaskGraph forward = build_task_graph(jobs, dataset);
  std::reverse(jobs.begin(), jobs.end());
  TaskGraph backward = build_task_graph(jobs, dataset);
  for (std::size_t i = 0; i < jobs.size(); ++i) EXPECT_EQ(forward.jobs[i].key, backward.jobs[jobs.size() - 1 - i].key);
}

TEST(TaskGraph, EqualParametersAreOneTaskWhereverTheyLie) {
  Jobs make, again;
  Job one = make.job(4, 0, {make.tsne(2, 250)}), other = again.job(4, 0, {again.tsne(2, 250)});
  other.architecture = "the same layers";
  TaskGraph alone = build_task_graph({one}, dataset), both = build_task_graph({one, other}, dataset);
  EXPECT_EQ(both.tasks.size(), alone.tasks.size());
  EXPECT_EQ(both.jobs[0].path.back().task, both.jobs[1].path.back().task);
  EXPECT_NE(both.jobs[0].key, both.jobs[1].key);
}

TEST(TaskGraph, ManyTasksAreInternedInAnyOrder) {
  Jobs make;
  std::vector<Chain> reductions = {{}, {make.pca(4)}, {make.tsne(2, 250)}, {make.tsne(2, 500)}};
  std::vector<Job> seeds_last, seeds_first;
  for (const auto& reduction : reductions) {
    for (std::int64_t epochs : {1, 5, 2}) {
      for (int seed = 0; seed < 50; ++seed) seeds_last.push_back(make.job(epochs, seed, reduction));
    }
  }
  for (std::size_t seed = 0; seed < 50; ++seed) {
    for (std::size_t i = 0; i < seeds_last.size(); i += 50) seeds_first.push_back(seeds_last[i + seed]);
  }
  std::set<std::string> keys[2];
  int which = 0;
  for (const std::vector<Job>& jobs : {seeds_last, seeds_first}) {
    TaskGraph graph = build_task_graph(jobs, dataset);
    EXPECT_EQ(stages_of(graph), (std::map<std::string, int>{
                                    {"load", 1}, {"train", 50}, {"encode", 150}, {"reduce", 300}, {"cluster", 600}, {"labels", 1}, {"score", 600}}));
    for (const TaskNode& task : graph.tasks) keys[which].insert(task.key);
    EXPECT_EQ(keys[which++].size(), graph.tasks.size());
  }
  EXPECT_EQ(keys[0], keys[1]);
}
