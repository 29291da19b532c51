#pragma once

#include <string>
#include <string_view>

#include "base/json.hpp"

namespace latentgrid {

// Where a worker of a mailbox runs, as it says when it joins.
struct WorkerPlace {
  std::string host;
  std::string node;          // the same, as a scheduler calls it
  int cores = 1;             // that it may use
  int gpus = 0;              // that it sees
  std::string scheduler;     // that has started it: "Slurm"; "": nobody
  std::string scheduler_id;  // of its job there: "123_4"
  std::string crew;          // for which it was started; "": none
  int index = 0;             // in that
};

// Of this process: of the machine's cores, those that a scheduler has given to its job.
WorkerPlace place_here(const std::string& crew, int index);

Json to_json(const WorkerPlace& place);
// What can't be read stays as it is by default: another build may have written it.
WorkerPlace place_in(std::string_view json);

// "on n2 (Slurm job 4711_3)", "on lab".
std::string in_words(const WorkerPlace& place);

}  // namespace latentgrid
