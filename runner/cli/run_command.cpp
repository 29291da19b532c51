#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/cores.hpp"
#include "base/duration_text.hpp"
#include "base/error.hpp"
#include "base/file_system_kind.hpp"
#include "base/output_file.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/crews.hpp"
#include "cli/detached_run.hpp"
#include "cli/goings_on.hpp"
#include "cli/launcher_templates.hpp"
#include "cli/open_results.hpp"
#include "cli/option_checks.hpp"
#include "cli/output.hpp"
#include "cli/plan_summary.hpp"
#include "cli/slow_notice.hpp"
#include "cli/revision_text.hpp"
#include "cli/sweep_options.hpp"
#include "cli/sweep_record.hpp"
#include "cli/worker_program.hpp"
#include "data/digest_cache.hpp"
#include "db/queries.hpp"
#include "db/registration.hpp"
#include "db/results_db.hpp"
#include "plan/removed_checkpoints.hpp"
#include "run/figure_run.hpp"
#include "run/results_lock.hpp"
#include "run/sweep_run.hpp"
#include "space/collect.hpp"
#include "store/database_place.hpp"
#include "store/run_note.hpp"
#include "store/staging.hpp"

namespace latentgrid::cli {

namespace {

struct RunOptions {
  SweepOptions sweep;
  int jobs = usable_cores();
  int tasks_per_gpu = 1;
  bool dry_run = false;
  bool detach = false;
  double task_timeout_s = 0;
  std::int64_t worker_memory_mib = 0;
};

ExecutorOptions executor_options(const RunOptions& options, const Sweep& sweep, const ArtifactStore& store) {
  ExecutorOptions executor = cli::executor_options(store, options.jobs);
  executor.tasks_per_gpu = options.tasks_per_gpu;
  executor.worker.memory_advice = options.sweep.executor->memory_advice;
  executor.worker.task_timeout_s = options.task_timeout_s;
  executor.worker.memory_limit_kb = options.worker_memory_mib * 1024;
  executor.crews = crews_of(*options.sweep.executor, sweep);
  executor.commands = commands_of(sweep.launcher.commands);
  return executor;
}

Json summary_json(const RunSummary& summary) {
  Json jobs{{"complete", summary.jobs_complete}, {"failed", summary.jobs_failed}, {"skipped", summary.jobs_skipped}};
  if (summary.interrupted) jobs["pending"] = summary.jobs_pending;
  return {{"jobs", jobs},
          {"tasks", {{"executed", summary.tasks_executed}, {"reused", summary.tasks_reused}, {"failed", summary.tasks_failed}}},
          {"wall_s", summary.wall_s}};
}

std::string summary_text(const RunSummary& s, const Plan& plan, const ArtifactStore& store, const std::string& program) {
  std::string text = fmt::format("jobs: {} complete, {} failed, {} skipped", s.jobs_complete, s.jobs_failed, s.jobs_skipped);
  if (s.jobs_pending > 0) text += fmt::format(", {} pending", s.jobs_pending);
  text += fmt::format("; tasks: {} executed, {} reused, {} failed; {}\n", s.tasks_executed, s.tasks_reused, s.tasks_failed,
                      duration_text(s.wall_s));
  text += fmt::format("results: {}; table: {} --results {} report {}\n", store.database().string(), program,
                      store.root().string(), plan.sweep.name);
  return text;
}

bool has_work(const Plan& plan) {
  return plan.reused() < static_cast<std::int64_t>(plan.graph.tasks.size());
}

std::set<WorkKind> kinds_of_work(const Plan& plan) {
  std::set<WorkKind> kinds;
  for (const TaskNode& task : plan.graph.tasks) {
    if (!task.complete()) kinds.insert({task.stage, task.on_gpu});
  }
  return kinds;
}

// What the figures needed besides.
void add(RunSummary& summary, const RunSummary& pictures) {
  summary.tasks_executed += pictures.tasks_executed;
  summary.tasks_reused += pictures.tasks_reused;
  summary.tasks_failed += pictures.tasks_failed;
  summary.wall_s += pictures.wall_s;
  summary.interrupted = pictures.interrupted;
}

// As scikit-learn warns; of reused results too.
void warn_of_empty_clusters(std::int64_t clusterings, RunView& view) {
  if (clusterings == 0) return;
  view.problem(fmt::format(
      "warning: {} found fewer clusters than k, which happens when many images have equal points; the column clusters_found "
      "says how many there are",
      clusterings == 1 ? "1 clustering" : fmt::format("{} clusterings", clusterings)));
}

void warn_of_shared_database(const ArtifactStore& store) {
  const std::optional<SharedDatabase> shared = shared_database(store.database());
  if (shared) fmt::print(stderr, "warning: {}\n  hint: {}\n", shared->what, shared->remedy);
}

// What is no longer shown is said to those too who asked for quiet.
void say_revision(const RevisionChange& change, const std::string& sweep, bool quiet) {
  if (quiet && !(change.former && change.former->gone > 0)) return;
  fmt::print(stderr, "{}", revision_text(change, sweep, Tense::present));
}

Registration register_plan(ResultsDb& db, const Plan& plan, const RunOptions& options) {
  const Registration registration = register_sweep(db, sweep_record(plan, options.sweep), job_list(plan));
  say_revision(registration.change, plan.sweep.name, options.sweep.quiet);
  return registration;
}

// What has changed since the plan was made, now that the lock is ours: another run may have ended, or `gc` have removed what
// was there.
void update_published(Plan& plan, const RunOptions& options, const ArtifactStore& store, const std::string& collections_before) {
  if (collections(store) == collections_before) return mark_newly_published(plan.graph, store);
  mark_published(plan.graph, store);
  if (!options.sweep.all_checkpoints) leave_removed_checkpoints(plan.graph, store);
}

void require_database_for_all(const ArtifactStore& store) {
  const std::filesystem::path database = store.database();
  if (database == default_database(store.root()) || file_system_kind(database).shared) return;
  throw UsageError(fmt::format("--detach starts the run on another machine, and the database {} is on a disk of this one\n"
                               "  hint: leave --detach out. Or, while no run uses the database, move it into the results folder with `{}` and add --database {} once",
                               database.string(), commands_to_move(database, default_database(store.root())), shell_word(default_database(store.root()).string())));
}

void prepare(Executor& workers, const ExecutorKind& kind, const std::set<WorkKind>& kinds) {
  std::optional<SlowNotice> notice;
  if (kind.launcher) notice.emplace("waiting for the scheduler to say whether it would start such workers");
  workers.prepare(kinds);
}

void require_commands(const ExecutorKind& executor, const Sweep& sweep) {
  if (!executor.has_commands || !sweep.launcher.commands.submit.empty()) return;
  throw UsageError(fmt::format("{} has no section 'launcher', which --executor {} needs to start its workers\n"
                               "  hint: write launcher: {{submit: ..., list: ..., columns: ..., cancel: ...}} into the file; docs/cluster.md has these commands for "
                               "PBS, LSF and Grid Engine. Slurm needs none: --executor slurm",
                               sweep.file, executor.name));
}

// Everything that stands against the run is said here, and not in the log of a job that waits first.
int detach(const RunOptions& options, const Context& context, const Plan& plan, const std::set<WorkKind>& kinds, const ArtifactStore& store) {
  const ExecutorOptions executor = executor_options(options, plan.sweep, store);
  require_database_for_all(store);
  const ExecutorKind& kind = *options.sweep.executor;
  const std::unique_ptr<Launcher> launcher = kind.launcher(executor, system_clock());
  std::optional<DetachedSubmission> submission;
  {
    const ResultsLock lock(store.lock_file(), {.run = "run --detach " + plan.sweep.file});
    const std::unique_ptr<Executor> workers = kind.make(executor, system_clock());
    workers->leave_workers();
    prepare(*workers, kind, kinds);
    submission.emplace(detached_run(context, kind, executor, plan.sweep), mailbox_of(context), *launcher);
    ResultsDb db = open_for_writing(context, store);
    register_plan(db, plan, options);  // so that `status` and `cancel` know the sweep before the job has started
    submission->record();
  }
  const SlowNotice notice("waiting for the scheduler to take the run");
  print_job(submission->submit(), context);
  return 0;
}

// It would find this run at work.
void say_who_waits(const MailboxFolder& mailbox) {
  for (const SubmittedRun& run : runs_not_begun(mailbox)) {
    fmt::print(stderr, "note: a run of {} was submitted as a job from this results folder and has not started. If it starts while this run works, it ends at once; {} removes it\n", run.sweep, command_to_cancel(run));
  }
}

int run_sweep(const RunOptions& options, const Context& context) {
  const ExecutorKind& executor_kind = *options.sweep.executor;
  const ArtifactStore store = absolute_store(context, new_run_name());
  DigestCache digests(store.digest_cache());
  if (!options.dry_run) check_database(context, store);
  const std::string collections_before = collections(store);
  Said said;
  Plan plan = plan_or_throw(options.sweep, store, digests, &said);
  if (options.dry_run) {
    const FigureTasks pictures = figure_tasks_or_throw(options.sweep, plan, store, digests, &said);
    print_plan(plan, pictures, revision_change(plan, options.sweep, store), said, context.format);
    return 0;
  }
  require_commands(executor_kind, plan.sweep);
  // Of figures only what is wrong in the file: the run knows its jobs' scores better when they have ended.
  const FigureTasks without_scores = figure_tasks_or_throw(options.sweep, plan, store, digests, JobKnowledge());
  // Nothing is left behind where nothing can run.
  if (has_work(plan) || has_work(without_scores.plan)) require_worker(worker_program());
  for (const Plan* needed : std::initializer_list<const Plan*>{&plan, &without_scores.plan}) {
    require_gpus(needed->graph, executor_kind.gpus_of_any(crews_of(executor_kind, plan.sweep)), executor_kind.why_no_gpu());
  }
  make_output_folder(store.digest_cache().parent_path());
  std::set<WorkKind> kinds = kinds_of_work(plan);
  kinds.merge(kinds_of_work(without_scores.plan));
  if (options.detach && !kinds.empty()) return detach(options, context, plan, kinds, store);
  ResultsLock lock(store.lock_file(), {.run = "run " + plan.sweep.file});
  update_published(plan, options, store, collections_before);
  digests.save(store.digest_cache());
  remove_abandoned_staging(store);
  StagingOfOthers staging_of_others(store, system_clock());
  const HeldStaging staging(store);
  write_run_note(store, plan.sweep.name, std::string(options.sweep.executor->name));
  forget_started_runs(mailbox_of(context), store.logs());
  say_who_waits(mailbox_of(context));
  ResultsDb db = open_for_writing(context, store);
  warn_of_shared_database(store);
  const auto [revision, change] = register_plan(db, plan, options);

  SignalInterrupts signals;
  RunInterrupts interrupts(signals, store, system_clock());
  const std::unique_ptr<Executor> executor =
      executor_kind.make(executor_options(options, plan.sweep, store), system_clock());
  prepare(*executor, executor_kind, kinds);
  RunView view(stderr, stderr_redraws_lines(), options.sweep.quiet);
  const RunContext work{store, db, *executor, interrupts, system_clock(), view};
  SweepRun run(plan, revision, work);
  RunSummary summary = run.run();
  if (!summary.interrupted) {
    add(summary, run_figure_tasks({plan, run.job_states(), revision, work}, digests));
  }
  db.checkpoint();
  staging_of_others.remove_silent();
  warn_of_empty_clusters(clusterings_with_empty_clusters(db, revision), view);
  Json json = summary_json(summary);
  json["revision"] = revision_json(change);
  const std::string text = context.format == Format::json ? json.dump() + "\n"
                                                           : summary_text(summary, plan, store, context.program);
  std::fputs(text.c_str(), stdout);  // without an exception: how the run ended counts more, and main() sees what is lost
  if (summary.interrupted) return 130;
  return summary.jobs_failed + summary.jobs_skipped + summary.tasks_failed > 0 ? 1 : 0;
}

std::vector<std::string> executor_names() {
  std::vector<std::string> names;
  for (const ExecutorKind& kind : executors()) names.emplace_back(kind.name);
  return names;
}

std::vector<std::string> keys_for_workers() {
  std::vector<std::string> keys;
  for (const ParamSpec& spec : worker_needs()) keys.push_back(spec.name);
  keys.emplace_back("extra");
  return keys;
}

// Whose workers have needs of their own, and the run's own job.
std::vector<std::string> owners_of_needs() {
  std::vector<std::string> names = {"coordinator"};
  for (const StageSpec& stage : all_stages()) {
    if (!stage.is_cache) names.emplace_back(stage.name);
  }
  return names;
}

std::string unknown_in_slurm(const std::string& what, const std::string& word, const std::vector<std::string>& known) {
  const std::string close = did_you_mean(close_matches(word, known));
  return fmt::format("unknown {} '{}'; {}", what, word, close.empty() ? fmt::format("known here: {}", fmt::join(known, ", ")) : close);
}

// "memory=4G", "train.memory=4G".
CLI::Validator slurm_value() {
  return CLI::Validator(
      [](std::string& text) -> std::string {
        const std::vector<std::string> keys = keys_for_workers(), owners = owners_of_needs();
        const auto has = [](const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); };
        const std::size_t equals = text.find('=');
        if (equals == std::string::npos) {
          return fmt::format("expects KEY=VALUE, got '{}'; the keys are {}, as in --slurm memory=4G. STAGE.KEY=VALUE is for the workers of one stage, as in --slurm train.gres=gpu:1, "
                             "coordinator.KEY=VALUE for the job of a run with --detach", text, fmt::join(keys, ", "));
        }
        const std::string path = text.substr(0, equals);
        const std::size_t dot = path.find('.');
        if (dot != std::string::npos && !has(owners, path.substr(0, dot))) return unknown_in_slurm("stage", path.substr(0, dot), owners);
        const std::string key = dot == std::string::npos ? path : path.substr(dot + 1);
        return has(keys, key) ? "" : unknown_in_slurm("key", key, keys);
      },
      "");
}

std::string executors_help() {
  std::string text = "where the work is done";
  for (const ExecutorKind& kind : executors()) text += fmt::format("; {}: {}", kind.name, kind.doc);
  return text;
}

void add_executor(CLI::App& command, const std::shared_ptr<RunOptions>& options) {
  command
      .add_option_function<std::string>(
          "--executor",
          [options](const std::string& name) {
            const auto has_name = [&](const ExecutorKind& kind) { return kind.name == name; };
            options->sweep.executor = &*std::find_if(executors().begin(), executors().end(), has_name);
          },
          executors_help())
      ->type_name("NAME")
      ->check(one_of(executor_names()));
  command
      .add_option("--slurm", options->sweep.slurm,
                  "what its workers ask Slurm for, instead of what the file's section slurm says: --slurm partition=gpu, --slurm train.gres=gpu:1 (may be repeated)")
      ->type_name("KEY=VALUE")
      ->check(slurm_value())
      ->take_all()
      ->expected(1);
}

// What CLI11 can't see of one option alone.
void require_scheduler(const RunOptions& options) {
  const ExecutorKind& executor = *options.sweep.executor;
  if (!options.sweep.slurm.empty() && (!executor.launcher || executor.has_commands)) {
    throw UsageError("--slurm says what to ask Slurm for, and this run would not ask it: add --executor slurm");
  }
  if (options.detach && !executor.launcher) {
    throw UsageError("--detach needs an executor whose workers a scheduler starts: --executor slurm or --executor launcher");
  }
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  auto options = std::make_shared<RunOptions>();
  CLI::App* command = app.add_subcommand("run", "Run a sweep: do the work that is missing, and nothing else");
  options->sweep.add_to(*command);
  command
      ->add_option("-j,--jobs", options->jobs,
                   "how many workers at once; the default is the cores that this process may use")
      ->capture_default_str()
      ->take_last()
      ->check(integer_of_at_least(1));
  add_executor(*command, options);
  command
      ->add_option("--tasks-per-gpu", options->tasks_per_gpu,
                   "how many tasks a GPU gets at once, each from a worker of its own")
      ->capture_default_str()
      ->check(integer_of_at_least(1));
  command->add_flag("--detach", options->detach,
                    "let the cluster's scheduler start this run as a job, and return at once; coordinator: in the file's section says what that job asks for");
  command->add_flag("-n,--dry-run", options->dry_run, "only show what would be done, as `plan` does");
  command->add_flag("--checkpoints", options->sweep.all_checkpoints,
                    "train again what `gc --checkpoints` removed, even where no missing result needs it");
  command->add_flag("-q,--quiet", options->sweep.quiet, "show no progress");
  command
      ->add_option("--task-timeout", options->task_timeout_s,
                   "end and retry a task that takes longer than this many seconds")
      ->check(number_above_zero("without the option there is no limit"));
  command
      ->add_option("--worker-memory", options->worker_memory_mib,
                   "end and retry a task whose worker takes more than this many MiB")
      ->check(integer_of_at_least(1));
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback([options, &context] {
    require_scheduler(*options);
    context.action = [options, &context] { return run_sweep(*options, context); };
  });
}

}  // namespace latentgrid::cli
