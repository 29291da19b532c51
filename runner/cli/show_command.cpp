#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "base/error.hpp"
#include "base/key.hpp"
#include "cli/commands.hpp"
#include "cli/comparison_text.hpp"
#include "cli/find_job.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"
#include "cli/worker_finder.hpp"
#include "columns/fields.hpp"
#include "data/class_names.hpp"
#include "db/row_fields.hpp"
#include "methods/stages.hpp"
#include "report/parameters.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

Json to_json(const std::vector<std::pair<std::string, Cell>>& named) {
  Json object = Json::object();
  for (const auto& [name, value] : named) object[name] = json_value(value);
  return object;
}

Json to_json(const PathStep& step, const ArtifactStore& store) {
  Json json{{"stage", step.stage},       {"step", step.step},
            {"key", step.artifact.key},  {"extent", step.artifact.extent},
            {"recorded", step.recorded}, {"folder", store.folder(step.stage, step.artifact).string()}};
  if (!step.recorded) return json;
  json["recorded_at"] = step.recorded_at;
  json["metrics"] = to_json(step.metrics);
  for (const char* part : {"record", "provenance", "usage"}) json[part] = step.record.value(part, Json());
  if (!step.losses.empty()) {
    json["losses"] = Json::array();
    for (const auto& loss : step.losses) json["losses"].push_back(json_of(loss));
  }
  return json;
}

Json parameters_json(const ResultRow& row) {
  Json json = Json::object();
  for (const RowField& field : row_fields()) {
    const JobField* known = find_job_field(field.name);
    if (known && !known->changes) std::visit([&](auto member) { json[field.name] = row.*member; }, field.member);
  }
  json.erase("job");
  json["params"] = Json::parse(row.params);
  if (row.k == 0) json["k"] = nullptr;  // the clustering finds it
  return json;
}

ClassNames class_names_of(const ResultsDb& db, const std::string& job) {
  const std::optional<SweepRevision> revision = latest_revision_with(db, job);
  return revision ? ClassNames::recorded(revision->dataset) : ClassNames();
}

// Of a job without failures nobody reads the logs.
std::vector<FoundWorker> failed_workers(const JobDetail& detail, const Context& context) {
  std::vector<FoundWorker> found;
  if (detail.failures.empty()) return found;
  const WorkerFinder finder(context);
  for (const FailureRow& failure : detail.failures) found.push_back(finder.find(failure.stage, failure.key, failure.attempt).value_or(FoundWorker{}));
  return found;
}

