#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "db/figure_tasks.hpp"
#include "report/charts/charts.hpp"
#include "store/npy.hpp"
#include "support/predictions.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {

using namespace testing;

// What a run has left for the figures: artifacts on the disk and the rows of the table `pictures`.
struct FiguresOfTasks : ::testing::Test {
  TemporaryResults results;
  ResultsDb db = ResultsDb::open_for_writing(results.database());
  ArtifactStore store{results.folder()};
  std::vector<JobRecord> jobs = {sample_job("AE1", "pca", 32, 0), sample_job("AE2", "pca", 32, 0)};
  std::vector<FigureTaskRow> rows;
  Json record = Json::object();  // of the next reconstruction
  Json train_metrics = Json::object();  // that every training leaves
  bool keeps_labels = true;      // of `source`, as a run would
  const Json spec = {{"kind", "any"}, {"name", "figure"}, {"title", "Title"}};

  ArtifactId id(const std::string& what, std::int64_t extent = 0) { return {sha256_hex(what), extent}; }

  // Two images of 1×2×1 values: black and white, and both grey.
  void reconstruct(std::size_t job, std::vector<float> values, std::vector<float> errors, const Json& images = {3, 7}) {
    const ArtifactId artifact = id("reconstruct" + std::to_string(job));
    const auto staged = store.new_staging_folder();
    const std::vector<std::uint8_t> originals = {0, 255, 128, 128};
    write_npy(staged / "originals.npy", std::span<const std::uint8_t>(originals), {2, 1, 2, 1});
    write_npy(staged / "reconstructions.npy", std::span<const float>(values), {2, 1, 2, 1});
    write_npy(staged / "errors.npy", std::span<const float>(errors), {2});
    store.publish(staged, "reconstruct", artifact,
                  {{"metrics", Json::object()}, {"record", record}, {"provenance", {{"params", {{"images", images}}}}}});
    add(static_cast<std::int64_t>(job), "reconstruct", job, "reconstruct", artifact);
  }

  void add(std::int64_t panel, const std::string& role, std::size_t job, const std::string& stage,
           const ArtifactId& artifact) {
    rows.push_back({"figure", panel, role, jobs[job].id, stage, artifact});
  }

  void embedding(std::int64_t panel, const Json& params, std::int64_t extent, const Json& metrics, double trust,
                 const std::vector<float>& points = {0, 1, 2, 3, 4, 5}) {
    const ArtifactId artifact = id("reduce" + params.dump(), extent), of_trust = id("trust" + params.dump(), extent);
    auto staged = store.new_staging_folder();
    write_npy(staged / "embedding.npy", std::span<const float>(points), {static_cast<std::int64_t>(points.size()) / 2, 2});
    store.publish(staged, "reduce", artifact, {{"metrics", metrics}, {"provenance", {{"params", params}}}});
    store.publish(store.new_staging_folder(), "trustworthiness", of_trust, {{"metrics", {{"trustworthiness", trust}}}});
    add(panel, "embedding", 1, "reduce", artifact);
    add(panel, "trustworthiness", 1, "trustworthiness", of_trust);
    add(panel, "images", 1, "load", id("images"));
    if (source.synthetic) source.synthetic->images = static_cast<std::int64_t>(points.size()) / 2;
  }

  // The job whose map it is has put images 0 and 2 into cluster 1, image 1 into cluster 0; and is right about two.
  void clusters() {
    auto staged = store.new_staging_folder();
    write_npy(staged / "clusters.npy", std::span<const std::int32_t>(std::vector<std::int32_t>{1, 0, 1}), {3});
    store.publish(staged, "cluster", task_of(jobs[1], "cluster").artifact, {{"metrics", Json::object()}});
    staged = store.new_staging_folder();
    write_npy(staged / "predictions.npy", std::span<const std::int32_t>(std::vector<std::int32_t>{0, 1, 0}), {3});
    store.publish(staged, "score", task_of(jobs[1], "score").artifact, {{"metrics", Json::object()}});
  }

  void images() {
    const auto staged = store.new_staging_folder();
    const std::vector<std::uint8_t> pixels = {1, 2, 3};
    write_npy(staged / "images.npy", std::span<const std::uint8_t>(pixels), {3, 1, 1, 1});
    store.publish(staged, "load", id("images"), {{"metrics", Json::object()}});
  }

  DatasetSource source{.name = "made", .synthetic = DatasetSource::Synthetic{.images = 8}};

  const ArtifactId& of_labels() const { return task_of(jobs[1], "labels").artifact; }

  // Those of a map's own images.
  void other_labels(const DatasetSource& of) {
    const auto staged = store.new_staging_folder();
    ImageLabels(of).write(staged);
    store.publish(staged, "labels", id(of.to_json().dump()), {{"metrics", Json::object()}});
    std::erase_if(rows, [](const FigureTaskRow& row) { return row.role == "labels"; });
    add(0, "labels", 1, "labels", id(of.to_json().dump()));
  }

  ReportData data() {
    SweepRecord sweep = sample_sweep("s");
    sweep.dataset["source"] = source.to_json();
    if (keeps_labels) write_labels(store, of_labels(), source);
    const std::int64_t revision = register_sweep(db, sweep, jobs);
    for (const JobRecord& job : jobs) {
      std::vector<ArtifactRow> artifacts = sample_artifacts(job, {0.04, 0.75, 0.5, 1.0, 0.2, 0.1});
      for (ArtifactRow& artifact : artifacts) {
        if (artifact.stage == "train") artifact.record["metrics"].update(train_metrics);
      }
      record_results(db, artifacts, {}, {{job.id, JobState::complete, ""}});
    }
    set_figure_tasks(db, revision, rows);
    return {db, store, "s", latest_revision(db, "s").value(), load_results(db, "s")};
  }
};

}  // namespace latentgrid
