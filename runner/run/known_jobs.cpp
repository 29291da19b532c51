#include "run/known_jobs.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <unordered_map>

#include "columns/best_job.hpp"
#include "db/list_jobs.hpp"
#include "db/queries.hpp"

namespace latentgrid {

namespace {

using Places = std::unordered_map<std::string_view, std::size_t>;  // of a plan's jobs, by id

Places places_of(const TaskGraph& graph) {
  Places places;
  places.reserve(graph.jobs.size());
  for (const JobNode& job : graph.jobs) places.emplace(job.id, places.size());
  return places;
}

// Takes job, state and a measured value.
class BestOfPlan : public RowSink {
 public:
  BestOfPlan(const Places& places, const Metric& metric) : places_(places), best_(metric) {}

  void begin(const std::vector<std::string>&) override {}
  void row(const std::vector<Cell>& cells) override {
    const auto place = places_.find(std::get<std::string>(cells[0]));
    if (place != places_.end()) best_.see(place->second, std::get<std::string>(cells[1]), number_of(cells[2]));
  }

  std::optional<std::size_t> found() const { return best_.found(); }

 private:
  const Places& places_;
  BestJob best_;
};

std::optional<std::size_t> best_job(const ResultsDb& db, const Plan& plan, const std::string& field) {
  const Places places = places_of(plan.graph);
  const Metric* metric = find_metric(field);
  if (!metric) return std::nullopt;
  ResultsQuery query = {.sweep = plan.sweep.name,
                        .columns = {"job", "state", field},
                        .sort = field,
                        .descending = !metric->lower_is_better,
                        .limit = 1};
  BestOfPlan best(places, *metric);
  select_results(db, query, best);
  if (best.found()) return best.found();
  // The first of all is none of the plan's, or did not end well.
  query.sort.clear();
  query.limit.reset();
  select_results(db, query, best);
  return best.found();
}

}  // namespace

std::vector<JobState> recorded_states(const ResultsDb& db, const Plan& plan) {
  std::vector<JobState> states(plan.graph.jobs.size(), JobState::pending);
  const std::optional<SweepRevision> revision = latest_revision(db, plan.sweep.name);
  if (!revision) return states;
  const Places places = places_of(plan.graph);
  for (const JobStateRow& row : db.job_states(revision->id)) {
    if (auto place = places.find(row.job); place != places.end()) states[place->second] = row.state;
  }
  return states;
}

JobKnowledge known_jobs(const ResultsDb& db, const Plan& plan, std::vector<JobState> states, FailedJobs failed) {
  const bool final = failed == FailedJobs::are_final;
  auto has_failed = [](JobState state) { return state == JobState::failed || state == JobState::skipped; };
  const bool all_ended = std::all_of(states.begin(), states.end(), [&](JobState state) {
    return state == JobState::complete || (final && has_failed(state));
  });
  auto best = [&db, &plan, all_ended](const std::string& field) {
    return all_ended ? best_job(db, plan, field) : std::nullopt;
  };
  auto usable = [states = std::move(states), final, has_failed](std::size_t job) {
    return !final || !has_failed(states.at(job));
  };
  return {.all_ended = all_ended, .best = best, .usable = usable};
}

}  // namespace latentgrid
