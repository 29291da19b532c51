#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "base/text.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/charts/varied_axes.hpp"
#include "stats/eta_squared.hpp"

namespace latentgrid::charts {

namespace {

struct Share {
  std::string axis;
  double share = 0, without = 0;  // without: where the axis' values are exchanged among jobs that agree in the others
};

// Whether every value of `inner` goes with one value of `outer` alone, as a number of epochs that one architecture has.
bool nested(const VariedAxis& inner, const VariedAxis& outer, const std::vector<std::size_t>& jobs) {
  std::vector<int> goes_with(inner.values.size() + 1, -2);  // the first is of jobs without a value
  for (std::size_t job : jobs) {
    int& known = goes_with[static_cast<std::size_t>(inner.value_of[job] + 1)];
    if (known == -2) known = outer.value_of[job];
    if (known != outer.value_of[job]) return false;
  }
  return true;
}

// Jobs that agree in all other axes have the same number. An axis nested in this one cannot be held while this changes.
std::vector<int> strata_of(const VariedAxis& axis, const std::vector<VariedAxis>& axes,
                           const std::vector<std::size_t>& jobs) {
  std::vector<int> stratum(jobs.size(), 0);
  for (const VariedAxis& other : axes) {
    if (other.name == axis.name || nested(other, axis, jobs)) continue;
    std::map<std::pair<int, int>, int> numbers;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const auto next = static_cast<int>(numbers.size());
      stratum[i] = numbers.try_emplace({stratum[i], other.value_of[jobs[i]]}, next).first->second;
    }
  }
  return stratum;
}

// Jobs without a value on the axis are no group of it.
std::optional<Share> share_of(const VariedAxis& axis, const std::vector<VariedAxis>& axes,
                              const std::vector<double>& values) {
  std::vector<std::size_t> jobs;
  std::vector<double> used;
  std::vector<int> group;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (axis.value_of[i] < 0) continue;
    jobs.push_back(i);
    used.push_back(values[i]);
    group.push_back(axis.value_of[i]);
  }
  const std::optional<double> share = eta_squared(used, group);
  if (!share) return std::nullopt;
  return Share{axis.title(), *share, eta_squared_within_strata(used, group, strata_of(axis, axes, jobs)).value()};
}

// What strata_of() leaves out.
std::vector<std::string> nesting_sentences(const std::vector<VariedAxis>& axes) {
  std::vector<std::string> sentences;
  for (const std::vector<std::string>& together : changing_together(axes)) {
    sentences.push_back(fmt::format("The axes {} always change together, so their shares cannot be told apart.", listed(together)));
  }
  for (const VariedAxis& outer : axes) {
    for (const VariedAxis& inner : axes) {
      if (outer.name == inner.name || !follows(outer, inner) || follows(inner, outer)) continue;
      sentences.push_back(fmt::format("Each value of {0} occurs with one value of {1} only, so their shares cannot be separated. "
                                      "The grey bar of {1} exchanges both.",
                                      inner.title(), outer.title()));
    }
  }
  return sentences;
}

void draw_shares(Figure& figure, const std::vector<Share>& shares) {
  BarChart chart;
  chart.values.title = "share of the variance";
  BarSeries found{.name = "eta squared", .color = 0}, without{.name = "by chance", .color = -1};
  for (const Share& share : shares) {
    chart.categories.push_back(share.axis);
    found.values.push_back(share.share);
    without.values.push_back(share.without);
  }
  chart.series = {std::move(found), std::move(without)};
  figure.body = std::move(chart);
}

}  // namespace

// {"score"}: how much of the score's variance lies between the values of each axis (stats/eta_squared.hpp).
Figure importance(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const std::optional<ScoredAxes> scored = scored_axes(data, spec, figure);
  if (!scored) return figure;
  const auto& [jobs, axes] = *scored;
  std::vector<Share> shares;
  for (const VariedAxis& axis : axes) {
    if (auto share = share_of(axis, axes, jobs.values)) shares.push_back(*share);
  }
  if (shares.empty()) {
    figure.omissions.push_back(fmt::format("The {} have the same {}, so there is no variance to explain.",
                                      counted(jobs.rows.size(), "complete job"), jobs.score));
    figure.caption = jobs.left_out;
    return figure;
  }
  std::stable_sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.share > b.share; });
  draw_shares(figure, shares);
  figure.caption.push_back(fmt::format(
      "How much of the variance of {} over {} lies between the values of each axis: eta squared of a one-way analysis of "
      "variance, for each axis by itself.",
      jobs.score, counted(jobs.rows.size(), "complete job")));
  figure.caption.push_back(
      "The shares need not add up to 1. No bar shows what axes do only in combination (an interaction).");
  figure.caption.push_back(
      "The grey bar is the share to expect by chance: the mean of eta squared if the values of the axis were exchanged among "
      "the jobs that agree on all other axes.");
  if (!is_balanced(axes, jobs.rows.size())) {
    figure.caption.push_back(
        "The grid is unbalanced: some combinations of values have more jobs than others. The bar of an axis may therefore hold "
        "part of another's share, and so does its grey bar. Where the two bars are equally long, nothing is known about the axis.");
  }
  for (std::string& sentence : nesting_sentences(axes)) figure.caption.push_back(std::move(sentence));
  for (std::string& sentence : missing_value_sentences(axes, jobs.rows.size()))
    figure.caption.push_back(std::move(sentence));
  figure.caption.insert(figure.caption.end(), jobs.left_out.begin(), jobs.left_out.end());
  return figure;
}

}  // namespace latentgrid::charts
