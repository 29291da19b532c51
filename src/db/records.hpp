#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

struct TaskRef {
  std::string stage;
  ArtifactId artifact;
  int step = 0;  // reduce may occur several times on a path: 0, 1, ...
  std::size_t number = 0;  // among the tasks of a JobList
};

struct JobRecord {
  std::string id;   // 12 hex digits
  std::string key;  // 64; determines everything below, the path included
  std::string dataset, architecture, latent, reduction, clustering;
  std::int64_t latent_dim = 0, epochs = 0, reduced_dim = 0, k = 0, seed = 0;
  Json params;                                     // everything else, after defaults
  std::vector<std::pair<std::string, Json>> axes;  // for job_params
  std::vector<TaskRef> path;                       // load ... score
};

// What a task is called; the texts are those of the list.
struct TaskName {
  const std::string& stage;
  const std::string& key;
  std::int64_t extent = 0;
};

// The jobs of a sweep in the order of its file, and the tasks of their paths, each once, in any order. A record, which is much
// to put together, and the tasks are asked for only when there is a new revision.
class JobList {
 public:
  using Text = std::function<const std::string&(std::size_t)>;
  struct Tasks {
    std::size_t count = 0;
    std::function<TaskName(std::size_t)> name;
  };
  JobList(std::size_t size, Text id, Text key, std::function<JobRecord(std::size_t)> record, std::function<Tasks()> tasks)
      : size_(size), id_(std::move(id)), key_(std::move(key)), record_(std::move(record)), tasks_(std::move(tasks)) {}

  std::size_t size() const { return size_; }
  const std::string& id(std::size_t job) const { return id_(job); }
  const std::string& key(std::size_t job) const { return key_(job); }
  JobRecord record(std::size_t job) const { return record_(job); }
  Tasks tasks() const { return tasks_(); }

 private:
  std::size_t size_;
  Text id_, key_;
  std::function<JobRecord(std::size_t)> record_;
  std::function<Tasks()> tasks_;
};

struct SweepRecord {
  std::string name;
  std::string file;
  std::string text;  // the YAML
  Json options;      // --set, --data
  Json report;       // the checked `report:` section
  Json dataset;      // name, images, labelled, classes, shape
  Json provenance;   // build, git commit, library versions, host
  std::string created_at;
};

}  // namespace latentgrid
