#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <vector>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "columns/metrics.hpp"
#include "methods/methods.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/comparison.hpp"
#include "report/job_names.hpp"
#include "report/selection.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_settings = 8;  // a panel; each has a colour of its own

// The scores of one setting after so many epochs, over the seeds.
struct EpochScores {
  std::vector<double> values;

  void add(double value) { values.push_back(value); }
  std::size_t seeds() const { return values.size(); }
  double mean() const { return estimate(values).mean; }
  // Of a sample; 0 of a single value.
  double deviation() const { return estimate(values).deviation.value_or(0); }
};

struct Setting {
  std::string name;  // what tells it from the others: "AE1(32) + PCA(dim = 8), learning_rate 0.001"
  std::map<std::int64_t, EpochScores> epochs;
};

// One score of every setting: jobs that differ in epochs and seed alone are a setting.
struct ScoreCurves {
  ScoredJobs jobs;
  std::vector<Setting> settings;  // in the order of the file
  std::size_t without_epochs = 0;

  bool any_line() const {
    return std::any_of(settings.begin(), settings.end(), [](const Setting& s) { return s.epochs.size() > 1; });
  }
};

std::vector<std::string> scores_asked(const Json& spec) {
  if (!spec.contains("score")) return {""};
  if (spec["score"].is_array()) return spec["score"].get<std::vector<std::string>>();
  return {spec["score"].get<std::string>()};
}

ScoreCurves curves_of(const ReportData& data, const Json& spec, const std::string& score) {
  Json asked = Json::object();
  if (!score.empty()) asked["score"] = score;
  std::vector<std::size_t> chosen = select_jobs(data, spec.value("jobs", Json()));
  std::sort(chosen.begin(), chosen.end());  // ids may be listed in any order
  ScoreCurves curves{scored_jobs(data, asked, chosen), {}};
  if (!curves.jobs.omission.empty()) return curves;
  std::vector<std::size_t> rows;
  std::vector<double> values;
  for (std::size_t i = 0; i < curves.jobs.rows.size(); ++i) {
    if (!trains_encoder(data.rows[curves.jobs.rows[i]].architecture)) {
      ++curves.without_epochs;
      continue;
    }
    rows.push_back(curves.jobs.rows[i]);
    values.push_back(curves.jobs.values[i]);
  }
  const JobNames names(data, rows);
  std::map<std::vector<int>, std::size_t> known;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const ResultRow& row = data.rows[rows[i]];
    auto [found, fresh] = known.try_emplace(names.setting_key(row), curves.settings.size());
    if (fresh) curves.settings.push_back({names.setting(row), {}});
    curves.settings[found->second].epochs[row.epochs].add(values[i]);
  }
  return curves;
}

double best_mean(const Setting& setting, bool lower_is_better) {
  double best = setting.epochs.begin()->second.mean();
  for (const auto& [epochs, scores] : setting.epochs) {
    best = lower_is_better ? std::min(best, scores.mean()) : std::max(best, scores.mean());
  }
  return best;
}

// Names of the settings with the best means, at most as many as there are colours, in the order of the file.
std::vector<std::string> best_settings(const ScoreCurves& curves) {
  std::vector<const Setting*> ranked;
  for (const Setting& setting : curves.settings) ranked.push_back(&setting);
  std::stable_sort(ranked.begin(), ranked.end(), [&](const Setting* a, const Setting* b) {
    const double first = best_mean(*a, curves.jobs.lower_is_better), second = best_mean(*b, curves.jobs.lower_is_better);
    return curves.jobs.lower_is_better ? first < second : first > second;
  });
  std::set<const Setting*> drawn(ranked.begin(), ranked.begin() + static_cast<std::ptrdiff_t>(std::min(ranked.size(), most_settings)));
  std::vector<std::string> names;
  for (const Setting& setting : curves.settings) {
    if (drawn.contains(&setting)) names.push_back(setting.name);
  }
  return names;
}

struct LineStyleOf {
  bool with_score;  // several scores share the panel
  bool dashed;
};

void add_lines(Panel& panel, const ScoreCurves& curves, const std::vector<std::string>& drawn, const LineStyleOf& style) {
  for (std::size_t color = 0; color < drawn.size(); ++color) {
    auto setting = std::find_if(curves.settings.begin(), curves.settings.end(),
                                [&](const Setting& s) { return s.name == drawn[color]; });
    if (setting == curves.settings.end()) continue;
    // Two scores of one setting need not share its colour.
    const std::size_t shown = drawn.size() == 1 && style.dashed ? 1 : color;
    PointSeries series{.name = setting->name, .color = static_cast<Color>(shown), .line = true, .dashed = style.dashed};
    if (style.with_score || series.name.empty()) series.name += (series.name.empty() ? "" : ", ") + curves.jobs.score;
    for (const auto& [epochs, scores] : setting->epochs) {
      std::string note = fmt::format("mean of {}", counted(static_cast<std::int64_t>(scores.seeds()), "seed"));
      if (scores.seeds() > 1) note += ", std " + fixed(scores.deviation(), 4);
      series.points.push_back({static_cast<double>(epochs), scores.mean(), -1, std::move(note), scores.deviation()});
    }
    panel.series.push_back(std::move(series));
  }
}

bool share_a_scale(const std::vector<std::string>& scores) {
  return std::all_of(scores.begin(), scores.end(), [](const std::string& score) {
    return score.starts_with("accuracy") || score.starts_with("leaderboard");
  });
}

