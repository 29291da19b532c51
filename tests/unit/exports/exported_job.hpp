#pragma once

#include <gtest/gtest.h>

#include <span>
#include <string>
#include <vector>

#include "db/details.hpp"
#include "store/npy.hpp"
#include "support/predictions.hpp"
#include "support/sample_results.hpp"

namespace latentgrid {

// A complete job with artifacts on the disk, on images of a file.
struct ExportedJob : ::testing::Test {
  testing::TemporaryResults results;
  ArtifactStore store{results.folder()};
  JobDetail job;
  SweepRevision revision;
  DatasetSource source;

  ExportedJob() {
    job.row.job = "0123456789ab";
    job.row.architecture = "AE1";
    job.row.state = "complete";
    source.name = "scenes";
    source.images = {results.folder() / "images.npy"};
    source.labels = {{results.folder() / "labels.npy", 0, {}}};
    revision.file = "scenes.yaml";
  }

  void leaves(const std::vector<std::string>& stages) {
    for (const std::string& stage : stages) {
      job.path.push_back({.stage = stage, .artifact = {sha256_hex(stage), 0}, .recorded = true, .record = Json::object()});
    }
  }

  std::filesystem::path file_of(const std::string& stage, const std::string& name) const {
    for (const PathStep& step : job.path) {
      if (step.stage == stage) return store.folder(stage, step.artifact) / name;
    }
    return results.folder() / name;
  }

  template <typename T>
  void write(const std::string& stage, const std::string& name, const std::vector<T>& values) {
    std::filesystem::create_directories(file_of(stage, name).parent_path());
    write_npy(file_of(stage, name), std::span<const T>(values), {static_cast<std::int64_t>(values.size())});
  }
  void label(const std::vector<std::int32_t>& labels) { write("", "labels.npy", labels); }
  void images(const std::string& name, std::int64_t count) {
    const std::vector<std::uint8_t> pixels(static_cast<std::size_t>(count) * 4, 9);
    write_npy(results.folder() / name, std::span(pixels), {count, 2, 2});
  }

  // What a run would.
  void keep() {
    revision.dataset["source"] = source.to_json();
    testing::write_labels(store, {sha256_hex("labels"), 0}, source);
  }
};

}  // namespace latentgrid
