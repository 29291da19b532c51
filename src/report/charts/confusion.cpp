#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "columns/figure_kinds.hpp"
#include "data/class_names.hpp"
#include "methods/artifact_files.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/job_artifacts.hpp"
#include "report/job_names.hpp"
#include "report/charts/scored_jobs.hpp"
#include "report/charts/figure_panels.hpp"
#include "report/selection.hpp"
#include "report/table_spec.hpp"
#include "store/npy.hpp"

namespace latentgrid::charts {

namespace {

namespace fs = std::filesystem;

// What the score stage left: counts of clusters × classes, and the class of every cluster, -1 for none. Noise has the last
// row of counts, where there is any, and no class.
struct Confusion {
  std::size_t clusters = 0, classes = 0;
  bool has_noise = false;
  std::vector<std::int64_t> counts;
  std::vector<std::int32_t> assignment;

  std::int64_t count(std::size_t cluster, std::size_t class_) const { return counts[cluster * classes + class_]; }
};

std::optional<ArtifactId> score_artifact(const ReportData& data, const std::string& job) {
  const std::optional<JobDetail> detail = job_detail(data.db, job);
  const PathStep* score = detail ? find_step(*detail, "score") : nullptr;
  return score ? std::optional(score->artifact) : std::nullopt;
}

// From the results folder on: a figure does not depend on where that lies.
std::string name_in(const ArtifactStore& store, const fs::path& file) {
  return file.lexically_relative(store.root()).generic_string();
}

NpyFile open_npy(const ReportData& data, const fs::path& file) {
  if (!fs::exists(file)) throw Error(fmt::format("{} is missing", name_in(data.store, file)));
  return NpyFile(file);
}

Confusion read_confusion(const ReportData& data, const fs::path& folder) {
  const NpyFile counts = open_npy(data, folder / confusion_file),
                assignment = open_npy(data, folder / assignment_file);
  const std::vector<std::int64_t>&shape = counts.header().shape, &clusters = assignment.header().shape;
  if (shape.size() != 2 || clusters.size() != 1 || shape[0] < clusters[0] || shape[0] > clusters[0] + 1) {
    throw Error(fmt::format("{} and {} beside it do not fit each other", name_in(data.store, folder / confusion_file), assignment_file));
  }
  Confusion confusion{static_cast<std::size_t>(clusters[0]),
                      static_cast<std::size_t>(shape[1]),
                      shape[0] > clusters[0],
                      {counts.int64s().begin(), counts.int64s().end()},
                      {assignment.int32s().begin(), assignment.int32s().end()}};
  for (std::int32_t assigned : confusion.assignment) {
    if (assigned < -1 || assigned >= shape[1]) {
      throw Error(
          fmt::format("{} names class {} of {}", name_in(data.store, folder / assignment_file), assigned, shape[1]));
    }
  }
  return confusion;
}

// NpyFile's messages begin with the whole path.
std::string without_root(const ReportData& data, std::string message) {
  const std::string root = data.store.root().string() + "/";
  for (std::size_t at = message.find(root); at != std::string::npos; at = message.find(root))
    message.erase(at, root.size());
  return message;
}

// Clusters in the order of their classes, so that what is right is on the diagonal; those without a class last.
std::vector<std::size_t> by_class(const Confusion& confusion) {
  std::vector<std::size_t> order(confusion.clusters);
  std::iota(order.begin(), order.end(), std::size_t{0});
  auto place = [&](std::size_t cluster) {
    const std::int32_t assigned = confusion.assignment[cluster];
    return assigned < 0 ? std::numeric_limits<std::int32_t>::max() : assigned;
  };
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return place(a) < place(b); });
  return order;
}

Heatmap heatmap(const Confusion& confusion, const ClassNames& names) {
  Heatmap map{.row_title = "cluster", .column_title = "class"};
  for (std::size_t class_ = 0; class_ < confusion.classes; ++class_) {
    map.columns.push_back(names.brief(static_cast<std::int64_t>(class_)));
  }
  auto add_row = [&](std::string name, std::size_t cluster) {
    map.rows.push_back(std::move(name));
    std::vector<std::optional<double>>& row = map.values.emplace_back();
    for (std::size_t class_ = 0; class_ < confusion.classes; ++class_) {
      row.emplace_back(static_cast<double>(confusion.count(cluster, class_)));
    }
  };
  for (std::size_t cluster : by_class(confusion)) {
    const std::int32_t assigned = confusion.assignment[cluster];
    add_row(assigned < 0 ? fmt::format("{} (no class)", cluster) : fmt::format("{} ({})", cluster, names.shown(assigned)), cluster);
  }
  if (confusion.has_noise) add_row("noise", confusion.clusters);
  return map;
}

