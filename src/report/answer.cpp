#include "report/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "report/charts/parts.hpp"
#include "report/comparison.hpp"
#include "report/disagreement.hpp"
#include "report/measured.hpp"
#include "report/row_names.hpp"
#include "report/ties.hpp"
#include "score/paired.hpp"

namespace latentgrid {

namespace {

bool is_score_against_labels(const std::string& field) {
  static constexpr std::array scores = {"accuracy", "accuracy_public",    "accuracy_private",   "ari",
                                        "nmi",      "leaderboard_public", "leaderboard_private"};
  return std::find(scores.begin(), scores.end(), field) != scores.end();
}

std::string field_of_answer(const ComparisonInput& input, const TableSpec& first_table) {
  if (input.labelled == 0) return "recon_mse";
  return first_table.best && is_score_against_labels(*first_table.best) ? *first_table.best : "accuracy";
}

// A job as the training that it rests on: a reconstruction loss is of an encoder, whatever reduces and clusters its latents.
ResultRow training_of(ResultRow row) {
  row.reduction = "none";
  row.clustering.clear();
  row.reduced_dim = row.k = 0;
  Json params = Json::parse(row.params, nullptr, false);
  if (params.is_object()) {
    params.erase("reduction");
    params.erase("clustering");
    row.params = params.dump();
  }
  if (row.recon_mse) row.state = "complete";  // whatever became of the job behind it
  return row;
}

ComparisonInput of_trainings(const ComparisonInput& input) {
  ComparisonInput trainings = input;
  trainings.rows.clear();
  trainings.disagreement = nullptr;
  std::map<std::string, std::size_t> known;
  for (const ResultRow& job : input.rows) {
    if (job.architecture == "raw") continue;
    ResultRow row = training_of(job);
    const std::string identity =
        fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}", row.architecture, row.latent, row.epochs, row.seed, row.params);
    const auto [found, fresh] = known.try_emplace(identity, trainings.rows.size());
    if (fresh) {
      trainings.rows.push_back(std::move(row));
    } else if (row.recon_mse && !trainings.rows[found->second].recon_mse) {
      trainings.rows[found->second] = std::move(row);
    }
  }
  trainings.axes_of = [axes_of = input.axes_of](const std::string& job) {
    Axes axes = axes_of(job);
    std::erase_if(axes, [](const auto& axis) {
      static const std::set<std::string> behind = {"reduction", "reduced_dim", "clustering", "k"};
      return behind.contains(axis.first) || axis.first.find('.') != std::string::npos;
    });
    return axes;
  };
  return trainings;
}

std::string p_text(double p) {
  return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.2g}", p);
}

