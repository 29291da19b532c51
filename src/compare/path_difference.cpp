#include "compare/path_difference.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "columns/cell.hpp"
#include "compare/hashed_difference.hpp"
#include "methods/stages.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

namespace {

constexpr std::string_view input_prefix = "input.";

struct Input {
  std::string name;
  ArtifactId artifact;
};

std::vector<Input> inputs_of(const Transcript& transcript) {
  std::vector<Input> inputs;
  for (const TranscriptField& field : transcript) {
    if (!field.name.starts_with(input_prefix) || field.type != "map") continue;
    const TranscriptField* key = field_of(transcript, field.name + ".key");
    const TranscriptField* extent = field_of(transcript, field.name + ".extent");
    if (!key || !extent) continue;
    inputs.push_back(
        {field.name.substr(input_prefix.size()), {key->text, std::strtoll(extent->text.c_str(), nullptr, 10)}});
  }
  return inputs;
}

// Of a task's inputs the one that the others lie behind: images and a model are both inputs of encode, but the model
// was made of images.
const Input* main_input(const std::vector<Input>& inputs) {
  for (const char* name : {"clusters", "model", "points"}) {
    for (const Input& input : inputs) {
      if (input.name == name) return &input;
    }
  }
  return inputs.empty() ? nullptr : &inputs.front();
}

std::string stage_of(const ResultsDb& db, const std::string& key) {
  const std::vector<TaskFamily> found = tasks_with_prefix(db, key, 1);
  return found.empty() ? "" : found.front().stage;
}

// From the first to the last: reductions are counted as on a job's path.
std::vector<TaskRef> forwards(std::vector<TaskRef> backwards) {
  std::reverse(backwards.begin(), backwards.end());
  int reductions = 0;
  for (TaskRef& task : backwards) {
    if (find_stage(task.stage).kind == MethodKind::reduction) task.step = reductions++;
  }
  return backwards;
}

std::vector<TaskRef> path_up_to(const JobDetail& detail, const TaskFamily& task) {
  std::vector<TaskRef> path;
  for (const PathStep& step : detail.path) {
    path.push_back({step.stage, step.artifact, static_cast<int>(step.step)});
    if (step.stage == task.stage && step.artifact.key == task.key) break;
  }
  path.back().artifact.extent = 0;
  return path;
}

}  // namespace

std::string stage_name(const std::string& stage, std::int64_t step) {
  return step > 0 ? fmt::format("{} {}", stage, step + 1) : stage;
}

Work work_of_job(const ResultsDb& db, const std::string& job) {
  return work_of(job_detail(db, job).value());
}

Work work_of(const JobDetail& job) {
  Work work{job.row, std::nullopt, {}, ""};
  for (const PathStep& step : job.path) {
    work.path.push_back({step.stage, step.artifact, static_cast<int>(step.step)});
  }
  return work;
}

Work work_of_task(const ResultsDb& db, const ArtifactStore& store, const TaskFamily& task) {
  Work work{std::nullopt, task, {{task.stage, {task.key, 0}, 0}}, ""};
  std::set<std::string> seen{task.key};
  while (!find_stage(work.path.back().stage).reads_dataset) {
    const TaskRef& last = work.path.back();
    const std::optional<Transcript> transcript = read_transcript(store, last.stage, last.artifact.key);
    const std::vector<Input> inputs = transcript ? inputs_of(*transcript) : std::vector<Input>();
    if (transcript && inputs.empty()) break;  // its method reads the data set
    const Input* input = main_input(inputs);
    const std::string stage = input ? stage_of(db, input->artifact.key) : "";
    if (stage.empty() || !seen.insert(input->artifact.key).second) {
      if (auto job = job_with_task(db, task)) {
        const JobDetail detail = job_detail(db, *job).value();
        work.job = detail.row;
        work.path = path_up_to(detail, task);
        return work;
      }
      work.missing = transcript ? fmt::format("what {} reads is in no job and not recorded", stage_name(last.stage, 0))
                            : fmt::format("{} is missing", store.transcript(last.stage, last.artifact.key).string());
      break;
    }
    work.path.push_back({stage, input->artifact, 0});
  }
  work.path = forwards(std::move(work.path));
  return work;
}

namespace {

bool same_place(const TaskRef& a, const TaskRef& b) {
  return a.stage == b.stage && a.step == b.step;
}

bool occurs_after(const std::vector<TaskRef>& path, std::size_t from, const TaskRef& wanted) {
  return std::any_of(path.begin() + static_cast<std::ptrdiff_t>(from), path.end(),
                     [&](const TaskRef& task) { return same_place(task, wanted); });
}

Sharing sharing_of(const ArtifactId& first, const ArtifactId& second) {
  if (first.key != second.key) return Sharing::different;
  return first.extent == second.extent ? Sharing::shared : Sharing::one_run;
}

}  // namespace

