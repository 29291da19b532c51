#include "exports/job_labels.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "columns/parameters.hpp"
#include "data/class_names.hpp"
#include "methods/artifact_files.hpp"
#include "methods/methods.hpp"
#include "report/job_artifacts.hpp"
#include "report/job_images.hpp"
#include "report/table.hpp"
#include "report/table_csv.hpp"
#include "store/npy.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t written_at_once = 1 << 20;

std::vector<float> read_errors(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store) {
  if (!trains_encoder(job.row.architecture) || !reconstructs(Json::parse(job.row.params, nullptr, false))) return {};  // nothing is reconstructed
  const NpyFile errors(required_file(job, "encode", errors_file, revision, store));
  return {errors.floats().begin(), errors.floats().end()};
}

std::string optional_text(const std::optional<std::int64_t>& value) { return value ? std::to_string(*value) : ""; }

std::string name_of(const JobLabels& labels, const std::optional<std::int64_t>& value) {
  const auto found = value ? labels.names.find(*value) : labels.names.end();
  return found == labels.names.end() ? "" : csv_field(found->second);
}

}  // namespace

std::optional<bool> JobLabel::correct() const {
  if (!label) return std::nullopt;
  return predicted == label;
}

JobLabels labels_of_job(const JobDetail& job, const SweepRevision& revision, const ArtifactStore& store) {
  require_complete(job, revision);
  const std::vector<std::int32_t> clusters = read_int32s(job, "cluster", clusters_file, revision, store);
  const std::vector<float> errors = read_errors(job, revision, store);
  const ImageLabels truth = image_labels_of(job, revision, store);
  const SelectedImages& images = truth.images;
  std::vector<std::int32_t> assignment;
  if (job.row["accuracy"]) {
    assignment = read_int32s(job, "score", assignment_file, revision, store);
    check_clusters(job, clusters, assignment.size());
  }
  require_rows(job, clusters_file, clusters.size(), images.size());
  if (!errors.empty()) require_rows(job, errors_file, errors.size(), images.size());

  JobLabels all;
  const std::size_t files = images.pictures() ? images.size() : images.files().size();
  for (std::size_t i = 0; i < files; ++i) all.files.push_back(images.pictures() ? images.name_of_file(i) : images.file_name(i));
  const ClassNames names = ClassNames::recorded(revision.dataset);
  for (std::size_t number = 0; number < truth.class_values.size() && job.row["accuracy"]; ++number) {
    if (const auto name = names.name(static_cast<std::int64_t>(number))) all.names[truth.class_values[number]] = *name;
  }
  auto value_of = [&](std::int32_t number) {
    const auto at = static_cast<std::size_t>(number);
    return number >= 0 && at < truth.class_values.size() ? std::optional(truth.class_values[at]) : std::nullopt;
  };
  for (std::size_t i = 0; i < images.size(); ++i) {
    const SelectedImages::Place place = images.place(i);
    JobLabel one{.image = place.number, .file = images.pictures() ? i : place.file, .cluster = clusters[i]};
    if (!assignment.empty()) {
      one.label = value_of(truth.labels[i]);
      one.predicted = clusters[i] == noise_cluster ? std::nullopt : value_of(assignment[static_cast<std::size_t>(clusters[i])]);
    }
    if (!errors.empty()) one.squared_error = errors[i];
    all.images.push_back(one);
  }
  return all;
}

JobLabels misclustered(const JobLabels& labels) {
  JobLabels wrong{labels.files, labels.names, {}};
  std::copy_if(labels.images.begin(), labels.images.end(), std::back_inserter(wrong.images),
               [](const JobLabel& image) { return image.correct() == false; });
  std::stable_sort(wrong.images.begin(), wrong.images.end(), [](const JobLabel& a, const JobLabel& b) {
    return a.squared_error.value_or(0) > b.squared_error.value_or(0);
  });
  return wrong;
}

void write_csv(const JobLabels& labels, const WriteBytes& write) {
  const bool named = !labels.names.empty();
  std::string text = fmt::format("image,file,label,{}cluster,predicted,{}correct,squared_error\n",
                                 named ? "label_name," : "", named ? "predicted_name," : "");
  for (const JobLabel& image : labels.images) {
    text += fmt::format("{},{},{},", image.image, csv_field(labels.files[image.file]), optional_text(image.label));
    if (named) text += name_of(labels, image.label) + ",";
    text += fmt::format("{},{},", image.cluster, optional_text(image.predicted));
    if (named) text += name_of(labels, image.predicted) + ",";
    if (const auto correct = image.correct()) text += *correct ? "1" : "0";
    text += image.squared_error ? fmt::format(",{}\n", static_cast<float>(*image.squared_error)) : ",\n";
    if (text.size() < written_at_once) continue;
    write(text);
    text.clear();
  }
  write(text);
}

void write_npy(const JobLabels& labels, const WriteBytes& write) {
  std::string descr = "[";
  for (const char* field : {"image", "file", "label", "cluster", "predicted", "correct"}) {
    descr += fmt::format("('{}', '<i8'), ", field);
  }
  write(npy_head(descr + "('squared_error', '<f8')]", {static_cast<std::int64_t>(labels.images.size())}));
  std::vector<std::int64_t> values;  // the last field's by its bits
  for (const JobLabel& image : labels.images) {
    const std::optional<bool> correct = image.correct();
    values.insert(values.end(),
                  {image.image, static_cast<std::int64_t>(image.file), image.label.value_or(-1), image.cluster,
                   image.predicted.value_or(-1), correct ? std::int64_t{*correct} : -1,
                   std::bit_cast<std::int64_t>(image.squared_error.value_or(std::numeric_limits<double>::quiet_NaN()))});
  }
  write({reinterpret_cast<const char*>(values.data()), values.size() * sizeof values[0]});
}

}  // namespace latentgrid
