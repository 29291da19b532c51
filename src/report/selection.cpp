#include "report/selection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "columns/best_job.hpp"
#include "columns/condition.hpp"
#include "columns/figure_kinds.hpp"
#include "db/job_columns.hpp"
#include "db/list_jobs.hpp"
#include "report/fields.hpp"

namespace latentgrid {

namespace {

std::vector<std::size_t> rows_where(const ReportData& data, const Json& where) {
  std::vector<Condition> conditions;
  if (where.is_object()) {
    for (const auto& [column, wanted] : where.items()) conditions.push_back(equals_condition(column, wanted));
  }
  return conditions.empty() ? data.every_row() : jobs_that_meet(data.db, data.revision.id, conditions);
}

std::vector<std::size_t> rows_with_ids(const ReportData& data, const Json& ids) {
  std::vector<std::size_t> rows;
  for (const Json& each : ids) {
    const std::string id = each;
    std::vector<std::size_t> found;
    for (std::size_t row = 0; row < data.rows.size(); ++row) {
      if (data.rows[row].job.starts_with(id)) found.push_back(row);
    }
    if (found.size() == 1) {
      rows.push_back(found.front());
      continue;
    }
    throw Error(fmt::format("{} job of the sweep has an id that begins with '{}': `latentgrid ls {}` lists the ids",
                            found.empty() ? "no" : "more than one", id, data.sweep));
  }
  return rows;
}

std::vector<std::size_t> best_row(const ReportData& data, const std::vector<std::size_t>& rows, const Field& field) {
  const Metric* source = field.metric();
  if (!source)
    throw Error(fmt::format("a figure asks for the job with the best '{}', which is no measured value", field.name));
  std::vector<std::size_t> candidates;
  for (std::size_t row : rows) {
    if (data.rows[row].state == "complete" && data.rows[row][*source]) candidates.push_back(row);
  }
  if (source->of_one_embedding && !share_one_embedding(data, candidates)) return {};
  BestJob best(*source);
  for (std::size_t row : candidates) best.see(row, data.rows[row].state, data.rows[row][*source]);
  return best.found() ? std::vector{*best.found()} : std::vector<std::size_t>{};
}

}  // namespace

std::vector<std::size_t> select_jobs(const ReportData& data, const Json& jobs) {
  const bool chosen = jobs.is_object();
  if (chosen && jobs.contains("ids")) return rows_with_ids(data, jobs["ids"]);
  std::vector<std::size_t> rows = rows_where(data, chosen ? jobs.value("where", Json()) : Json());
  const bool best = chosen && jobs.contains("best") && jobs["best"].is_string();
  return best ? best_row(data, rows, find_field(field_of_best(data, jobs))) : rows;
}

std::vector<std::size_t> rows_that_meet(const ReportData& data, const Json& texts) {
  std::vector<Condition> conditions;
  for (const Json& text : texts) conditions.push_back(parse_condition(text.get_ref<const std::string&>()));
  return jobs_that_meet(data.db, data.revision.id, conditions);
}

std::string field_of_best(const ReportData& data, const Json& jobs) {
  const std::string named = jobs.is_object() ? jobs.value("best", default_best) : default_best;
  if (named != default_best) return named;
  return default_metric_of_best(data.revision.dataset.value("labelled", std::int64_t{0}) > 0);
}

bool share_one_embedding(const ReportData& data, const std::vector<std::size_t>& rows) {
  if (rows.size() < 2) return true;
  const std::vector<std::int64_t> embeddings = embedding_tasks(data.db, data.revision.id);
  return std::all_of(rows.begin(), rows.end(),
                     [&](std::size_t row) { return embeddings.at(row) == embeddings.at(rows.front()); });
}

}  // namespace latentgrid
