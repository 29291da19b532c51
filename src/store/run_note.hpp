#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "store/artifact_store.hpp"

namespace latentgrid {

struct RunProgress {
  std::int64_t done = 0, total = 0;  // tasks that this run does; those of the figures are counted anew when the others are done
  double eta_s = -1;                 // until all are done; below 0: not known
};

// What a run of a sweep says of itself in its folder tmp/<run>, for those who ask what goes on in a results folder or want the
// run to end, on whatever machine it is. It goes with the folder: of a run that was killed it stays until the next run.
struct RunNote {
  std::string sweep;
  std::string executor;  // its name
  std::int64_t process = 0;
  std::string host;
  std::string since;     // UTC
  std::string run = {};  // the name of the folder
  std::optional<RunProgress> progress = {};  // as it said last
};

// Needs a store with a run whose folder is held. run and host, process and time are filled in.
void write_run_note(const ArtifactStore& store, const std::string& sweep, const std::string& executor);

// Of the store's own run. For those who look: where it can't be written nothing happens.
void write_run_progress(const ArtifactStore& store, const RunProgress& progress);

std::vector<RunNote> run_notes(const ArtifactStore& store);  // the latest first

// Asks that run to end as Ctrl-C does; asking again changes nothing. False where its folder is gone, so that it has ended.
// Throws Error where the request can't be written.
bool ask_to_end(const ArtifactStore& store, const RunNote& note);

// Whether the store's own run was asked. Opens a file anew, as NFS shows what others have written to those who do.
bool is_asked_to_end(const ArtifactStore& store);

}  // namespace latentgrid
