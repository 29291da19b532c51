#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/key.hpp"
#include "db/recording.hpp"
#include "db/registration.hpp"
#include "db/row_sink.hpp"
#include "db/select.hpp"
#include "support/temporary_folder.hpp"

// A results folder and records to fill it with, for the tests of db, report and cli.
namespace latentgrid {

// Jobs with the numbers that a planner would give to the tasks of their paths. Lists refer to it.
class NumberedJobs {
 public:
  explicit NumberedJobs(std::vector<JobRecord> jobs) : jobs_(std::move(jobs)) {
    std::map<std::pair<std::string, ArtifactId>, std::size_t> numbers;
    for (JobRecord& job : jobs_) {
      for (TaskRef& task : job.path) {
        const auto [known, fresh] = numbers.try_emplace({task.stage, task.artifact}, tasks_.size());
        task.number = known->second;
        if (fresh) tasks_.push_back(task);
      }
    }
  }

  std::size_t size() const { return jobs_.size(); }
  const JobRecord& operator[](std::size_t job) const { return jobs_[job]; }
  JobList::Tasks tasks() const {
    return {tasks_.size(), [this](std::size_t i) -> TaskName { return {tasks_[i].stage, tasks_[i].artifact.key, tasks_[i].artifact.extent}; }};
  }

 private:
  std::vector<JobRecord> jobs_;
  std::vector<TaskRef> tasks_;
};

// The functions are called with a job whose record or key is asked for.
inline JobList list_of(const std::vector<JobRecord>& jobs, std::function<void(std::size_t)> record_asked = {}, std::function<void(std::size_t)> key_asked = {}) {
  const auto numbered = std::make_shared<const NumberedJobs>(jobs);
  return {jobs.size(), [numbered](std::size_t i) -> const std::string& { return (*numbered)[i].id; },
          [numbered, key_asked](std::size_t i) -> const std::string& {
            if (key_asked) key_asked(i);
            return (*numbered)[i].key;
          },
          [numbered, record_asked](std::size_t i) {
            if (record_asked) record_asked(i);
            return (*numbered)[i];
          },
          [numbered] { return numbered->tasks(); }};
}

inline std::int64_t register_sweep(ResultsDb& db, const SweepRecord& sweep, const std::vector<JobRecord>& jobs) {
  return register_sweep(db, sweep, list_of(jobs)).revision;
}

inline std::int64_t register_sweep(ResultsDb&& db, const SweepRecord& sweep, const std::vector<JobRecord>& jobs) {
  return register_sweep(db, sweep, jobs);
}

namespace testing {

class TemporaryResults {
 public:
  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path database() const { return folder_ / "latentgrid.db"; }

