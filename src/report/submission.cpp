#include "report/submission.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>

#include "base/error.hpp"
#include "data/dataset.hpp"
#include "report/charts/parts.hpp"
#include "report/fields.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

using Classes = std::vector<std::int64_t>;

const PathStep& required_step(const JobDetail& job, const std::string& stage) {
  for (const PathStep& step : job.path) {
    if (step.stage == stage) return step;
  }
  throw Error(fmt::format("job {} has no stage '{}'", job.row.job, stage));
}

// A list of the artifact of this stage.
std::vector<std::int32_t> read_list(const JobDetail& job, const std::string& stage, const std::string& name,
                                    const SweepRevision& revision, const ArtifactStore& store) {
  const fs::path file = store.folder(stage, required_step(job, stage).artifact) / name;
  if (!fs::exists(file)) {
    // A published artifact is taken for whole: `run` makes it anew only where all of it is gone.
    const fs::path folder = file.parent_path();
    throw Error(fmt::format("{} of job {} is missing: {}\n  hint: {}`latentgrid run {}` makes it anew", name,
                            job.row.job, file.string(),
                            fs::exists(folder) ? fmt::format("remove {}, then ", folder.string()) : "", revision.file));
  }
  const NpyFile npy(file);
  const std::span<const std::int32_t> values = npy.int32s();
  return {values.begin(), values.end()};
}

void check_clusters(const JobDetail& job, const std::vector<std::int32_t>& clusters, std::size_t count) {
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    if (clusters[i] >= 0 && static_cast<std::size_t>(clusters[i]) < count) continue;
    throw Error(
        fmt::format("job {}: image {} is in cluster {} of {}; its artifacts don't fit each other: remove the folders "
                    "that `latentgrid show {}` names for cluster and score, and run the sweep again",
                    job.row.job, i, clusters[i], count, job.row.job));
  }
}

// The label files' values for classes 0, 1, ... or why they can't be had.
struct Values {
  Classes values;
  std::string problem;
};

Values values_of_classes(const SweepRevision& revision, const PathStep& score) {
  if (!revision.dataset.contains("source")) return {{}, "an older latentgrid recorded no label files"};
  try {
    const DatasetSource source = DatasetSource::from_json(revision.dataset["source"]);
    DigestCache digests;
    const Json params = score.record.value("provenance", Json::object()).value("params", Json::object());
    if (params.contains("labels") && params["labels"] != label_identity(source, digests)) {
      return {{}, fmt::format("the labels of dataset '{}' are not what they were when the job ran", source.name)};
    }
    Values found{class_values(source), ""};
    const auto classes = revision.dataset.value("classes", std::int64_t{0});
    if (static_cast<std::int64_t>(found.values.size()) != classes) {
      return {{},
              fmt::format("dataset '{}' has {} classes now and had {} when the job ran", source.name,
                          found.values.size(), classes)};
    }
    return found;
  } catch (const Error& error) {
    return {{}, error.what()};
  }
}

// Classes as the label files write them; they stay numbers from 0 where that is not known.
void rename_classes(Classes& labels, const SweepRevision& revision, const PathStep& score, std::string& renumbered) {
  Values known = values_of_classes(revision, score);
  const std::int64_t most = labels.empty() ? -1 : *std::max_element(labels.begin(), labels.end());
  if (known.problem.empty() && most >= static_cast<std::int64_t>(known.values.size())) {
    known.problem = fmt::format("the score knows class {}, the dataset only {}", most, known.values.size());
  }
  renumbered = known.problem;
  if (!renumbered.empty()) return;
  for (std::int64_t& label : labels) {
    if (label >= 0) label = known.values[static_cast<std::size_t>(label)];
  }
}

std::string csv_of(const std::vector<std::int32_t>& clusters, const Classes& labels) {
  fmt::memory_buffer csv;
  fmt::format_to(std::back_inserter(csv), "id,label\n");
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    fmt::format_to(std::back_inserter(csv), "{},{}\n", i, labels[static_cast<std::size_t>(clusters[i])]);
  }
  return fmt::to_string(csv);
}

}  // namespace

Submission make_submission(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store) {
  const ResultRow& row = job.row;
  if (row.state != "complete") {
    throw Error(fmt::format("job {} is {}{}; `latentgrid run {}` does what is missing", row.job, row.state,
                            row.reason.empty() ? "" : ", " + row.reason, revision.file));
  }
  const std::vector<std::int32_t> clusters = read_list(job, "cluster", "clusters.npy", revision, store);
  Submission submission{.job = row.job, .images = static_cast<std::int64_t>(clusters.size())};
  const std::string epochs =
      row.epochs > 0 ? charts::counted(static_cast<std::size_t>(row.epochs), "epoch") + ", " : "";
  const std::string description = fmt::format("latentgrid job {}: {}, {}k = {}, seed {}", row.job,
                                              row_label(row, !row.latent.empty()), epochs, row.k, row.seed);
  auto add = [&](const std::string& mapping, const Classes& labels) {
    const std::string suffix = mapping.empty() ? "" : fmt::format(", mapping {}", mapping);
    submission.files.push_back({mapping, labels, description + suffix, csv_of(clusters, labels)});
  };
  if (row.accuracy) {
    const PathStep& score = required_step(job, "score");
    const std::vector<std::int32_t> assignment = read_list(job, "score", "assignment.npy", revision, store);
    check_clusters(job, clusters, assignment.size());
    Classes labels(assignment.begin(), assignment.end());
    submission.labelled = revision.dataset.value("labelled", std::int64_t{0});
    submission.accuracy = row.accuracy;
    submission.without_class = std::count_if(clusters.begin(), clusters.end(), [&](std::int32_t cluster) {
      return labels[static_cast<std::size_t>(cluster)] < 0;
    });
    rename_classes(labels, revision, score, submission.renumbered);
    add("", labels);
    return submission;
  }
  check_clusters(job, clusters, static_cast<std::size_t>(row.k));
  Classes labels(static_cast<std::size_t>(row.k));
  std::iota(labels.begin(), labels.end(), 0);
  if (row.k == 2) {
    add("a", labels);
    add("b", {1, 0});
  } else {
    add("", labels);
  }
  return submission;
}

}  // namespace latentgrid
