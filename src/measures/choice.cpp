#include "measures/choice.hpp"

#include <algorithm>
#include <iterator>
#include <map>

#include "stats/kendall.hpp"
#include "stats/paired.hpp"
#include "stats/significance_level.hpp"

namespace latentgrid {

namespace {

using Evidence = MeasureChoice::Evidence;

// A measure and the score of a job, or of a setting: the means over its jobs.
struct Judged {
  std::size_t job = 0;  // the first one's place
  std::size_t jobs = 0;
  double measure = 0, score = 0;
};

double mean_score(const std::vector<Judged>& all) {
  double sum = 0;
  for (const Judged& one : all) sum += one.score;
  return sum / static_cast<double>(all.size());
}

double best_score(const std::vector<Judged>& all) {
  return std::max_element(all.begin(), all.end(), [](const Judged& a, const Judged& b) { return a.score < b.score; })
      ->score;
}

std::optional<KendallTau> tau_of(const std::vector<Judged>& all) {
  std::vector<double> measures, scores;
  for (const Judged& one : all) {
    measures.push_back(one.measure);
    scores.push_back(one.score);
  }
  return kendall_tau(measures, scores);
}

class Judge {
 public:
  Judge(const std::vector<const ResultRow*>& jobs, const JobMeasures& measures, const Metric& score)
      : jobs_(jobs), measures_(measures), score_(score), all_(judged(nullptr)), settings_(settings_of(all_)) {}

  std::optional<LabelledChoice> judge(const std::vector<const Measure*>& by) const {
    if (all_.size() < 2) return std::nullopt;
    LabelledChoice found{
        &score_, all_.size(), best_score(all_), mean_score(all_), best_score(settings_), mean_score(settings_), {}};
    std::vector<std::size_t> tested;
    std::vector<double> p;
    for (const Measure* measure : by) {
      std::optional<MeasureChoice> choice = choice_by(*measure);
      if (!choice) continue;
      if (choice->p && choice->settings >= fewest_settings_for_evidence) {
        tested.push_back(found.measures.size());
        p.push_back(*choice->p);
      }
      found.measures.push_back(*choice);
    }
    const std::vector<double> adjusted = holm_adjusted(p);
    for (std::size_t i = 0; i < tested.size(); ++i) found.measures[tested[i]].p = adjusted[i];
    for (MeasureChoice& choice : found.measures) choice.evidence = evidence_of(choice);
    return found;
  }

 private:
  // Jobs that have the score and, if one is given, the measure.
  std::vector<Judged> judged(const Measure* measure) const {
    std::vector<Judged> found;
    for (std::size_t job = 0; job < jobs_.size(); ++job) {
      const std::optional<double>& score = (*jobs_[job])[score_];
      if (jobs_[job]->state != "complete" || !score) continue;
      const std::optional<double> value = measure ? measures_.of_job[job][place_of(*measure)] : 0;
      if (value) found.push_back({job, 1, *value, *score});
    }
    return found;
  }

  std::vector<Judged> settings_of(const std::vector<Judged>& of_jobs) const {
    std::map<std::size_t, std::size_t> places;
    std::vector<Judged> settings;
    for (const Judged& job : of_jobs) {
      const auto [place, is_new] = places.try_emplace(measures_.setting_of[job.job], settings.size());
      if (is_new) settings.push_back({job.job, 0, 0, 0});
      Judged& setting = settings[place->second];
      ++setting.jobs;
      setting.measure += job.measure;
      setting.score += job.score;
    }
    for (Judged& setting : settings) {
      setting.measure /= static_cast<double>(setting.jobs);
      setting.score /= static_cast<double>(setting.jobs);
    }
    return settings;
  }

  std::optional<MeasureChoice> choice_by(const Measure& measure) const {
    const std::vector<Judged> of_jobs = judged(&measure), settings = settings_of(of_jobs);
    if (of_jobs.empty()) return std::nullopt;
    const std::vector<Judged>& all = measure.of_setting ? settings : of_jobs;
    const auto chosen = std::max_element(all.begin(), all.end(),
                                         [](const Judged& a, const Judged& b) { return a.measure < b.measure; });
    MeasureChoice choice{.measure = &measure, .judged = all.size(), .settings = settings.size()};
    choice.chosen = chosen->job;
    choice.seeds = chosen->jobs;
    std::vector<Judged> tied;
    std::copy_if(all.begin(), all.end(), std::back_inserter(tied), [&](const Judged& one) { return one.measure == chosen->measure; });
    choice.tied = tied.size();
    choice.score = mean_score(tied);
    choice.loss = std::max(best_score(measure.of_setting ? settings_ : all_) - choice.score, 0.0);
    choice.beats_random = choice.score > mean_score(measure.of_setting ? settings_ : all_);
    if (const auto tau = tau_of(all)) choice.tau = tau->tau;
    if (const auto tau = tau_of(settings)) {
      choice.tau_of_settings = tau->tau;
      choice.p = tau->p;
    }
    return choice;
  }

  static Evidence evidence_of(const MeasureChoice& choice) {
    if (choice.settings < fewest_settings_for_evidence) return Evidence::too_few;
    if (!choice.tau || !choice.p) return Evidence::orders_nothing;
    const bool chance = *choice.p > significance_level;
    if (!chance && *choice.tau_of_settings < 0) return Evidence::wrong_way;
    return chance || *choice.tau <= 0 ? Evidence::chance : Evidence::better_than_chance;
  }

  const std::vector<const ResultRow*>& jobs_;
  const JobMeasures& measures_;
  const Metric& score_;
  const std::vector<Judged> all_, settings_;  // with a score
};

}  // namespace

std::optional<LabelledChoice> judge_measures(const std::vector<const ResultRow*>& jobs, const JobMeasures& measures,
                                             const Metric& score, const std::vector<const Measure*>& judged) {
  return Judge(jobs, measures, score).judge(judged);
}

}  // namespace latentgrid
