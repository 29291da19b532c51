#include "report/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <set>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "methods/methods.hpp"
#include "report/answer_scope.hpp"
#include "report/averages.hpp"
#include "report/charts/common.hpp"
#include "report/comparison.hpp"
#include "report/disagreement.hpp"
#include "report/measured.hpp"
#include "report/row_names.hpp"
#include "report/ties.hpp"
#include "report/trainings_alone.hpp"
#include "stats/paired.hpp"
#include "stats/significance_level.hpp"

namespace latentgrid {

namespace {

// A leaderboard's too.
bool is_score_against_labels(const std::string& field) {
  return is_metric(field, &Metric::is_score) && is_metric(field, &Metric::fraction);
}

std::string field_of_answer(const ComparisonInput& input, const TableSpec& first_table) {
  if (input.labelled == 0) return "recon_mse";
  return first_table.best && is_score_against_labels(*first_table.best) ? *first_table.best : "accuracy";
}

// The first table's rows, or the cells of its pivot, by the field of the answer. Columns that would tell runs of one setting
// apart are left out.
TableSpec spec_of_answer(const TableSpec& table, const std::string& field) {
  TableSpec spec{.name = "answer", .percent = table.percent, .row_titles = table.row_titles};
  spec.columns = {{"label", "", 0}};
  spec.pivot = table.pivot;
  spec.best = field;
  spec.replicate = table.replicate;
  spec.average_over = table.average_over;
  return spec;
}

// Every setting by itself, whatever the first table averages over.
TableSpec spec_of_settings(const TableSpec& table, const std::string& field) {
  TableSpec spec = spec_of_answer(table, field);
  spec.pivot.reset();
  spec.average_over.clear();
  return spec;
}

// As the first table shows the field, where it does.
int precision_in(const TableSpec& table, const Field& field, bool percent) {
  for (const auto* columns : {&table.columns, table.pivot ? &table.pivot->values : &table.columns}) {
    for (const TableSpec::Column& column : *columns) {
      if (column.field == field.name) return column.precision;
    }
  }
  return percent ? 1 : field.precision;
}

constexpr std::size_t most_tied_named = 4;  // settings that share the best

class AnswerWriter {
 public:
  AnswerWriter(const ComparisonInput& input, const std::string& field, TableSpec spec, const TableSpec& table)
      : input_(input),
        field_(find_field(field)),
        spec_(std::move(spec)),
        grouping_(spec_, input_),
        groups_(grouping_.groups()),
        measured_(measure(grouping_, groups_, field_)),
        percent_(grouping_.scale_of(field_) != 1),
        precision_(precision_in(table, field_, percent_)) {
    RowNames names(spec_, input_, grouping_);
    names.give(groups_);
    unless_said_ = names.unless_said();
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
    if (order_.size() == 1) return with_averages({the_only_one()});
    std::vector<std::string> all = with_averages({which_is_best()});
    if (!unless_said_.empty()) all.push_back(fmt::format("Where it applies, and unless said otherwise: {}.", unless_said_));
    if (as_good_ == order_.size()) return all;
    if (auto said = no_autoencoder_wins()) all.push_back(std::move(*said));
    all.push_back(is_it_chance());
    return all;
  }

  // "AE2 + PCA(dim = 8) (epochs = 20): 0.7512": where a single setting does better than what `table` calls best.
  std::optional<std::string> single_setting_beyond(const AnswerWriter& table) const {
    if (order_.empty() || table.order_.empty()) return std::nullopt;
    const double own = *measured_[order_.front()].mean, other = *table.measured_[table.order_.front()].mean;
    if (field_.lower_is_better ? own >= other : own <= other) return std::nullopt;
    return fmt::format("Of all settings of the sweep, each by itself, {} {}the {} {}: {}.", label(order_.front()),
                       as_good_ > 1 ? fmt::format("and {} more share ", as_good_ - 1) : fmt::format("{} ", has(order_.front())),
                       extreme(), field_.title, value(order_.front()));
  }

 private:
  // That values are averages is said before what they are compared for.
  std::vector<std::string> with_averages(std::vector<std::string> sentences) const {
    const Averages over = averages(grouping_, groups_);
    if (!over.none()) {
      sentences.push_back(fmt::format("As in the first table, {} an average over {}, taken within each {}.",
                                      over.the_same_in_all() ? "each of these values is" : "a value may be", over.text(), spec_.replicate));
    }
    return sentences;
  }

