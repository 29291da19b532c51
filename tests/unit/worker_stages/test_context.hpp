#pragma once

#include <functional>
#include <map>

#include "base/matrix.hpp"
#include "store/npy.hpp"
#include "support/temporary_folder.hpp"
#include "worker/artifact_check.hpp"
#include "worker/task_context.hpp"
#include "worker/usage.hpp"

namespace latentgrid::testing {

inline const std::string points_key(64, 'a'), task_key(64, 'b');

// Runs stages on an artifact store in a temporary folder. Counts calls; `on_progress` may throw Interrupted.
class TestContext : public worker::TaskContext {
 public:
  explicit TestContext(const ArtifactStore& store, protocol::Run task) : store_(store), task_(std::move(task)) {}

  const protocol::Run& task() const override { return task_; }
  const ArtifactStore& store() const override { return store_; }
  std::filesystem::path input(const std::string& name) const override {
    const auto& [stage, id] = task_.inputs.at(name);
    return store_.folder(stage, id);
  }
  void progress(std::int64_t done, std::int64_t total, const Json&) override {
    ++progress_calls;
    used.wall_s += 1;
    if (on_progress) on_progress(done, total);
  }
  int threads() const override { return shared_threads; }
  worker::Usage usage() const override { return used; }
  void continue_from(const worker::Usage& before) override { used = before; }
  std::filesystem::path new_staging_folder() override { return store_.new_staging_folder(); }
  void publish(std::int64_t extent, const std::filesystem::path& staged, const Json& metrics,
               const Json& record) override {
    worker::check_files(staged, task_.stage, task_.params);
    store_.publish(staged, task_.stage, {task_.key, extent}, {{"metrics", metrics}, {"record", record}, {"usage", worker::to_json(used)}});
    published.push_back(extent);
  }

  std::vector<std::int64_t> published;
  std::int64_t progress_calls = 0;
  worker::Usage used;
  int shared_threads = 1;
  std::function<void(std::int64_t done, std::int64_t total)> on_progress;

 private:
  const ArtifactStore& store_;
  protocol::Run task_;
};

// Publishes `points` as the latents that tasks of `on_points` read.
inline void publish_latents(const ArtifactStore& store, const MatrixRf& points) {
  const std::filesystem::path staged = store.new_staging_folder();
  write_npy(staged / "latents.npy", std::span<const float>(points.data(), points.size()),
            {points.rows(), points.cols()});
  store.publish(staged, "encode", {points_key, 0}, Json::object());
}

inline protocol::Run on_points(const std::string& stage, Json params, std::vector<std::int64_t> extents,
                               std::string key = task_key) {
  return {.task = 1,
          .stage = stage,
          .key = std::move(key),
          .params = std::move(params),
          .extents = std::move(extents),
          .inputs = {{"points", {"encode", {points_key, 0}}}},
          .seed = 3};
}

}  // namespace latentgrid::testing
