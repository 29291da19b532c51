#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "db/registration.hpp"
#include "report/charts/charts.hpp"
#include "support/sample_results.hpp"

namespace latentgrid::testing {

// One cell of a grid and what it gave; what is not said is as the others have it.
struct SampleCell {
  std::string architecture = "AE1";
  std::string latent = "native";
  std::int64_t epochs = 20;
  std::string reduction = "pca";
  std::int64_t reduced_dim = 32;
  std::int64_t k = 10;
  std::int64_t seed = 0;
  double learning_rate = 0.001;
  std::optional<double> mse, accuracy, silhouette;
  std::string loss = "mse";
  JobState state = JobState::complete;
  std::vector<std::pair<std::string, Json>> axes = {};  // besides those above
  Json refine = nullptr;                                // the method and its parameters
  Json train_metrics = Json::object();
};

// As a planner makes it: epochs are an extent of train, so that cells which differ in them alone share a training.
inline JobRecord sample_job(const SampleCell& cell) {
  const bool raw = cell.architecture == "raw";
  JobRecord job{.dataset = "scenes", .architecture = cell.architecture, .latent = raw ? "" : cell.latent};
  job.latent_dim = raw ? 3072 : cell.latent == "native" ? 2048 : std::stoll(cell.latent);
  job.epochs = raw ? 0 : cell.epochs;
  job.reduction = cell.reduction;
  job.reduced_dim = cell.reduction == "none" ? job.latent_dim : cell.reduced_dim;
  job.clustering = "kmeans";
  job.k = cell.k;
  job.seed = cell.seed;
  job.params = {{"train", raw ? Json() : Json{{"learning_rate", cell.learning_rate}, {"loss", cell.loss}}},
                {"reduction", sample_steps(cell.reduction, cell.reduced_dim)},
                {"clustering", {{"k", cell.k}}}};
  if (!cell.refine.is_null()) job.params["refine"] = cell.refine;
  job.axes = {{"architecture", cell.architecture}};
  if (!raw) {
    job.axes.emplace_back("latent_dim", cell.latent == "native" ? Json("native") : Json(job.latent_dim));
    job.axes.emplace_back("epochs", job.epochs);
    job.axes.emplace_back("learning_rate", cell.learning_rate);
  }
  job.axes.insert(job.axes.end(), {{"reduction", cell.reduction},
                                   {"reduced_dim", job.reduced_dim},
                                   {"clustering", "kmeans"},
                                   {"k", cell.k},
                                   {"seed", cell.seed}});
  job.axes.insert(job.axes.end(), cell.axes.begin(), cell.axes.end());
  std::string so_far;
  auto add = [&](const std::string& stage, const std::string& what, std::int64_t extent) {
    so_far += "/" + stage + ":" + what;
    job.path.push_back({stage, {sha256_hex(so_far), extent}, 0});
    so_far += "@" + std::to_string(extent);
  };
  add("load", "scenes", 0);
  if (!raw) {
    add("train", cell.architecture + cell.latent + std::to_string(cell.seed) + real_to_text(cell.learning_rate) + (cell.loss == "mse" ? "" : cell.loss),
        job.epochs);
  }
  add("encode", "", 0);
  if (cell.reduction != "none") {
    const bool slices = cell.reduction == "pca";
    add("reduce", cell.reduction + (slices ? "" : std::to_string(cell.reduced_dim)), slices ? cell.reduced_dim : 1000);
  }
  add("cluster", std::to_string(cell.k) + "," + std::to_string(cell.seed) + (cell.axes.empty() ? "" : Json(cell.axes).dump()), 0);
  add("score", "labels", 0);
  job.key = sha256_hex("job" + so_far);
  job.id = job.key.substr(0, 12);
  return job;
}

// A results folder with a sweep of cells, and what builders get of it.
struct ChartTest : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  ArtifactStore store{results.folder()};
  Json dataset = sample_sweep("grid").dataset;
  double wall_s = 1;                                      // of every artifact
  std::vector<Json> losses = {0.5, 0.25, 0.125, 0.0625};  // of a training, as many as it has epochs

  ReportData data_of(const std::vector<SampleCell>& cells) {
    std::vector<JobRecord> jobs;
    for (const SampleCell& cell : cells) jobs.push_back(sample_job(cell));
    SweepRecord sweep = sample_sweep("grid");
    sweep.dataset = dataset;
    register_sweep(db, sweep, jobs);
    std::vector<ArtifactRow> artifacts;
    std::vector<JobStateRow> states;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (cells[i].state == JobState::complete) add_artifacts(artifacts, cells[i], jobs[i]);
      states.push_back({jobs[i].id, cells[i].state, cells[i].state == JobState::failed ? "train: loss is NaN" : ""});
    }
    record_results(db, artifacts, {}, states);
    return {db, store, "grid", *latest_revision(db, "grid"), load_results(db, "grid")};
  }

 private:
  void add_artifacts(std::vector<ArtifactRow>& rows, const SampleCell& cell, const JobRecord& job) const {
    for (const TaskRef& task : job.path) {
      Json metrics = Json::object();
      if (task.stage == "train") metrics = cell.train_metrics;
      if (task.stage == "encode" && cell.mse) metrics["recon_mse"] = *cell.mse;
      if (task.stage == "score" && cell.accuracy) metrics["accuracy"] = *cell.accuracy;
      if (task.stage == "score" && cell.silhouette) metrics["silhouette"] = *cell.silhouette;
      const double seconds = wall_s * (task.stage == "train" ? static_cast<double>(cell.epochs) : 1);
      rows.push_back(sample_artifact(task, metrics, seconds));
      if (task.stage != "train") continue;
      Json& kept = rows.back().record["record"]["losses"] = Json::array();
      for (std::int64_t epoch = 0; epoch < cell.epochs && epoch < static_cast<std::int64_t>(losses.size()); ++epoch) {
        kept.push_back(losses[static_cast<std::size_t>(epoch)]);
      }
    }
  }
};

using Sentences = std::vector<std::string>;

inline bool is_empty(const Figure& figure) {
  return std::holds_alternative<std::monostate>(figure.body);
}

}  // namespace latentgrid::testing