void describe_confusion(Figure& figure, const Confusion& confusion, const ReportData& data, const ResultRow& row,
                        const Json& jobs, std::size_t candidates) {
  const std::int64_t labelled = std::accumulate(confusion.counts.begin(), confusion.counts.end(), std::int64_t{0});
  std::int64_t right = 0;
  bool without_class = false;
  for (std::size_t cluster = 0; cluster < confusion.clusters; ++cluster) {
    const std::int32_t assigned = confusion.assignment[cluster];
    if (assigned >= 0) right += confusion.count(cluster, static_cast<std::size_t>(assigned));
    without_class |= assigned < 0;
  }
  const std::string name = JobNames(data).job(row);
  figure.caption.push_back(fmt::format("Each cell counts the labelled images of one class in one cluster, for {} (job {}{}).", name,
                                       row.job, jobs.contains("best") ? why_best(data, jobs, row) : ""));
  if (candidates > 1) {
    figure.caption.push_back(fmt::format("It is the first of {} complete jobs that the sweep file chooses here.", candidates));
  }
  figure.caption.push_back(
      fmt::format("{} of {} labelled images are of the class that their cluster is matched with{}.", right, labelled,
                  row["accuracy"] ? ": accuracy " + fraction_text(*row["accuracy"], first_table_in_percent(data.revision.report)) : ""));
  figure.caption.push_back(
      "Clusters are matched with classes one to one, so that as many labelled images as possible are right. This is an upper "
      "bound, as the labels decide the matching.");
  if (without_class) {
    figure.caption.push_back("There are more clusters than classes. Images in a cluster without a class count as wrong.");
  }
  if (confusion.has_noise) figure.caption.push_back("Noise is what the clustering leaves out of every cluster. It counts as wrong.");
}

std::string nothing_found(const ReportData& data, const Json& jobs, bool any) {
  if (any) return "None of the jobs that the sweep file chooses here is complete.";
  if (!jobs.contains("best")) return "The sweep has no job like the one that its file chooses here.";
  const Field& field = find_field(field_of_best(data, jobs));
  if (!jobs.contains("where")) return scored_jobs(data, {{"score", field.name}}).omission;
  return field.name == "silhouette"
             ? "No job is the best by silhouette: none has one, or they have more than one embedding."
             : fmt::format("No complete job has a value of {}.", field.title);
}

}  // namespace

// {"jobs": {"best": "accuracy"}}: clusters against classes, of the first complete job that is meant (selection.hpp).
Figure confusion(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  Json jobs = spec.contains("jobs") && spec["jobs"].is_object() ? spec["jobs"] : Json{{"best", default_best}};
  if (jobs.value("best", "") == default_best) jobs["best"] = "accuracy";  // without labels there is no confusion
  std::vector<std::size_t> rows = select_jobs(data, jobs);
  const bool any = !rows.empty();
  std::erase_if(rows, [&](std::size_t row) { return data.rows[row].state != "complete"; });
  if (rows.empty()) {
    figure.omissions.push_back(nothing_found(data, jobs, any));
    figure.caption = incomplete_sentence(data);
    return figure;
  }
  const ResultRow& row = data.rows[rows.front()];
  try {
    const std::optional<ArtifactId> artifact = score_artifact(data, row.job);
    if (!artifact) throw Error(fmt::format("job {} has no score on its path", row.job));
    if (!row["accuracy"]) throw Error(fmt::format("job {} was scored without labels, so there are no classes", row.job));
    const Confusion confusion = read_confusion(data, data.store.folder("score", *artifact));
    describe_confusion(figure, confusion, data, row, jobs, rows.size());
    figure.body = heatmap(confusion, ClassNames::recorded(data.revision.dataset));
  } catch (const Error& error) {
    figure.lost = row["accuracy"].has_value();
    figure.omissions.push_back(
        fmt::format("No confusion matrix of {}: {}.", JobNames(data).job(row), without_root(data, error.what())));
  }
  if (!jobs.contains("best")) return figure;  // other jobs do not matter
  for (std::string& sentence : incomplete_sentence(data)) figure.caption.push_back(std::move(sentence));
  return figure;
}

}  // namespace latentgrid::charts