std::vector<StageDifference> align_paths(const std::vector<TaskRef>& first, const std::vector<TaskRef>& second) {
  std::vector<StageDifference> stages;
  std::size_t a = 0, b = 0;
  auto add = [&](const TaskRef* of_first, const TaskRef* of_second) {
    const TaskRef& named = of_first ? *of_first : *of_second;
    StageDifference stage{.stage = named.stage, .step = named.step};
    if (of_first) stage.first = of_first->artifact;
    if (of_second) stage.second = of_second->artifact;
    stage.sharing = !of_first    ? Sharing::only_second
                    : !of_second ? Sharing::only_first
                                 : sharing_of(of_first->artifact, of_second->artifact);
    stages.push_back(std::move(stage));
  };
  while (a < first.size() || b < second.size()) {
    if (a < first.size() && b < second.size() && same_place(first[a], second[b])) {
      add(&first[a++], &second[b++]);
    } else if (b == second.size() || (a < first.size() && !occurs_after(second, b, first[a]))) {
      add(&first[a++], nullptr);
    } else {
      add(nullptr, &second[b++]);
    }
  }
  return stages;
}

namespace {

std::optional<std::string> shown(const Json& value) {
  return value.is_null() ? std::nullopt : std::optional(parameter_text(value));
}

// The value of a parameter that a key leaves out because it is at its default.
std::optional<std::string> dropped_default(const std::string& stage, const Transcript& hashed, const std::string& field) {
  Json params = Json::object();
  for (const TranscriptField& known : hashed) {
    if (known.type == "text" && known.name != hashed_name(known.name)) params[hashed_name(known.name)] = known.text;
  }
  const MethodSpec* method = method_of(stage, params);
  return method ? shown(method->value(params, hashed_name(field))) : std::nullopt;
}

// What the database knows of a stage's parameters: names of the sweep, not of the key.
class RecordedParameters {
 public:
  RecordedParameters(const ResultsDb& db, const Work& work) : db_(db), work_(work) {}

  bool known() const { return work_.job.has_value(); }

  Parameters of(const std::string& stage, int step) const {
    const ResultRow& row = *work_.job;
    const Json params = complete_parameters(Json::parse(row.params, nullptr, false), row.clustering);
    const Json empty = Json::object();
    auto part = [&](const char* name) { return params.is_object() ? params.value(name, empty) : empty; };
    const StageSpec& spec = find_stage(stage);
    if (!spec.dataset_part.empty()) return of_dataset(spec.dataset_part);
    if (spec.kind == MethodKind::training) {
      Json all = {{"architecture", row.architecture}, {"latent", row.latent}, {"latent_dim", row.latent_dim}};
      return flattened(with(with(std::move(all), part("train")), {{"seed", row.seed}, {"threads", part("threads")}}));
    }
    if (spec.kind == MethodKind::refinement) return flattened(with(part(refine_parameter), {{"seed", row.seed}, {"threads", part("threads")}}));
    if (spec.kind == MethodKind::encoder) return flattened({{"threads", part("threads")}});
    if (spec.kind == MethodKind::reduction) return of_reduction(part("reduction"), step);
    if (spec.kind == MethodKind::clustering) {
      return flattened(with({{"method", row.clustering}, {"seed", row.seed}}, part("clustering")));
    }
    return {};
  }

 private:
  static Json with(Json all, const Json& more) {
    if (more.is_object()) all.update(more);
    return all;
  }

  Parameters of_reduction(const Json& steps, int step) const {
    if (!steps.is_array() || static_cast<std::size_t>(step) >= steps.size()) return {};
    Json params = steps[static_cast<std::size_t>(step)];
    if (!params.is_object()) return {};
    // Extents are in no key of their own.
    const MethodSpec* method = find_method(MethodKind::reduction, params.value("method", ""));
    if (method && method->extent) params.erase(method->extent->parameter);
    return flattened(params);
  }

  Parameters of_dataset(std::string_view dataset_part) const {
    const Json dataset = dataset_of_job(db_, work_.job->job);
    Json source = dataset.is_object() ? dataset.value("source", Json::object()) : Json::object();
    if (dataset_part == "labels") {
      return flattened({{"labels", source.value("labels", Json())}, {"split", source.value("split", Json())}});
    }
    for (const char* of_score : {"labels", "split", "name"}) source.erase(of_score);
    return flattened(
        with({{"images", dataset.is_object() ? dataset.value("images", Json()) : Json()}}, {{"source", source}}));
  }

  const ResultsDb& db_;
  const Work& work_;
};

class Explainer {
 public:
  Explainer(const ResultsDb& db, const ArtifactStore& store, const Work& first, const Work& second)
      : store_(store), first_(first), second_(second), recorded_first_(db, first), recorded_second_(db, second) {}

