#include "compare/sweep_comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "columns/metrics.hpp"

namespace latentgrid {

namespace {

// The distinct values of every parameter among some jobs.
class ReplicateValues {
 public:
  void add(const Parameters& parameters) {
    for (const auto& [name, value] : parameters) {
      auto [known, fresh] = places_.try_emplace(name, names_.size());
      if (fresh) {
        names_.push_back(name);
        lists_.emplace_back();
        seen_.emplace_back();
      }
      if (seen_[known->second].insert(value.dump(-1, ' ', false, Json::error_handler_t::replace)).second) {
        lists_[known->second].push_back(value);
      }
    }
  }

  const std::vector<std::string>& names() const { return names_; }
  const std::vector<Json>& of(const std::string& name) const {
    static const std::vector<Json> none;
    auto found = places_.find(name);
    return found == places_.end() ? none : lists_[found->second];
  }
  bool has(const std::string& name, const Json& value) const {
    const std::vector<Json>& values = of(name);
    return std::find(values.begin(), values.end(), value) != values.end();
  }

 private:
  std::map<std::string, std::size_t> places_;
  std::vector<std::string> names_;
  std::vector<std::vector<Json>> lists_;
  std::vector<std::unordered_set<std::string>> seen_;
};

struct ComparedSweep {
  std::string sweep;
  SweepRevision revision;
  std::vector<ResultRow> rows;
  std::vector<std::shared_ptr<const Parameters>> parameters;  // of each row; shared by rows that differ in the seed
  std::vector<std::string> axes;
  ReplicateValues values;
};

ComparedSweep read_sweep(const ResultsDb& db, const std::string& sweep) {
  ComparedSweep side{sweep, latest_revision(db, sweep).value(), load_results(db, sweep), {}, {}, {}};
  side.axes = axes_of_revision(db, side.revision.id);
  std::unordered_map<std::string, std::shared_ptr<const Parameters>> known;
  for (const ResultRow& row : side.rows) {
    auto& parameters = known[fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}", row.dataset,
                                         row.architecture, row.latent, row.latent_dim, row.epochs, row.reduction,
                                         row.reduced_dim, row.clustering, row.k, row.params)];
    if (!parameters) {
      parameters = std::make_shared<const Parameters>(all_parameters(row));
      side.values.add(*parameters);
    }
    side.values.add({{"seed", row.seed}});
    side.parameters.push_back(parameters);
  }
  return side;
}

bool same_members(const std::vector<Json>& a, const std::vector<Json>& b) {
  return a.size() == b.size() && std::all_of(a.begin(), a.end(), [&](const Json& value) {
           return std::find(b.begin(), b.end(), value) != b.end();
         });
}

// One setting's jobs in one sweep.
struct SettingJobs {
  std::map<std::int64_t, std::vector<const ResultRow*>> by_seed;

  static std::set<std::string_view> names(const std::vector<const ResultRow*>& rows) {
    std::set<std::string_view> ids;
    for (const ResultRow* row : rows) ids.insert(row->job);
    return ids;
  }
  bool averaged() const {
    return std::any_of(by_seed.begin(), by_seed.end(), [](const auto& seed) { return seed.second.size() > 1; });
  }
  // The mean over a seed's jobs, where all of them have the value.
  std::optional<double> value(std::int64_t seed, const Metric& score) const {
    auto found = by_seed.find(seed);
    if (found == by_seed.end()) return std::nullopt;
    double sum = 0;
    for (const ResultRow* row : found->second) {
      const std::optional<double>& value = (*row)[score];
      if (!value) return std::nullopt;
      sum += *value;
    }
    return sum / static_cast<double>(found->second.size());
  }
};

// Whether every seed that both have has the very same jobs: there is nothing to compare.
bool same_where_both_are(const SettingJobs& first, const SettingJobs& second) {
  bool any = false;
  for (const auto& [seed, rows] : first.by_seed) {
    auto other = second.by_seed.find(seed);
    if (other == second.by_seed.end()) continue;
    any = true;
    if (SettingJobs::names(rows) != SettingJobs::names(other->second)) return false;
  }
  return any;
}

class SweepComparer {
 public:
  SweepComparer(const ResultsDb& db, const ArtifactStore& store, const std::string& first, const std::string& second)
      : db_(db), store_(store), first_(read_sweep(db, first)), second_(read_sweep(db, second)) {}

