#include "pool/executors.hpp"

#include "launch/slurm_launcher.hpp"
#include "pool/cluster_executor.hpp"
#include "pool/local_executor.hpp"
#include "pool/local_gpus.hpp"
#include "pool/mailbox_executor.hpp"

namespace latentgrid {

namespace {

template <typename Kind>
std::unique_ptr<Executor> make(const ExecutorOptions& options, const Clock& clock) {
  return std::make_unique<Kind>(options, clock);
}

int no_gpus() { return 0; }

std::unique_ptr<Executor> make_slurm(const ExecutorOptions& options, const Clock& clock) {
  return std::make_unique<ClusterExecutor>(options, std::make_unique<SlurmLauncher>(clock), clock);
}

}  // namespace

const std::vector<ExecutorKind>& executors() {
  static const std::vector<ExecutorKind> kinds = {
      {.name = "local", .doc = "by processes of this machine", .gpus = visible_gpus, .make = make<LocalExecutor>},
      {.name = "mailbox",
       .doc = "by workers that you start with `latentgrid-worker --mailbox RESULTS/mailbox` on any machines that share the results folder",
       .gpus = no_gpus,
       .make = make<MailboxExecutor>},
      {.name = "slurm",
       .doc = "by workers that Slurm starts on machines that share the results folder; the file's section slurm says what they need",
       .gpus = no_gpus,
       .make = make_slurm}};
  return kinds;
}

}  // namespace latentgrid
