#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stdexcept>
#include <string>

#include "nn/arithmetic.hpp"
#include "protocol/messages.hpp"
#include "store/artifact_store.hpp"
#include "worker/usage.hpp"

namespace latentgrid::worker {

// Thrown by progress() when the coordinator asked to stop or went away.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
};

// A failure with a kind of its own (see protocol::Failed); any other exception becomes "internal".
class TaskError : public std::runtime_error {
 public:
  TaskError(std::string kind, const std::string& message) : std::runtime_error(message), kind_(std::move(kind)) {}
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
};

// What one execution of a stage may do. One thread at a time.
class TaskContext {
 public:
  virtual ~TaskContext() = default;

  virtual const protocol::Run& task() const = 0;
  virtual const ArtifactStore& store() const = 0;

  // The folder of a published input ("images", "model", "points", "clusters", "labels", "embedding"); verified to exist.
  virtual std::filesystem::path input(const std::string& name) const = 0;

  // Call at least every batch or iteration. Rate-limited when it writes; throws Interrupted.
  virtual void progress(std::int64_t done, std::int64_t total, const Json& metrics = Json::object()) = 0;

  // How many threads kernels may use whose numbers don't depend on it; may change during a task. At least task().threads.
  virtual int threads() const = 0;

  // What the work took so far, from its very start: after continue_from() with what the run before had used.
  virtual Usage usage() const = 0;
  virtual void continue_from(const Usage& before) = 0;

  // Publishes a staged folder as the artifact of `extent`; adds task.json: `metrics` are scalars for the database (recon_mse,
  // kl_divergence, accuracy, ...), `record` says how it was made (methods chosen, per-epoch losses, ...). Throws TaskError if a value is not finite.
  virtual std::filesystem::path new_staging_folder() = 0;
  virtual void publish(std::int64_t extent, const std::filesystem::path& staged, const Json& metrics, const Json& record) = 0;
};

// As the task's parameters say, on the GPU that it was given.
inline nn::Arithmetic arithmetic_of(const protocol::Run& task) {
  nn::Arithmetic arithmetic = nn::Arithmetic::from_json(task.params);
  if (!task.device.empty()) arithmetic.device = task.device;
  return arithmetic;
}

// Stages register by name in stages.cpp; train is in train_stage.hpp. Extents already published must not be recomputed when they can be read.
void run_load(TaskContext& context);
void run_encode(TaskContext& context);
void run_reduce(TaskContext& context);
void run_cluster(TaskContext& context);
void run_labels(TaskContext& context);
void run_score(TaskContext& context);
void run_probe(TaskContext& context);
void run_trustworthiness(TaskContext& context);
void run_reconstruct(TaskContext& context);
void run_interpolate(TaskContext& context);
void run_sample(TaskContext& context);
void run_augment(TaskContext& context);
void run_export(TaskContext& context);

}  // namespace latentgrid::worker
