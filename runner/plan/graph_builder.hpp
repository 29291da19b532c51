#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/key.hpp"
#include "plan/hash_index.hpp"
#include "plan/task_graph.hpp"

namespace latentgrid {

// Adds tasks to an empty graph, equal ones once: their key is computed once a distinct task. The graph must outlive it.
class GraphBuilder {
 public:
  // `dataset`: what jobs are scored on; must outlive the builder.
  GraphBuilder(const DatasetIdentity& dataset, TaskGraph& graph, std::size_t expected_tasks);

  // A job's whole path, and the job.
  void add(const Job& job);

  // Parts of a path, for jobs and for the panels of figures; each is appended to the node.
  JobStep load(JobNode& node, const std::shared_ptr<const Json>& images);
  // The job's model: trained, and refined where the job says so.
  JobStep model(JobNode& node, const Job& job, const JobStep& images);
  // `images`: null for an encoder that reads the dataset itself; `model`: null for one that is not trained.
  JobStep encode(JobNode& node, const Job& job, const JobStep* images, const JobStep* model);
  // The `number`-th reduction of a chain, of `count` points of `width` values.
  JobStep reduce(JobNode& node, const Job& job, const MethodStep& reduction, const JobStep& points, int number,
                 std::int64_t width, std::int64_t count);
  // Any other stage. `gpu`: which, if one and a certain one; `seed`: of a stage that draws from one.
  JobStep other(JobNode& node, const char* stage, const std::shared_ptr<const Json>& params,
                std::vector<TaskInput> inputs, std::int64_t threads, int gpu = -1, std::int64_t seed = 0);

  // Sorts extents, links dependents, says what could not be shared. Everything counts as missing.
  void finish();

 private:
  // What all tasks of a stage with these parameters have in common. One for equal parameters, wherever they lie, so
  // that tasks are equal exactly if their kinds, seeds, threads and inputs are.
  struct Kind {
    int number;
    bool seeded, threaded, on_gpu;
    KeyBuilder key;
    std::size_t last = 0, distance = 0;  // the task asked for before, and how far it lay from the one before it
  };
  // A task of the graph, in the same place.
  struct Interned {
    int kind;
    std::uint32_t first_reader = 0;     // the first task with this as its later input; 0: none, task 0 reads nothing
    std::array<int, 2> inputs{-1, -1};  // no stage has more
    std::array<std::int64_t, 2> input_extents{};
    std::int64_t seed, threads;
    std::int64_t last_extent;  // asked for; jobs in the grid's order mostly ask for the same again
    bool same_task(const Interned& other) const;
    std::uint32_t hash() const;
  };

  JobStep step(JobNode& node, JobStep added);
  JobStep refine(JobNode& node, const Job& job, const JobStep& images, const JobStep& model);
  const std::shared_ptr<const Json>& train_params(const Job& job);
  // A run that shares nothing with one of another length.
  void probe(JobNode& node, const Job& job, const JobStep& encoded, const JobStep& labels);
  void note_length(const std::string& what, const Job& job, std::string_view parameter, std::string_view because, std::int64_t length);
  JobStep on_gpu(JobStep step, int gpu);
  // What a step on such points hashes and sends: its parameters, the method, and what the plan decides.
  const std::shared_ptr<const Json>& task_params(const MethodStep& step, bool portable, const PointsSize& points = {});
  Kind& kind(std::string_view stage, const std::shared_ptr<const Json>& params);
  JobStep intern(const char* stage, const std::shared_ptr<const Json>& params, std::vector<TaskInput> inputs,
                 std::int64_t seed, std::int64_t threads, std::int64_t extent);
  std::pair<std::size_t, bool> place_of(const Interned& wanted);
  void add_task(const char* stage, const Kind& kind, const std::shared_ptr<const Json>& params,
                std::vector<TaskInput> inputs, std::int64_t seed, std::int64_t threads);
  std::string job_key(const Job& job, const std::string& score_key);

  bool path_is_seeded_ = false;  // of the job that is being added
  const DatasetIdentity& dataset_;
  TaskGraph& graph_;
  std::shared_ptr<const Json> load_params_, label_params_, score_params_;
  std::shared_ptr<const Json> probe_params_;  // of all jobs that are probed
  // Addresses first: they are compared more cheaply than names.
  std::map<std::pair<const Json*, std::string_view>, Kind*> known_kinds_;
  std::map<std::string, Kind> kinds_;              // by the key of what they have in common
  std::vector<std::shared_ptr<const Json>> kept_;  // what is known by its address must not make room for another
  std::vector<Interned> interned_;
  HashIndex index_;  // of those that no first_reader finds
  std::unordered_map<std::string, KeyBuilder> job_keys_;
  std::map<std::pair<const void*, const void*>, std::shared_ptr<const Json>> train_params_;
  // By the method, the address of the parameters, the extent of a slice, the points, and whether the job is portable.
  std::map<std::tuple<const void*, const void*, std::int64_t, std::int64_t, std::int64_t, bool>, std::shared_ptr<const Json>> task_params_;
  std::map<std::pair<std::string, std::string>, std::set<std::int64_t>> lengths_;  // of runs that share nothing with a longer one, by what is said before and behind them
};

}  // namespace latentgrid
