#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::protocol {

inline constexpr int version = 4;

// ---- worker to coordinator ----

struct Hello {
  int protocol = version;
  std::map<std::string, int> stages;  // stage -> version
};

struct Progress {
  std::int64_t task = 0, done = 0, total = 0;
  Json metrics = Json::object();
};

struct ArtifactReady {  // published on disk
  std::int64_t task = 0, extent = 0;
};

struct Done {  // everything is published
  std::int64_t task = 0;
};

struct Failed {
  std::int64_t task = 0;
  std::string kind;  // "diverged", "input", "parameter", "memory", "interrupted", "internal"
  std::string message;
  std::string worker = {};  // who has said it, and where its log is: put in by the one who hears it
};

// ---- coordinator to worker ----

struct Run {
  std::int64_t task = 0;
  int attempt = 1;
  std::string stage;
  std::string key;
  Json params;                               // hashed into the key
  std::vector<std::int64_t> extents;         // what to publish, ascending; {0} for stages that have none
  std::map<std::string, std::pair<std::string, ArtifactId>> inputs;  // name -> (stage, artifact)
  std::int64_t seed = 0;
  std::int64_t threads = 1;
  std::string device;                        // "cuda:1": which GPU does it; "" on the CPU. The key has the kind alone
  std::string arithmetic;                    // "portable" or "native" where its floats go through a BLAS, else "": see is_portable
  Json sources;                              // paths; not part of the key (of tasks that read the data set)
  std::string transcript;                    // what was hashed, kept beside the artifact
};

// How many threads the kernels of `task` whose numbers don't depend on it may use from now on: more while slots stand empty.
struct Share {
  std::int64_t task = 0, threads = 1;
};

struct Stop {};

using WorkerMessage = std::variant<Hello, Progress, ArtifactReady, Done, Failed>;
using CoordinatorMessage = std::variant<Run, Share, Stop>;

// One JSON object, one line, without the newline. decode_* throw Error on anything that is not a valid message.
std::string encode(const WorkerMessage& message);
std::string encode(const CoordinatorMessage& message);
WorkerMessage decode_worker_message(std::string_view line);
CoordinatorMessage decode_coordinator_message(std::string_view line);

}  // namespace latentgrid::protocol
