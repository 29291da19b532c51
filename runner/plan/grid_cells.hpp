#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "methods/methods.hpp"
#include "spec/sweep.hpp"

namespace latentgrid {

// A method with one value for each parameter written.
struct FixedMethod {
  const MethodSpec* spec = nullptr;
  SourcePosition where;
  Json params = Json::object();
  std::map<std::string, SourcePosition> positions;  // of the parameters written

  // Of the method itself for a parameter that is not written.
  const SourcePosition& position_of(const std::string& parameter, const std::string& or_parameter = "") const {
    auto written = positions.find(parameter);
    if (written == positions.end()) written = positions.find(or_parameter);
    return written == positions.end() ? where : written->second;
  }
};

// One value of one axis, with the conditional axes below it fixed.
struct AxisOption {
  const std::string* axis = nullptr;
  SourcePosition where;
  Json value;
  std::vector<FixedMethod> methods;  // training, augmentations, refinement and reductions (empty for none), clustering
  std::vector<AxisOption> below;         // architecture: what it sets for itself
};

// A cell before it is resolved: what was chosen on every axis; null where the grid has no such axis. What an
// architecture sets for itself is in, and wins.
struct GridCell {
  const AxisOption* architecture = nullptr;
  const AxisOption* latent = nullptr;
  const AxisOption* training = nullptr;
  const AxisOption* augment = nullptr;
  const AxisOption* refine = nullptr;
  const AxisOption* reduction = nullptr;
  const AxisOption* clustering = nullptr;
  const AxisOption* seed = nullptr;
  std::vector<const AxisOption*> train;  // one a parameter, in the order of the grid
  const Grid* grid = nullptr;
};

// The encoder of a cell that trains none; null for one that does.
const MethodSpec* untrained(const GridCell& cell);

// The cell's training, or the one it has when none is written.
const FixedMethod& training_of(const GridCell& cell);

// What the cell's training does to its images: what is written, or else what it does by itself.
std::vector<FixedMethod> augmentations_of(const GridCell& cell);

// How the cell refines what it has trained; null where it does not.
const FixedMethod* refinement_of(const GridCell& cell);

// The cell's clustering, or the one it has when none is written.
const std::vector<FixedMethod>& clustering_of(const GridCell& cell);

// Calls `visit` for every cell of the grid's product with zips, first group slowest; `exclude` and `include` are not
// looked at. Options live as long as the GridCells.
class GridCells {
 public:
  explicit GridCells(const Grid& grid);
  std::size_t count() const;  // how many for_each() visits
  void for_each(const std::function<void(const GridCell&)>& visit) const;

 private:
  using Row = std::vector<AxisOption>;  // an option on every axis of the group

  const Grid& grid_;
  std::vector<std::vector<Row>> groups_;
};

}  // namespace latentgrid
