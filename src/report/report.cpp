#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "data/class_names.hpp"
#include "data/dataset.hpp"
#include "db/queries.hpp"
#include "report/comparison.hpp"
#include "report/competition_parts.hpp"
#include "report/disagreement.hpp"
#include "report/figures.hpp"
#include "report/job_table.hpp"
#include "report/public_split.hpp"
#include "report/report_data.hpp"
#include "report/rows_that_meet.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

namespace {

// What only some tables ask: labels, and predictions of two jobs.
class Evidence {
 public:
  explicit Evidence(const ReportData& data) : data_(data) {
    try {
      source_ = DatasetSource::from_json(data.revision.dataset.at("source"));
      predictions_.emplace(data.store, *source_);
    } catch (const std::exception&) {
      // A database that does not say where the labels are: gaps will say so.
    }
  }

  std::optional<CompetitionParts> parts_of_competition() const {
    return source_ ? competition_parts(*source_) : std::nullopt;
  }

  std::variant<Disagreement, Gap> disagreement(const std::string& first, const std::string& second, Split split) {
    if (!predictions_) return Gap{"the database does not say where the labels are"};
    const std::optional<ArtifactId> a = score_of(first), b = score_of(second);
    if (!a || !b) return Gap{"one of them has no score"};
    return predictions_->disagreement(*a, *b, split);
  }

 private:
  std::optional<ArtifactId> score_of(const std::string& job) const {
    const std::optional<JobDetail> detail = job_detail(data_.db, job);
    if (!detail) return std::nullopt;
    for (const PathStep& step : detail->path) {
      if (step.stage == "score") return step.artifact;
    }
    return std::nullopt;
  }

  const ReportData& data_;
  std::optional<DatasetSource> source_;
  std::optional<PredictionComparison> predictions_;
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

std::vector<Table> build_tables(const ReportData& data, Evidence& evidence) {
  const ResultsDb& db = data.db;
  ComparisonInput input;
  input.sweep = data.sweep;
  input.rows = data.rows;
  input.images = data.revision.dataset.value("images", std::int64_t{0});
  input.labelled = data.revision.dataset.value("labelled", std::int64_t{0});
  input.default_split = !says_split(data.revision.dataset);
  input.axes_of = [&db](const std::string& job) { return job_axes(db, job); };
  input.parameter_of = [&db](const std::string& job, const std::string& axis) { return job_parameter(db, job, axis); };
  input.parts_of_competition = [&] { return evidence.parts_of_competition(); };
  input.disagreement = [&](const std::string& a, const std::string& b, Split split) {
    return evidence.disagreement(a, b, split);
  };
  const bool on_leaderboard = std::any_of(data.rows.begin(), data.rows.end(), [](const ResultRow& row) {
    return row.leaderboard_public || row.leaderboard_private;
  });
  std::vector<Table> tables;
  const UsualTable usual = {input.labelled > 0, !input.default_split, on_leaderboard};
  for (const TableSpec& spec : table_specs(data.revision.report, data.sweep, usual)) {
    ComparisonInput chosen = input;
    if (!spec.where.is_null()) {
      chosen.rows.clear();
      for (std::size_t row : rows_that_meet(data, spec.where)) chosen.rows.push_back(data.rows[row]);
    }
    tables.push_back(compare(spec, chosen));
  }
  return tables;
}

// "landscape, other"; empty where the sweep names no class.
std::string class_list(const Json& dataset) {
  const ClassNames names = ClassNames::recorded(dataset);
  std::string text;
  for (std::size_t c = 0; c < names.names().size(); ++c) {
    text += (c == 0 ? "" : ", ") + names.shown(static_cast<std::int64_t>(c));
  }
  return text;
}

std::vector<std::pair<std::string, std::string>> facts_of(const ReportData& data) {
  std::map<std::string, std::int64_t> states;
  for (const ResultRow& row : data.rows) ++states[row.state];
  std::string jobs = fmt::format("{} complete", states["complete"]);
  for (const char* state : {"pending", "failed", "skipped"}) {
    if (states[state] > 0) jobs += fmt::format(", {} {}", states[state], state);
  }
  const Json& dataset = data.revision.dataset;
  auto number = [&](const char* name) { return dataset.value(name, std::int64_t{0}); };
  std::vector<std::pair<std::string, std::string>> facts = {{"jobs", jobs}};
  facts.emplace_back("data set", dataset.value("name", ""));
  facts.emplace_back("images",
                     fmt::format("{} of {}×{}×{}, {} labelled, {} classes", number("images"), number("height"),
                                 number("width"), number("channels"), number("labelled"), number("classes")));
  if (const std::string names = class_list(dataset); !names.empty()) facts.emplace_back("classes", names);
  facts.emplace_back("revision", fmt::format("{} of {}", data.revision.number, data.revision.file));
  return facts;
}

}  // namespace

std::vector<std::string> Report::gaps() const {
  std::vector<std::string> all;
  if (incomplete > 0)
    all.push_back(fmt::format("{} of {} jobs have no result; the tables name them.", incomplete, jobs));
  for (const Table& table : tables) {
    for (const std::string& problem : table.problems)
      all.push_back(fmt::format("Table '{}': {}.", table.name, problem));
  }
  for (const Figure& figure : figures) {
    for (const std::string& gap : figure.gaps) all.push_back(fmt::format("Figure '{}': {}", figure.name, gap));
  }
  return all;
}

Report build_report(const ResultsDb& db, const ArtifactStore& store, const std::string& sweep, ReportParts parts,
                    const std::optional<ReportSection>& instead, std::optional<std::int64_t> revision) {
  Snapshot snapshot(db);
  const ReportData data = read_data(db, store, sweep, instead, revision);
  Evidence evidence(data);
  Report report;
  report.sweep = sweep;
  report.jobs = static_cast<std::int64_t>(data.rows.size());
  report.incomplete =
      std::count_if(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return row.state != "complete"; });
  report.tables = build_tables(data, evidence);
  if (parts == ReportParts::tables) return report;
  report.figures = build_figures(data);
  report.facts = facts_of(data);
  if (instead) report.facts.emplace_back("report section", fmt::format("of {} as it is now", instead->file));
  report.job_table = job_table(data);
  return report;
}

}  // namespace latentgrid
