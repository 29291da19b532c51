#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

// What the clusterings of a sweep say of each other, without labels. A measure of a job depends on the other jobs, or
// on a space that someone names, so it is computed when it is asked for and is in no database. The larger, the better;
// none has turned out to choose well everywhere, so nothing is ranked by one unasked.
struct Measure {
  std::string_view name;
  std::string_view title;  // in a report, and of sentences
  std::string_view doc;
  int digits = 4;
  bool needs_space = false;  // it is taken in one space that is named, the same for all jobs
  bool of_setting = false;   // jobs that differ only in the seed have the same
};

inline constexpr std::array all_measures = {
    Measure{.name = "agreement",
            .title = "agreement",
            .doc = "mean adjusted Rand index of a job's clusters with the clusterings of other settings"},
    Measure{.name = "stability",
            .title = "stability",
            .doc = "mean adjusted Rand index between the seeds of a setting",
            .of_setting = true},
    Measure{.name = "silhouette_in",
            .title = "silhouette",
            .doc = "mean silhouette of the clusters, in one space for all jobs",
            .needs_space = true},
    Measure{
        .name = "calinski_harabasz_in",
        .title = "Calinski-Harabasz",
        .doc = "variance between the clusters over that within them (Calinski and Harabasz), in one space for all jobs",
        .digits = 1,
        .needs_space = true},
};

// Null where there is none of this name.
constexpr const Measure* find_measure(std::string_view name) {
  for (const Measure& measure : all_measures) {
    if (measure.name == name) return &measure;
  }
  return nullptr;
}

std::vector<std::string> names_of_measures();
std::vector<std::string> names_of_measures_in_space();

constexpr std::size_t place_of(const Measure& measure) {
  return static_cast<std::size_t>(&measure - all_measures.data());
}

}  // namespace latentgrid
