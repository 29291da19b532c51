#include "report/ties.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/decimal.hpp"
#include "report/charts/common.hpp"
#include "report/disagreement.hpp"
#include "report/fields.hpp"
#include "report/measured.hpp"
#include "stats/correlation.hpp"
#include "stats/paired.hpp"
#include "stats/significance_level.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t most_named = 100;     // tied rows; the rest is counted
constexpr std::int64_t few_replicates = 5;  // from three or four pairs a difference must be many standard errors

class Ranker {
 public:
  Ranker(const Field& field, const TableSpec& spec, const ComparisonInput& input, const std::vector<RowGroup>& groups,
        std::vector<Measured> rows, bool percent)
      : field_(field), spec_(spec), input_(input), groups_(groups), rows_(std::move(rows)), digits_(percent ? 2 : 4) {
    ranking_.best.assign(groups.size(), false);
    ranking_.tied.assign(groups.size(), false);
  }

  void rank(const std::vector<std::size_t>& candidates) {
    const std::vector<std::size_t> order = best_first(rows_, candidates, field_.lower_is_better);
    if (order.empty()) return;
    for (std::size_t row : order) ranking_.best[row] = rows_[row].mean == rows_[order.front()].mean;
    if (order.size() < 2) return;
    const bool single_runs = std::all_of(order.begin(), order.end(), [&](std::size_t row) {
      return rows_[row].by_replicate.size() == 1 && groups_[row].rows.size() == 1;
    });
    single_runs ? compare_two_runs(order) : compare_over_replicates(order);
  }

  Ranking take() { return std::move(ranking_); }

 private:
  struct Compared {
    std::size_t row;
    PairedDifference difference;  // row - best
  };

  void compare_over_replicates(const std::vector<std::size_t>& order) {
    const Measured& best = rows_[order.front()];
    std::vector<Compared> compared;
    std::size_t unjudged = 0;
    std::size_t constant = 0;
    for (std::size_t i = 1; i < order.size(); ++i) {
      if (ranking_.best[order[i]]) continue;  // bold as well: there is no difference to test
      std::vector<double> own, of_best;
      for (const auto& [replicate, value] : rows_[order[i]].by_replicate) {
        auto found = best.by_replicate.find(replicate);
        if (found == best.by_replicate.end()) continue;
        own.push_back(value);
        of_best.push_back(found->second);
      }
      const auto difference = paired_difference(own, of_best);
      if (difference && !difference->p) {
        ++constant;
      } else if (difference) {
        compared.push_back({order[i], *difference});
      } else {
        ++unjudged;
      }
    }
    std::vector<double> p;
    for (const Compared& row : compared) p.push_back(*row.difference.p);
    p = holm_adjusted(p);
    std::vector<std::string> named;
    std::size_t ties = 0;
    for (std::size_t i = 0; i < compared.size(); ++i) {
      if (p[i] < significance_level) continue;
      ranking_.tied[compared[i].row] = true;
      if (++ties <= most_named) named.push_back(difference_text(compared[i], p[i]));
    }
    std::int64_t fewest = few_replicates;
    for (const Compared& row : compared) fewest = std::min(fewest, row.difference.n);
    say_ties(compared.size(), ties, named, order.front(), fewest);
    if (unjudged > 0) say_unjudged(unjudged);
    if (constant > 0) {  // a standard error of 0 is no measure of chance
      ranking_.sentences.push_back(
          fmt::format("{} {} not tested: {} from the best by the same amount in every {}.", constant,
                      constant == 1 ? fmt::format("{} was", what(1)) : fmt::format("{} were", what(2)),
                      constant == 1 ? "it differs" : "they differ", spec_.replicate));
    }
  }

  std::string difference_text(const Compared& row, double p) const {
    const PairedDifference& d = row.difference;
    return fmt::format("{} {} ({} to {}; p = {:.3g})", groups_[row.row].name, fixed_with_sign(d.mean, digits_),
                       fixed_with_sign(d.low, digits_), fixed_with_sign(d.high, digits_), p);
  }

