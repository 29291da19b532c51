#include "columns/parameters.hpp"
#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <unordered_map>

#include "base/error.hpp"
#include "data/dataset.hpp"
#include "db/queries.hpp"
#include "methods/methods.hpp"
#include "report/answer.hpp"
#include "report/comparison.hpp"
#include "report/competition_split.hpp"
#include "report/disagreement.hpp"
#include "report/figures.hpp"
#include "report/held_axes.hpp"
#include "report/job_artifacts.hpp"
#include "report/job_images.hpp"
#include "report/job_table.hpp"
#include "report/report_data.hpp"
#include "report/selection.hpp"
#include "report/table_measures.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

namespace {

// What only some tables ask: labels, and predictions of two jobs.
class LabelsAndPredictions {
 public:
  explicit LabelsAndPredictions(const ReportData& data) : data_(data), predictions_(data.store, [this] { return labels(); }) {}

  std::optional<CompetitionSplit> parts_of_competition() const {
    try {
      return competition_split(data_.revision, labels());
    } catch (const std::exception&) {
      return std::nullopt;
    }
  }

  std::variant<Disagreement, Omission> disagreement(const std::string& first, const std::string& second, Split split) {
    const std::optional<ArtifactId> a = score_of(first), b = score_of(second);
    if (!a || !b) return Omission{"one of them has no score"};
    return predictions_.disagreement(*a, *b, split);
  }

 private:
  // All jobs of a sweep have the same.
  ImageLabels labels() const {
    if (data_.rows.empty()) throw Error("the sweep has no jobs");
    return image_labels_of(job_detail(data_.db, data_.rows.front().job).value(), data_.revision, data_.store);
  }

  std::optional<ArtifactId> score_of(const std::string& job) const {
    const std::optional<JobDetail> detail = job_detail(data_.db, job);
    const PathStep* score = detail ? find_step(*detail, "score") : nullptr;
    return score ? std::optional(score->artifact) : std::nullopt;
  }

  const ReportData& data_;
  PredictionComparison predictions_;
};

ReportData read_data(const ResultsDb& db, const ArtifactStore& store, const std::string& sweep,
                     const std::optional<ReportSection>& instead, std::optional<std::int64_t> number) {
  std::optional<SweepRevision> revision = find_revision(db, sweep, number);
  if (!revision) throw Error(fmt::format("no sweep '{}' in the database", sweep));
  if (instead) revision->report = instead->json;
  const std::int64_t id = revision->id;
  ReportData data(db, store, sweep, std::move(*revision), load_results(db, id));
  if (instead) {
    for (const std::string& figure : instead->not_run) {
      data.not_run[figure] = fmt::format("It needs tasks that have not been run: `latentgrid run {}` runs them.", instead->file);
    }
  }
  return data;
}

// A job's values on the grid's axes, by its place in the file.
Axes axes_at(const ReportData& data, std::size_t row) {
  Axes axes;
  for (const AxisColumn& axis : data.axes()) {
    if (const int value = axis.value_of.at(row); value >= 0) {
      axes.emplace_back(axis.name, axis.values[static_cast<std::size_t>(value)]);
    }
  }
  return axes;
}

ComparisonInput comparison_input(const ReportData& data, LabelsAndPredictions& evidence) {
  const ResultsDb& db = data.db;
  ComparisonInput input;
  input.sweep = data.sweep;
  input.rows = data.rows;
  input.images = data.revision.dataset.value("images", std::int64_t{0});
  input.labelled = data.revision.dataset.value("labelled", std::int64_t{0});
  input.default_split = !data.revision.has_split;
  auto places = std::make_shared<std::unordered_map<std::string, std::size_t>>();
  for (std::size_t i = 0; i < data.rows.size(); ++i) places->emplace(data.rows[i].job, i);
  input.axes_of = [&data, places](const std::string& job) { return axes_at(data, places->at(job)); };
  input.parameter_of = [&db](const std::string& job, const std::string& axis) { return job_parameter(db, job, axis); };
  input.parts_of_competition = [&] { return evidence.parts_of_competition(); };
  input.disagreement = [&](const std::string& a, const std::string& b, Split split) {
    return evidence.disagreement(a, b, split);
  };
  return input;
}

std::vector<TableSpec> specs_of(const ReportData& data) {
  const bool on_leaderboard = std::any_of(data.rows.begin(), data.rows.end(), [](const ResultRow& row) {
    return row["leaderboard_public"] || row["leaderboard_private"];
  });
  const bool trained = std::any_of(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return trains_encoder(row.architecture) && reconstructs(Json::parse(row.params, nullptr, false)); });
  const bool probed = std::any_of(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return row["knn_accuracy"] || row["linear_accuracy"]; });
  const bool labelled = data.revision.dataset.value("labelled", std::int64_t{0}) > 0;
  return table_specs(data.revision.report, data.sweep, {labelled, data.revision.has_split, trained, probed, on_leaderboard});
}

ComparisonInput jobs_of_table(const ReportData& data, const TableSpec& spec, const ComparisonInput& all) {
  ComparisonInput chosen = all;
  if (spec.where.is_null()) return chosen;
  const std::vector<std::size_t> places = rows_that_meet(data, spec.where);
  chosen.rows = data.rows.selection(places);
  chosen.held = held_axes(data.axes(), places);
  for (const ResultRow& row : data.rows) chosen.latents[row.architecture].insert(row.latent);
  return chosen;
}

}  // namespace

// "did you mean 'x'?" ends already.
static std::string sentence(std::string text) {
  return text.ends_with('?') ? text : text + '.';
}

std::vector<std::string> Report::omissions() const {
  std::vector<std::string> all;
  if (incomplete > 0)
    all.push_back(fmt::format("{} of {} jobs {} no result. The tables name them.", incomplete, jobs, incomplete == 1 ? "has" : "have"));
  for (const Table& table : tables) {
    for (const std::string& problem : table.problems)
      all.push_back(fmt::format("Table '{}': {}", table.name, sentence(problem)));
  }
  for (const Figure& figure : figures) {
    for (const std::string& omission : figure.omissions) all.push_back(fmt::format("Figure '{}': {}", figure.name, omission));
  }
  return all;
}

Report build_report(const ResultsDb& db, const ArtifactStore& store, const std::string& sweep, ReportParts parts,
                    const std::optional<ReportSection>& instead, std::optional<std::int64_t> revision) {
  Snapshot snapshot(db);
  const ReportData data = read_data(db, store, sweep, instead, revision);
  LabelsAndPredictions evidence(data);
  Report report;
  report.sweep = sweep;
  report.jobs = static_cast<std::int64_t>(data.rows.size());
  report.incomplete =
      std::count_if(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return row.state != "complete"; });
  const ComparisonInput input = comparison_input(data, evidence);
  const std::vector<TableSpec> specs = specs_of(data);
  TableMeasures measures(data);
  for (const TableSpec& spec : specs) {
    ComparisonInput jobs = jobs_of_table(data, spec, input);
    const std::vector<std::string> problems = measures.give(spec, jobs);
    report.tables.push_back(compare(spec, jobs));
    report.tables.back().problems.insert(report.tables.back().problems.end(), problems.begin(), problems.end());
  }
  if (parts == ReportParts::tables) return report;
  report.answer = answer(jobs_of_table(data, specs.front(), input), specs.front(), input);
  report.overview = overview(data);
  report.figures = build_figures(data);
  if (instead) {
    report.overview.insert(report.overview.begin() + 1, {"report section", {fmt::format("of {} as it is now", instead->file)}});
  }
  report.job_table = job_table(data);
  return report;
}

}  // namespace latentgrid
