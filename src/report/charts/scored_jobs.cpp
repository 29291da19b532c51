#include "report/charts/scored_jobs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "report/charts/common.hpp"
#include "report/selection.hpp"

namespace latentgrid::charts {

namespace {

bool is_complete(const ResultRow& row) {
  return row.state == "complete";
}

bool has_labels(const ReportData& data) {
  const bool recorded =
      data.revision.dataset.is_object() && data.revision.dataset.value("labelled", std::int64_t{0}) > 0;
  return recorded ||
         std::any_of(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return row["accuracy"].has_value(); });
}

const Field& score_of(const ReportData& data, const Json& spec) {
  const auto named = spec.find("score");
  if (named != spec.end() && named->is_string()) return find_field(named->get<std::string>());
  return find_field(has_labels(data) ? "accuracy" : "silhouette");
}

std::string nothing_to_show(const ReportData& data, const Field& score, const std::vector<std::size_t>& among) {
  if (data.rows.empty()) return "The sweep has no jobs.";
  if (among.empty()) return "The sweep has no job like those that its file chooses here.";
  if (std::none_of(among.begin(), among.end(), [&](std::size_t row) { return is_complete(data.rows[row]); })) {
    return among.size() == 1 ? "The only job is not complete." : fmt::format("None of {} jobs is complete.", among.size());
  }
  if (is_metric(score.name, &Metric::needs_labels) && !has_labels(data)) {
    return fmt::format("The data set has no labels, so there is no {}.", score.title);
  }
  return fmt::format("No complete job has a value of {}.", score.title);
}

}  // namespace

const char* const silhouettes_differ =
    "Silhouettes cannot be compared between embeddings, as each is measured in its own space, and these jobs have more than one "
    "embedding.";

std::vector<std::size_t> ScoredJobs::by_rank() const {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  return order;
}

std::vector<std::string> incomplete_sentence(const ReportData& data) { return incomplete_sentence(data, data.every_row()); }

std::vector<std::string> incomplete_sentence(const ReportData& data, const std::vector<std::size_t>& among) {
  const auto incomplete = static_cast<std::size_t>(
      std::count_if(among.begin(), among.end(), [&](std::size_t row) { return !is_complete(data.rows[row]); }));
  if (incomplete == 0) return {};
  return {fmt::format("{} of {} {} incomplete and left out.", incomplete, counted(among.size(), "job"),
                      incomplete == 1 ? "is" : "are")};
}

ScoredJobs scored_jobs(const ReportData& data, const Json& spec) { return scored_jobs(data, spec, data.every_row()); }

ScoredJobs scored_jobs(const ReportData& data, const Json& spec, const std::vector<std::size_t>& among) {
  const Field& field = score_of(data, spec);
  const Metric* source = field.metric();
  if (!source) throw Error(fmt::format("a figure shows the score '{}', which is no measured value", field.name));
  ScoredJobs jobs{.score = field.title, .lower_is_better = field.lower_is_better};
  std::size_t without = 0;
  for (std::size_t i : among) {
    const ResultRow& row = data.rows[i];
    if (!is_complete(row)) continue;
    if (!(row[*source])) {
      ++without;
      continue;
    }
    jobs.rows.push_back(i);
    jobs.values.push_back(*(row[*source]));
  }
  jobs.left_out = incomplete_sentence(data, among);
  if (without > 0) {
    jobs.left_out.push_back(fmt::format("{} no value of {} and {} left out.",
                                        without == 1 ? "1 complete job has" : fmt::format("{} complete jobs have", without), jobs.score,
                                        without == 1 ? "is" : "are"));
  }
  if (jobs.rows.empty()) {
    jobs.omission = nothing_to_show(data, field, among);
  } else if (source->of_one_embedding && !share_one_embedding(data, jobs.rows)) {
    jobs.omission = silhouettes_differ;
  }
  return jobs;
}

}  // namespace latentgrid::charts
