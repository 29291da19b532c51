#include "plan/job_choice.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "columns/names.hpp"
#include "methods/parameter_names.hpp"

namespace latentgrid {

namespace {

using Axes = std::vector<std::pair<std::string, Json>>;

const Json* value_on(const Axes& axes, const std::string& axis) {
  auto found = std::find_if(axes.begin(), axes.end(), [&](const auto& a) { return a.first == axis; });
  return found == axes.end() ? nullptr : &found->second;
}

// What the job has of this name: on an axis or as a parameter that the sweep leaves alone.
Json value_of(const Job& job, const Axes& axes, const std::string& name) {
  const Json* value = value_on(axes, name);
  return value ? *value : parameter_of(job, name);
}

// Methods agree in any spelling.
bool is_one_of(const JobChoice::Value& wanted, const Json& value) {
  return std::any_of(wanted.values.begin(), wanted.values.end(), [&](const Json& one) {
    if (value == one) return true;
    return holds_methods(wanted.axis) && one.is_string() && value.is_string() &&
           canonical_method(one.get<std::string>()) == canonical_method(value.get<std::string>());
  });
}

bool agrees(const Job& job, const Axes& axes, const JobChoice& choice) {
  return std::all_of(choice.values.begin(), choice.values.end(), [&](const JobChoice::Value& wanted) {
    if (is_one_of(wanted, value_of(job, axes, wanted.axis))) return true;
    // A native latent is also called by its number.
    return wanted.axis == "latent_dim" && job.model && is_one_of(wanted, job.latent_dim);
  });
}

}  // namespace

std::vector<std::size_t> jobs_that_agree(const std::vector<Job>& jobs, const JobChoice& choice,
                                         Diagnostics& diagnostics) {
  std::vector<std::size_t> found;
  std::set<std::string> names;
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Axes axes = jobs[i].axes();
    for (const auto& [axis, value] : axes) names.insert(axis);
    for (const JobChoice::Value& wanted : choice.values) {
      if (!value_of(jobs[i], axes, wanted.axis).is_null()) names.insert(wanted.axis);
    }
    if (agrees(jobs[i], axes, choice)) found.push_back(i);
  }
  bool known = true;
  for (const JobChoice::Value& wanted : choice.values) {
    if (names.contains(wanted.axis)) continue;
    known = false;
    const std::string close = closest_match(wanted.axis, {names.begin(), names.end()});
    diagnostics.error(
        wanted.where, fmt::format("no job has an axis '{}'", wanted.axis),
        close.empty() ? fmt::format("the axes are {}", fmt::join(names, ", ")) : fmt::format("did you mean '{}'?", close));
  }
  if (known && found.empty() && !jobs.empty()) {
    diagnostics.error(choice.where, "no job of the grid agrees with these values",
                      "latentgrid ls shows the jobs and their axes");
  }
  return found;
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

std::vector<std::size_t> FigureJobs::models(const FigureRequest& figure) {
  if (!any_trains()) {
    if (!figure.usual) {
      diagnostics_.error(figure.where, "no job trains a model: there is nothing to reconstruct", "leave the figure out");
    }
    return {};
  }
  if (!figure.jobs) return one_of_each_kind();
  return figure.jobs->best ? best_model(figure) : models_that_agree(figure);
}

bool FigureJobs::any_trains() const {
  return std::any_of(jobs().begin(), jobs().end(), [](const Job& job) { return job.model != nullptr; });
}

std::optional<std::size_t> FigureJobs::best(const FigureRequest& figure) {
  const std::string asked = figure.jobs ? figure.jobs->best.value_or("") : "";
  const std::string field = !asked.empty() ? asked : sweep_.dataset.labelled > 0 ? "accuracy" : "recon_mse";
  const SourcePosition& where = figure.jobs ? figure.jobs->where : figure.where;
  if (const std::string reason = why_no_job_has(field); !reason.empty()) {
    if (!figure.usual) {
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
  } else if (!figure.usual) {
    diagnostics_.warning(where, fmt::format("'{}' is left out: no complete job has a value of {}", figure.name, field));
  }
  return std::nullopt;
}

// Nothing where some job may have it.
std::string FigureJobs::why_no_job_has(const std::string& field) const {
  const bool against_classes = field.starts_with("accuracy") || field == "ari" || field == "nmi";
  if (against_classes && sweep_.dataset.labelled == 0) return "none of the images has a label";
  return field == "recon_mse" && !any_trains() ? "none of the jobs trains a model" : "";
}

std::vector<std::size_t> FigureJobs::best_model(const FigureRequest& figure) {
  const std::optional<std::size_t> found = best(figure);
  if (!found) return {};
  if (jobs()[*found].model) return {*found};
  diagnostics_.warning(figure.jobs->where,
                       fmt::format("'{}' is left out: the best job clusters raw pixels, there is nothing to reconstruct",
                                   figure.name),
                       "jobs: {best: recon_mse}");
  return {};
}

std::vector<std::size_t> FigureJobs::models_that_agree(const FigureRequest& figure) {
  const std::vector<std::size_t> meant = chosen(*figure.jobs);
  std::vector<std::size_t> distinct;
  std::set<std::tuple<const void*, const void*, std::int64_t, std::int64_t>> seen;
  bool any_model = false;
  for (std::size_t i : meant) {
    const Job& job = jobs()[i];
    any_model = any_model || job.model;
    if (job.model && usable(i) && seen.emplace(job.model.get(), job.train.get(), job.epochs, job.seed).second)
      distinct.push_back(i);
  }
  if (!meant.empty() && !any_model) {
    diagnostics_.error(figure.jobs->where, "none of these jobs trains a model: there is nothing to reconstruct");
  }
  return distinct;
}

std::vector<std::size_t> FigureJobs::one_of_each_kind() const {
  std::map<std::pair<std::string, std::string>, std::size_t> chosen;
  std::vector<std::pair<std::string, std::string>> order;
  for (std::size_t i = 0; i < jobs().size(); ++i) {
    const Job& job = jobs()[i];
    if (!job.model || !usable(i)) continue;
    const auto [found, fresh] = chosen.try_emplace({job.architecture, job.latent}, i);
    if (fresh) order.push_back(found->first);
    const Job& known = jobs()[found->second];
    if (job.seed == known.seed && job.epochs > known.epochs) found->second = i;
  }
  std::vector<std::size_t> all;
  for (const auto& kind : order) all.push_back(chosen.at(kind));
  return all;
}

}  // namespace latentgrid