// Two scores of one scale are lines of one panel, the second dashed; more, or other ones, have a panel each.
XyPlot draw_curves(const std::vector<ScoreCurves>& all, const std::vector<std::string>& asked,
                   const std::vector<std::string>& drawn) {
  XyPlot plot;
  const FigureAxis epochs{.title = "epochs"};
  if (all.size() == 2 && share_a_scale(asked)) {
    Panel panel{.x = epochs, .y = {.title = fmt::format("{} and {}", all[0].jobs.score, all[1].jobs.score)}};
    add_lines(panel, all[0], drawn, {true, false});
    add_lines(panel, all[1], drawn, {true, true});
    plot.panels.push_back(std::move(panel));
    return plot;
  }
  for (const ScoreCurves& curves : all) {
    Panel panel{.x = epochs, .y = {.title = curves.jobs.score}};
    if (all.size() > 1) panel.title = curves.jobs.score;
    add_lines(panel, curves, drawn, {false, false});
    plot.panels.push_back(std::move(panel));
  }
  return plot;
}

std::vector<std::string> seeds_sentence(const std::vector<ScoreCurves>& all, const std::vector<std::string>& drawn) {
  std::size_t fewest = all.front().jobs.rows.size(), most = 0;
  for (const ScoreCurves& curves : all) {
    for (const Setting& setting : curves.settings) {
      if (std::find(drawn.begin(), drawn.end(), setting.name) == drawn.end()) continue;
      for (const auto& [epochs, scores] : setting.epochs) {
        fewest = std::min(fewest, scores.seeds());
        most = std::max(most, scores.seeds());
      }
    }
  }
  if (most == 1) return {"Every point is a single run. With several seeds there would be a band of one standard deviation."};
  const std::string seeds = fewest == most ? fmt::format("{} seeds", most) : fmt::format("{} to {} seeds", fewest, most);
  return {fmt::format("Points are means of {}. The band is one standard deviation above and below.", seeds)};
}

bool any_ended_early(const std::vector<ScoreCurves>& all, const ReportData& data) {
  return std::ranges::any_of(all.front().jobs.rows, [&](std::size_t place) {
    const ResultRow& row = data.rows[place];
    return row["epochs_run"].value_or(static_cast<double>(row.epochs)) < static_cast<double>(row.epochs);
  });
}

void describe(Figure& figure, const std::vector<ScoreCurves>& all, const std::vector<std::string>& drawn) {
  std::vector<std::string> scores;
  for (const ScoreCurves& curves : all) scores.push_back(curves.jobs.score);
  const ScoreCurves& first = all.front();
  figure.caption.push_back(fmt::format("{} after so many epochs of training, with a line for each setting.", fmt::join(scores, " and ")));
  figure.caption.front() = sentence_case(figure.caption.front());
  for (std::string& sentence : seeds_sentence(all, drawn)) figure.caption.push_back(std::move(sentence));
  if (drawn.size() < first.settings.size()) {
    figure.caption.push_back(fmt::format("The {} of {} settings with the best mean {} are drawn. `jobs:` chooses others.", drawn.size(),
                                         first.settings.size(), first.jobs.score));
  }
  if (first.without_epochs > 0) {
    figure.caption.push_back(fmt::format("{} without training {} no epochs and {} left out.", counted(first.without_epochs, "job"),
                                         first.without_epochs == 1 ? "has" : "have", first.without_epochs == 1 ? "is" : "are"));
  }
  std::set<std::string> said;
  for (const ScoreCurves& curves : all) {
    for (const std::string& sentence : curves.jobs.left_out) {
      if (said.insert(sentence).second) figure.caption.push_back(sentence);
    }
  }
}

}  // namespace

// {"score", "jobs"}: the score against the number of epochs, a line a setting (jobs that differ in epochs and seed alone),
// the mean over the seeds with a band of their standard deviation. "score" may be a list; "jobs" as in selection.hpp.
Figure score_by_epoch(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const std::vector<std::string> asked = scores_asked(spec);
  std::vector<ScoreCurves> all;
  for (const std::string& score : asked) all.push_back(curves_of(data, spec, score));
  for (const ScoreCurves& curves : all) {
    if (!curves.jobs.omission.empty()) figure.omissions.push_back(curves.jobs.omission);
  }
  std::erase_if(all, [](const ScoreCurves& curves) { return !curves.jobs.omission.empty(); });
  if (all.empty()) return figure;
  if (std::none_of(all.begin(), all.end(), [](const ScoreCurves& curves) { return curves.any_line(); })) {
    figure.omissions.push_back("No setting has scores after several numbers of epochs. `epochs: [5, 10, 20]` would give some.");
    figure.caption = all.front().jobs.left_out;
    return figure;
  }
  const std::vector<std::string> drawn = best_settings(all.front());
  figure.body = draw_curves(all, asked, drawn);
  describe(figure, all, drawn);
  if (any_ended_early(all, data)) figure.caption.push_back("A training that ended early stands at the epochs that it was allowed.");
  if (std::any_of(asked.begin(), asked.end(), needs_split) && !data.revision.has_split) {
    figure.caption.push_back("The sweep has no split, so public and private are two random halves of the labelled images.");
  }
  return figure;
}

}  // namespace latentgrid::charts
