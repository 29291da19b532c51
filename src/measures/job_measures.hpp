#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "columns/measures.hpp"
#include "db/details.hpp"
#include "measures/common_space.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

struct MeasureRequest {
  std::optional<CommonSpace> space;  // without one, what needs it stays empty
  int threads = 1;
  std::function<void(std::string_view what, double share)> progress = nullptr;  // from the calling thread
};

// The measures of some jobs of a sweep. By the jobs' places; empty where a job is not complete, or there is nothing to
// compare.
struct JobMeasures {
  using Values = std::array<std::optional<double>, all_measures.size()>;  // in their order

  std::vector<Values> of_job;
  std::vector<std::size_t> setting_of;  // jobs that differ only in the seed have the same
  std::size_t settings = 0;
  std::size_t complete = 0;     // jobs
  std::size_t clusterings = 0;  // that differ in what made them
  std::size_t compared = 0;     // of these: those that agreement is taken with
  std::int64_t images = 0;
  std::int64_t scored_images = 0;  // of what is taken in a space
  std::string omission;            // why jobs that are complete have no value; "" if all have
};

// A job's agreement is with the clusterings of other settings, at most most_compared of them: the same ones for all
// jobs, drawn by their keys. In a space every image counts up to most_scored_images; of more, so many are drawn, always
// the same.
inline constexpr std::size_t most_compared = 200;
inline constexpr std::int64_t most_scored_images = 10'000;

JobMeasures measure_jobs(const ResultsDb& db, const ArtifactStore& store, std::int64_t revision,
                         const std::vector<const ResultRow*>& jobs, const MeasureRequest& request);

}  // namespace latentgrid
