#include <fmt/format.h>
#include <malloc.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <exception>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/heartbeat.hpp"
#include "base/hinted_error.hpp"
#include "base/standard_streams.hpp"
#include "base/version.hpp"
#include "methods/stages.hpp"
#include "pool/bridge.hpp"
#include "pool/seen_workers.hpp"
#include "pool/worker_place.hpp"
#include "protocol/task_log.hpp"
#include "store/staging.hpp"
#include "worker/channel.hpp"
#include "worker/environment.hpp"
#include "worker/options.hpp"
#include "worker/portable.hpp"
#include "worker/running_task.hpp"
#include "worker/stages.hpp"
#include "worker/torch_module.hpp"

namespace latentgrid::worker {

namespace {

// A worker must not outlive its coordinator. The parent may have died before the signal was asked for: then the parent is
// another process by now.
bool tie_to_parent(const Options& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  return !options.parent || ::getppid() == *options.parent;
}

// Larger freed blocks stay with the process: activations of a batch are allocated and freed again and again, and a page fault
// for each of their pages costs a fifth of the training. Call before the first allocation of size.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 2047 << 20);
  mallopt(M_TOP_PAD, 512 << 20);
}

// Until the coordinator says stop or closes the pipe.
void serve(const ArtifactStore& store, Channel& channel, const protocol::TaskLog& log) {
  const WorkerPlace here = place_here("", 0);
  log.starts(here.scheduler_id.empty() ? "" : in_words(here));
  channel.send(protocol::Hello{.stages = all_versions()});
  while (auto message = channel.receive()) {
    const auto* task = std::get_if<protocol::Run>(&*message);
    if (!task) return;
    log.begins(*task);
    const protocol::WorkerMessage end = run_task(*task, store, channel);
    log.ends(*task, end);
    if (const TorchModule* torch = loaded_torch_module(); torch && !task->device.empty()) torch->release_gpu_memory();
    channel.send(end);
  }
}

// The task is done by this same program, unless LATENTGRID_WORKER names another, as for `latentgrid run`.
int serve_mailbox(const Options& options) {
  const char* chosen = std::getenv("LATENTGRID_WORKER");
  std::optional<double> idle_minutes = options.idle_minutes;
  if (!idle_minutes && !options.crew.empty()) idle_minutes = 5;  // a cluster has better uses for it, and can be asked again
  const std::string name = new_worker_name();
  const ArtifactStore store(std::filesystem::absolute(options.results), name);
  const HeldStaging staging(store);  // the last to let go, it removes what a worker has left that was ended
  Bridge bridge({.program = chosen && *chosen ? std::filesystem::path(chosen) : std::filesystem::read_symlink("/proc/self/exe"),
                 .results = store.root(),
                 .mailbox = std::filesystem::absolute(options.mailbox),
                 .name = name,
                 .crew = options.crew,
                 .index = options.index,
                 .idle_s = idle_minutes ? std::optional(60 * *idle_minutes) : std::nullopt},
                system_clock());
  if (options.crew.empty()) {
    const std::optional<double> silence_s = seconds_since_beat(MailboxFolder{options.mailbox}.coordinator());
    fmt::print(stderr, "latentgrid-worker: {}\n", greeting(store.root().string(), silence_s && *silence_s < seconds_without_a_beat, idle_minutes));
  }
  return bridge.run();
}

int main_of_worker(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "{}", usage());
    return 2;
  }
  Options options = parse_options(argc, argv);
  if (options.help || options.version) {
    fmt::print("{}", options.help ? usage() : fmt::format("latentgrid-worker {} ({})\n", build_version(), git_commit()));
    return 0;
  }
  if (!options.mailbox.empty()) {
    check_mailbox(options.mailbox);
    ::signal(SIGPIPE, SIG_IGN);  // of a worker that has ended
    return serve_mailbox(options);
  }
  if (!tie_to_parent(options)) {
    fmt::print(stderr, "latentgrid-worker: the coordinator (process {}) has ended\n", *options.parent);
    return 1;
  }
  if (options.portable) keep_to_portable_instructions(argv);
  keep_freed_memory();
  if (options.describe) {
    torch_module();
    fmt::print("{}\n", describe_environment().dump());
    return 0;
  }
  if (options.ignore_signals) {
    for (int signal : {SIGTERM, SIGINT, SIGHUP}) ::signal(signal, SIG_IGN);
  }
  ::signal(SIGPIPE, SIG_IGN);  // a vanished coordinator is an error of write()
  Channel channel(STDIN_FILENO, take_over_stdout());
  const ArtifactStore store(options.results, options.run);
  std::optional<HeldStaging> staging;
  if (!options.run.empty()) staging.emplace(store);
  serve(store, channel, protocol::TaskLog(STDERR_FILENO, options.sync_log, system_clock()));
  return 0;
}

}  // namespace

}  // namespace latentgrid::worker

int main(int argc, char** argv) {
  latentgrid::prepare_standard_streams();
  try {
    const int code = latentgrid::worker::main_of_worker(argc, argv);
    const std::optional<std::string> lost = latentgrid::finish_stdout();
    if (lost) fmt::print(stderr, "latentgrid-worker: cannot write to standard output: {}\n", *lost);
    return lost && code == 0 ? 1 : code;
  } catch (const latentgrid::UsageError& error) {
    fmt::print(stderr, "latentgrid-worker: {}\n  hint: `latentgrid-worker --help` shows how it is called\n", error.what());
    return 2;
  } catch (const std::exception& error) {
    fmt::print(stderr, "latentgrid-worker: {}\n", latentgrid::text_with_hint(error));
    return 1;
  }
}
