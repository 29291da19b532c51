#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/comparison_text.hpp"
#include "cli/document.hpp"
#include "cli/open_results.hpp"
#include "compare/hashed_difference.hpp"
#include "compare/path_difference.hpp"
#include "methods/stages.hpp"

namespace latentgrid::cli {

namespace {

constexpr std::size_t job_id_length = 12, key_length = 64;
constexpr std::int64_t most_named = 10;
constexpr std::size_t most_fields = 12;  // of a stage; the rest is counted

Work find_work(const ResultsDb& db, const ArtifactStore& store, const std::string& word) {
  const bool hexadecimal =
      !word.empty() && word.size() <= key_length && word.find_first_not_of("0123456789abcdef") == std::string::npos;
  std::vector<std::string> jobs;
  std::vector<TaskFamily> tasks;
  if (hexadecimal) {
    if (word.size() <= job_id_length) jobs = jobs_with_prefix(db, word, most_named + 1);
    tasks = tasks_with_prefix(db, word, most_named + 1);
  }
  if (jobs.size() + tasks.size() == 1) {
    return jobs.empty() ? work_of_task(db, store, tasks[0]) : work_of_job(db, jobs[0]);
  }
  // A whole job id means the job.
  if (jobs.size() == 1 && word.size() == job_id_length) return work_of_job(db, jobs[0]);
  if (jobs.empty() && tasks.empty()) {
    const std::vector<std::string> sweeps = sweep_names(db);
    if (std::find(sweeps.begin(), sweeps.end(), word) != sweeps.end()) {
      throw UsageError(fmt::format("'{0}' is a sweep, and explain takes two jobs or tasks\n  hint: `latentgrid ls {0}` lists its jobs; "
                                   "`latentgrid compare` takes two sweeps",
                                   word));
    }
    throw UsageError(
        fmt::format("no job and no task's key begins with '{}'; `latentgrid ls SWEEP` lists jobs, `latentgrid show "
                    "JOB` their tasks",
                    word));
  }
  std::vector<std::string> named;
  for (const std::string& job : jobs) named.push_back("job " + job);
  for (const TaskFamily& task : tasks) named.push_back(fmt::format("{} {}", task.stage, task.key.substr(0, 16)));
  const bool more = named.size() > most_named;
  named.resize(std::min<std::size_t>(named.size(), most_named));
  throw UsageError(
      fmt::format("'{}' is the beginning of several: {}{}", word, fmt::join(named, ", "), more ? ", ..." : ""));
}

std::string said_of(const Work& work) {
  if (!work.task) return fmt::format("job {}: {}", work.job->job, job_text(*work.job));
  std::string text = fmt::format("{} {}", work.task->stage, work.task->key);
  if (work.job) text += fmt::format(", as in job {}", work.job->job);
  if (!work.missing.empty()) text += fmt::format("; its path is not known up to load: {}", work.missing);
  return text;
}

std::string value_text(const std::optional<std::string>& value) {
  return value ? *value : "-";
}

constexpr const char* method_field = "params.method";

// Two methods have versions and parameters of their own: those say nothing then.
const FieldDifference* other_method(const StageDifference& stage) {
  const auto found = std::find_if(stage.fields.begin(), stage.fields.end(), [](const FieldDifference& field) { return field.name == method_field; });
  return found == stage.fields.end() ? nullptr : &*found;
}

// What a difference in this field means; "" where its name says it.
std::string meaning(const StageDifference& stage, const FieldDifference& field) {
  if (field.name == "version" && other_method(stage)) return "of the method";
  if (field.name == "version") return "the version of this stage in the program, whose output has changed since";
  if (field.name == "threads" && field.first && field.second) {
    return "its floating-point results depend on the number of threads";
  }
  if (field.name == "params.width") return "how many directions are computed, which all dimensions up to it share";
  if (find_stage(stage.stage).dataset_part == "images" && field.name == "params.sha256") return "the pixels differ";
  if (field.name.starts_with("params.labels")) return "the labels differ";
  if (field.name.starts_with("params.selection")) return "the image files have other names, or other images of them are selected";
  if (field.name.starts_with("params.split")) return "the public and private parts differ";
  if (field.name == "params.epochs" || field.name == "epochs")
    return "with this schedule, early_stop or max_minutes, a training with other epochs is a run of its own";
  if (!field.first || !field.second) return field.first ? "only A has it" : "only B has it";
  return "";
}

const char* word_for(Sharing sharing) {
  switch (sharing) {
    case Sharing::shared:
      return "shared";
    case Sharing::one_run:
      return "one run";
    case Sharing::different:
      return "different";
    case Sharing::only_first:
      return "only A";
    case Sharing::only_second:
      return "only B";
  }
  return "";
}

std::string reason(const StageDifference& stage) {
  if (stage.sharing == Sharing::one_run) {
    return fmt::format("A reads it at {}, B at {}", stage.first->extent, stage.second->extent);
  }
  if (stage.sharing != Sharing::different) return "";
  std::vector<std::string> reasons;
  if (const FieldDifference* method = other_method(stage)) {
    reasons.push_back(fmt::format("another method: {} in A and {} in B", value_text(method->first), value_text(method->second)));
  }
  for (const FieldDifference& field : stage.fields) {
    if (other_method(stage)) break;
    if (reasons.size() == 3) {
      reasons.push_back("...");
      break;
    }
    reasons.push_back(hashed_name(field.name));
  }
  if (!stage.follows.empty()) reasons.push_back(fmt::format("follows from {}", fmt::join(stage.follows, " and ")));
  if (!stage.from_transcripts) reasons.push_back(stage.missing);
  return fmt::format("{}", fmt::join(reasons, "; "));
}

void print_stages(const PathDifference& difference, Document& out) {
  std::vector<std::vector<Cell>> rows;
  auto key = [](const std::optional<ArtifactId>& artifact) {
    return artifact ? Cell(artifact->key.substr(0, 12)) : Cell();
  };
  for (const StageDifference& stage : difference.stages) {
    rows.push_back({stage_name(stage.stage, stage.step), word_for(stage.sharing), key(stage.first), key(stage.second),
                    reason(stage)});
  }
  out.heading("stages");
  out.table({"stage", "", "key of A", "key of B", "why"}, rows);
}

void print_fields(const StageDifference& stage, Document& out) {
  if (stage.fields.empty()) return;
  out.heading(fmt::format("{}{}", stage_name(stage.stage, stage.step),
                          stage.from_transcripts ? "" : ", by the parameters in the database"));
  std::vector<std::vector<Cell>> rows;
  for (const FieldDifference& hashed : stage.fields) {
    if (rows.size() == most_fields) break;
    const FieldDifference field = in_words(stage.stage, hashed);
    rows.push_back({hashed_name(field.name), value_text(field.first), value_text(field.second), meaning(stage, field)});
  }
  out.table({"field", "A", "B", ""}, rows);
  if (stage.fields.size() > most_fields) {
    out.sentence(fmt::format("{} more fields differ; --json has them all.", stage.fields.size() - most_fields));
  }
}

// Whether everything that is not shared is of one side alone: the other is a part of its path.
bool is_part(const PathDifference& difference, Sharing only) {
  return std::all_of(difference.stages.begin(), difference.stages.end(), [&](const StageDifference& stage) {
    return stage.sharing == Sharing::shared || stage.sharing == only;
  });
}

std::string conclusion(const PathDifference& difference) {
  if (is_part(difference, Sharing::only_second)) return "All of A is on the path of B, which goes on from there.";
  if (is_part(difference, Sharing::only_first)) return "All of B is on the path of A, which goes on from there.";
  const StageDifference& parting = difference.stages[*difference.parts_at];
  const std::string name = stage_name(parting.stage, parting.step);
  const bool last = *difference.parts_at + 1 == difference.stages.size();
  const std::string after = last ? "" : " What comes after it is hashed with its key, so it is computed anew too.";
  switch (parting.sharing) {
    case Sharing::one_run:
      if (last) break;
      return fmt::format(
          "The paths part at {}. One run serves both, but what comes after it reads other results of it.", name);
    case Sharing::only_first:
      return fmt::format("The paths part at {}, which B does without.", name);
    case Sharing::only_second:
      return fmt::format("The paths part at {}, which A does without.", name);
    default:
      break;
  }
  if (const FieldDifference* method = other_method(parting)) {
    return fmt::format("The paths part at {}: its method is {} in A and {} in B.{}", name, value_text(method->first), value_text(method->second), after);
  }
  if (!parting.fields.empty()) {
    std::vector<std::string> causes;
    for (const FieldDifference& hashed : parting.fields) {
      if (causes.size() == 3) break;
      const FieldDifference field = in_words(parting.stage, hashed);
      causes.push_back(fmt::format("{} is {} in A and {} in B", hashed_name(field.name), value_text(field.first),
                                   value_text(field.second)));
    }
    const std::size_t more = parting.fields.size() - causes.size();
    return fmt::format("The paths part at {}: {}{}.{}", name, fmt::join(causes, ", "),
                       more > 0 ? fmt::format(", and {} more", more) : "", after);
  }
  if (!parting.from_transcripts) {
    return fmt::format(
        "The paths part at {}, but {} and the database has no parameter of it that differs. It may be the stage's version, its "
        "threads, the pixels or the labels.{}",
        name, parting.missing, after);
  }
  return fmt::format("The paths part at {}.{}", name, after);
}

Json to_json(const Work& work) {
  Json json = {{"job", work.job ? Json(work.job->job) : Json()}, {"gap", work.missing.empty() ? Json() : Json(work.missing)}};
  if (work.task) json["task"] = {{"stage", work.task->stage}, {"key", work.task->key}};
  return json;
}

Json to_json(const StageDifference& stage) {
  auto artifact = [](const std::optional<ArtifactId>& id) {
    return id ? Json{{"key", id->key}, {"extent", id->extent}} : Json();
  };
  Json fields = Json::array();
  for (const FieldDifference& field : stage.fields) {
    fields.push_back({{"name", field.name},
                      {"first", field.first ? Json(*field.first) : Json()},
                      {"second", field.second ? Json(*field.second) : Json()}});
  }
  return {{"stage", stage_name(stage.stage, stage.step)},
          {"sharing", word_for(stage.sharing)},
          {"first", artifact(stage.first)},
          {"second", artifact(stage.second)},
          {"fields", fields},
          {"follows", stage.follows},
          {"from", stage.from_transcripts ? "transcripts" : "database"},
          {"gap", stage.missing.empty() ? Json() : Json(stage.missing)}};
}

void print_json(const Work& first, const Work& second, const PathDifference& difference) {
  Json stages = Json::array();
  for (const StageDifference& stage : difference.stages) stages.push_back(to_json(stage));
  Json parts_at;
  if (difference.parts_at) {
    const StageDifference& stage = difference.stages[*difference.parts_at];
    parts_at = stage_name(stage.stage, stage.step);
  }
  fmt::print(
      "{}",
      json_line({{"first", to_json(first)}, {"second", to_json(second)}, {"parts_at", parts_at}, {"stages", stages}}));
}

int explain(const std::string& first_word, const std::string& second_word, const Context& context) {
  ResultsDb db = open_results(context);
  Snapshot snapshot(db);
  const ArtifactStore store = results_store(context);
  const Work first = find_work(db, store, first_word), second = find_work(db, store, second_word);
  const PathDifference difference = path_difference(db, store, first, second);
  if (context.format == Format::json) {
    print_json(first, second, difference);
    return 0;
  }
  Document out(context.format);
  out.sentence("A is " + said_of(first));
  out.sentence("B is " + said_of(second));
  if (!difference.parts_at) {
    const bool one_job = first.job && second.job && !first.task && !second.task && first.job->job == second.job->job;
    const bool two_jobs = !first.task && !second.task && !one_job;
    out.sentence(one_job    ? "They are the same job."
                 : two_jobs ? "They are the same work under different names: every stage is shared."
                            : "They are the same work: one key.");
    return 0;
  }
  out.sentence(conclusion(difference));
  print_stages(difference, out);
  for (const StageDifference& stage : difference.stages) print_fields(stage, out);
  return 0;
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto words = std::make_shared<std::pair<std::string, std::string>>();
  CLI::App* command =
      app.add_subcommand("explain", "Explain why two jobs or tasks are not the same work: what was hashed for each");
  command->add_option("A", words->first, "a job's id or a task's key, or the beginning of it")->required()->type_name("JOB|KEY");
  command->add_option("B", words->second, "the other one")->required()->type_name("JOB|KEY");
  add_format_options(*command, context, {Format::table, Format::json, Format::md});
  command->callback([words, &context] {
    context.action = [words, &context] { return explain(words->first, words->second, context); };
  });
}

}  // namespace latentgrid::cli
