#include "report/charts/checkpoints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>

#include "report/job_names.hpp"

namespace latentgrid::charts {

namespace {

constexpr std::size_t most_with_pipeline = 12;

// Everything but epochs and seed.
std::string setting_of(const ResultRow& row) {
  return fmt::format("{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}\x1f{}", row.architecture, row.latent, row.reduction,
                     row.reduced_dim, row.clustering, row.k, row.params);
}

// A job's training settings as text; jobs have few different ones, and parsing is slow.
class TrainingParameters {
 public:
  const std::string& of(const ResultRow& row) {
    auto [found, is_new] = known_.try_emplace(row.params);
    if (is_new) {
      const Json params = Json::parse(row.params, nullptr, false);
      if (params.is_object() && params.contains("train")) found->second = params["train"].dump() + params.value(refine_parameter, Json()).dump();
    }
    return found->second;
  }

 private:
  std::unordered_map<std::string, std::string> known_;
};

std::string pipeline_of(const ResultRow& row, bool with_clustering, bool with_k) {
  std::string text = reduction_text(row);
  if (with_clustering) text += ", " + row.clustering;
  if (with_k && row.k > 0) text += fmt::format(", k = {}", row.k);
  return text;
}

ErrorsAndScores errors_and_scores(const std::vector<Checkpoint>& checkpoints) {
  ErrorsAndScores values;
  for (const Checkpoint& checkpoint : checkpoints) {
    values.errors.push_back(checkpoint.error);
    values.scores.push_back(checkpoint.score);
  }
  return values;
}

// What tells the trainings of one subject apart: "latent 32, learning_rate 0.001, seed 0".
std::string training_name(const ResultRow& row, const JobNames& names) {
  std::string text = names.with_latent(row) ? fmt::format("latent {}, ", row.latent) : "";
  if (const std::string parameters = names.training_parameters(row); !parameters.empty()) text += parameters + ", ";
  return text + fmt::format("seed {}", row.seed);
}

std::string subject_name(const ResultRow& row, const std::string& pipeline, bool with_pipeline) {
  return with_pipeline ? fmt::format("{} + {}", row.architecture, pipeline) : row.architecture;
}

}  // namespace

std::vector<CheckpointCurve> checkpoint_curves(const ReportData& data, const ScoredJobs& jobs) {
  std::set<std::string> clusterings;
  std::set<std::int64_t> ks;
  for (std::size_t row : jobs.rows) {
    clusterings.insert(data.rows[row].clustering);
    ks.insert(data.rows[row].k);
  }
  std::vector<CheckpointCurve> curves;
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < jobs.rows.size(); ++i) {
    const ResultRow& row = data.rows[jobs.rows[i]];
    if (!row["recon_mse"]) continue;
    auto [found, is_new] = known.try_emplace(fmt::format("{}\x1f{}", setting_of(row), row.seed), curves.size());
    if (is_new) curves.push_back({{}, pipeline_of(row, clusterings.size() > 1, ks.size() > 1)});
    curves[found->second].checkpoints.push_back({jobs.rows[i], *row["recon_mse"], jobs.values[i]});
  }
  for (CheckpointCurve& curve : curves) {
    std::stable_sort(curve.checkpoints.begin(), curve.checkpoints.end(), [&](const Checkpoint& a, const Checkpoint& b) {
      return data.rows[a.row].epochs < data.rows[b.row].epochs;
    });
  }
  return curves;
}

std::vector<CorrelationSubject> correlation_subjects(const ReportData& data, const std::vector<CheckpointCurve>& curves,
                                                     std::string& unit) {
  auto row_of = [&](const CheckpointCurve& curve) -> const ResultRow& {
    return data.rows[curve.checkpoints.front().row];
  };
  std::set<std::string> pipelines, named;
  for (const CheckpointCurve& curve : curves) {
    pipelines.insert(curve.pipeline);
    named.insert(subject_name(row_of(curve), curve.pipeline, true));
  }
  const bool with_pipeline = pipelines.size() > 1 && named.size() <= most_with_pipeline;
  std::vector<CorrelationSubject> subjects;
  std::map<std::string, std::size_t> known;
  std::set<std::string> trainings;
  TrainingParameters parameters;
  const JobNames names(data);
  std::vector<std::map<std::string, std::vector<Checkpoint>>> across;  // by subject, then by all but the seed
  for (const CheckpointCurve& curve : curves) {
    const ResultRow& row = row_of(curve);
    const std::string name = subject_name(row, curve.pipeline, with_pipeline);
    auto [found, is_new] = known.try_emplace(name, subjects.size());
    if (is_new) {
      subjects.push_back({.name = name});
      across.emplace_back();
    }
    subjects[found->second].trainings.push_back(errors_and_scores(curve.checkpoints));
    subjects[found->second].trainings.back().name = training_name(row, names);
    trainings.insert(fmt::format("{}\x1f{}\x1f{}\x1f{}", name, row.latent, row.seed, parameters.of(row)));
    const std::string setting = setting_of(row);
    for (const Checkpoint& checkpoint : curve.checkpoints) {
      across[found->second][fmt::format("{}\x1f{}", setting, data.rows[checkpoint.row].epochs)].push_back(checkpoint);
    }
  }
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    for (const auto& [setting, checkpoints] : across[i])
      subjects[i].across_seeds.push_back(errors_and_scores(checkpoints));
  }
  unit = trainings.size() == curves.size() ? "training" : "curve";
  return subjects;
}

}  // namespace latentgrid::charts
