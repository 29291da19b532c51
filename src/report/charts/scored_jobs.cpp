#include "report/charts/scored_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "report/charts/parts.hpp"
#include "report/selection.hpp"

namespace latentgrid::charts {

namespace {

using Measured = std::optional<double> ResultRow::*;

bool is_complete(const ResultRow& row) {
  return row.state == "complete";
}

bool has_labels(const ReportData& data) {
  const bool recorded =
      data.revision.dataset.is_object() && data.revision.dataset.value("labelled", std::int64_t{0}) > 0;
  return recorded ||
         std::any_of(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return row.accuracy.has_value(); });
}

const Field& score_of(const ReportData& data, const Json& spec) {
  const auto named = spec.find("score");
  if (named != spec.end() && named->is_string()) return find_field(named->get<std::string>());
  return find_field(has_labels(data) ? "accuracy" : "silhouette");
}

std::string nothing_to_show(const ReportData& data, const Field& score) {
  if (data.rows.empty()) return "The sweep has no jobs.";
  if (std::none_of(data.rows.begin(), data.rows.end(), is_complete)) {
    return data.rows.size() == 1 ? "The only job is not complete."
                                 : fmt::format("None of {} jobs is complete.", data.rows.size());
  }
  const std::set<std::string> need_labels = {"accuracy", "accuracy_public", "accuracy_private", "ari", "nmi"};
  if (need_labels.contains(score.name) && !has_labels(data)) {
    return fmt::format("The data set has no labels, so there is no {}.", score.title);
  }
  return fmt::format("No complete job has a value of {}.", score.title);
}

}  // namespace

const char* const silhouettes_differ =
    "Silhouettes of different embeddings measure different spaces and cannot be compared with each other; the jobs "
    "here "
    "have more than one embedding.";

std::vector<std::size_t> ScoredJobs::by_rank() const {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

std::vector<std::string> incomplete_sentence(const ReportData& data) {
  const auto complete = static_cast<std::size_t>(std::count_if(data.rows.begin(), data.rows.end(), is_complete));
  const std::size_t incomplete = data.rows.size() - complete;
  if (incomplete == 0) return {};
  return {fmt::format("{} of {} {} incomplete and left out.", incomplete, counted(data.rows.size(), "job"),
                      incomplete == 1 ? "is" : "are")};
}

ScoredJobs scored_jobs(const ReportData& data, const Json& spec) {
  const Field& field = score_of(data, spec);
  const auto* source = std::get_if<Measured>(&field.source);
  if (!source) throw Error(fmt::format("a figure shows the score '{}', which is no measured value", field.name));
  ScoredJobs jobs{.score = field.title, .lower_is_better = field.lower_is_better};
  std::size_t without = 0;
  for (std::size_t i = 0; i < data.rows.size(); ++i) {
    const ResultRow& row = data.rows[i];
    if (!is_complete(row)) continue;
    if (!(row.*(*source))) {
      ++without;
      continue;
    }
    jobs.rows.push_back(i);
    jobs.values.push_back(*(row.*(*source)));
  }
  jobs.left_out = incomplete_sentence(data);
  if (without > 0) {
    jobs.left_out.push_back(fmt::format("{} complete without a value of {} and left out.",
                                        without == 1 ? "1 job is" : fmt::format("{} jobs are", without), jobs.score));
  }
  if (jobs.rows.empty()) {
    jobs.gap = nothing_to_show(data, field);
  } else if (field.name == "silhouette" && !share_one_embedding(data, jobs.rows)) {
    jobs.gap = silhouettes_differ;
  }
  return jobs;
}

}  // namespace latentgrid::charts
