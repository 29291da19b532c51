#include "pool/executors.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "launch/slurm_launcher.hpp"
#include "pool/cluster_executor.hpp"
#include "pool/local_executor.hpp"
#include "pool/local_gpus.hpp"
#include "pool/mailbox_executor.hpp"
#include "pool/mailbox_folder.hpp"

namespace latentgrid {

namespace {

template <typename Kind>
std::unique_ptr<Executor> make(const ExecutorOptions& options, const Clock& clock) {
  return std::make_unique<Kind>(options, clock);
}

int gpus_here(const std::string&, const std::vector<CrewOptions>&) { return visible_gpus(); }

int all_gpus_here(const std::vector<CrewOptions>&) { return visible_gpus(); }

// Nobody knows yet who will join; whoever says that it has a GPU gets the tasks that ask for one.
int gpus_of_strangers(const std::string&, const std::vector<CrewOptions>&) { return 0; }

int one_gpu(const std::vector<CrewOptions>&) { return 1; }

bool has_gpus(const CrewOptions& crew) { return !crew.gpu_stages.empty(); }

// Each worker has a GPU for itself.
int gpus_of_crew(const std::string& stage, const std::vector<CrewOptions>& crews) {
  return std::any_of(crews.begin(), crews.end(), [&](const CrewOptions& crew) {
    return has_gpus(crew) && std::find(crew.stages.begin(), crew.stages.end(), stage) != crew.stages.end();
  });
}

int gpus_of_crews(const std::vector<CrewOptions>& crews) { return std::any_of(crews.begin(), crews.end(), has_gpus); }

std::string why_no_crew_has_gpus() {
  return "no worker asks the cluster for a GPU\n  hint: ask for one with --slurm train.gres=gpu:1, or with slurm: {train: {gres: gpu:1}} in the sweep file; device: auto takes a GPU only where there is one";
}

std::string nothing_to_say() { return ""; }

std::string fewer_at_once(const std::string&) { return "fewer workers at once (-j) need less, and --worker-memory MIB ends one that takes too much"; }

std::string fewer_on_a_machine(const std::string&) { return "fewer workers on its machine need less, and --worker-memory MIB ends one that takes too much"; }

std::string more_of_slurm(const std::string& stage) {
  return fmt::format("ask for more with --slurm memory=8G, or for this stage alone with --slurm {}.memory=8G", stage);
}

std::string more_of_launcher(const std::string& stage) {
  return fmt::format("ask for more with launcher: {{memory: 8G}} in the sweep file, or for this stage alone with launcher: {{{}: {{memory: 8G}}}}", stage);
}

std::unique_ptr<Launcher> slurm(const ExecutorOptions& options, const Clock& clock) {
  return std::make_unique<SlurmLauncher>(clock, options.scheduler_timeout_s);
}

std::unique_ptr<Launcher> launcher(const ExecutorOptions& options, const Clock& clock) {
  const std::filesystem::path scripts = MailboxFolder{options.results / "mailbox"}.scripts();
  return std::make_unique<TemplateLauncher>(options.commands, scripts, clock, options.scheduler_timeout_s);
}

template <auto way>
std::unique_ptr<Executor> make_cluster(const ExecutorOptions& options, const Clock& clock) {
  return std::make_unique<ClusterExecutor>(options, way(options, clock), clock);
}

}  // namespace

const std::vector<ExecutorKind>& executors() {
  static const std::vector<ExecutorKind> kinds = {
      {.name = "local", .doc = "by processes of this machine", .gpus = gpus_here, .gpus_of_any = all_gpus_here, .why_no_gpu = why_no_gpu_here, .memory_advice = fewer_at_once, .make = make<LocalExecutor>},
      {.name = "mailbox",
       .doc = "by workers that you start with `latentgrid-worker --mailbox RESULTS/mailbox` on any machines that share the results folder",
       .gpus = gpus_of_strangers,
       .gpus_of_any = one_gpu,
       .why_no_gpu = nothing_to_say,
       .memory_advice = fewer_on_a_machine,
       .make = make<MailboxExecutor>},
      {.name = "slurm",
       .doc = "by workers that Slurm starts on machines that share the results folder; the file's section slurm says what they need",
       .gpus = gpus_of_crew,
       .gpus_of_any = gpus_of_crews,
       .why_no_gpu = why_no_crew_has_gpus,
       .memory_advice = more_of_slurm,
       .launcher = slurm,
       .make = make_cluster<slurm>},
      {.name = "launcher",
       .doc = "by workers that another scheduler starts, such as PBS, LSF or Grid Engine; the file's section launcher has its commands",
       .has_commands = true,
       .gpus = gpus_of_crew,
       .gpus_of_any = gpus_of_crews,
       .why_no_gpu = why_no_crew_has_gpus,
       .memory_advice = more_of_launcher,
       .launcher = launcher,
       .make = make_cluster<launcher>}};
  return kinds;
}

}  // namespace latentgrid