  SweepComparison compare(const std::string& score) {
    result_.first = first_.sweep;
    result_.second = second_.sweep;
    const Metric& chosen = choose(score);
    result_.score = chosen.name;
    result_.options = differing_parameters(flattened(first_.revision.options), flattened(second_.revision.options));
    result_.dataset = differing_parameters(dataset_of(first_), dataset_of(second_));
    compare_parameters();
    count_jobs();
    choose_axes();
    judge_truth();
    result_.tested = result_.same.covers(chosen);
    match(chosen);
    return std::move(result_);
  }

 private:
  const Metric& choose(const std::string& wanted) const {
    const std::vector<std::string> names = sweep_scores();
    if (!wanted.empty() && std::find(names.begin(), names.end(), wanted) == names.end()) {
      const std::string close = closest_match(wanted, names);
      throw UsageError(fmt::format("sweeps are not compared by '{}'{} choose one of {}", wanted,
                                   close.empty() ? ";" : fmt::format(", did you mean '{}'?", close),
                                   fmt::join(names, ", ")));
    }
    for (const ComparedSweep* side : {&first_, &second_}) {
      if (!needs_split(wanted) || side->revision.has_split) continue;
      throw UsageError(fmt::format("sweep '{}' has no split, so it has no '{}'; choose accuracy", side->sweep, wanted));
    }
    if (!wanted.empty()) return *find_metric(wanted);
    for (const char* name : {"accuracy", "leaderboard_public", "recon_mse"}) {
      const Metric& score = *find_metric(name);
      auto has = [&](const ResultRow& row) { return row[score].has_value(); };
      if (std::any_of(first_.rows.begin(), first_.rows.end(), has) &&
          std::any_of(second_.rows.begin(), second_.rows.end(), has)) {
        return score;
      }
    }
    return *find_metric("accuracy");
  }

  static Parameters dataset_of(const ComparedSweep& side) {
    Json dataset = side.revision.dataset;
    if (dataset.is_object()) dataset.erase("default_split");  // the source says which split it was
    return flattened(dataset);
  }

  void compare_parameters() {
    std::vector<std::string> names = first_.values.names();
    for (const std::string& name : second_.values.names()) {
      if (first_.values.of(name).empty()) names.push_back(name);
    }
    for (const std::string& name : names) {
      const std::vector<Json>&a = first_.values.of(name), &b = second_.values.of(name);
      if (!same_members(a, b)) result_.parameters.push_back({name, a, b});
    }
  }

  void count_jobs() {
    result_.jobs_first = static_cast<std::int64_t>(first_.rows.size());
    result_.jobs_second = static_cast<std::int64_t>(second_.rows.size());
    std::unordered_set<std::string_view> jobs;
    for (const ResultRow& row : first_.rows) jobs.insert(row.job);
    for (const ResultRow& row : second_.rows) result_.jobs_both += jobs.contains(row.job);
  }

  void choose_axes() {
    std::set<std::string> axes(first_.axes.begin(), first_.axes.end());
    axes.insert(second_.axes.begin(), second_.axes.end());
    axes.erase("seed");
    // In the order of the parameters.
    std::vector<std::string> names = first_.values.names();
    for (const std::string& name : second_.values.names()) names.push_back(name);
    for (const std::string& name : names) {
      if (axes.erase(name) == 0) continue;
      const std::vector<Json>&a = first_.values.of(name), &b = second_.values.of(name);
      const bool meet =
          std::any_of(a.begin(), a.end(), [&](const Json& value) { return second_.values.has(name, value); });
      if (meet) {
        result_.matched_by.push_back(name);
      } else {
        result_.left_out.push_back({name, a, b});
      }
    }
  }

  void judge_truth() {
    if (first_.rows.empty() || second_.rows.empty()) return;
    result_.same = same_truth(db_, representative(first_), representative(second_));
  }

  // A scored job if there is one: its record has the digests.
  JobDetail representative(const ComparedSweep& side) const {
    auto complete =
        std::find_if(side.rows.begin(), side.rows.end(), [](const auto& row) { return row.state == "complete"; });
    return job_detail(db_, (complete == side.rows.end() ? side.rows.front() : *complete).job).value();
  }

  struct Cells {
    std::unordered_map<std::string, std::size_t> places;
    std::vector<SettingJobs> cells;
    std::vector<std::vector<Json>> values;
  };

