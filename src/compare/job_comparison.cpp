#include "compare/job_comparison.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "base/pixel_range.hpp"
#include "report/competition_split.hpp"
#include "report/disagreement.hpp"
#include "report/job_artifacts.hpp"
#include "report/job_images.hpp"

namespace latentgrid {

namespace {

// The artifact whose points were clustered: what lies before cluster on the path.
std::optional<ArtifactId> embedding_of(const JobDetail& detail) {
  for (std::size_t i = 1; i < detail.path.size(); ++i) {
    if (detail.path[i].stage == "cluster") return detail.path[i - 1].artifact;
  }
  return std::nullopt;
}

// {"labels": {"sha256"}, "split": {"sha256"}} as the score was made with; null where that isn't recorded.
Json scored_with(const JobDetail& detail) {
  const PathStep* score = find_step(detail, "score");
  if (!score || !score->recorded) return nullptr;
  return member_of(member_of(score->record, "provenance"), "params");
}

}  // namespace

SameTruth same_truth(const ResultsDb& db, const JobDetail& first, const JobDetail& second) {
  SameTruth same;
  const PathStep *a = find_step(first, "load"), *b = find_step(second, "load");
  same.images = a && b ? a->artifact == b->artifact : first.row.dataset == second.row.dataset;
  same.range = range_in(Json::parse(first.row.params)) == range_in(Json::parse(second.row.params));
  Json of_first = scored_with(first), of_second = scored_with(second);
  if (!of_first.is_object() || !of_second.is_object()) {
    of_first = member_of(dataset_of_job(db, first.row.job), "source");
    of_second = member_of(dataset_of_job(db, second.row.job), "source");
  }
  same.labels = member_of(of_first, "labels") == member_of(of_second, "labels");
  same.split = member_of(of_first, "split") == member_of(of_second, "split");
  return same;
}

namespace {

class JobComparer {
 public:
  JobComparer(const ResultsDb& db, const ArtifactStore& store, const std::string& first, const std::string& second)
      : db_(db), store_(store), first_(job_detail(db, first).value()), second_(job_detail(db, second).value()) {
    shows_split_ = first_.has_split && second_.has_split;
  }

  JobComparison compare() {
    result_.first = first_.row;
    result_.second = second_.row;
    result_.sweeps_first = first_.sweeps;
    result_.sweeps_second = second_.sweeps;
    result_.parameters = differing_parameters(all_parameters(first_.row), all_parameters(second_.row));
    result_.only_the_seed_differs = result_.parameters.size() == 1 && result_.parameters[0].name == "seed";
    PathDifference difference = path_difference(db_, store_, work_of(first_), work_of(second_));
    result_.stages = std::move(difference.stages);
    result_.parts_at = difference.parts_at;
    result_.hashed.add(result_.stages, result_.parameters);
    result_.only_the_seed_differs &= result_.hashed.all().empty();
    result_.same = same_truth(db_, first_, second_);
    result_.same_embedding = embedding_of(first_) == embedding_of(second_);
    pair_scores();
    if (result_.parts_at && result_.same.images) {
      test_runs();
      test_seeds();
    }
    judge_leaderboard();
    return std::move(result_);
  }

 private:
  void pair_scores() {
    for (const Metric& metric : all_metrics) {
      ScorePair pair{std::string(metric.name), first_.row[metric], second_.row[metric], true, std::nullopt};
      if (!pair.first && !pair.second) continue;
      if (metric.needs_split && !shows_split_) continue;
      pair.comparable = result_.same.range || !metric.needs_range;
      if (metric.of_one_embedding) pair.comparable = result_.same_embedding && result_.same.images;
      if (pair.comparable && pair.first && pair.second) pair.difference = *pair.first - *pair.second;
      result_.scores.push_back(std::move(pair));
    }
  }

  void test_runs() {
    const std::vector<std::pair<Split, const char*>> splits = {
        {Split::all, "accuracy"}, {Split::public_part, "accuracy_public"}, {Split::private_part, "accuracy_private"}};
    PredictionComparison predictions(store_, [&] { return labels_of_either(); });
    for (const auto& [split, name] : splits) {
      auto pair = std::find_if(result_.scores.begin(), result_.scores.end(),
                               [&](const ScorePair& other) { return other.name == name; });
      if (pair == result_.scores.end()) continue;
      RunTest test{name, split, test_predictions(*pair, split, predictions), 1};
      if (const auto* found = std::get_if<Disagreement>(&test.found)) test.p = mcnemar_exact(*found);
      result_.runs.push_back(std::move(test));
    }
  }

