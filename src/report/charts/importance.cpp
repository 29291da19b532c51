#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "report/charts/charts.hpp"
#include "report/charts/parts.hpp"
#include "report/charts/varied_axes.hpp"
#include "score/eta_squared.hpp"

namespace latentgrid::charts {

namespace {

struct Share {
  std::string axis;
  double share = 0, by_chance = 0;
};

// Jobs without a value on the axis are no group of it. By chance: the mean share of groups drawn at random, see
// importance()'s caption.
std::optional<Share> share_of(const VariedAxis& axis, const std::vector<double>& values) {
  std::vector<double> used;
  std::vector<int> group;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (axis.value_of[i] < 0) continue;
    used.push_back(values[i]);
    group.push_back(axis.value_of[i]);
  }
  const std::optional<double> share = eta_squared(used, group);
  if (!share) return std::nullopt;
  return Share{axis.name, *share, static_cast<double>(axis.values.size() - 1) / static_cast<double>(used.size() - 1)};
}

// Whether every combination of the axes' values has equally many jobs.
bool is_balanced(const std::vector<VariedAxis>& axes, std::size_t jobs) {
  double combinations = 1;
  for (const VariedAxis& axis : axes) combinations *= static_cast<double>(axis.values.size());
  if (combinations > static_cast<double>(jobs)) return false;
  std::map<std::vector<int>, std::size_t> count;
  std::vector<int> combination(axes.size());
  for (std::size_t job = 0; job < jobs; ++job) {
    for (std::size_t i = 0; i < axes.size(); ++i) {
      combination[i] = axes[i].value_of[job];
      if (combination[i] < 0) return false;
    }
    ++count[combination];
  }
  if (static_cast<double>(count.size()) < combinations) return false;
  return std::all_of(count.begin(), count.end(),
                     [&](const auto& entry) { return entry.second == count.begin()->second; });
}

void draw_shares(Figure& figure, const std::vector<Share>& shares) {
  BarChart chart;
  chart.values.title = "share of the variance";
  BarSeries found{.name = "eta squared", .color = 0}, chance{.name = "expected by chance", .color = -1};
  for (const Share& share : shares) {
    chart.categories.push_back(share.axis);
    found.values.push_back(share.share);
    chance.values.push_back(share.by_chance);
  }
  chart.series = {std::move(found), std::move(chance)};
  figure.body = std::move(chart);
}

}  // namespace

Figure importance(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const std::optional<ScoredAxes> scored = scored_axes(data, spec, figure);
  if (!scored) return figure;
  const auto& [jobs, axes] = *scored;
  std::vector<Share> shares;
  for (const VariedAxis& axis : axes) {
    if (auto share = share_of(axis, jobs.values)) shares.push_back(*share);
  }
  if (shares.empty()) {
    figure.gaps.push_back(fmt::format("The {} have the same {}: nothing to explain.",
                                      counted(jobs.rows.size(), "complete job"), jobs.score));
    figure.caption = jobs.left_out;
    return figure;
  }
  std::stable_sort(shares.begin(), shares.end(), [](const Share& a, const Share& b) { return a.share > b.share; });
  draw_shares(figure, shares);
  figure.caption.push_back(fmt::format(
      "Share of the variance of {} over {} that lies between the values of an axis: eta squared of a one-way "
      "analysis of variance, each axis by itself.",
      jobs.score, counted(jobs.rows.size(), "complete job")));
  figure.caption.push_back(
      "Shares do not add up to 1: what axes do only together (an interaction) is in none of them.");
  if (!is_balanced(axes, jobs.rows.size())) {
    figure.caption.push_back(
        "The grid is unbalanced, not every combination of values has equally many jobs: an axis may get a share that "
        "is "
        "another's.");
  }
  figure.caption.push_back(
      "Grey: the share to expect of an axis without any effect, (values - 1) / (jobs - 1); an axis of many values gets "
      "some "
      "by chance.");
  for (std::string& sentence : missing_value_sentences(axes, jobs.rows.size()))
    figure.caption.push_back(std::move(sentence));
  figure.caption.insert(figure.caption.end(), jobs.left_out.begin(), jobs.left_out.end());
  return figure;
}

}  // namespace latentgrid::charts
