#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <memory_resource>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/key.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// Adds tasks to a graph, equal ones once: by key, which is computed once a distinct task. The graph must outlive it.
class GraphBuilder {
 public:
  // `dataset`: what jobs are scored on; must outlive the builder.
  GraphBuilder(const DatasetIdentity& dataset, TaskGraph& graph, std::size_t expected_tasks);

  // A job's whole path, and the job.
  void add(const Job& job);

  // Parts of a path, for jobs and for the panels of figures; each is appended to the node.
  JobStep load(JobNode& node, const std::shared_ptr<const Json>& images);
  JobStep train(JobNode& node, const Job& job, const JobStep& images);
  JobStep encode(JobNode& node, const Job& job, const JobStep& images, const JobStep* model);
  // The `number`-th reduction of a chain. `width`: of the points; `count`: how many.
  JobStep reduce(JobNode& node, const Job& job, const ReductionStep& reduction, const JobStep& points, int number,
                 std::int64_t width, std::int64_t count);
  // Any other stage. `gpu`: which, if one and a certain one.
  JobStep other(JobNode& node, const char* stage, const std::shared_ptr<const Json>& params,
                std::vector<TaskInput> inputs, std::int64_t threads, int gpu = -1);

  // Sorts extents, links dependents, says what could not be shared. Everything counts as missing.
  void finish();

 private:
  // What all tasks of a stage with these parameters have in common.
  struct Kind {
    bool seeded, threaded, on_gpu;
    KeyBuilder key;
  };
  struct Shortcut {
    const Kind* kind;
    std::int64_t seed, threads;
    std::array<std::pair<int, std::int64_t>, 2> inputs;  // no stage has more
    bool operator==(const Shortcut&) const = default;
  };
  struct Interned {
    int task = -1;
    std::int64_t last_extent = -1;  // asked for; jobs in the grid's order mostly ask for the same again
  };
  struct ShortcutHash {
    std::size_t operator()(const Shortcut& s) const;
  };

  JobStep step(JobNode& node, JobStep added);
  const std::shared_ptr<const Json>& train_params(const Job& job);
  const std::shared_ptr<const Json>& encode_params(const Job& job);
  JobStep on_gpu(JobStep step, int gpu);
  const std::shared_ptr<const Json>& with_method(const std::string& method, const std::shared_ptr<const Json>& params);
  const Kind& kind(std::string_view stage, const std::shared_ptr<const Json>& params);
  JobStep intern(const char* stage, const std::shared_ptr<const Json>& params, std::vector<TaskInput> inputs,
                 std::int64_t seed, std::int64_t threads, std::int64_t extent);
  int add_task(const char* stage, const Kind& kind, const std::shared_ptr<const Json>& params,
               std::vector<TaskInput> inputs, std::int64_t seed, std::int64_t threads);
  std::string job_key(const Job& job, const std::string& score_key);

  const DatasetIdentity& dataset_;
  TaskGraph& graph_;
  std::shared_ptr<const Json> load_params_, raw_params_, score_params_;
  // Addresses first: they are compared more cheaply than names.
  std::map<std::pair<const Json*, std::string_view>, Kind> kinds_;
  std::vector<std::shared_ptr<const Json>> kept_;  // what is known by its address must not make room for another
  std::pmr::monotonic_buffer_resource memory_;  // of the two tables that grow with the sweep: freed in one go
  std::pmr::unordered_map<Shortcut, Interned, ShortcutHash> shortcuts_{&memory_};
  std::unordered_map<std::string, KeyBuilder> job_keys_;
  // Views of the tasks' own keys, which moving a task leaves in place.
  std::pmr::unordered_map<std::string_view, int> by_key_{&memory_};
  std::map<std::pair<const void*, const void*>, std::shared_ptr<const Json>> train_params_;
  std::map<const void*, std::shared_ptr<const Json>> encode_params_;
  std::map<std::tuple<const void*, std::int64_t, std::string>, std::shared_ptr<const Json>> reduction_params_;
  std::map<std::pair<const void*, std::string>, std::shared_ptr<const Json>> clustering_params_;
  std::map<std::string, std::set<std::int64_t>> cosine_totals_;
};

}  // namespace latentgrid