  void say_ties(std::size_t compared, std::size_t ties, const std::vector<std::string>& named, std::size_t best,
                std::int64_t fewest_pairs) {
    if (compared == 0) return;
    const std::string test =
        compared == 1 ? fmt::format("paired t test over {}s, 5 % level", spec_.replicate)
                      : fmt::format("paired t tests over {}s, 5 % level, Holm's correction", spec_.replicate);
    if (ties == 0 && compared == 1) {
      ranking_.sentences.push_back(fmt::format("The one other {} that was tested differs from the best ({}).", what(1), test));
    } else if (ties == 0) {
      ranking_.sentences.push_back(
          fmt::format("All {} other {} that were tested differ from the best ({}).", compared, what(compared), test));
    } else {
      ranking_.sentences.push_back(fmt::format("† marks what does not differ significantly from the best ({}).", test));
      std::string text = compared == 1 ? fmt::format(
                                             "The other {} differs from {}, the best, by this amount (in brackets the 95 % "
                                             "confidence interval and the p-value): {}",
                                             what(1), groups_[best].name, named.front())
                                       : fmt::format(
                                             "{} other {} were tested against {}, the best. Those marked † differ from "
                                             "it by these amounts (in brackets the 95 % confidence interval, which is not corrected, "
                                             "and the corrected p-value): {}",
                                             compared, what(2), groups_[best].name, fmt::join(named, "; "));
      if (ties > most_named) text += fmt::format("; {} more are marked † in the table", ties - most_named);
      ranking_.details.push_back(text + ".");
    }
    if (ties < compared && compared > 1) {
      ranking_.details.push_back(
          "The best was chosen by the same numbers that are tested, so differences from it look larger than they are.");
    } else if (ties == compared && fewest_pairs < few_replicates) {
      ranking_.sentences.push_back(fmt::format("With only {} {}s, the test can find only large differences.",
                                               fewest_pairs, spec_.replicate));
    }
  }

  // A table's rows, a pivot's cells.
  const char* what(std::size_t count) const {
    if (spec_.pivot) return count == 1 ? "cell" : "cells";
    return count == 1 ? "row" : "rows";
  }

  void say_unjudged(std::size_t unjudged) {
    ranking_.sentences.push_back(
        fmt::format("{} {} not tested: {} fewer than three {}s in common with the best.", unjudged,
                    unjudged == 1 ? fmt::format("{} was", what(1)) : fmt::format("{} were", what(2)),
                    unjudged == 1 ? "it has" : "they have", spec_.replicate));
  }

  // The best and the first that is worse, image by image.
  void compare_two_runs(const std::vector<std::size_t>& order) {
    const auto worse = std::find_if(order.begin(), order.end(), [&](std::size_t row) { return !ranking_.best[row]; });
    const std::optional<Split> split = split_of(field_);
    if (worse == order.end() || !split || !input_.disagreement) return;
    const std::size_t best = order.front(), next = *worse;
    const bool shared = worse - order.begin() > 1;
    const std::string &first = groups_[best].name, &second = groups_[next].name;
    const auto found = input_.disagreement(input_.rows[groups_[best].rows.front()].job,
                                           input_.rows[groups_[next].rows.front()].job, *split);
    if (const auto* omission = std::get_if<Omission>(&found)) {
      ranking_.sentences.push_back(
          fmt::format("Whether {} and {} differ could not be tested: {}.", first, second, omission->reason));
      return;
    }
    const auto& d = std::get<Disagreement>(found);
    const double p = mcnemar_exact(d);
    const bool differ = p < significance_level;
    ranking_.tied[next] = !differ;
    const std::string test =
        fmt::format("McNemar's exact test on {} {} images, p = {:.2g}", d.images, name_of(*split), p);
    if (shared) {
      ranking_.sentences.push_back(
          differ ? fmt::format("{}, one of the best {}s, and {}, the next, differ significantly ({}).", first, what(1), second, test)
                 : fmt::format("† marks the next {1}, which does not differ significantly from {0}, one of the best ({2}).", first, what(1), test));
    } else {
      ranking_.sentences.push_back(differ ? fmt::format("The two best {}s differ significantly ({}).", what(1), test)
                                          : fmt::format("† marks the next {0}, which does not differ significantly from the best {0} ({1}).", what(1), test));
    }
    // Without a mark the others would look as if they had been tested and found worse.
    if (groups_.size() > 2) ranking_.sentences.push_back(fmt::format("No other {} was tested.", what(1)));
    ranking_.details.push_back(
        fmt::format("{} alone is right on {} images, and {} alone on {}. Each is one run: the test says nothing about other {}s.",
                    first, d.only_first, second, d.only_second, spec_.replicate));
  }

  const Field& field_;
  const TableSpec& spec_;
  const ComparisonInput& input_;
  const std::vector<RowGroup>& groups_;
  std::vector<Measured> rows_;
  int digits_;  // of differences
  Ranking ranking_;
};

// What two jobs share whose clusters were found in the same space.
std::string embedding_of(const ResultRow& row) {
  Json params = Json::parse(row.params);
  if (params.is_object()) params.erase("clustering");
  return fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}", row.architecture, row.latent, row.epochs, row.reduction,
                     row.reduced_dim, row.seed, params.dump());
}

