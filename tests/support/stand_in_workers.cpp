// Many workers of a mailbox in one process, for tests/bench/scale/workers.py: to a coordinator each is a machine of its own. The worker's end
// of the mailbox is the real one (pool/bridge.hpp), in a thread; the process beside it is not there. A task takes as long as is told, by a timer, then
// leaves an artifact as large as those of 100 images, written and synced as a worker does it.
//
//   latentgrid-stand-in-workers MAILBOX COUNT SECONDS
//
// MAILBOX is in the results folder. They leave when the run ends.
#include <fmt/format.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <exception>
#include <optional>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "base/file_system.hpp"
#include "data/image_labels.hpp"
#include "methods/stages.hpp"
#include "pool/bridge.hpp"
#include "store/npy.hpp"
#include "store/staging.hpp"

using namespace latentgrid;

namespace {

constexpr std::int64_t images = 100;

Json metrics_of(const protocol::Run& run) {
  // As real ones, hardly two are equal.
  const double number = static_cast<double>(std::stoul(run.key.substr(0, 6), nullptr, 16)) / 0x1000000;
  if (run.stage == "encode") return {{"recon_mse", number}};
  if (run.stage == "cluster") return {{"clusters_found", 2}, {"inertia", 1e6 * number}, {"iterations", 7}};
  if (run.stage != "score") return Json::object();
  return {{"accuracy", number}, {"accuracy_public", number}, {"accuracy_private", number}, {"ari", number}, {"labelled", images}, {"nmi", number}, {"purity", number}};
}

// What a worker's task.json says of where and how it was made is as long as this.
Json provenance_of(const protocol::Run& run) {
  return {{"attempt", run.attempt},
          {"build", "stand-in"},
          {"device", "cpu"},
          {"finished_at", system_clock().utc_timestamp()},
          {"git_commit", std::string(40, '0')},
          {"host", "stand-in"},
          {"libraries",
           {{"blas",
             {{"config", "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY USE_OPENMP Cooperlake MAX_THREADS=64"},
              {"library", "/usr/lib/x86_64-linux-gnu/openblas-openmp/libblas.so.3"},
              {"threading", "openmp"}}}}},
          {"params", run.params},
          {"seed", run.seed},
          {"simd", "AVX3"},
          {"stage_version", task_version(run.stage, run.params)},
          {"threads", run.threads}};
}

void write_files(const protocol::Run& run, const std::filesystem::path& folder) {
  if (run.stage == "labels") return ImageLabels(DatasetSource::from_json(run.sources.at("dataset"))).write(folder);
  std::vector<std::string> names;
  const StageSpec& stage = find_stage(run.stage);
  for (const std::string_view name : stage.files) names.emplace_back(name);
  if (run.stage == "score") names.insert(names.end(), stage.may_have.begin(), stage.may_have.end());  // it has all of them where there are labels
  if (const MethodSpec* method = method_of(run.stage, run.params)) names.insert(names.end(), method->files.begin(), method->files.end());
  for (const std::string& name : names) write_npy(folder / name, std::vector<std::int32_t>(images), {images});
}

void publish(const ArtifactStore& store, const protocol::Run& run, std::int64_t extent, double seconds) {
  const std::filesystem::path staged = store.new_staging_folder();
  write_files(run, staged);
  const Json record = {{"metrics", metrics_of(run)},
                       {"record", {{"images", images}}},
                       {"provenance", provenance_of(run)},
                       {"usage", {{"cpu_s", 0.0}, {"peak_rss_kb", 1024}, {"wall_s", seconds}}}};
  store.publish(staged, run.stage, {run.key, extent}, record, run.transcript);
}

// In place of the process that would compute.
class StandIn : public Transport {
 public:
  StandIn(const ArtifactStore& store, double seconds) : store_(store), seconds_(seconds), timer_(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC)) {
    protocol::Hello hello;
    hello.stages = all_versions();
    say(hello);
  }
  ~StandIn() override { ::close(timer_); }
  StandIn(const StandIn&) = delete;
  StandIn& operator=(const StandIn&) = delete;

  void write_line(const std::string& line) override {
    const protocol::CoordinatorMessage message = protocol::decode_coordinator_message(line);
    if (std::holds_alternative<protocol::Stop>(message) && task_) {
      say(protocol::Failed{task_->task, "interrupted", "stopped"});
      task_.reset();
    }
    const auto* run = std::get_if<protocol::Run>(&message);
    if (!run) return;
    task_ = *run;
    due_ = system_clock().monotonic_seconds() + seconds_;
    wake_in(seconds_);
  }

  bool read(std::string& buffer) override {
    if (task_ && system_clock().monotonic_seconds() >= due_) {
      for (const std::int64_t extent : task_->extents) {
        publish(store_, *task_, extent, seconds_);
        say(protocol::ArtifactReady{task_->task, extent});
      }
      say(protocol::Done{task_->task});
      task_.reset();
    }
    buffer += said_;
    said_.clear();
    wake_in(task_ ? due_ - system_clock().monotonic_seconds() : 3600);
    return true;
  }

  int descriptor() const override { return timer_; }
  End end() override { return {"exit", "exit code 0"}; }
  std::int64_t resident_kb() const override { return 1024; }

 private:
  void say(const protocol::WorkerMessage& message) {
    said_ += protocol::encode(message) + "\n";
    wake_in(0);
  }

  // The descriptor is readable then.
  void wake_in(double seconds) {
    seconds = std::max(seconds, 0.0);
    const double whole = std::floor(seconds);
    itimerspec when{};
    when.it_value = {static_cast<time_t>(whole), static_cast<long>((seconds - whole) * 1e9) + 1};
    ::timerfd_settime(timer_, 0, &when, nullptr);
  }

  const ArtifactStore& store_;
  double seconds_;
  int timer_;
  std::string said_;
  std::optional<protocol::Run> task_;
  double due_ = 0;
};

void work(const std::filesystem::path& mailbox, int index, double seconds) {
  const std::filesystem::path results = mailbox.parent_path();
  const std::string name = fmt::format("{}-{}", new_worker_name(), index);
  const ArtifactStore store(results, name);
  const HeldStaging staging(store);
  Bridge bridge({.results = results, .mailbox = mailbox, .name = name, .index = index}, system_clock(),
                [&](bool) { return std::make_unique<StandIn>(store, seconds); });
  bridge.run();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: latentgrid-stand-in-workers MAILBOX COUNT SECONDS\n", stderr);
    return 2;
  }
  const std::filesystem::path mailbox = std::filesystem::absolute(argv[1]);
  const int count = std::stoi(argv[2]);
  const double seconds = std::stod(argv[3]);
  // In every thread: Bridge reads what asks it to leave.
  sigset_t signals;
  sigemptyset(&signals);
  for (int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  ::sigprocmask(SIG_BLOCK, &signals, nullptr);
  std::vector<std::thread> workers;
  for (int i = 0; i < count; ++i) {
    workers.emplace_back([&, i] {
      try {
        work(mailbox, i, seconds);
      } catch (const std::exception& error) {
        fmt::print(stderr, "worker {}: {}\n", i, error.what());
        std::_Exit(1);
      }
    });
  }
  for (std::thread& worker : workers) worker.join();
}
