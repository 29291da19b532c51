#include "cli/sweep_comparison_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>

#include "base/decimal.hpp"
#include "base/standard_streams.hpp"
#include "base/text.hpp"
#include "cli/comparison_text.hpp"
#include "cli/document.hpp"
#include "stats/significance_level.hpp"

namespace latentgrid::cli {

namespace {

constexpr std::size_t most_values = 8;  // of a parameter; the rest is counted

// "20, 50", "1, 2, 3, 4, 5, 6, 7, 8 and 92 more"
std::string values_text(const std::string& name, const std::vector<Json>& values) {
  if (values.empty()) return "-";
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < std::min(values.size(), most_values); ++i) texts.push_back(parameter_text(name, values[i]));
  const std::string more = values.size() > most_values ? fmt::format(" and {} more", values.size() - most_values) : "";
  return fmt::format("{}{}", fmt::join(texts, ", "), more);
}

Json json_of_settings(const std::vector<SettingDifference>& differences) {
  Json all = Json::array();
  for (const SettingDifference& difference : differences) {
    all.push_back({{"name", difference.name}, {"first", difference.first}, {"second", difference.second}});
  }
  return all;
}

Json to_json(const SweepComparison& c) {
  Json settings = Json::array();
  for (const CommonSetting& setting : c.settings) {
    Json axes = Json::object();
    for (std::size_t i = 0; i < setting.values.size(); ++i) axes[c.matched_by[i]] = setting.values[i];
    settings.push_back({{"axes", axes},
                        {"seeds", setting.seeds},
                        {"mean_first", json_of(setting.mean_first)},
                        {"mean_second", json_of(setting.mean_second)},
                        {"difference", json_of(setting.difference)},
                        {"paired", json_of(setting.paired)},
                        {"p_holm", json_of(setting.p)}});
  }
  return {{"first", c.first},
          {"second", c.second},
          {"score", c.score},
          {"options", json_of(c.options)},
          {"dataset", json_of(c.dataset)},
          {"parameters", json_of_settings(c.parameters)},
          {"hashed", json_of(c.hashed)},
          {"hashed_settings", c.hashed_settings},
          {"jobs", {{"first", c.jobs_first}, {"second", c.jobs_second}, {"both", c.jobs_both}}},
          {"same", json_of(c.same)},
          {"matched_by", c.matched_by},
          {"left_out", json_of_settings(c.left_out)},
          {"averaged_first", c.averaged_first},
          {"averaged_second", c.averaged_second},
          {"only_first", c.settings_first},
          {"only_second", c.settings_second},
          {"same_jobs", c.settings_same},
          {"settings", settings}};
}

// Equal parameters do not mean equal work.
void print_what_is_not_known(const SweepComparison& c, bool nothing_found, Document& out) {
  const std::int64_t settings = static_cast<std::int64_t>(c.settings.size());
  if (c.hashed.incomplete_works() > 0) {
    const std::string what = nothing_found ? "Their options, data sets and parameters are the same, but their jobs are "
                                             "different work. What differs cannot be said"
                                           : "There may be other differences";
    out.sentence(fmt::format("{}: in {} of {} {}.", what, c.hashed.incomplete_works(), counted(settings, "setting"),
                             fmt::join(c.hashed.missing(), ", or ")));
  } else if (nothing_found && settings > 0) {
    out.sentence("Their options, data sets and parameters are the same, but their jobs are different work.");
  } else if (nothing_found) {
    out.sentence(
        "Their options, data sets and the values of every parameter are the same, but not all of their jobs are.");
  }
  if (c.hashed_settings < settings) {
    out.sentence(fmt::format("What was hashed was compared for {} of {}.", c.hashed_settings,
                             counted(settings, "setting")));
  }
}

void print_settings_of_files(const SweepComparison& c, Document& out) {
  std::vector<std::vector<Cell>> rows;
  auto add = [&](const char* part, const std::vector<ParameterDifference>& differences) {
    for (const ParameterDifference& d : differences) {
      rows.push_back({part, d.name, parameter_text(d.name, d.first), parameter_text(d.name, d.second)});
    }
  };
  add("options", c.options);
  add("dataset", c.dataset);
  for (const SettingDifference& d : c.parameters) {
    rows.push_back({"jobs", d.name, values_text(d.name, d.first), values_text(d.name, d.second)});
  }
  for (std::vector<Cell>& field : hashed_rows(c.hashed)) rows.push_back(std::move(field));
  if (rows.empty() && c.same_jobs()) {
    out.sentence("Nothing differs: their options, data sets and jobs are the same.");
    return;
  }
  if (!rows.empty()) {
    out.heading("what differs");
    out.table({"in", "name", "A", "B"}, rows);
  }
  if (const std::string more = more_hashed_text(c.hashed); !more.empty()) out.sentence(more);
  print_what_is_not_known(c, rows.empty(), out);
}

void print_jobs(const SweepComparison& c, Document& out) {
  out.heading("jobs");
  out.table({"in both", "only in A", "only in B"},
            {{c.jobs_both, c.jobs_first - c.jobs_both, c.jobs_second - c.jobs_both}});
  std::string matched = c.matched_by.empty() ? "Nothing is left to match settings by, so each sweep counts as one"
                                             : fmt::format("Settings are matched by {}", fmt::join(c.matched_by, ", "));
  std::vector<std::string> left_out;
  for (const SettingDifference& d : c.left_out) left_out.push_back(d.name);
  if (!left_out.empty()) {
    matched += fmt::format("; not by {}, of which they share no value", fmt::join(left_out, ", "));
  }
  out.sentence(matched + ".");
  if (c.averaged_first || c.averaged_second) {
    out.sentence(fmt::format("Where {} has several jobs of one seed in a setting, their mean within the seed counts.",
                             c.averaged_first && c.averaged_second ? "a sweep"
                             : c.averaged_first                    ? "A"
                                                                   : "B"));
  }
  out.sentence(fmt::format("{} in both with the same jobs, {} in both with different jobs, {} only in A, {} only in B.",
                           counted(c.settings_same, "setting"), c.settings.size(), c.settings_first,
                           c.settings_second));
}

// Axes that all common settings agree in say nothing in a table.
std::vector<std::size_t> axes_that_vary(const SweepComparison& c) {
  std::vector<std::size_t> axes;
  for (std::size_t axis = 0; axis < c.matched_by.size(); ++axis) {
    const bool varies = std::any_of(c.settings.begin(), c.settings.end(), [&](const CommonSetting& setting) {
      return setting.values[axis] != c.settings.front().values[axis];
    });
    if (varies) axes.push_back(axis);
  }
  return axes;
}

void print_table(const SweepComparison& c, std::int64_t limit, Document& out) {
  const std::vector<std::size_t> axes = axes_that_vary(c);
  std::vector<std::string> columns;
  for (std::size_t axis : axes) columns.push_back(c.matched_by[axis]);
  columns.insert(columns.end(), {"seeds", "mean A", "mean B", "A - B"});
  if (c.tested) columns.insert(columns.end(), {"low", "high", "p (Holm)"});
  std::vector<std::vector<Cell>> rows;
  for (const CommonSetting& setting : c.settings) {
    if (limit >= 0 && static_cast<std::int64_t>(rows.size()) == limit) break;
    std::vector<Cell> row;
    for (std::size_t axis : axes) row.push_back(cell_of(c.matched_by[axis], setting.values[axis]));
    row.insert(row.end(), {static_cast<std::int64_t>(setting.seeds.size()), cell_of(setting.mean_first),
                           cell_of(setting.mean_second), cell_of(setting.difference)});
    if (c.tested) {
      row.insert(row.end(), {setting.p ? Cell(setting.paired->low) : Cell(),
                             setting.p ? Cell(setting.paired->high) : Cell(), cell_of(setting.p)});
    }
    rows.push_back(std::move(row));
  }
  out.heading(fmt::format("{} of settings that both have, over the seeds that both have finished", c.score));
  out.table(columns, rows);
  if (rows.size() < c.settings.size()) {
    flush_stdout();
    fmt::print(stderr, "{} of {} settings shown; --limit N shows more\n", rows.size(), c.settings.size());
  }
}

std::string verdict(const SweepComparison& c) {
  std::size_t tested = 0, higher = 0, lower = 0, measured = 0, constant = 0;
  double sum = 0;
  for (const CommonSetting& setting : c.settings) {
    if (setting.difference) {
      ++measured;
      sum += *setting.difference;
    }
    constant += setting.paired && !setting.p;
    if (!setting.p) continue;
    ++tested;
    if (*setting.p >= significance_level) continue;
    ++(setting.paired->mean > 0 ? higher : lower);
  }
  if (c.score == "recon_mse" && !c.same.range) return "Losses of images on different scales are not compared.";
  if (measured == 0) return fmt::format("No seed has finished with a value of {} in both.", c.score);
  const double mean = sum / static_cast<double>(measured);
  std::string text = fmt::format("Over {}, the {} of A is on average {} {} than that of B",
                                 counted(measured, "setting"), c.score, fixed(std::abs(mean), 4),
                                 mean < 0 ? "lower" : "higher");
  if (mean == 0)
    text = fmt::format("Over {}, the {} of A and B is on average the same",
                       counted(measured, "setting"), c.score);
  if (!c.tested) return text + "; nothing is tested, as they are not of the same images or labels.";
  const std::string same_everywhere =
      constant == 0 ? ""
                    : fmt::format("; in {} the difference is the same in every seed, which says nothing about chance",
                                  counted(constant, "setting"));
  if (tested == 0 && constant == 0) return text + "; no setting has three seeds in both, so no claim is made.";
  if (tested == 0) return text + same_everywhere + ": no claim is made.";
  text += fmt::format(
      ". Paired t tests over seeds at 5 %, corrected by Holm's method for {}: A is higher in {}, lower in {}, and in "
      "{} they cannot be told apart",
      counted(tested, "setting"), higher, lower, tested - higher - lower);
  const std::size_t few = measured - tested - constant;
  if (few > 0) {
    text += fmt::format("; {} fewer than three seeds in both, and no claim is made of {}",
                        few == 1 ? "1 has" : fmt::format("{} have", few), few == 1 ? "it" : "them");
  }
  return text + same_everywhere + ".";
}

}  // namespace

void print(const SweepComparison& c, Format format, std::int64_t limit) {
  if (format == Format::json) {
    SweepComparison shown = c;
    if (limit >= 0 && static_cast<std::size_t>(limit) < shown.settings.size()) {
      shown.settings.resize(static_cast<std::size_t>(limit));
    }
    fmt::print("{}", json_line(to_json(shown)));
    return;
  }
  Document out(format);
  out.sentence(fmt::format("A is the sweep {} ({}), B the sweep {} ({}).", c.first, counted(c.jobs_first, "job"),
                           c.second, counted(c.jobs_second, "job")));
  if (const std::string doubt = doubt_text(c.same); !doubt.empty()) out.sentence(doubt);
  print_settings_of_files(c, out);
  print_jobs(c, out);
  if (c.settings.empty()) return;
  print_table(c, limit, out);
  if (c.tested &&
      std::any_of(c.settings.begin(), c.settings.end(), [](const auto& s) { return s.p.has_value(); })) {
    out.sentence("low and high are the ends of the 95 % interval of the paired t test, for each setting alone.");
  }
  out.sentence(verdict(c));
}

}  // namespace latentgrid::cli
