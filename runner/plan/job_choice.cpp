#include "plan/job_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "columns/best_job.hpp"
#include "columns/parameters.hpp"
#include "methods/methods.hpp"
#include "methods/parameter_names.hpp"
#include "plan/job_conditions.hpp"

namespace latentgrid {

std::vector<std::size_t> jobs_that_agree(const std::vector<Job>& jobs, const JobChoice& choice, Diagnostics& diagnostics) {
  std::vector<JobCondition> conditions;
  for (const JobChoice::Value& wanted : choice.values) {
    if (known_after_the_run(wanted.axis)) {
      diagnostics.error(wanted.where, fmt::format("'{}' is known only after the run, and a figure's jobs are chosen before it", wanted.axis),
                        "choose them by their parameters, such as {architecture: AE2, epochs: 4}, or by {best: accuracy}");
      return {};
    }
    conditions.push_back({equals_condition(wanted.axis, wanted.values), wanted.where, wanted.of_values});
  }
  return jobs_that_meet(jobs, conditions, choice.where, diagnostics);
}

void check_report_parameters(const Sweep& sweep, const std::vector<Job>& jobs, Diagnostics& diagnostics) {
  if (jobs.empty()) return;
  auto any_has = [&](const std::string& name) {
    return std::any_of(jobs.begin(), jobs.end(), [&](const Job& job) { return !parameter_of(job, name).is_null(); });
  };
  for (const ReportParameter& parameter : sweep.report_parameters) {
    if (any_has(parameter.name)) continue;
    std::vector<std::string> names = parameter_names();
    std::erase_if(names, [&](const std::string& name) { return !any_has(name); });
    const std::string close = closest_match(parameter.name, names);
    diagnostics.error(parameter.where, fmt::format("no job has a parameter '{}'", parameter.name),
                      close.empty() ? fmt::format("their parameters are {}", fmt::join(names, ", "))
                                    : fmt::format("did you mean '{}'?", close));
  }
}

std::vector<std::size_t> jobs_with_ids(const std::vector<JobNode>& jobs, const JobChoice& choice,
                                       const std::string& sweep, Diagnostics& diagnostics) {
  constexpr std::size_t most_listed = 5;
  std::vector<std::size_t> all;
  for (const JobChoice::Id& id : choice.ids) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      if (jobs[i].id.starts_with(id.text)) found.push_back(i);
    }
    if (found.empty()) {
      diagnostics.error(id.where, fmt::format("no job of the sweep has an id that begins with '{}'", id.text),
                        fmt::format("`latentgrid ls {}` lists the ids; a job's id changes with its parameters", sweep));
    } else if (found.size() > 1) {
      std::vector<std::string> ids;
      for (std::size_t i : found) {
        if (ids.size() < most_listed) ids.push_back(jobs[i].id);
      }
      diagnostics.error(id.where, fmt::format("the ids of {} jobs begin with '{}'", found.size(), id.text),
                        fmt::format("write more digits: {}{}", fmt::join(ids, ", "), found.size() > most_listed ? ", ..." : ""));
    } else {
      all.push_back(found.front());
    }
  }
  return all;
}

const ModelFigure& ModelFigure::reconstructions() {
  static const ModelFigure figure = {[](const Job& job) { return job.reconstructs(); }, "trains a decoder", "decoder",
                                     "there is nothing to reconstruct", "leave the figure out", "jobs: {best: recon_mse}"};
  return figure;
}

const ModelFigure& ModelFigure::interpolations() {
  static const ModelFigure figure = {[](const Job& job) { return job.reconstructs(); }, "trains a decoder", "decoder",
                                     "there is nothing to interpolate", "leave the figure out", "jobs: {best: recon_mse}"};
  return figure;
}

const ModelFigure& ModelFigure::samples() {
  static const ModelFigure figure = [] {
    std::vector<std::string> names;
    for (const MethodSpec& method : all_methods()) {
      if (method.has_prior) names.push_back(fmt::format("{{training: {}}}", method.name));
    }
    const std::string who = fmt::format("{}", fmt::join(names, " or "));
    return ModelFigure{[](const Job& job) { return job.has_prior(); }, "trains a model with a prior", "prior", "there is nothing to sample",
                       fmt::format("samples are decoded from draws of the latents' prior, which models of {} alone have, until they are refined", who), "jobs: " + who};
  }();
  return figure;
}

const ModelFigure& ModelFigure::augmented() {
  static const ModelFigure figure = {[](const Job& job) { return !job.augmentations().empty(); },
                                     "trains on augmented images",
                                     "augmentation",
                                     "there is nothing to show",
                                     fmt::format("leave the figure out, or write {}: {} in the grid", augment_parameter, method_names(MethodKind::augmentation).front()),
                                     fmt::format("name a job that has some, such as job: {{{}: {}}}", augment_parameter, method_names(MethodKind::augmentation).front())};
  return figure;
}

std::vector<std::size_t> FigureJobs::chosen(const JobChoice& choice) {
  return choice.ids.empty() ? jobs_that_agree(jobs(), choice, diagnostics_)
                            : jobs_with_ids(sweep_.graph.jobs, choice, sweep_.sweep.name, diagnostics_);
}

