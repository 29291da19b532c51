#include "columns/measures.hpp"

namespace latentgrid {

std::vector<std::string> names_of_measures() {
  std::vector<std::string> names;
  for (const Measure& measure : all_measures) names.emplace_back(measure.name);
  return names;
}

std::vector<std::string> names_of_measures_in_space() {
  std::vector<std::string> names;
  for (const Measure& measure : all_measures) {
    if (measure.needs_space) names.emplace_back(measure.name);
  }
  return names;
}

}  // namespace latentgrid
