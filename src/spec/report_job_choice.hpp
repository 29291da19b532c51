#pragma once

#include <optional>
#include <string>
#include <vector>

#include "spec/reader.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// What a figure says of its jobs: best, {best: FIELD}, values of axes, ids. Nothing after an error.
struct JobChoiceRules {
  bool one = false;   // it shows one job
  bool best = true;   // the best is a choice
  const std::vector<std::string>& measured;
};
std::optional<JobChoice> read_job_choice(const YamlNode& node, const JobChoiceRules& rules, Reader& reader);
Json to_json(const JobChoice& choice);  // what report/selection.hpp reads

}  // namespace latentgrid
