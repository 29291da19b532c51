#include "worker/running_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <new>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "methods/stages.hpp"
#include "nn/trainer.hpp"
#include "worker/blas.hpp"
#include "worker/environment.hpp"
#include "worker/portable.hpp"
#include "worker/artifact_check.hpp"
#include "worker/stages.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

namespace {

constexpr double seconds_between_progress = 0.1;

void run_stage(RunningTask& context) {
  const protocol::Run& task = context.task();
  auto stage = stages().find(task.stage);
  if (stage == stages().end()) throw TaskError("parameter", fmt::format("this worker knows no stage '{}'", task.stage));
  if (task.extents.empty() || !std::is_sorted(task.extents.begin(), task.extents.end())) {
    throw TaskError("parameter", "the task asks for no extents, or not in ascending order");
  }
  if (task.threads < 1 || task.threads > std::numeric_limits<int>::max()) {
    throw TaskError("parameter", fmt::format("threads must be at least 1, not {}", task.threads));
  }
  if (is_portable(task.params)) check_portable_instructions();
  set_blas_threads(static_cast<int>(task.threads));
  if (const TorchModule* torch = loaded_torch_module()) torch->set_threads(static_cast<int>(task.threads));
  stage->second(context);
}

// "cuda:0 (NVIDIA H100 80GB HBM3)".
std::string described(const std::string& device, const Json& environment) {
  const std::size_t colon = device.find(':');
  const std::size_t gpu = colon == std::string::npos ? 0 : std::stoul(device.substr(colon + 1));
  const Json& gpus = environment.at("gpus");
  return gpu < gpus.size() ? fmt::format("{} ({})", device, gpus[gpu].at("name").get<std::string>()) : device;
}

}  // namespace

RunningTask::RunningTask(const protocol::Run& task, const ArtifactStore& store, Channel& channel)
    : task_(task), store_(store), channel_(channel) {}

fs::path RunningTask::input(const std::string& name) const {
  auto found = task_.inputs.find(name);
  if (found == task_.inputs.end()) throw TaskError("parameter", fmt::format("the task has no input '{}'", name));
  const auto& [stage, artifact] = found->second;
  fs::path folder = store_.folder(stage, artifact);
  if (!store_.exists(stage, artifact)) {
    throw TaskError("input", fmt::format("the input '{}' is not there: {}", name, folder.string()));
  }
  if (std::optional<std::string> damage = store_.damage(stage, artifact)) {
    store_.remove(stage, artifact);
    throw TaskError("input", fmt::format("{}; the damaged artifact was removed, run again to make it anew", *damage));
  }
  return folder;
}

void RunningTask::progress(std::int64_t done, std::int64_t total, const Json& metrics) {
  if (channel_.stop_requested()) throw Interrupted();
  double now = system_clock().monotonic_seconds();
  if (now - last_progress_ < seconds_between_progress) return;
  last_progress_ = now;
  channel_.send(protocol::Progress{task_.task, done, total, metrics});
}

void RunningTask::publish(std::int64_t extent, const fs::path& staged, const Json& metrics, const Json& record) {
  try {
    check_files(staged, task_.stage, task_.params);
    check_finite(staged, metrics, task_);
  } catch (const TaskError&) {
    fs::remove_all(staged);
    throw;
  }
  Json complete = {{"metrics", metrics}, {"record", record}, {"provenance", provenance()}, {"usage", to_json(meter_.read())}};
  store_.publish(staged, task_.stage, {task_.key, extent}, complete, task_.transcript);
  channel_.send(protocol::ArtifactReady{task_.task, extent});
}

Json RunningTask::provenance() const {
  const Json environment = describe_environment();
  Json provenance = Json::object();
  for (const char* name : {"build", "git_commit", "host", "device", "simd"}) provenance[name] = environment.at(name);
  if (!task_.device.empty()) provenance["device"] = described(task_.device, environment);
  provenance["libraries"] = {{"blas", environment.at("blas")}};
  if (environment.contains("libtorch")) provenance["libraries"]["libtorch"] = environment.at("libtorch");
  if (environment.contains("winograd")) provenance["libraries"]["winograd"] = environment.at("winograd");
  if (task_.device.starts_with("cuda")) provenance["libraries"]["cuda"] = environment.at("cuda");
  provenance["threads"] = task_.threads;
  provenance["seed"] = task_.seed;
  provenance["attempt"] = task_.attempt;
  provenance["stage_version"] = task_version(task_.stage, task_.params);
  provenance["params"] = task_.params;
  provenance["finished_at"] = system_clock().utc_timestamp();
  return provenance;
}

protocol::WorkerMessage run_task(const protocol::Run& task, const ArtifactStore& store, Channel& channel) {
  auto failed = [&](const std::string& kind, const std::string& message) {
    return protocol::Failed{task.task, kind, message};
  };
  try {
    if (stages().contains(task.stage) && needs_libtorch(task.stage, task.params, task.device)) torch_module();  // before the meter starts: a process loads it once, whatever the task
    RunningTask context(task, store, channel);
    run_stage(context);
    return protocol::Done{task.task};
  } catch (const Interrupted&) {
    return failed("interrupted", "stopped before its end");
  } catch (const TaskError& error) {
    return failed(error.kind(), error.what());
  } catch (const nn::Diverged& error) {
    return failed("diverged", error.what());
  } catch (const Error& error) {
    return failed("input", error.what());
  } catch (const std::exception& error) {
    const TorchModule* torch = loaded_torch_module();
    const bool memory = torch ? torch->is_out_of_memory(error) : dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
    if (memory) return failed("memory", fmt::format("out of memory in {}", task.stage));
    if (torch && torch->is_gpu_failure(error)) {
      throw Error(fmt::format("{} on {}: {}", task.stage, task.device, torch->message_without_backtrace(error)));
    }
    return failed("internal", torch ? torch->message_without_backtrace(error) : error.what());
  }
}

}  // namespace latentgrid::worker
