#include "report/choice_sentences.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "report/fields.hpp"

namespace latentgrid {

namespace {

using Evidence = MeasureChoice::Evidence;

constexpr int digits_of_score = 4, digits_of_tau = 2;

bool any_job_has(const JobMeasures& measures, const Measure& measure) {
  return std::any_of(measures.of_job.begin(), measures.of_job.end(),
                     [&](const JobMeasures::Values& values) { return values[place_of(measure)].has_value(); });
}

std::string agreement_sentence(const JobMeasures& measures) {
  if (!any_job_has(measures, *find_measure("agreement")))
    return "Agreement is empty: it takes complete jobs of two settings.";
  std::string text =
      "Agreement is the mean adjusted Rand index of a job's clusters with those of the jobs of other settings";
  if (measures.compared == measures.clusterings) {
    return text + fmt::format(" ({} in all); a job that is the same setting with another seed does not count.",
                              counted(static_cast<std::int64_t>(measures.clusterings), "clustering"));
  }
  return text + fmt::format(
                    ", as far as they are among {} of the {} clusterings: these are drawn by lot, and are the same for "
                    "all jobs.",
                    measures.compared, measures.clusterings);
}

std::string stability_sentence(const JobMeasures& measures) {
  if (!any_job_has(measures, *find_measure("stability")))
    return "Stability is empty: no setting has two seeds that are complete.";
  return "Stability is the mean adjusted Rand index between the seeds of a setting; it is 1 where nothing is drawn at "
         "random.";
}

bool includes(const std::vector<const Measure*>& shown, const Measure& measure) {
  return std::find(shown.begin(), shown.end(), &measure) != shown.end();
}

std::string space_sentence(const JobMeasures& measures, const CommonSpace& space,
                           const std::vector<const Measure*>& shown) {
  std::string names;
  int count = 0;
  for (const Measure* measure : shown) {
    if (measure->needs_space) names += fmt::format("{}{}", count++ > 0 ? " and " : "", measure->title);
  }
  const std::string images =
      measures.scored_images == measures.images
          ? fmt::format("all {}", counted(measures.images, "image"))
          : fmt::format("{} of {} images, drawn by lot", measures.scored_images, measures.images);
  return fmt::format("{} {} taken in the space of {}, the same for all jobs, over {}.", sentence_case(names),
                     count == 1 ? "is" : "are", space.title, images);
}

// "Agreement would have chosen job 0123456789ab (raw pixels, k-means k = 2, seed 0) with accuracy 0.7420"
std::string what_is_chosen(const ResultRow& job, const MeasureChoice& choice, const std::string& score) {
  const std::string name = sentence_case(std::string(choice.measure->title));
  const std::string accuracy = fixed(choice.score, digits_of_score);
  if (choice.tied > 1) {
    const bool of_setting = choice.measure->of_setting;
    return fmt::format("{} would have chosen one of {} {} that share its largest value, such as {}job {} ({}); they have {}{} {} on average", name,
                       choice.tied, of_setting ? "settings" : "jobs", of_setting ? "that of " : "", job.job,
                       of_setting ? setting_text(job) : job_text(job), of_setting ? "a mean " : "", score, of_setting ? "of " + accuracy : accuracy);
  }
  if (!choice.measure->of_setting)
    return fmt::format("{} would have chosen job {} ({}) with {} {}", name, job.job, job_text(job), score,
                       fixed(choice.score, digits_of_score));
  return fmt::format("{} would have chosen the setting of job {} ({}) with a mean {} of {} over {}", name, job.job,
                     setting_text(job), score, fixed(choice.score, digits_of_score),
                     counted(static_cast<std::int64_t>(choice.seeds), "seed"));
}

std::string loss_text(const MeasureChoice& choice) {
  const char* unit = choice.measure->of_setting ? "setting" : "job";
  if (choice.loss == 0) return fmt::format("no {} has more", unit);
  return fmt::format("{} below the best {}", fixed(choice.loss, digits_of_score), unit);
}

std::string order_text(const MeasureChoice& choice) {
  const std::string units =
      counted(static_cast<std::int64_t>(choice.judged), choice.measure->of_setting ? "setting" : "job");
  if (!choice.tau) return fmt::format("it does not order the {}", units);
  std::string text =
      fmt::format("it orders the {} with Kendall's tau of {}", units, fixed_with_sign(*choice.tau, digits_of_tau));
  if (choice.settings < fewest_settings_for_evidence || !choice.p) return text;
  if (choice.judged == choice.settings) return text + fmt::format(" ({})", p_text(*choice.p));
  return text + fmt::format(" (over the {} {}, {})", counted(static_cast<std::int64_t>(choice.settings), "setting"),
                            fixed_with_sign(*choice.tau_of_settings, digits_of_tau), p_text(*choice.p));
}

std::string warning(const MeasureChoice& choice) {
  switch (choice.evidence) {
    case Evidence::too_few:
      return fmt::format(
          " Warning: with fewer than {} settings any order may be chance, so this is no reason to choose by it.",
          fewest_settings_for_evidence);
    case Evidence::orders_nothing:
      return " Warning: it tells nothing here: do not choose by it.";
    case Evidence::wrong_way:
      return " Warning: it points the wrong way here: do not choose by it.";
    case Evidence::chance:
      return " Warning: that is no better than chance here: do not choose by it.";
    case Evidence::better_than_chance:
      break;
  }
  return choice.beats_random ? ""
                             : fmt::format(" Warning: the {} that it chooses is no better than one drawn at random.",
                                           choice.measure->of_setting ? "setting" : "job");
}

std::string in_short(const MeasureChoice& choice) {
  const std::string name = sentence_case(std::string(choice.measure->title));
  switch (choice.evidence) {
    case Evidence::too_few:
      return fmt::format("Whether {} chooses better than chance cannot be said with fewer than {} settings.",
                         choice.measure->title, fewest_settings_for_evidence);
    case Evidence::orders_nothing:
      return fmt::format("{} tells nothing here: do not choose by it.", name);
    case Evidence::wrong_way:
      return fmt::format("{} points the wrong way here: do not choose by it.", name);
    case Evidence::chance:
      return fmt::format("{} is no better than chance here: do not choose by it.", name);
    case Evidence::better_than_chance:
      break;
  }
  return fmt::format("{} is better than chance here (Kendall's tau of {} with the scores of the {}s).", name,
                     fixed_with_sign(*choice.tau, digits_of_tau), choice.measure->of_setting ? "setting" : "job");
}

}  // namespace

std::vector<std::string> measure_sentences(const JobMeasures& measures, const std::optional<CommonSpace>& space,
                                           const std::vector<const Measure*>& shown) {
  std::vector<std::string> sentences;
  if (includes(shown, *find_measure("agreement"))) sentences.push_back(agreement_sentence(measures));
  if (includes(shown, *find_measure("stability"))) sentences.push_back(stability_sentence(measures));
  const bool in_space =
      std::any_of(shown.begin(), shown.end(), [](const Measure* measure) { return measure->needs_space; });
  if (space && in_space) sentences.push_back(space_sentence(measures, *space, shown));
  return sentences;
}

std::string choice_sentence(const std::vector<const ResultRow*>& jobs, const LabelledChoice& all,
                            const MeasureChoice& choice) {
  return fmt::format("{}, {}; {}.{}", what_is_chosen(*jobs[choice.chosen], choice, std::string(all.score->title)),
                     loss_text(choice), order_text(choice), warning(choice));
}

std::vector<std::string> choice_sentences(const std::vector<const ResultRow*>& jobs,
                                          const std::optional<LabelledChoice>& choice) {
  if (!choice) {
    return {
        "There are no labels to say how well these measures choose here. Elsewhere agreement, stability and "
        "silhouettes have each failed "
        "for some kind of encoder."};
  }
  std::vector<std::string> sentences = {
      fmt::format("Of {} the best has {} {}; one drawn at random has {} on average, {} less.",
                  counted(static_cast<std::int64_t>(choice->jobs), "job"), choice->score->title,
                  fixed(choice->best, digits_of_score), fixed(choice->mean, digits_of_score),
                  fixed(choice->best - choice->mean, digits_of_score))};
  std::size_t tested = 0;
  for (const MeasureChoice& one : choice->measures) {
    sentences.push_back(choice_sentence(jobs, *choice, one));
    tested += one.p && one.settings >= fewest_settings_for_evidence;
  }
  if (tested > 1)
    sentences.push_back(fmt::format(
        "p is two-sided, of the means of settings over their seeds, and corrected for {} measures (Holm).", tested));
  return sentences;
}

std::vector<std::string> choice_in_short(const std::optional<LabelledChoice>& choice) {
  if (!choice) return {"There are no labels to say how well the measures choose here."};
  std::vector<std::string> sentences;
  for (const MeasureChoice& one : choice->measures) sentences.push_back(in_short(one));
  return sentences;
}

}  // namespace latentgrid
