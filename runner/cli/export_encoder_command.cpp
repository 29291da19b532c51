#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/output_file.hpp"
#include "cli/commands.hpp"
#include "cli/find_job.hpp"
#include "cli/open_results.hpp"
#include "cli/output.hpp"
#include "cli/worker_program.hpp"
#include "methods/stages.hpp"
#include "plan/export_task.hpp"
#include "pool/executors.hpp"
#include "run/interrupts.hpp"
#include "run/results_lock.hpp"
#include "run/single_task.hpp"
#include "run/task_message.hpp"
#include "store/staging.hpp"

namespace latentgrid::cli {

namespace fs = std::filesystem;

namespace {

constexpr int exit_interrupted = 130;
constexpr int export_task = 1;  // of encoder_export()

struct ExportOptions {
  std::string job;
  fs::path out;
};

// A job and the training or refinement whose model it uses.
struct TrainedJob {
  std::string id, state, reason;
  std::int64_t latent_dim = 0;
  std::string stage;  // that made the model
  ArtifactId model;
  std::string sweep_file;  // "" if it is in no sweep's latest revision
  bool trained = false;    // at some time: the model is recorded
};

TrainedJob find_trained_job(const std::string& prefix, const Context& context) {
  const ResultsDb db = open_results(context);
  const Snapshot snapshot(db);
  const JobDetail detail = job_detail(db, find_job(db, prefix)).value();
  const auto training = std::find_if(detail.path.rbegin(), detail.path.rend(), [](const PathStep& step) { return find_stage(step.stage).makes_model; });
  if (training == detail.path.rend()) {
    throw UsageError(fmt::format("job {} clusters {}: there is no encoder to export", detail.row.job, display_name_of_architecture(detail.row.architecture)));
  }
  TrainedJob job{detail.row.job, detail.row.state, detail.row.reason, detail.row.latent_dim, training->stage, training->artifact, "", training->recorded};
  if (!detail.sweeps.empty()) job.sweep_file = latest_revision(db, detail.sweeps[0]).value().file;
  return job;
}

bool is_whole(const ArtifactStore& store, const ArtifactId& id) {
  return store.exists("export", id) && !store.damage("export", id);
}

void require_model(const TrainedJob& job, const ArtifactStore& store) {
  if (store.exists(job.stage, job.model)) return;
  const std::string state = job.reason.empty() ? job.state : fmt::format("{}, {}", job.state, job.reason);
  throw Error(fmt::format("the model of job {} ({}) is not there: {}\n  hint: `latentgrid run {}{}` trains it", job.id,
                          state, store.folder(job.stage, job.model).string(),
                          job.sweep_file.empty() ? "SWEEP.yaml" : job.sweep_file,
                          job.trained ? " --checkpoints" : ""));
}

// False if it was interrupted.
bool make_export(const TaskGraph& graph, const ArtifactStore& store) {
  const ArtifactId id{graph.tasks[export_task].key, 0};
  require_worker(worker_program());
  const ResultsLock lock(store.lock_file(), {.run = "export encoder"});
  if (is_whole(store, id)) return true;  // by another process that held the lock before
  const HeldStaging staging(store);
  if (store.exists("export", id)) store.remove("export", id);
  SignalInterrupts interrupts;
  const std::unique_ptr<Executor> executor = executors().front().make(executor_options(store, 1), system_clock());
  return run_single_task(task_message(graph, export_task, 1), *executor, interrupts, system_clock());
}

std::uintmax_t copy_out(const fs::path& from, const fs::path& to) {
  const MappedFile file(from);
  OutputFile copy(to);
  copy.write(file.bytes());
  copy.commit();
  return file.bytes().size();
}

int export_encoder(const ExportOptions& options, const Context& context) {
  require_one_on_stdout(options.out, context);
  const ArtifactStore store = absolute_store(context, new_run_name());
  const TrainedJob job = find_trained_job(options.job, context);
  if (fs::is_directory(options.out)) {
    throw UsageError(fmt::format("{} is a folder: name the file to write, e.g. --out {}", options.out.string(),
                                 (options.out / "encoder.pt").string()));
  }
  const TaskGraph graph = encoder_export(job.model, job.stage);
  const ArtifactId id{graph.tasks[export_task].key, 0};
  if (!is_whole(store, id)) {
    require_model(job, store);
    if (!make_export(graph, store)) return exit_interrupted;
  }
  const std::uintmax_t bytes = copy_out(store.folder("export", id) / "encoder.pt", options.out);
  if (context.format == Format::json) {
    const Json summary{
        {"job", job.id}, {"file", options.out.string()}, {"bytes", bytes}, {"latent_dim", job.latent_dim}};
    fmt::print("{}\n", summary.dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    fmt::print(is_stdout(options.out) ? stderr : stdout, "{}: the encoder of job {}, {} values an image, {} bytes\n",
               is_stdout(options.out) ? "standard output" : options.out.string(), job.id, job.latent_dim, bytes);
  }
  return 0;
}

}  // namespace

void add_export_encoder(CLI::App& export_app, Context& context) {
  auto options = std::make_shared<ExportOptions>();
  CLI::App* command = export_app.add_subcommand(
      "encoder", "Write the trained encoder of a job as TorchScript: torch.jit.load(FILE)(images), without latentgrid");
  command->add_option("job", options->job, "the job's id, or the beginning of it")->required()->type_name("JOB");
  command
      ->add_option("--out", options->out, "the file to write, - for standard output; a file that is there is replaced")
      ->required()
      ->type_name("FILE.pt");
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback(
      [options, &context] { context.action = [options, &context] { return export_encoder(*options, context); }; });
}

}  // namespace latentgrid::cli