// Of a row: those of its jobs of one seed, which are several where it averages over what decides an embedding.
std::string embeddings_of(const ComparisonInput& input, const RowGroup& group) {
  std::set<std::string> embeddings;
  const std::int64_t seed = input.rows[group.rows.front()].seed;
  for (std::size_t row : group.rows) {
    if (input.rows[row].seed == seed) embeddings.insert(embedding_of(input.rows[row]));
  }
  return fmt::format("{}", fmt::join(embeddings, "\x1e"));
}

}  // namespace

bool several_embeddings(const ComparisonInput& input, const std::vector<RowGroup>& groups) {
  std::set<std::string> embeddings;
  for (const RowGroup& group : groups) {
    embeddings.insert(embeddings_of(input, group));
    if (embeddings.size() > 1) return true;
  }
  return false;
}

Ranking rank(const Field& field, const TableSpec& spec, const ComparisonInput& input, const Grouping& grouping,
             const std::vector<RowGroup>& groups) {
  if (groups.size() == 1) return {std::vector<bool>(1), std::vector<bool>(1), {}, {}};  // nothing to be better than
  Ranker judge(field, spec, input, groups, measure(grouping, groups, field), grouping.scale_of(field) != 1);
  if (!is_metric(field.name, &Metric::of_one_embedding) || !several_embeddings(input, groups)) {
    std::vector<std::size_t> all(groups.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    judge.rank(all);
    Ranking ranking = judge.take();
    ranking.sharing = static_cast<std::size_t>(std::count(ranking.best.begin(), ranking.best.end(), true));
    return ranking;
  }
  std::map<std::string, std::vector<std::size_t>> by_embedding;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    by_embedding[embeddings_of(input, groups[i])].push_back(i);
  }
  for (const auto& [embedding, members] : by_embedding) {
    if (members.size() > 1) judge.rank(members);
  }
  return judge.take();
}

std::string ordinal(std::size_t number) {
  const std::size_t tens = number % 100, ones = number % 10;
  const bool teen = tens >= 11 && tens <= 13;
  const char* suffix = teen ? "th" : ones == 1 ? "st" : ones == 2 ? "nd" : ones == 3 ? "rd" : "th";
  return fmt::format("{}{}", number, suffix);
}

constexpr std::size_t most_winners_named = 4;

std::vector<std::string> public_against_private(const Grouping& grouping, const std::vector<RowGroup>& groups,
                                                const PublicAndPrivate& scores, bool chosen_on_public) {
  const std::vector<Measured> publics = measure(grouping, groups, find_field(scores.public_field));
  const std::vector<Measured> privates = measure(grouping, groups, find_field(scores.private_field));
  std::vector<double> x, y;
  std::vector<std::size_t> rows;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (!publics[i].mean || !privates[i].mean) continue;
    x.push_back(*publics[i].mean);
    y.push_back(*privates[i].mean);
    rows.push_back(i);
  }
  if (rows.size() < 3) return {};
  const double best = *std::max_element(x.begin(), x.end());
  std::vector<std::string> winners, places;
  std::size_t first_place = rows.size(), last_place = 1;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (x[i] != best) continue;
    const auto place = static_cast<std::size_t>(std::count_if(y.begin(), y.end(), [&](double value) { return value > y[i]; })) + 1;
    winners.push_back(groups[rows[i]].name);
    places.push_back(ordinal(place));
    first_place = std::min(first_place, place);
    last_place = std::max(last_place, place);
  }
  std::string text;
  if (auto correlation = spearman(x, y)) {
    text = fmt::format("{} and private scores of these {} {} have a rank correlation (Spearman) of {}. ",
                       scores.whose.empty() ? "Public" : "The leaderboard's public", rows.size(),
                       grouping.pivots() ? "cells" : "rows", fixed(*correlation, 2));
  }
  const std::string whose = scores.whose.empty() ? "" : " on " + scores.whose;
  if (winners.size() == 1) {
    text += fmt::format("{} has the best public score{} and is {} of {} by private score.", winners[0], whose, places[0], rows.size());
  } else if (first_place == last_place) {
    text += fmt::format("{} share the best public score{}. By private score they share place {} of {}.",
                        winners.size() <= most_winners_named
                            ? charts::listed(winners)
                            : fmt::format("{} {}", winners.size(), grouping.pivots() ? "cells" : "rows"),
                        whose, first_place, rows.size());
  } else if (winners.size() <= most_winners_named) {
    text += fmt::format("{} share the best public score{}. By private score they are {} of {}.", charts::listed(winners), whose,
                        charts::listed(places), rows.size());
  } else {
    text += fmt::format("{} {} share the best public score{}. By private score they are {} to {} of {}.", winners.size(),
                        grouping.pivots() ? "cells" : "rows", whose, ordinal(first_place), ordinal(last_place), rows.size());
  }
  if (chosen_on_public)
    text += " The best here was chosen by its public score, so that score looks better than it is.";
  return {text};
}

}  // namespace latentgrid