 private:
  TemporaryFolder folder_;
};

// The steps behind "pca50+tsne", as a job records them.
inline Json sample_steps(const std::string& reduction, std::int64_t reduced_dim) {
  Json steps = Json::array();
  if (reduction == "none") return steps;
  for (std::size_t start = 0; start <= reduction.size();) {
    const std::size_t end = std::min(reduction.find('+', start), reduction.size());
    const std::string step = reduction.substr(start, end - start);
    const std::size_t digits = end == reduction.size() ? step.size() : step.find_last_not_of("0123456789") + 1;
    steps.push_back({{"method", step.substr(0, digits)}, {"dim", digits < step.size() ? std::stoll(step.substr(digits)) : reduced_dim}});
    start = end + 1;
  }
  return steps;
}

// A job whose keys come from what is passed, as a planner's would: equal work, equal key.
inline JobRecord sample_job(const std::string& architecture, const std::string& reduction, std::int64_t reduced_dim,
                            std::int64_t seed) {
  JobRecord job;
  job.dataset = "scenes";
  job.architecture = architecture;
  bool raw = architecture == "raw";
  job.latent = raw ? "" : "native";
  job.latent_dim = raw ? 3072 : architecture == "AE1" ? 2048 : 4096;
  job.epochs = raw ? 0 : architecture == "AE1" ? 20 : 4;
  job.reduction = reduction;
  job.reduced_dim = reduced_dim;
  job.clustering = "kmeans";
  job.k = 2;
  job.seed = seed;
  job.params = {{"train", {{"batch_size", 128}, {"learning_rate", 0.001}}}, {"reduction", sample_steps(reduction, reduced_dim)}};
  job.axes = {{"architecture", architecture}, {"reduction", reduction}, {"seed", seed}};
  std::string so_far;
  auto add = [&](const std::string& stage, const std::string& what, std::int64_t extent) {
    so_far += "/" + stage + ":" + what;
    job.path.push_back({stage, {sha256_hex(so_far), extent}, 0});
    so_far += "@" + std::to_string(extent);
  };
  add("load", "scenes", 0);
  if (!raw) add("train", architecture + std::to_string(seed), job.epochs);
  add("encode", architecture, 0);
  if (reduction != "none")
    add("reduce", reduction + (reduction == "tsne" ? std::to_string(reduced_dim) : ""), reduced_dim);
  add("cluster", "kmeans" + std::to_string(seed), 0);
  job.path.push_back({"labels", {sha256_hex("labels of scenes"), 0}, 0});
  add("score", "labels", 0);
  job.key = sha256_hex("job" + so_far);
  job.id = job.key.substr(0, 12);
  return job;
}

inline SweepRecord sample_sweep(const std::string& name) {
  return {.name = name,
          .file = "experiments/" + name + ".yaml",
          .text = "name: " + name + "\n",
          .options = Json::object(),
          .report = nullptr,
          .dataset = {{"name", "scenes"}, {"images", 8500}, {"labelled", 8500}, {"classes", 2}},
          .provenance = {{"build", "0.1.0"}, {"git_commit", "0123abc"}, {"host", "lab"}},
          .created_at = "2026-11-21T10:00:00.000Z"};
}

inline const TaskRef& task_of(const JobRecord& job, const std::string& stage) {
  for (const TaskRef& task : job.path) {
    if (task.stage == stage) return task;
  }
  throw std::logic_error("no " + stage + " on the path");
}

inline ArtifactRow sample_artifact(const TaskRef& task, const Json& metrics, double wall_s) {
  Json record = {{"stage", task.stage},
                 {"key", task.artifact.key},
                 {"extent", task.artifact.extent},
                 {"metrics", metrics},
                 {"record", {{"method", task.stage == "reduce" ? "pca" : "default"}}},
                 {"provenance",
                  {{"build", "0.1.0"},
                   {"git_commit", "0123abc"},
                   {"libraries", {{"libtorch", "1.13.1"}}},
                   {"host", "lab"},
                   {"device", "cpu"},
                   {"threads", 1},
                   {"seed", 7}}},
                 {"usage", {{"wall_s", wall_s}, {"cpu_s", wall_s * 2}, {"peak_rss_kb", 250000}}}};
  return {task.stage, task.artifact, record, "2026-11-21T10:05:00.000Z"};
}

struct Scores {
  double recon_mse = 0, accuracy = 0, accuracy_public = 0, accuracy_private = 0, ari = 0, nmi = 0;
};

// Every artifact of the job's path, one wall second a stage but for the labels; recon_mse is left out for raw.
inline std::vector<ArtifactRow> sample_artifacts(const JobRecord& job, const Scores& scores) {
  std::vector<ArtifactRow> rows;
  for (const TaskRef& task : job.path) {
    Json metrics = Json::object();
    if (task.stage == "encode" && job.architecture != "raw") metrics = {{"recon_mse", scores.recon_mse}};
    if (task.stage == "score") {
      metrics = {{"accuracy", scores.accuracy},
                 {"accuracy_public", scores.accuracy_public},
                 {"accuracy_private", scores.accuracy_private},
                 {"ari", scores.ari},
                 {"nmi", scores.nmi},
                 {"labelled", 8500}};
    }
    rows.push_back(sample_artifact(task, metrics, task.stage == "labels" ? 0.0 : 1.0));
    if (task.stage == "train") rows.back().record["record"]["losses"] = {0.5, 0.25, 0.125};
  }
  return rows;
}

// Keeps the rows of a query.
struct RowList : RowSink {
  std::vector<std::string> columns;
  std::vector<std::vector<Cell>> rows;
  void begin(const std::vector<std::string>& names) override { columns = names; }
  void row(const std::vector<Cell>& cells) override { rows.push_back(cells); }
};

// The cells of a row that are not empty, by their columns.
inline std::map<std::string, Cell> cells_of(const RowList& list, std::size_t row) {
  std::map<std::string, Cell> cells;
  for (std::size_t i = 0; i < list.columns.size(); ++i) {
    if (list.rows.at(row).at(i) != Cell()) cells[list.columns[i]] = list.rows[row][i];
  }
  return cells;
}

inline RowList selected(const ResultsDb& db, const std::string& sql) {
  RowList list;
  select(db, sql, list);
  return list;
}

inline std::int64_t number(const ResultsDb& db, const std::string& sql) {
  return std::get<std::int64_t>(selected(db, sql).rows.at(0).at(0));
}

inline std::string text(const ResultsDb& db, const std::string& sql) {
  return std::get<std::string>(selected(db, sql).rows.at(0).at(0));
}

// What `work` throws as an Error; "" if nothing.
template <typename Work>
std::string error_of(Work work) {
  try {
    work();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "";
}

}  // namespace testing
}  // namespace latentgrid
