#include "cli/choice_text.hpp"

#include "cli/comparison_text.hpp"
#include "report/choice_sentences.hpp"

namespace latentgrid::cli {

namespace {

const char* word_of(MeasureChoice::Evidence evidence) {
  switch (evidence) {
    case MeasureChoice::Evidence::too_few:
      return "too few settings";
    case MeasureChoice::Evidence::orders_nothing:
      return "orders nothing";
    case MeasureChoice::Evidence::wrong_way:
      return "wrong way";
    case MeasureChoice::Evidence::chance:
      return "chance";
    case MeasureChoice::Evidence::better_than_chance:
      break;
  }
  return "better than chance";
}

}  // namespace

Json json_of(const std::vector<const ResultRow*>& jobs, const LabelledChoice& choice) {
  Json measures = Json::array();
  for (const MeasureChoice& one : choice.measures) {
    measures.push_back({{"name", one.measure->name},
                        {"job", jobs[one.chosen]->job},
                        {"of_setting", one.measure->of_setting},
                        {"score", one.score},
                        {"loss", one.loss},
                        {"judged", one.judged},
                        {"tau", json_of(one.tau)},
                        {"settings", one.settings},
                        {"tau_of_settings", json_of(one.tau_of_settings)},
                        {"p_holm", json_of(one.p)},
                        {"evidence", word_of(one.evidence)},
                        {"beats_random", one.beats_random},
                        {"sentence", choice_sentence(jobs, choice, one)}});
  }
  return {{"score", choice.score->name},
          {"jobs", choice.jobs},
          {"best", choice.best},
          {"mean", choice.mean},
          {"best_setting", choice.best_setting},
          {"mean_of_settings", choice.mean_of_settings},
          {"measures", measures}};
}

}  // namespace latentgrid::cli
