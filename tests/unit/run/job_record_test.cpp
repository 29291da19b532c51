// What planning says of a job's columns is what the database has of them.
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <tuple>

#include "data/digest_cache.hpp"
#include "db/job_columns.hpp"
#include "db/list_jobs.hpp"
#include "db/registration.hpp"
#include "plan/job_conditions.hpp"
#include "plan/make_plan.hpp"
#include "run/job_record.hpp"
#include "run/sweep_run.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {
namespace {

using namespace testing;

constexpr const char* sweep_text = R"(name: one
dataset: {synthetic: {images: 100, classes: 2, seed: 1}}
architectures:
  tiny:
    encoder: [{conv2d: [channels, 2, 2, 2]}]
    decoder: [{conv_transpose2d: [2, channels, 2, 2]}, tanh]
grid:
  architecture: {tiny: {latent_dim: [4, native], epochs: [1, 2]}, raw: }
  learning_rate: [0.001, 0.01]
  reduction: [none, {pca: {dim: [2, 4]}}, [{pca: {dim: 3}}, {tsne: {perplexity: [5, 10], device: [cpu, auto]}}]]
)";

TEST(JobRecord, ConditionsMeanTheSameBeforeTheRunAndAfterIt) {
  TemporaryResults results;
  std::ofstream(results.folder() / "sweep.yaml") << sweep_text;
  Diagnostics diagnostics;
  DigestCache digests;
  const auto plan = make_plan(results.folder() / "sweep.yaml", {}, ArtifactStore(results.folder()), digests, diagnostics);
  ASSERT_TRUE(plan) << diagnostics.render();
  const std::vector<Job>& jobs = plan->expansion.jobs;
  std::vector<JobRecord> records;
  const TaskNumbers numbers(plan->graph);
  for (std::size_t i = 0; i < jobs.size(); ++i) records.push_back(job_record(jobs[i], plan->graph.jobs[i], plan->graph, numbers));
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  const std::int64_t revision = register_sweep(db, sample_sweep("one"), records);
  for (const char* const text :
       {"architecture = tiny", "architecture != raw", "epochs = 1", "epochs = -", "epochs != 2", "epochs < 2", "latent_dim = native",
        "latent_dim = 512", "latent_dim = 3072", "latent_dim != 4", "latent = -", "latent = native", "latent_dim <= 512",
        "reduction = PCA", "reduction = pca3 + t-SNE", "reduction != none", "reduced_dim = 2", "pca.dim = 3", "pca.dim >= 4", "pca.dim = -",
        "learning_rate = 0.01", "learning_rate = -", "tsne.perplexity > 5", "tsne.device = cpu", "pca.whiten = false", "pca.whiten = true", "tsne.iterations = 1000",
        "kmeans.n_init = 10", "clustering = k-means", "k = 2", "seed = 0", "threads = 1", "dataset = synthetic", "batch_size = 128"}) {
    const Condition condition = parse_condition(text);
    const std::vector<std::size_t> recorded = jobs_that_meet(db, revision, {condition});
    Diagnostics said;
    EXPECT_EQ(jobs_that_meet(jobs, {{condition, {}, {}}}, {}, said), recorded) << text;
    EXPECT_EQ(said.has_errors(), recorded.empty()) << text << "\n" << said.render();
  }
}

TEST(JobRecord, NumbersNameTheTasksOfThePathsEachOnce) {
  TemporaryResults results;
  std::ofstream(results.folder() / "sweep.yaml") << sweep_text;
  Diagnostics diagnostics;
  DigestCache digests;
  const auto plan = make_plan(results.folder() / "sweep.yaml", {}, ArtifactStore(results.folder()), digests, diagnostics);
  ASSERT_TRUE(plan) << diagnostics.render();
  const TaskNumbers numbers(plan->graph);
  const JobList::Tasks tasks = numbers.tasks();
  std::set<std::size_t> found;
  std::set<std::tuple<std::string, std::string, std::int64_t>> names;
  for (std::size_t i = 0; i < plan->graph.jobs.size(); ++i) {
    for (const TaskRef& task : job_record(plan->expansion.jobs[i], plan->graph.jobs[i], plan->graph, numbers).path) {
      ASSERT_LT(task.number, tasks.count);
      const TaskName name = tasks.name(task.number);
      EXPECT_EQ(name.stage, task.stage);
      EXPECT_EQ(name.key, task.artifact.key);
      EXPECT_EQ(name.extent, task.artifact.extent);
      found.insert(task.number);
      names.emplace(name.stage, name.key, name.extent);
    }
  }
  EXPECT_EQ(found.size(), tasks.count);
  EXPECT_EQ(names.size(), tasks.count);
  EXPECT_GT(tasks.count, plan->graph.tasks.size()) << "a family has several";
}

// Nobody can set them of a refinement: they are the training's.
TEST(JobRecord, OfARefinementHasItsOwnParametersAlone) {
  TemporaryResults results;
  std::string text = sweep_text;
  text.replace(text.find("  learning_rate"), 0, "  refine: [none, dec]\n");
  std::ofstream(results.folder() / "sweep.yaml") << text;
  Diagnostics diagnostics;
  DigestCache digests;
  const auto plan = make_plan(results.folder() / "sweep.yaml", {}, ArtifactStore(results.folder()), digests, diagnostics);
  ASSERT_TRUE(plan) << diagnostics.render();
  int refined = 0;
  for (std::size_t i = 0; i < plan->expansion.jobs.size(); ++i) {
    const Job& job = plan->expansion.jobs[i];
    if (!job.refinement()) continue;
    ++refined;
    const Json record = job_record(job, plan->graph.jobs[i], plan->graph, TaskNumbers(plan->graph)).params["refine"];
    EXPECT_EQ(record["method"], "dec");
    EXPECT_EQ(record["k"], 2);
    EXPECT_EQ(record["epochs"], 20);
    for (const char* of_training : {"device", "precision", "convolution", "memory_format", "arithmetic"}) {
      EXPECT_FALSE(record.contains(of_training)) << of_training;
      EXPECT_TRUE(parameter_of(job, std::string("dec.") + of_training).is_null()) << of_training;
    }
  }
  EXPECT_GT(refined, 0);
}

}  // namespace
}  // namespace latentgrid