class Answer {
 public:
  Answer(const ComparisonInput& input, const std::string& field, const std::string& replicate)
      : input_(input),
        field_(find_field(field)),
        spec_{.name = "answer", .columns = {{"label", "", 0}}, .best = field, .replicate = replicate},
        grouping_(spec_, input_),
        groups_(grouping_.groups()),
        measured_(measure(grouping_, groups_, field_)) {
    RowNames(spec_, input_, grouping_).give(groups_);
    std::vector<std::size_t> all(groups_.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    order_ = best_first(measured_, all, field_.lower_is_better);
    while (as_good_ < order_.size() && measured_[order_[as_good_]].mean == measured_[order_.front()].mean) ++as_good_;
    std::set<std::int64_t> replicates;
    for (const ResultRow& row : input_.rows) replicates.insert(replicate_of(spec_, row));
    replicates_.assign(replicates.begin(), replicates.end());
  }

  std::vector<std::string> sentences() {
    if (order_.empty()) return {nothing_measured()};
    if (order_.size() == 1) return {the_only_one()};
    std::vector<std::string> all = {which_is_best()};
    if (as_good_ == order_.size()) return all;
    if (auto said = raw_pixels_win()) all.push_back(std::move(*said));
    all.push_back(is_it_chance());
    return all;
  }

 private:
  // "AE2 + PCA(dim = 32) (learning_rate = 0.01)": in full, as there is no table that says the rest.
  std::string label(std::size_t group) const {
    const std::string& difference = groups_[group].difference;
    return grouping_.label(groups_[group], {}) + (difference.empty() ? "" : fmt::format(" ({})", difference));
  }
  bool is_raw(std::size_t group) const { return input_.rows[groups_[group].rows.front()].architecture == "raw"; }
  std::string number(double value) const { return fmt::format("{:.{}f}", value, field_.precision); }

  // "0.0065", "less than 0.0001".
  std::string lead_over(std::size_t group) const {
    const double lead = std::abs(*measured_[order_.front()].mean - *measured_[group].mean);
    const std::string text = number(lead);
    if (lead > 0 && text == number(0)) return "less than " + number(std::pow(10, -field_.precision));
    return text;
  }

  std::string plural(std::size_t count) const { return charts::counted(count, spec_.replicate); }

  // "0.7167 ± 0.0153 over 3 seeds", "over 2 of 3 seeds", "0.7167".
  std::string value(std::size_t group) const {
    std::vector<double> values;
    for (const auto& [replicate, value] : measured_[group].by_replicate) values.push_back(value);
    const Estimate of = estimate(values);
    std::string text = number(of.mean);
    if (of.deviation) text += " ± " + number(*of.deviation);
    if (replicates_.size() == 1) return text;
    return text + (values.size() == replicates_.size() ? " over " + plural(values.size())
                                                       : fmt::format(" over {} of {}", values.size(), plural(replicates_.size())));
  }

  std::string nothing_measured() const {
    const bool any = std::any_of(input_.rows.begin(), input_.rows.end(), [](const ResultRow& row) { return row.state == "complete"; });
    if (!any) return "No job has a result yet, so nothing can be said about which setting is best.";
    return fmt::format("No complete job has a value of {}, so nothing can be said about which setting is best.", field_.title);
  }

  std::string the_only_one() const {
    const std::string alone = groups_.size() == 1 ? "There is one setting" : "One setting alone has a result";
    return fmt::format("{}, {}: its {} is {}. There is nothing to compare it with.", alone, label(order_.front()),
                       field_.title, value(order_.front()));
  }

  std::string which_is_best() const {
    const char* extreme = field_.lower_is_better ? "lowest" : "highest";
    if (as_good_ == order_.size()) {
      return fmt::format("All {} settings have the same {}, {}.", order_.size(), field_.title, value(order_.front()));
    }
    std::string text = label(order_.front());
    const bool plural = text.starts_with("raw pixels");
    if (plural) text.front() = 'R';
    if (as_good_ == 1) {
      text += fmt::format(" {} the {} {}", plural ? "have" : "has", extreme, field_.title);
    } else if (as_good_ == 2) {
      text += fmt::format(" and {} share the {} {}", label(order_[1]), extreme, field_.title);
    } else {
      text += fmt::format(" and {} other settings share the {} {}", as_good_ - 1, extreme, field_.title);
    }
    const char* direction = field_.lower_is_better ? "below" : "above";
    return text + fmt::format(", {}: {} {} the next, {}{}", value(order_.front()), lead_over(next()), direction,
                              label(next()), baseline_clause(direction));
  }

  std::size_t next() const { return order_[as_good_]; }

  std::optional<std::size_t> first_that(bool raw) const {
    for (std::size_t group : order_) {
      if (is_raw(group) == raw) return group;
    }
    return std::nullopt;
  }
  bool is_among_the_best(std::size_t group) const { return *measured_[group].mean == *measured_[order_.front()].mean; }

  // The rest of the sentence: how far the best is ahead of doing without an autoencoder.
  std::string baseline_clause(const char* direction) const {
    const std::optional<std::size_t> raw = first_that(true);
    if (!raw || !first_that(false) || is_among_the_best(*raw)) return ".";
    if (*raw == next()) return ", which is the best without an autoencoder.";
    return fmt::format(", and {} {} the best without an autoencoder, {}.", lead_over(*raw), direction, label(*raw));
  }

  std::optional<std::string> raw_pixels_win() const {
    const std::optional<std::size_t> raw = first_that(true), trained = first_that(false);
    if (!raw || !trained || !is_among_the_best(*raw)) return std::nullopt;
    if (is_among_the_best(*trained)) return "Raw pixels do as well as the best autoencoder.";
    if (*trained == next()) return "No autoencoder does better than raw pixels.";
    return fmt::format("No autoencoder does better than raw pixels; the best of them is {}, {}.", label(*trained), value(*trained));
  }

  bool single_runs() const {
    return std::all_of(order_.begin(), order_.end(), [&](std::size_t group) {
      return measured_[group].by_replicate.size() == 1 && groups_[group].rows.size() == 1;
    });
  }

  std::string is_it_chance() const { return single_runs() ? chance_of_two_runs() : chance_over_replicates(); }

  std::string one_replicate() const {
    if (replicates_.size() > 1) return fmt::format("Each setting has one {}", spec_.replicate);
    return fmt::format("There is one {} ({})", spec_.replicate, replicates_.front());
  }

  std::string chance_of_two_runs() const {
    const std::optional<Split> split = split_of(field_);
    const std::string untested = fmt::format("{}, and nothing says whether another would give the same order.", one_replicate());
    if (!split || !input_.disagreement) return untested;
    const auto found = input_.disagreement(job(order_.front()), job(next()), *split);
    const auto* d = std::get_if<Disagreement>(&found);
    if (!d) return untested;
    const double p = mcnemar_exact(*d);
    return fmt::format("On these images that lead over the next {}: of {} {} images the first alone is right on {}, "
                       "the second alone on {} (McNemar's exact test, {}). {}; another may give another order.",
                       verdict(p), d->images, name_of(*split), d->only_first,
                       d->only_second, p_text(p), one_replicate());
  }

  const std::string& job(std::size_t group) const { return input_.rows[groups_[group].rows.front()].job; }

  // Against the best, over the replicates that both have.
  std::optional<PairedDifference> difference(std::size_t group) const {
    std::vector<double> own, of_best;
    const auto& best = measured_[order_.front()].by_replicate;
    for (const auto& [replicate, value] : measured_[group].by_replicate) {
      const auto found = best.find(replicate);
      if (found == best.end()) continue;
      own.push_back(value);
      of_best.push_back(found->second);
    }
    return paired_difference(own, of_best);
  }

  // Every setting but the best, after Holm's correction, as the tables test them.
  std::map<std::size_t, double> corrected() const {
    std::vector<std::size_t> tested;
    std::vector<double> p;
    for (std::size_t i = as_good_; i < order_.size(); ++i) {
      const auto found = difference(order_[i]);
      if (!found || !found->p) continue;
      tested.push_back(order_[i]);
      p.push_back(*found->p);
    }
    p = holm_adjusted(p);
    std::map<std::size_t, double> by_group;
    for (std::size_t i = 0; i < tested.size(); ++i) by_group[tested[i]] = p[i];
    return by_group;
  }

  std::string chance_over_replicates() const {
    const std::map<std::size_t, double> p = corrected();
    const auto of_next = p.find(next());
    if (of_next == p.end()) return untested_lead();
    std::string text = fmt::format("The lead over the next {} (paired t test over {}, {}{})", verdict(of_next->second),
                                   plural(static_cast<std::size_t>(difference(next())->n)), p_text(of_next->second),
                                   p.size() > 1 ? fmt::format(" after Holm's correction for {} tests", p.size()) : "");
    const std::optional<std::size_t> raw = first_that(true);
    if (raw && *raw != next() && p.contains(*raw)) {
      const bool same = (p.at(*raw) < significance_level) == (of_next->second < significance_level);
      const bool chance = p.at(*raw) >= significance_level;
      text += same ? fmt::format(", and so {} the lead over raw pixels ({})", chance ? "may" : "is", p_text(p.at(*raw)))
                   : fmt::format(", but the lead over raw pixels {} ({})", verdict(p.at(*raw)), p_text(p.at(*raw)));
    }
    text += ".";
    const auto tied = std::count_if(p.begin(), p.end(), [](const auto& one) { return one.second >= significance_level; });
    const std::size_t others = order_.size() - as_good_;
    if (tied > 1 && static_cast<std::size_t>(tied) == others) {
      text += fmt::format(" None of the {} other settings can be told from the best.", others);
    } else if (tied > 1) {
      text += fmt::format(" {} of the {} other settings cannot be told from the best.", tied, others);
    }
    return text;
  }

  static std::string verdict(double p) { return p < significance_level ? "is more than chance" : "may be chance"; }

  std::string untested_lead() const {
    if (const auto found = difference(next())) {
      return fmt::format("The next lies behind by the same in each of {}, which says nothing about chance.",
                         plural(static_cast<std::size_t>(found->n)));
    }
    std::size_t shared = 0;
    for (const auto& [replicate, value] : measured_[next()].by_replicate) {
      shared += measured_[order_.front()].by_replicate.contains(replicate);
    }
    return fmt::format("The two have {} in common, and a test takes three: nothing says whether that lead is more than chance.",
                       shared == 0 ? fmt::format("no {}", spec_.replicate) : plural(shared));
  }

  const ComparisonInput& input_;
  const Field& field_;
  TableSpec spec_;
  Grouping grouping_;
  std::vector<RowGroup> groups_;
  std::vector<Measured> measured_;
  std::vector<std::size_t> order_;  // those with a value, the best first
  std::size_t as_good_ = 0;         // how many of them are best
  std::vector<std::int64_t> replicates_;
};

// "3 of 18 jobs have no result (2 failed, 1 pending), so another setting may turn out to be better."
std::optional<std::string> what_is_missing(const ComparisonInput& input) {
  std::map<std::string, std::size_t> states;
  for (const ResultRow& row : input.rows) {
    if (row.state != "complete") ++states[row.state];
  }
  if (states.empty()) return std::nullopt;
  std::vector<std::string> parts;
  std::size_t missing = 0;
  for (const auto& [state, count] : states) {
    parts.push_back(fmt::format("{} {}", count, state));
    missing += count;
  }
  const bool all = missing == input.rows.size();
  return fmt::format("{} of {} {} no result ({}){}", missing, charts::counted(input.rows.size(), "job"),
                     missing == 1 ? "has" : "have", fmt::join(parts, ", "),
                     all ? "." : ", so another setting may turn out to be better.");
}

}  // namespace

std::vector<std::string> answer(const ComparisonInput& input, const TableSpec& first_table) {
  if (input.rows.empty()) return {"The sweep has no jobs."};
  const std::string field = field_of_answer(input, first_table);
  std::vector<std::string> all;
  if (field == "recon_mse") {
    all.push_back(fmt::format("None of the {} images has a label, so nothing says which setting clusters best.", input.images));
    const ComparisonInput trainings = of_trainings(input);
    if (!trainings.rows.empty()) {
      for (std::string& sentence : Answer(trainings, field, first_table.replicate).sentences()) {
        all.push_back(std::move(sentence));
      }
    }
  } else {
    all = Answer(input, field, first_table.replicate).sentences();
  }
  if (auto missing = what_is_missing(input)) all.push_back(std::move(*missing));
  return all;
}

}  // namespace latentgrid