  PathDifference explain() {
    PathDifference all{align_paths(first_.path, second_.path), std::nullopt};
    for (std::size_t i = 0; i < all.stages.size(); ++i) {
      StageDifference& stage = all.stages[i];
      // A task that was named by its key has no extent of its own.
      if (stage.sharing == Sharing::one_run && (ends(first_, stage.first) || ends(second_, stage.second))) {
        stage.sharing = Sharing::shared;
      }
      if (stage.sharing == Sharing::shared) continue;
      if (!all.parts_at) all.parts_at = i;
      if (stage.sharing == Sharing::different) explain(stage, all.stages, i);
    }
    return all;
  }

 private:
  void explain(StageDifference& stage, const std::vector<StageDifference>& stages, std::size_t place) {
    const auto first = read_transcript(store_, stage.stage, stage.first->key);
    const auto second = read_transcript(store_, stage.stage, stage.second->key);
    if (first && second) {
      explain_by_transcripts(stage, *first, *second, stages);
    } else {
      explain_by_database(stage, !first, !second, stages, place);
    }
  }

  static void explain_by_transcripts(StageDifference& stage, const Transcript& first, const Transcript& second,
                                     const std::vector<StageDifference>& stages) {
    for (FieldDifference& field : differing_fields(first, second)) {
      if (field.name.starts_with(input_prefix)) continue;
      if (!field.first) field.first = dropped_default(stage.stage, first, field.name);
      if (!field.second) field.second = dropped_default(stage.stage, second, field.name);
      stage.fields.push_back(std::move(field));
    }
    // Inputs of either that the other does not have under the same key and extent.
    std::set<std::string> followed;
    const std::vector<Input> of_first = inputs_of(first), of_second = inputs_of(second);
    auto differing = [&](const std::vector<Input>& inputs, const std::vector<Input>& others, bool are_first) {
      for (const Input& input : inputs) {
        const bool same = std::any_of(others.begin(), others.end(), [&](const Input& other) {
          return other.name == input.name && other.artifact == input.artifact;
        });
        if (!same) followed.insert(name_in(stages, input, are_first));
      }
    };
    differing(of_first, of_second, true);
    differing(of_second, of_first, false);
    // In the order of the path.
    for (const StageDifference& other : stages) {
      if (followed.erase(stage_name(other.stage, other.step)) > 0) {
        stage.follows.push_back(stage_name(other.stage, other.step));
      }
    }
    stage.follows.insert(stage.follows.end(), followed.begin(), followed.end());
  }

  // What the input is called on the path; if it isn't there, as the task calls it.
  static std::string name_in(const std::vector<StageDifference>& stages, const Input& input, bool of_first) {
    for (const StageDifference& stage : stages) {
      const auto& artifact = of_first ? stage.first : stage.second;
      if (artifact && artifact->key == input.artifact.key) return stage_name(stage.stage, stage.step);
    }
    return input.name;
  }

  void explain_by_database(StageDifference& stage, bool first_missing, bool second_missing,
                           const std::vector<StageDifference>& stages, std::size_t place) {
    stage.from_transcripts = false;
    stage.missing = first_missing && second_missing ? "neither has left a transcript"
                : first_missing                 ? "A has left no transcript"
                                                : "B has left no transcript";
    const bool follows = !find_stage(stage.stage).reads_dataset;
    for (std::size_t i = place; follows && i-- > 0;) {
      if (stages[i].sharing == Sharing::shared) continue;
      stage.follows.push_back(stage_name(stages[i].stage, stages[i].step));
      break;
    }
    if (!recorded_first_.known() || !recorded_second_.known()) return;
    for (const ParameterDifference& parameter : differing_parameters(recorded_first_.of(stage.stage, stage.step),
                                                                     recorded_second_.of(stage.stage, stage.step))) {
      stage.fields.push_back({parameter.name, shown(parameter.first), shown(parameter.second)});
    }
  }

  static bool ends(const Work& work, const std::optional<ArtifactId>& artifact) {
    return work.task && artifact && *artifact == work.path.back().artifact;
  }

  const ArtifactStore& store_;
  const Work &first_, &second_;
  RecordedParameters recorded_first_, recorded_second_;
};

}  // namespace

FieldDifference in_words(const std::string& stage, FieldDifference field) {
  for (std::optional<std::string>* side : {&field.first, &field.second}) {
    if (*side == "null") side->reset();
  }
  for (const MethodSpec& method : all_methods()) {
    const ParamSpec* parameter = find_stage(stage).kind == method.kind ? method.find(hashed_name(field.name)) : nullptr;
    if (!parameter || !parameter->automatic) continue;
    for (std::optional<std::string>* side : {&field.first, &field.second}) {
      if (*side && number_in(**side) == parameter->automatic) *side = "auto";
    }
  }
  return field;
}

PathDifference path_difference(const ResultsDb& db, const ArtifactStore& store, const Work& first, const Work& second) {
  return Explainer(db, store, first, second).explain();
}

}  // namespace latentgrid