  const char* extreme() const { return field_.lower_is_better ? "lowest" : "highest"; }

  // "AE2 + PCA(dim = 32) (learning_rate = 0.01)": in full; by the table's own title for the row, if it has one.
  std::string label(std::size_t group) const {
    if (spec_.pivot) return groups_[group].name;
    const std::string suffix = in_brackets(groups_[group].difference), whole = in_brackets(groups_[group].whole_difference);
    const std::string label = grouping_.full_label(groups_[group]);
    const std::string in_table = cell_text(grouping_.shown(groups_[group], find_field("label")));
    for (const std::string& name : {label, grouping_.label(groups_[group], {}), in_table}) {
      if (auto title = spec_.row_titles.find(name + suffix); title != spec_.row_titles.end()) return title->second;
      if (auto title = spec_.row_titles.find(name + whole); title != spec_.row_titles.end()) return title->second;
      if (auto title = spec_.row_titles.find(name); title != spec_.row_titles.end()) return title->second + suffix;
    }
    return label + suffix;
  }
  // A group that averages over architectures may be neither.
  bool is_all(std::size_t group, bool untrained) const {
    const std::vector<std::size_t>& rows = groups_[group].rows;
    return std::all_of(rows.begin(), rows.end(),
                       [&](std::size_t row) { return trains_encoder(input_.rows[row].architecture) != untrained; });
  }
  // "raw pixels": what such a group clusters instead.
  std::string vectors(std::size_t group) const { return display_name_of_architecture(input_.rows[groups_[group].rows.front()].architecture); }
  // "raw pixels have", "raw pixels + PCA(dim = 8) has".
  const char* has(std::size_t group) const { return is_all(group, true) && label(group) == vectors(group) ? "have" : "has"; }
  std::string number(double value) const { return fixed(value, precision_); }

  // "0.0065", "less than 0.0001", "0.7 percentage points".
  std::string lead_over(std::size_t group) const {
    const double lead = std::abs(decimal_difference(*measured_[order_.front()].mean, *measured_[group].mean));
    std::string text = number(lead);
    if (lead > 0 && text == number(0)) text = "less than " + number(std::pow(10, -precision_));
    return text + (percent_ ? " percentage points" : "");
  }

  std::string plural(std::size_t count) const { return counted(count, spec_.replicate); }

  // "0.7167 ± 0.0153 over 3 seeds", "over 2 of 3 seeds", "0.7167".
  std::string value(std::size_t group) const {
    std::vector<double> values;
    for (const auto& [replicate, value] : measured_[group].by_replicate) values.push_back(value);
    const Estimate of = estimate(values);
    std::string text = number(of.mean);
    if (of.deviation) text += " ± " + number(*of.deviation);
    if (percent_) text += " %";
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
    const std::string alone = groups_.size() == 1 ? "There is one setting" : "Only one setting has a result";
    return fmt::format("{}, {}: its {} is {}. There is nothing to compare it with.", alone, label(order_.front()),
                       field_.title, value(order_.front()));
  }

  std::string which_is_best() const {
    if (as_good_ == order_.size()) {
      return fmt::format("{} settings have the same {}, {}.", order_.size() == 2 ? "Both" : fmt::format("All {}", order_.size()),
                         field_.title, value(order_.front()));
    }
    std::string text = label(order_.front());
    if (is_all(order_.front(), true)) text = sentence_case(text);
    if (as_good_ == 1) {
      text += fmt::format(" {} the {} {}", has(order_.front()), extreme(), field_.title);
    } else if (as_good_ <= most_tied_named) {
      std::vector<std::string> tied = {text};
      for (std::size_t i = 1; i < as_good_; ++i) tied.push_back(label(order_[i]));
      text = fmt::format("{} share the {} {}", charts::listed(tied), extreme(), field_.title);
    } else {
      text += fmt::format(" and {} other settings share the {} {}", as_good_ - 1, extreme(), field_.title);
    }
    const char* direction = field_.lower_is_better ? "below" : "above";
    return text + fmt::format(", {}: {} {} the next, {}{}", value(order_.front()), lead_over(next()), direction,
                              label(next()), baseline_clause(direction));
  }

  std::size_t next() const { return order_[as_good_]; }

  std::optional<std::size_t> first_that(bool untrained) const {
    for (std::size_t group : order_) {
      if (is_all(group, untrained)) return group;
    }
    return std::nullopt;
  }
  bool is_among_the_best(std::size_t group) const { return *measured_[group].mean == *measured_[order_.front()].mean; }

