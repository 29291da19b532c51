#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/diagnostic.hpp"
#include "plan/make_plan.hpp"

namespace latentgrid {

// What is known of the sweep's jobs, by their place in the plan. As it is by itself: nothing has run yet.
struct JobKnowledge {
  bool all_ended = false;  // no job is pending: a best one that is not there now will not come
  // The best complete job by a measured field; nothing while some job is pending, or where no job has the value.
  std::function<std::optional<std::size_t>(const std::string& field)> best;
  // False for a job that failed: nothing is shown of its model.
  std::function<bool(std::size_t job)> usable;
};

// Indices of the jobs that agree with every value of the choice, in the order of the file; what no job has is an error or a
// warning (job_conditions.hpp).
std::vector<std::size_t> jobs_that_agree(const std::vector<Job>& jobs, const JobChoice& choice,
                                         Diagnostics& diagnostics);

// Indices of the jobs whose ids begin as the choice says, in its order. None or several for one of them are errors at its
// position. `sweep`: its name.
std::vector<std::size_t> jobs_with_ids(const std::vector<JobNode>& jobs, const JobChoice& choice,
                                       const std::string& sweep, Diagnostics& diagnostics);

// A parameter that the report's tables name and no job has is an error at its position.
void check_report_parameters(const Sweep& sweep, const std::vector<Job>& jobs, Diagnostics& diagnostics);

// What a figure shows of models, and what is said where there is none.
struct ModelFigure {
  bool (*suits)(const Job& job);
  std::string does;         // what the training of such a job does: "trains a decoder"
  std::string has;          // what such a job has: "decoder"
  std::string nothing;      // "there is nothing to reconstruct"
  std::string hint;         // where no job suits
  std::string hint_of_choice;  // where some do, but not the one that was chosen

  static const ModelFigure& reconstructions();
  static const ModelFigure& interpolations();
  static const ModelFigure& samples();
  static const ModelFigure& augmented();
};

// Which jobs of a plan figures are about. What is wrong with a choice is an error at its position before anything runs; that
// the best job turns out to be none that the figure can show is a warning. Refers to what it is made from.
class FigureJobs {
 public:
  FigureJobs(const Plan& sweep, const JobKnowledge& known, Diagnostics& diagnostics)
      : sweep_(sweep), known_(known), diagnostics_(diagnostics) {}

  // The first that agrees with the figure's values, or the best; without a choice the best.
  std::optional<std::size_t> one(const FigureRequest& figure);

  // Jobs that show every model that is meant and suits, once; without a choice of each architecture, latent dimension, training
  // (with its own parameters), augmentation and method of refinement the longest with the first seed.
  std::vector<std::size_t> models(const FigureRequest& figure, const ModelFigure& wanted);

  // Says what is wrong with a choice by axes or ids.
  void check(const FigureRequest& figure);

  // Names of figures whose job is not known yet.
  const std::vector<std::string>& waiting() const { return waiting_; }

 private:
  const std::vector<Job>& jobs() const { return sweep_.expansion.jobs; }
  bool usable(std::size_t job) const { return !known_.usable || known_.usable(job); }
  std::vector<std::size_t> chosen(const JobChoice& choice);
  bool any_suits(const ModelFigure& wanted) const;
  std::optional<std::size_t> best(const FigureRequest& figure);
  std::string why_no_job_has(const std::string& field) const;
  std::vector<std::size_t> best_model(const FigureRequest& figure, const ModelFigure& wanted);
  std::vector<std::size_t> models_that_agree(const FigureRequest& figure, const ModelFigure& wanted);
  std::vector<std::size_t> one_of_each_kind(const ModelFigure& wanted) const;

  const Plan& sweep_;
  const JobKnowledge& known_;
  Diagnostics& diagnostics_;
  std::vector<std::string> waiting_;
};

}  // namespace latentgrid