void FigureJobs::check(const FigureRequest& figure) {
  if (figure.jobs && !figure.jobs->best) chosen(*figure.jobs);
}

std::optional<std::size_t> FigureJobs::one(const FigureRequest& figure) {
  if (!figure.jobs || figure.jobs->best) return best(figure);
  for (std::size_t job : chosen(*figure.jobs)) {
    if (usable(job)) return job;
  }
  return std::nullopt;
}

std::vector<std::size_t> FigureJobs::models(const FigureRequest& figure, const ModelFigure& wanted) {
  if (!any_suits(wanted)) {
    if (!figure.by_default) diagnostics_.error(figure.where, fmt::format("no job {}: {}", wanted.does, wanted.nothing), wanted.hint);
    return {};
  }
  if (!figure.jobs) return one_of_each_kind(wanted);
  return figure.jobs->best ? best_model(figure, wanted) : models_that_agree(figure, wanted);
}

bool FigureJobs::any_suits(const ModelFigure& wanted) const { return std::any_of(jobs().begin(), jobs().end(), wanted.suits); }

std::optional<std::size_t> FigureJobs::best(const FigureRequest& figure) {
  const std::string asked = figure.jobs ? figure.jobs->best.value_or("") : "";
  const std::string field = !asked.empty() ? asked : default_metric_of_best(sweep_.dataset.labelled > 0);
  const SourcePosition& where = figure.jobs ? figure.jobs->where : figure.where;
  if (const std::string reason = why_no_job_has(field); !reason.empty()) {
    if (!figure.by_default) {
      const std::string unlabelled = asked.empty() ? "none of the images has a label, and " : "";
      diagnostics_.error(where, fmt::format("no job will be the best by {}: {}{}", field, unlabelled, reason),
                         "name the job by its axes: {architecture: raw, seed: 0}");
    }
    return std::nullopt;
  }
  const std::optional<std::size_t> found = known_.best ? known_.best(field) : std::nullopt;
  if (found) return found;
  if (!known_.all_ended) {
    waiting_.push_back(figure.name);
  } else if (!figure.by_default) {
    diagnostics_.warning(where, fmt::format("'{}' is left out: no complete job has a value of {}", figure.name, field));
  }
  return std::nullopt;
}

// Nothing where some job may have it.
std::string FigureJobs::why_no_job_has(const std::string& field) const {
  if (is_metric(field, &Metric::needs_labels) && sweep_.dataset.labelled == 0) return "none of the images has a label";
  return field == "recon_mse" && !any_suits(ModelFigure::reconstructions()) ? "none of the jobs trains a decoder" : "";
}

std::vector<std::size_t> FigureJobs::best_model(const FigureRequest& figure, const ModelFigure& wanted) {
  const std::optional<std::size_t> found = best(figure);
  if (!found) return {};
  if (wanted.suits(jobs()[*found])) return {*found};
  diagnostics_.warning(figure.jobs->where,
                       fmt::format("'{}' is left out: the best job has no {}, so {}", figure.name, wanted.has, wanted.nothing),
                       wanted.hint_of_choice);
  return {};
}

std::vector<std::size_t> FigureJobs::models_that_agree(const FigureRequest& figure, const ModelFigure& wanted) {
  const std::vector<std::size_t> meant = chosen(*figure.jobs);
  std::vector<std::size_t> distinct;
  std::set<std::tuple<const void*, const void*, const void*, std::int64_t, std::int64_t>> seen;
  bool any_model = false;
  for (std::size_t i : meant) {
    const Job& job = jobs()[i];
    any_model = any_model || wanted.suits(job);
    if (wanted.suits(job) && usable(i) && seen.emplace(job.model.get(), job.training()->params.get(), job.refinement(), job.epochs(), job.seed).second)
      distinct.push_back(i);
  }
  if (!meant.empty() && !any_model) {
    diagnostics_.error(figure.jobs->where, fmt::format("none of these jobs {}: {}", wanted.does, wanted.nothing), wanted.hint_of_choice);
  }
  return distinct;
}

std::vector<std::size_t> FigureJobs::one_of_each_kind(const ModelFigure& wanted) const {
  using Kind = std::tuple<std::string, std::string, std::string, std::string>;
  const auto length = [](const Job& job) { return std::pair(job.epochs(), job.refinement() ? job.refinement()->extent : 0); };
  std::map<Kind, std::size_t> chosen;
  std::vector<Kind> order;
  std::map<const Json*, std::string> trainings;  // jobs share their parameters
  for (std::size_t i = 0; i < jobs().size(); ++i) {
    const Job& job = jobs()[i];
    if (!wanted.suits(job) || !usable(i)) continue;
    std::string& training = trainings[job.training()->params.get()];
    if (training.empty()) training = training_kind(*job.training()->params);
    const std::string refined = job.refinement() ? job.refinement()->method->name : "";
    const auto [found, fresh] = chosen.try_emplace({job.architecture, job.latent, training, refined}, i);
    if (fresh) order.push_back(found->first);
    const Job& known = jobs()[found->second];
    if (job.seed == known.seed && length(job) > length(known)) found->second = i;
  }
  std::vector<std::size_t> all;
  for (const auto& kind : order) all.push_back(chosen.at(kind));
  return all;
}

}  // namespace latentgrid
