#pragma once

#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "db/results_db.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

// Who needs what of the artifacts.
struct Need {
  std::set<std::string> latest;  // sweeps whose latest revision does
  bool older = false;            // earlier revisions do
};

struct Needs {
  using Family = std::pair<std::string, std::string>;  // stage and key

  std::map<std::tuple<std::string, std::string, std::int64_t>, Need> artifacts;  // by stage, key and extent
  std::map<Family, Need> families;  // whatever the extent: neighbors of points, exports of models
  std::set<ArtifactId> checkpoints;  // trainings whose model is asked for again though what follows is there

  const Need* find(const std::string& stage, const ArtifactId& id) const;  // null: nobody
};

// Reads the database, and beside the artifacts of figures what these were made of.
Needs read_needs(const ResultsDb& db, const ArtifactStore& store);

}  // namespace latentgrid
