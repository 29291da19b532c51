#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "plan/chains.hpp"
#include "plan/gpus.hpp"
#include "plan/grid_cells.hpp"
#include "plan/job.hpp"

namespace latentgrid {

// How a cell of a grid trains its encoder. An option is what --set says, else what the training itself is given, else what an
// axis of the grid says, else what the section `train:` does, else its default.
class TrainingResolver {
 public:
  struct Training {
    Json all;      // completed, epochs and threads among them
    Json written;  // the same, with the device as it is written
    SharedStep step;
    std::int64_t id = 0, threads = 1;
    std::vector<std::string> from_section;  // options whose value is the train section's
  };

  TrainingResolver(const Sweep& sweep, std::int64_t images, const Gpus& gpus, JsonPool& shared);

  const Training& of(const GridCell& cell);
  // Where the value of an option is written; at the training or the architecture if it's the default.
  SourcePosition position_of(const GridCell& cell, const std::string& option) const;
  // Whether --set train.NAME takes the place of what the file's grid says there. A --set of the axis itself stays.
  bool overridden(const std::string& option, const SourcePosition& written) const;

  // A job trains so.
  void uses(const Training& training) { used_.insert(training.from_section.begin(), training.from_section.end()); }
  // Values of `train:` that no job uses.
  void warn_of_unused_settings(Diagnostics& diagnostics) const;

 private:
  Training make(const GridCell& cell);
  Json given(const GridCell& cell) const;

  const Sweep& sweep_;
  const std::int64_t images_;
  const Gpus gpus_;
  JsonPool& shared_;
  std::map<std::tuple<const FixedMethod*, const AxisOption*, std::vector<const AxisOption*>>, Training, std::less<>> known_;
  std::unordered_map<std::string, std::int64_t> ids_;
  std::set<std::string> used_, replaced_;
};

}  // namespace latentgrid