  Cells cells_of(const ComparedSweep& side) const {
    Cells all;
    for (std::size_t row = 0; row < side.rows.size(); ++row) {
      std::vector<Json> values;
      for (const std::string& axis : result_.matched_by) values.push_back(find_parameter(*side.parameters[row], axis));
      const std::string name = Json(values).dump(-1, ' ', false, Json::error_handler_t::replace);
      auto [known, fresh] = all.places.try_emplace(name, all.cells.size());
      if (fresh) {
        all.cells.emplace_back();
        all.values.push_back(std::move(values));
      }
      all.cells[known->second].by_seed[side.rows[row].seed].push_back(&side.rows[row]);
    }
    return all;
  }

  void match(const Metric& score) {
    const Cells of_first = cells_of(first_), of_second = cells_of(second_);
    std::vector<std::pair<std::size_t, std::size_t>> common;
    for (const auto& [name, place] : of_first.places) {
      auto other = of_second.places.find(name);
      if (other != of_second.places.end()) common.emplace_back(place, other->second);
    }
    std::sort(common.begin(), common.end());
    result_.settings_first = static_cast<std::int64_t>(of_first.cells.size() - common.size());
    result_.settings_second = static_cast<std::int64_t>(of_second.cells.size() - common.size());
    for (const auto& [a, b] : common) {
      const SettingJobs &first = of_first.cells[a], &second = of_second.cells[b];
      if (same_where_both_are(first, second)) {
        ++result_.settings_same;
        continue;
      }
      compare_hashed(first, second);
      result_.averaged_first |= first.averaged();
      result_.averaged_second |= second.averaged();
      result_.settings.push_back(compare_cells(of_first.values[a], first, second, score));
    }
    correct();
  }

  // Of two jobs of one seed that are not the same, finished ones if there are: these have left transcripts.
  void compare_hashed(const SettingJobs& first, const SettingJobs& second) {
    if (result_.hashed_settings == most_hashed_settings) return;
    const ResultRow *a = nullptr, *b = nullptr;
    for (const auto& [seed, rows] : first.by_seed) {
      auto other = second.by_seed.find(seed);
      if (other == second.by_seed.end() || rows.front()->job == other->second.front()->job) continue;
      const bool complete = rows.front()->state == "complete" && other->second.front()->state == "complete";
      if (a && !complete) continue;
      a = rows.front();
      b = other->second.front();
      if (complete) break;
    }
    if (!a) return;
    ++result_.hashed_settings;
    const PathDifference difference = path_difference(db_, store_, work_of_job(db_, a->job), work_of_job(db_, b->job));
    result_.hashed.add(difference.stages, differing_parameters(all_parameters(*a), all_parameters(*b)));
  }

  CommonSetting compare_cells(const std::vector<Json>& values, const SettingJobs& first, const SettingJobs& second,
                              const Metric& score) const {
    CommonSetting setting{values, {}, {}, {}, {}, {}, {}};
    std::vector<double> a, b;
    for (const auto& [seed, rows] : first.by_seed) {
      const auto of_first = first.value(seed, score), of_second = second.value(seed, score);
      if (!of_first || !of_second) continue;
      setting.seeds.push_back(seed);
      a.push_back(*of_first);
      b.push_back(*of_second);
    }
    if (a.empty()) return setting;
    double sum_a = 0, sum_b = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
      sum_a += a[i];
      sum_b += b[i];
    }
    setting.mean_first = sum_a / static_cast<double>(a.size());
    setting.mean_second = sum_b / static_cast<double>(b.size());
    if (score.needs_range && !result_.same.range) return setting;
    setting.difference = *setting.mean_first - *setting.mean_second;
    if (result_.tested) setting.paired = paired_difference(a, b);
    return setting;
  }

  void correct() {
    std::vector<double> p;
    for (const CommonSetting& setting : result_.settings) {
      if (setting.paired && setting.paired->p) p.push_back(*setting.paired->p);
    }
    p = holm_adjusted(p);
    std::size_t next = 0;
    for (CommonSetting& setting : result_.settings) {
      if (setting.paired && setting.paired->p) setting.p = p[next++];
    }
  }

  const ResultsDb& db_;
  const ArtifactStore& store_;
  ComparedSweep first_, second_;
  SweepComparison result_;
};

}  // namespace

std::vector<std::string> sweep_scores() {
  std::vector<std::string> names;
  for (const Metric& metric : all_metrics) {
    if (is_replicated(metric)) names.emplace_back(metric.name);
  }
  return names;
}

SweepComparison compare_sweeps(const ResultsDb& db, const ArtifactStore& store, const std::string& first,
                               const std::string& second, const std::string& score) {
  return SweepComparer(db, store, first, second).compare(score);
}

}  // namespace latentgrid
