#include "exports/submission.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <span>

#include "base/error.hpp"
#include "base/text.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "report/charts/common.hpp"
#include "report/fields.hpp"
#include "report/job_artifacts.hpp"
#include "report/job_images.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

using Classes = std::vector<std::int64_t>;

// Classes as the label files write them.
void rename_classes(const JobDetail& job, Classes& labels, const Classes& values) {
  for (std::int64_t& label : labels) {
    if (label >= static_cast<std::int64_t>(values.size())) {
      throw Error(fmt::format("the score of job {} knows class {}, its data set only {}", job.row.job, label, values.size()));
    }
    if (label >= 0) label = values[static_cast<std::size_t>(label)];
  }
}

// An image with a row: its position among the job's images, and its id.
struct Row {
  std::size_t position;
  std::int64_t id;
};

std::string selection_of(const Json& source) {
  if (!source.is_object()) return "";
  const auto classes = source.value("classes", std::vector<std::int64_t>());
  std::vector<std::string> parts;
  if (!classes.empty()) parts.push_back(fmt::format("class{} {}", classes.size() > 1 ? "es" : "", fmt::join(classes, ", ")));
  if (const Json limit = source.value("limit", Json()); !limit.is_null()) parts.push_back(fmt::format("limit {}", limit.dump()));
  return fmt::format("{}", fmt::join(parts, " and "));
}

// By its name, or by the path that the sweep gave.
std::size_t chosen_file(const SelectedImages& images, const Json& source, const std::string& wanted) {
  const auto paths = source.is_object() ? source.value("images", std::vector<std::string>()) : std::vector<std::string>();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < images.files().size(); ++i) {
    const std::string& name = images.file_name(i);
    if (!name.empty() && (wanted == name || (i < paths.size() && fs::absolute(wanted).lexically_normal() == paths[i]))) return i;
    names.push_back(name);
  }
  throw UsageError(fmt::format("--images {}: the data set has no such image file; its files are {}", wanted,
                               fmt::join(names, ", ")));
}

std::vector<Row> rows_of_all(const SelectedImages& images, Submission& submission) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < images.size(); ++i) rows.push_back({i, images.number_over_all(i)});
  for (const SelectedImages::File& file : images.files()) submission.images_in_file += file.images;
  return rows;
}

std::vector<Row> rows_of_file(const SelectedImages& images, std::size_t file, Submission& submission) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < images.size(); ++i) {
    const SelectedImages::Place place = images.place(i);
    if (place.file == file) rows.push_back({i, place.number});
  }
  submission.image_file = images.file_name(file);
  submission.images_in_file = images.files()[file].images;
  for (std::size_t i = 0; i < images.files().size(); ++i) {
    if (i != file) submission.without_rows.push_back(images.file_name(i));
  }
  if (!rows.empty()) return rows;
  throw Error(fmt::format("the sweep uses no image of {} ({}), so there is nothing to submit", submission.image_file,
                          submission.selection));
}

std::vector<Row> rows_of(const JobDetail& job, const SweepRevision& revision, const SelectedImages& images, const std::string& wanted,
                         Submission& submission) {
  const Json source = member_of(revision.dataset, "source");
  submission.selection = selection_of(source);
  require_rows(job, clusters_file, static_cast<std::size_t>(submission.images), images.size());
  if (wanted == "all") return rows_of_all(images, submission);
  return rows_of_file(images, wanted.empty() ? 0 : chosen_file(images, source, wanted), submission);
}

// Noise has the label of clusters without a class: a competition scores every row, and no class is right more often than that.
std::int64_t label_of(std::int32_t cluster, const Classes& labels) {
  return cluster == noise_cluster ? -1 : labels[static_cast<std::size_t>(cluster)];
}

std::string csv_of(const std::vector<Row>& rows, const std::vector<std::int32_t>& clusters, const Classes& labels) {
  fmt::memory_buffer csv;
  fmt::format_to(std::back_inserter(csv), "id,label\n");
  for (const Row& row : rows) {
    fmt::format_to(std::back_inserter(csv), "{},{}\n", row.id, label_of(clusters[row.position], labels));
  }
  return fmt::to_string(csv);
}

}  // namespace

Submission make_submission(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store,
                           const std::string& images) {
  const ResultRow& row = job.row;
  require_complete(job, revision);
  const std::vector<std::int32_t> clusters = read_int32s(job, "cluster", clusters_file, revision, store);
  Submission submission{.job = row.job, .images = static_cast<std::int64_t>(clusters.size())};
  const ImageLabels known = image_labels_of(job, revision, store);
  const std::vector<Row> rows = rows_of(job, revision, known.images, images, submission);
  submission.rows = static_cast<std::int64_t>(rows.size());
  const std::int64_t k = row.k > 0 || clusters.empty() ? row.k : *std::max_element(clusters.begin(), clusters.end()) + 1;
  const std::string epochs =
      trains_encoder(row.architecture) ? counted(row.epochs, "epoch") + ", " : "";
  const std::string description = fmt::format("latentgrid job {}: {}, {}k = {}, seed {}", row.job,
                                              row_label(row, !row.latent.empty()), epochs, k, row.seed);
  submission.noise = std::count_if(rows.begin(), rows.end(), [&](const Row& one) { return clusters[one.position] == noise_cluster; });
  auto add = [&](const std::string& mapping, const Classes& labels) {
    const std::string suffix = mapping.empty() ? "" : fmt::format(", mapping {}", mapping);
    submission.files.push_back({mapping, labels, description + suffix, csv_of(rows, clusters, labels)});
  };
  if (row["accuracy"]) {
    const std::vector<std::int32_t> assignment = read_int32s(job, "score", assignment_file, revision, store);
    check_clusters(job, clusters, assignment.size());
    Classes labels(assignment.begin(), assignment.end());
    submission.labelled = revision.dataset.value("labelled", std::int64_t{0});
    submission.accuracy = row["accuracy"];
    submission.without_class = std::count_if(rows.begin(), rows.end(), [&](const Row& one) {
      return clusters[one.position] != noise_cluster && label_of(clusters[one.position], labels) < 0;
    });
    rename_classes(job, labels, known.class_values);
    add("", labels);
    return submission;
  }
  check_clusters(job, clusters, static_cast<std::size_t>(k));
  Classes labels(static_cast<std::size_t>(k));
  std::iota(labels.begin(), labels.end(), 0);
  if (k == 2) {
    add("a", labels);
    add("b", {1, 0});
  } else {
    add("", labels);
  }
  return submission;
}

}  // namespace latentgrid