  // The rest of the sentence: how far the best is ahead of doing without an autoencoder.
  std::string baseline_clause(const char* direction) const {
    const std::optional<std::size_t> untrained = first_that(true);
    if (!untrained || !first_that(false) || is_among_the_best(*untrained)) return ".";
    if (*untrained == next()) return ", which is the best without a trained encoder.";
    return fmt::format(", and {} {} the best without a trained encoder, {}.", lead_over(*untrained), direction, label(*untrained));
  }

  std::optional<std::string> no_autoencoder_wins() const {
    const std::optional<std::size_t> untrained = first_that(true), trained = first_that(false);
    if (!untrained || !trained || !is_among_the_best(*untrained)) return std::nullopt;
    if (is_among_the_best(*trained)) return sentence_case(vectors(*untrained)) + " do as well as the best trained encoder.";
    if (*trained == next()) return fmt::format("No trained encoder does better than {}.", vectors(*untrained));
    return fmt::format("No trained encoder does better than {}; the best of them is {}, {}.", vectors(*untrained), label(*trained), value(*trained));
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
    return fmt::format("On these images that lead over the next {}: of {} {} images, {} alone is right on {} and {} alone on {} "
                       "(McNemar's exact test, {}). {}; another may give another order.",
                       verdict(p), d->images, name_of(*split), label(order_.front()), d->only_first, label(next()),
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
    const std::optional<std::size_t> untrained = first_that(true);
    if (untrained && *untrained != next() && p.contains(*untrained)) {
      const bool same = (p.at(*untrained) < significance_level) == (of_next->second < significance_level);
      const bool chance = p.at(*untrained) >= significance_level;
      text += same ? fmt::format(", and so {} the lead over {} ({})", chance ? "may" : "is", vectors(*untrained), p_text(p.at(*untrained)))
                   : fmt::format(", but the lead over {} {} ({})", vectors(*untrained), verdict(p.at(*untrained)), p_text(p.at(*untrained)));
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
      return fmt::format("The next is behind by the same amount in each of {}, which says nothing about chance.",
                         plural(static_cast<std::size_t>(found->n)));
    }
    std::size_t shared = 0;
    for (const auto& [replicate, value] : measured_[next()].by_replicate) {
      shared += measured_[order_.front()].by_replicate.contains(replicate);
    }
    return fmt::format("The two have {} in common, and a test needs three, so nothing says whether that lead is more than chance.",
                       shared == 0 ? fmt::format("no {}", spec_.replicate) : plural(shared));
  }

  const ComparisonInput& input_;
  const Field& field_;
  TableSpec spec_;
  Grouping grouping_;
  std::vector<RowGroup> groups_;
  std::vector<Measured> measured_;
  bool percent_;
  int precision_;
  std::vector<std::size_t> order_;  // those with a value, the best first
  std::size_t as_good_ = 0;         // how many of them are best
  std::vector<std::int64_t> replicates_;
  std::string unless_said_;  // of the settings: what most share
};

}  // namespace

std::vector<std::string> answer(const ComparisonInput& of_table, const TableSpec& first_table, const ComparisonInput& sweep) {
  if (sweep.rows.empty()) return {"The sweep has no jobs."};
  if (of_table.rows.empty()) return {"No job meets the conditions of the first table, so nothing can be said about which setting is best."};
  const std::string field = field_of_answer(of_table, first_table);
  const bool losses = field == "recon_mse";
  const ComparisonInput input = losses ? of_trainings(of_table) : of_table;
  std::vector<std::string> all;
  if (losses) {
    all.push_back(fmt::format("None of the {} images has a label, so nothing says which setting clusters best.", of_table.images));
  }
  if (!input.rows.empty()) {
    AnswerWriter of_rows(input, field, losses ? spec_of_settings(first_table, field) : spec_of_answer(first_table, field), first_table);
    for (std::string& sentence : of_rows.sentences()) all.push_back(std::move(sentence));
    if (!losses) {
      const AnswerWriter of_settings(sweep, field, spec_of_settings(first_table, field), first_table);
      if (auto better = of_settings.single_setting_beyond(of_rows)) all.push_back(std::move(*better));
    }
  }
  for (std::string& sentence : scope_of_answer(of_table, first_table, sweep)) all.push_back(std::move(sentence));
  return all;
}

}  // namespace latentgrid