Json text_or_none(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json to_json(const JobDetail& detail, const ClassNames& classes, const ArtifactStore& store, const std::vector<FoundWorker>& workers) {
  Json scores = Json::object(), path = Json::array(), failures = Json::array(), submissions = Json::array();
  for (const Metric& metric : all_metrics) scores[metric.name] = json_of(detail.row[metric]);
  for (const PathStep& step : detail.path) path.push_back(to_json(step, store));
  for (std::size_t i = 0; i < detail.failures.size(); ++i) {
    const FailureRow& failure = detail.failures[i];
    failures.push_back({{"worker", text_or_none(workers[i].place)},
                        {"log", text_or_none(workers[i].log.string())},
                        {"stage", failure.stage},
                        {"key", failure.key},
                        {"kind", failure.kind},
                        {"message", failure.message},
                        {"attempt", failure.attempt},
                        {"at", failure.at}});
  }
  for (const SubmissionRow& row : detail.submissions) {
    submissions.push_back({{"file", row.file},
                           {"submitted_at", row.submitted_at},
                           {"description", row.description},
                           {"public", json_of(row.public_score)},
                           {"private", json_of(row.private_score)},
                           {"imported_at", row.imported_at}});
  }
  return {{"job", detail.row.job},
          {"key", detail.key},
          {"state", detail.row.state},
          {"reason", detail.row.reason},
          {"changed_at", detail.changed_at},
          {"sweeps", detail.sweeps},
          {"axes", to_json(detail.axes)},
          {"parameters", parameters_json(detail.row)},
          {"class_names", classes.names()},
          {"scores", scores},
          {"submissions", submissions},
          {"path", path},
          {"failures", failures}};
}

void print_section(const char* title, const std::vector<std::vector<Cell>>& pairs) {
  if (pairs.empty()) return;
  fmt::print("\n{}\n", title);
  print_rows(Format::table, {"name", "value"}, pairs, 2);
}

Cell member(const Json& record, const char* part, const char* name) {
  return to_cell(record.value(part, Json::object()).value(name, Json()));
}

std::string step_name(const PathStep& step) {
  std::string name = step.step > 0 ? fmt::format("{} {}", step.stage, step.step + 1) : step.stage;
  return step.artifact.extent > 0 ? fmt::format("{} @{}", name, step.artifact.extent) : name;
}

void print_path(const JobDetail& detail, const ArtifactStore& store) {
  fmt::print("\npath\n");
  std::vector<std::vector<Cell>> folders, costs, origins;
  for (const PathStep& step : detail.path) {
    std::string name = step_name(step);
    folders.push_back({name, step.recorded ? "recorded" : "missing", store.folder(step.stage, step.artifact).string()});
    if (!step.recorded) continue;
    Cell peak = member(step.record, "usage", "peak_rss_kb");
    if (const auto* kb = std::get_if<std::int64_t>(&peak)) peak = *kb / 1024;
    auto from = [&](const char* name_of) { return member(step.record, "provenance", name_of); };
    const bool seeded = draws_random_numbers(step.stage, member_of(member_of(step.record, "provenance"), "params"));
    costs.push_back({name, member(step.record, "usage", "wall_s"), member(step.record, "usage", "cpu_s"), peak,
                     from("threads"), seeded ? from("seed") : Cell(), from("device"), from("host"), step.recorded_at});
    Json libraries = step.record.value("provenance", Json::object()).value("libraries", Json());
    origins.push_back({name, from("build"), from("git_commit"), libraries.is_null() ? "" : libraries.dump()});
  }
  print_rows(Format::table, {"stage", "state", "folder"}, folders, 2);
  if (costs.empty()) return;
  fmt::print("\nwhere the numbers came from\n");
  print_rows(Format::table,
             {"stage", "wall_s", "cpu_s", "peak_MiB", "threads", "seed", "device", "host", "recorded_at"}, costs, 2);
  fmt::print("\n");
  print_rows(Format::table, {"stage", "build", "git_commit", "libraries"}, origins, 2);
}

void print_metrics(const JobDetail& detail) {
  std::vector<std::vector<Cell>> metrics;
  for (const PathStep& step : detail.path) {
    for (const auto& [name, value] : step.metrics) {
      if (detail.has_split || !needs_split(name)) metrics.push_back({step_name(step), name, value});
    }
  }
  if (!metrics.empty()) {
    fmt::print("\nmetrics\n");
    print_rows(Format::table, {"stage", "name", "value"}, metrics, 2);
  }
  for (const PathStep& step : detail.path) {
    if (step.losses.empty()) continue;
    std::vector<std::vector<Cell>> losses;
    for (const auto& loss : step.losses) losses.push_back({static_cast<std::int64_t>(losses.size() + 1), cell_of(loss)});
    const std::optional<MethodKind> kind = find_stage(step.stage).kind;
    fmt::print("\n{} losses\n", kind ? kind_text(*kind) : step.stage);
    print_rows(Format::table, {"epoch", "loss"}, losses, 2);
  }
}

void print_submissions(const JobDetail& detail) {
  if (detail.submissions.empty()) return;
  std::vector<std::vector<Cell>> rows;
  for (const SubmissionRow& row : detail.submissions) {
    rows.push_back({row.submitted_at, row.file, cell_of(row.public_score), cell_of(row.private_score), row.description});
  }
  fmt::print("\nsubmissions\n");
  print_rows(Format::table, {"submitted_at", "file", "public", "private", "description"}, rows, 2);
}

void print_class_names(const ClassNames& classes) {
  std::vector<std::vector<Cell>> rows;
  for (std::size_t c = 0; c < classes.names().size(); ++c) {
    const auto class_ = static_cast<std::int64_t>(c);
    if (auto name = classes.name(class_)) rows.push_back({classes.label(class_), *name});
  }
  if (rows.empty()) return;
  fmt::print("\nclasses\n");
  print_rows(Format::table, {"label", "name"}, rows, 2);
}

void print_failures(const JobDetail& detail, const std::vector<FoundWorker>& workers) {
  if (detail.failures.empty()) return;
  fmt::print("\nfailures\n");
  std::vector<std::vector<Cell>> failures, logs;
  for (std::size_t i = 0; i < detail.failures.size(); ++i) {
    const FailureRow& failure = detail.failures[i];
    failures.push_back({failure.at, failure.stage, std::int64_t{failure.attempt}, failure.kind, failure.message});
    if (!workers[i].log.empty()) logs.push_back({failure.stage, std::int64_t{failure.attempt}, workers[i].place, workers[i].log.string()});
  }
  print_rows(Format::table, {"at", "stage", "attempt", "kind", "message"}, failures, 2);
  if (logs.empty()) return;
  fmt::print("\nlogs of the workers that failed; `latentgrid logs {}` prints this job's parts of them\n", detail.row.job);
  print_rows(Format::table, {"stage", "attempt", "worker", "log"}, logs, 2);
}

void print_text(const JobDetail& detail, const ClassNames& classes, const ArtifactStore& store, const std::vector<FoundWorker>& workers) {
  fmt::print("job {}: {}{}\n", detail.row.job, detail.row.state,
             detail.row.reason.empty() ? "" : ", " + detail.row.reason);
  fmt::print("key {}\n", detail.key);
  fmt::print("{}\n", detail.sweeps.empty() ? "the latest revision of no sweep has it"
                                           : fmt::format("{} {}", detail.sweeps.size() == 1 ? "sweep" : "sweeps", fmt::join(detail.sweeps, ", ")));
  std::vector<std::vector<Cell>> parameters, scores;
  for (const auto& [name, value] : all_parameters(detail.row)) parameters.push_back({name, parameter_text(name, value)});
  for (const Metric& metric : all_metrics) {
    const std::optional<double>& value = detail.row[metric];
    if (value && (detail.has_split || !metric.needs_split)) scores.push_back({std::string(metric.name), *value});
  }
  print_section("parameters", parameters);
  print_section("scores", scores);
  if (const auto& found = detail.row["clusters_found"]; found && *found < static_cast<double>(detail.row.k)) {
    fmt::print("{:.0f} of the {} clusters are empty, which happens when many images have equal points.\n",
               static_cast<double>(detail.row.k) - *found, detail.row.k);
  }
  print_class_names(classes);
  print_submissions(detail);
  print_path(detail, store);
  print_metrics(detail);
  print_failures(detail, workers);
}

int show_job(const std::string& prefix, const Context& context) {
  if (context.format != Format::table && context.format != Format::json) {
    throw UsageError("show prints text or JSON: leave --format out, or use --json");
  }
  ResultsDb db = open_results(context);
  Snapshot snapshot(db);
  JobDetail detail = job_detail(db, find_job(db, prefix)).value();
  const ClassNames classes = class_names_of(db, detail.row.job);
  const ArtifactStore store = results_store(context);
  const std::vector<FoundWorker> workers = failed_workers(detail, context);
  if (context.format == Format::json) {
    fmt::print("{}\n", to_json(detail, classes, store, workers).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_text(detail, classes, store, workers);
  }
  return 0;
}

}  // namespace

void add_show(CLI::App& app, Context& context) {
  auto job = std::make_shared<std::string>();
  CLI::App* command = app.add_subcommand("show", "Show one job: its parameters and scores, and where every number came from");
  command->add_option("job", *job, "the job's id, or the beginning of it")->required()->type_name("JOB");
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback([job, &context] { context.action = [job, &context] { return show_job(*job, context); }; });
}

}  // namespace latentgrid::cli
