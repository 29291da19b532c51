#include <fmt/format.h>

#include <algorithm>

#include "base/decimal.hpp"
#include "base/text.hpp"
#include "db/costs.hpp"
#include "report/charts/charts.hpp"
#include "report/charts/common.hpp"
#include "report/charts/scored_jobs.hpp"

namespace latentgrid::charts {

namespace {

struct Unit {
  const char* name;
  double seconds;
};

// At least ten of it, where there are that many seconds.
Unit unit_for(double seconds) {
  if (seconds >= 36'000) return {"hours", 3600};
  if (seconds >= 600) return {"minutes", 60};
  return {"seconds", 1};
}

std::string duration(double seconds, const Unit& unit) {
  return fmt::format("{} {}", fixed(seconds / unit.seconds, 1), unit.name);
}

}  // namespace

// Wall time by stage as done, and what the jobs would have taken one by one.
Figure costs(const ReportData& data, const Json& spec) {
  Figure figure = begin_figure(spec);
  const std::vector<StageCost> stages = stage_costs(data.db, data.revision.id);
  const auto complete = static_cast<std::size_t>(
      std::count_if(data.rows.begin(), data.rows.end(), [](const ResultRow& row) { return row.state == "complete"; }));
  double done = 0, one_by_one = 0;
  std::int64_t untimed = 0;
  for (const StageCost& stage : stages) {
    done += stage.done_s;
    one_by_one += stage.one_by_one_s;
    untimed += stage.untimed;
  }
  if (complete == 0 || done <= 0) {
    figure.omissions.push_back(complete == 0 ? "No job is complete, so there are no costs to show."
                                        : "No time is recorded for the tasks behind the complete jobs.");
    figure.caption = incomplete_sentence(data);
    return figure;
  }
  const Unit unit = unit_for(one_by_one);
  BarChart chart{.categories = {"as done", "one by one"},
                 .values = {.title = fmt::format("wall time ({})", unit.name)}};
  chart.stacked = true;
  for (const StageCost& stage : stages) {
    chart.series.push_back({stage.stage,
                            static_cast<Color>(chart.series.size()),
                            {stage.done_s / unit.seconds, stage.one_by_one_s / unit.seconds}});
  }
  figure.caption.push_back(fmt::format(
      "The tasks behind {} took {}, as work that jobs share is done once. If every job had done all of its work by itself, they "
      "would have taken {}, {} times as much.",
      counted(complete, "complete job"), duration(done, unit), duration(one_by_one, unit), fixed(one_by_one / done, 1)));
  figure.caption.push_back(fmt::format("That is {} seconds for each job instead of {}.",
                                       fixed(done / static_cast<double>(complete), 2),
                                       fixed(one_by_one / static_cast<double>(complete), 2)));
  figure.caption.push_back(
      "These are wall times of the tasks, added up. Tasks run side by side, so a run takes less. Failed attempts are not counted.");
  if (untimed > 0) {
    figure.caption.push_back(fmt::format("No time is recorded for {}, which {} as 0.", counted(static_cast<std::size_t>(untimed), "task"),
                                         untimed == 1 ? "counts" : "count"));
  }
  for (std::string& sentence : incomplete_sentence(data)) figure.caption.push_back(std::move(sentence));
  figure.body = std::move(chart);
  return figure;
}

}  // namespace latentgrid::charts
