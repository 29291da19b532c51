#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "store/artifact_store.hpp"

namespace latentgrid {

struct StoredArtifact {
  std::string stage;
  ArtifactId id;
  std::int64_t bytes = 0;            // of all its files
  std::int64_t resume_bytes = 0;     // of those, what only a longer run goes on from
};

struct StoredPartial {  // a rolling checkpoint
  std::string key;
  std::int64_t bytes = 0;
};

// What lies in a results folder, as the sizes of its files.
struct Inventory {
  std::vector<StoredArtifact> artifacts;  // by stage, key and extent
  std::vector<StoredPartial> partials;    // by key
  std::int64_t temporaries = 0, temporary_bytes = 0;  // what runs that are over have left in tmp/
  std::int64_t staged_bytes = 0;                      // what is in tmp/ of those that work
  std::vector<std::pair<std::string, std::int64_t>> folders;  // reports, exports, submissions, logs, cache; those that are there
  std::int64_t database_bytes = 0;                             // with its journals
  bool database_is_elsewhere = false;                          // than in the results folder
  std::int64_t all_bytes = 0;                                  // of every file in the results folder, and of its database
};

// Reads names and sizes only. What a run writes or removes meanwhile may be counted or not. `resume_folders`: of a stage's
// artifact, the folder whose bytes are resume_bytes.
Inventory take_inventory(const ArtifactStore& store, const std::map<std::string, std::string>& resume_folders = {});

}  // namespace latentgrid
