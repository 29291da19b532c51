#include "cli/plan_summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/duration_text.hpp"
#include "cli/revision_text.hpp"
#include "data/class_names.hpp"
#include "methods/stages.hpp"
#include "plan/cost.hpp"

namespace latentgrid::cli {

namespace {

struct StageCounts {
  std::int64_t tasks = 0, reused = 0, without_sharing = 0;
};

std::map<std::string, StageCounts> count_stages(const TaskGraph& graph) {
  std::map<std::string, std::size_t> numbers;
  std::vector<StageCounts> counts;
  std::vector<std::uint8_t> stage_of_task;  // small: the steps of a job lie far apart in the graph
  stage_of_task.reserve(graph.tasks.size());
  for (const TaskNode& task : graph.tasks) {
    const auto [stage, fresh] = numbers.try_emplace(task.stage, counts.size());
    if (fresh) counts.emplace_back();
    ++counts[stage->second].tasks;
    counts[stage->second].reused += task.complete();
    stage_of_task.push_back(static_cast<std::uint8_t>(stage->second));
  }
  for (const JobNode& job : graph.jobs) {
    for (const JobStep& step : job.path) ++counts[stage_of_task[static_cast<std::size_t>(step.task)]].without_sharing;
  }
  std::map<std::string, StageCounts> stages;
  for (const auto& [stage, number] : numbers) stages.emplace(stage, counts[number]);
  return stages;
}

// The first job of each autoencoder.
std::vector<const Job*> trained_models(const Plan& plan) {
  std::vector<const Job*> first;
  std::set<std::pair<std::string, std::string>> seen;
  const Job* before = nullptr;
  for (const Job& job : plan.expansion.jobs) {
    if (!job.model) continue;
    const bool same = before && before->model == job.model && before->architecture == job.architecture;
    if (!same && seen.emplace(job.architecture, job.latent).second) first.push_back(&job);
    before = &job;
  }
  return first;
}

// Tasks of the figures alone.
struct FigureCounts {
  StageCounts counts;
  std::vector<double> costs;
};

FigureCounts tasks_of_figures(const Plan& plan, const FigureTasks& figure_tasks) {
  FigureCounts figures;
  if (figure_tasks.tasks.empty()) return figures;
  const std::vector<bool> alone = tasks_of_figures_alone(figure_tasks, plan);
  const std::vector<double> costs = estimate_costs(figure_tasks.plan.graph, plan.dataset.images, {});
  for (std::size_t task = 0; task < alone.size(); ++task) {
    if (!alone[task]) continue;
    ++figures.counts.tasks;
    figures.counts.reused += figure_tasks.plan.graph.tasks[task].complete();
    figures.costs.push_back(costs[task]);
  }
  return figures;
}

// What figures need once a job is chosen is not in it.
double estimated_seconds(const Plan& plan, const FigureCounts& figures) {
  const std::vector<double> costs = estimate_costs(plan.graph, plan.dataset.images, {});
  const double jobs = std::accumulate(costs.begin(), costs.end(), 0.0);
  return std::accumulate(figures.costs.begin(), figures.costs.end(), jobs);
}

// "classes: 0 landscape, 1 other": whether each name is beside its own label can be checked at a glance.
std::string class_names_line(const DatasetSource& source) {
  const std::size_t most_listed = 20;
  const ClassNames names(source.class_names, source.class_names.empty() ? std::vector<std::int64_t>() : class_values(source));
  std::string line;
  for (std::size_t c = 0; c < std::min(source.class_names.size(), most_listed); ++c) {
    const auto class_ = static_cast<std::int64_t>(c);
    line += fmt::format("{}{} {}", c == 0 ? "classes: " : ", ", names.label(class_), names.name(class_).value_or("(no name)"));
  }
  if (line.empty()) return "";
  return line + (source.class_names.size() > most_listed ? ", ...\n" : "\n");
}

}  // namespace

std::string what_an_image_has(const DatasetHeader& dataset) {
  std::string text = dataset.height > 0 ? fmt::format("{}×{}×{}", dataset.channels, dataset.height, dataset.width) : "";
  if (dataset.feature_width > 0) text += fmt::format("{}{} features", text.empty() ? "" : " with ", dataset.feature_width);
  return text;
}

Json architectures_json(const Plan& plan) {
  Json all = Json::array();
  for (const Job* job : trained_models(plan)) {
    all.push_back({{"architecture", job->architecture},
                   {"latent", job->latent},
                   {"latent_dim", job->latent_dim()},
                   {"added_layers", job->model->added_layers()}});
  }
  return all;
}

std::string architectures_text(const Plan& plan) {
  std::string text;
  for (const Job* job : trained_models(plan)) {
    const std::string added = job->model->added_layers();
    if (!added.empty()) text += fmt::format("{} with latent_dim {}: {}\n", job->architecture, job->latent, added);
  }
  return text;
}

void print_plan(const Plan& plan, const FigureTasks& figure_tasks, const RevisionChange& change, const Said& said,
                Format format) {
  if (format == Format::json) {
    Json json = plan_json(plan, figure_tasks);
    json["revision"] = revision_json(change);
    json["warnings"] = warnings_json(said);
    fmt::print("{}\n", json.dump());
    return;
  }
  const std::string revision = revision_text(change, plan.sweep.name, Tense::future);
  fmt::print("{}{}{}", plan_text(plan, figure_tasks), revision.empty() ? "" : "\n", revision);
}

Json plan_json(const Plan& plan, const FigureTasks& figure_tasks) {
  const FigureCounts figures = tasks_of_figures(plan, figure_tasks);
  auto tasks = static_cast<std::int64_t>(plan.graph.tasks.size());
  Json stages = Json::object();
  for (const auto& [stage, counts] : count_stages(plan.graph)) {
    stages[stage] = {{"tasks", counts.tasks}, {"reused", counts.reused}, {"without_sharing", counts.without_sharing}};
  }
  return {{"sweep", plan.sweep.name},
          {"jobs", plan.graph.jobs.size()},
          {"tasks", tasks},
          {"tasks_without_sharing", plan.graph.tasks_without_sharing},
          {"reused", plan.reused()},
          {"to_execute", tasks - plan.reused()},
          {"cells", plan.expansion.cells},
          {"excluded", plan.expansion.excluded},
          {"merged", plan.expansion.merged},
          {"stages", std::move(stages)},
          {"architectures", architectures_json(plan)},
          {"sharing_refused", plan.graph.sharing_refused},
          {"notes", plan.expansion.notes},
          {"figures",
           {{"tasks", figures.counts.tasks},
            {"reused", figures.counts.reused},
            {"waiting_for_scores", figure_tasks.waiting}}},
          {"estimated_s", estimated_seconds(plan, figures)}};
}

std::string plan_text(const Plan& plan, const FigureTasks& figure_tasks) {
  const std::size_t jobs = plan.graph.jobs.size();
  std::string text = fmt::format("sweep '{}': {} job{} from {} cell{}", plan.sweep.name, jobs, jobs == 1 ? "" : "s",
                                 plan.expansion.cells, plan.expansion.cells == 1 ? "" : "s");
  if (plan.expansion.excluded > 0) text += fmt::format(", {} excluded", plan.expansion.excluded);
  if (plan.expansion.merged > 0) text += fmt::format(", {} equal to another", plan.expansion.merged);
  text += fmt::format("\ndataset '{}': {} images of {}, {} labelled, {} classes\n", plan.sweep.dataset.name, plan.dataset.images,
                      what_an_image_has(plan.dataset), plan.dataset.labelled, plan.dataset.classes);
  text += class_names_line(plan.sweep.dataset) + "\n";
  text += fmt::format("{:<10}{:>10}{:>10}{:>10}{:>18}\n", "stage", "tasks", "reused", "to run", "without sharing");
  auto stages = count_stages(plan.graph);
  StageCounts sum;
  auto row = [&](const std::string& name, const StageCounts& c) {
    text += fmt::format("{:<10}{:>10}{:>10}{:>10}{:>18}\n", name, c.tasks, c.reused, c.tasks - c.reused, c.without_sharing);
  };
  for (const StageSpec& stage : all_stages()) {
    const StageCounts& counts = stages[std::string(stage.name)];
    if (counts.tasks == 0) continue;
    row(std::string(stage.name), counts);
    sum.tasks += counts.tasks;
    sum.reused += counts.reused;
    sum.without_sharing += counts.without_sharing;
  }
  row("all", sum);
  const FigureCounts figures = tasks_of_figures(plan, figure_tasks);
  if (!figure_tasks.tasks.empty()) {
    const auto& [tasks, reused, without_sharing] = figures.counts;
    text += fmt::format("{:<10}{:>10}{:>10}{:>10}\n", "figures", tasks, reused, tasks - reused);
  }
  for (const std::string& figure : figure_tasks.waiting) {
    text += fmt::format("figure '{}' waits for all scores: they choose its job, and its tasks run after that\n", figure);
  }
  text += architectures_text(plan);
  for (const std::string& reason : plan.graph.sharing_refused) text += fmt::format("not shared: {}\n", reason);
  for (const std::string& note : plan.expansion.notes) text += fmt::format("note: {}\n", note);
  if (const double seconds = estimated_seconds(plan, figures); seconds > 0) {
    text += fmt::format("this takes about {} on one core\n", duration_text(seconds));
  }
  return text;
}

}  // namespace latentgrid::cli