  std::variant<Disagreement, Omission> test_predictions(const ScorePair& pair, Split split, PredictionComparison& predictions) const {
    for (const auto& [value, row] : {std::pair(pair.first, &first_.row), std::pair(pair.second, &second_.row)}) {
      if (!value) return Omission{fmt::format("job {} has no {}, it is {}", row->job, pair.name, row->state)};
    }
    if (!result_.same.labels) return Omission{"the two were scored with different labels"};
    if (split != Split::all && !result_.same.split) return Omission{"the two have different public and private parts"};
    return predictions.disagreement(find_step(first_, "score")->artifact, find_step(second_, "score")->artifact, split);
  }

  ImageLabels labels_of(const JobDetail& job) const {
    return image_labels_of(job, latest_revision_with(db_, job.row.job).value(), store_);
  }

  // Both were scored with the same. An older version kept none, and a file may be gone: the second then has them.
  ImageLabels labels_of_either() const {
    try {
      return labels_of(first_);
    } catch (const std::exception&) {
      try {
        return labels_of(second_);
      } catch (const std::exception&) {
      }
      throw;
    }
  }

  std::map<std::int64_t, ResultRow> siblings(const std::string& job) const {
    std::map<std::int64_t, ResultRow> by_seed;
    for (const std::string& sibling : seed_siblings(db_, job)) {
      if (auto row = job_result(db_, sibling)) by_seed.emplace(row->seed, std::move(*row));
    }
    return by_seed;
  }

  void test_seeds() {
    if (result_.only_the_seed_differs) return;
    const auto of_first = siblings(first_.row.job), of_second = siblings(second_.row.job);
    result_.have_siblings = of_first.size() > 1 && of_second.size() > 1;
    if (!result_.have_siblings) return;
    for (const Metric& metric : all_metrics) {
      if (!is_replicated(metric) || !result_.same.covers(metric)) continue;
      if (metric.needs_split && !shows_split_) continue;
      SeedTest test{std::string(metric.name), {}, 0, 0, std::nullopt};
      std::vector<double> first, second;
      for (const auto& [seed, row] : of_first) {
        auto other = of_second.find(seed);
        if (other == of_second.end() || !row[metric] || !other->second[metric]) continue;
        test.seeds.push_back(seed);
        first.push_back(*row[metric]);
        second.push_back(*other->second[metric]);
      }
      if (test.seeds.empty()) continue;
      for (std::size_t i = 0; i < first.size(); ++i) {
        test.mean_first += first[i] / static_cast<double>(first.size());
        test.mean_second += second[i] / static_cast<double>(second.size());
      }
      test.difference = paired_difference(first, second);
      result_.seeds.push_back(std::move(test));
    }
  }

  std::optional<CompetitionSplit> parts_of_competition() const {
    for (const JobDetail* job : {&first_, &second_}) {
      try {
        if (auto parts = competition_split(latest_revision_with(db_, job->row.job).value(), labels_of(*job))) return parts;
      } catch (const std::exception&) {
        // Its labels are gone, or were never kept.
      }
    }
    return std::nullopt;
  }

  void judge_leaderboard() {
    std::vector<LeaderboardScore>& board = result_.leaderboard;
    for (const ScorePair& pair : result_.scores) {
      if (pair.name.starts_with("leaderboard_")) {
        board.push_back({pair.name, pair.first, pair.second, std::nullopt, std::nullopt, std::nullopt});
      }
    }
    if (board.empty()) return;
    const std::optional<CompetitionSplit> sizes = parts_of_competition();
    if (!sizes) return;
    for (LeaderboardScore& score : board) {
      const std::int64_t images = score.name == "leaderboard_public" ? sizes->public_images : sizes->private_images;
      if (images == 0) continue;
      score.images = images;
      auto error = [&](const std::optional<double>& value) {  // only a share of the images is binomial
        const bool share = value && *value >= 0 && *value <= 1;
        return share ? std::optional(binomial_standard_error(*value, images)) : std::nullopt;
      };
      score.error_first = error(score.first);
      score.error_second = error(score.second);
    }
  }

  const ResultsDb& db_;
  const ArtifactStore& store_;
  JobDetail first_, second_;
  bool shows_split_ = true;
  JobComparison result_;
};

}  // namespace

JobComparison compare_jobs(const ResultsDb& db, const ArtifactStore& store, const std::string& first,
                           const std::string& second) {
  return JobComparer(db, store, first, second).compare();
}

}  // namespace latentgrid
