#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <thread>
#include <utility>

#include "base/duration_text.hpp"
#include "base/error.hpp"
#include "base/heartbeat.hpp"
#include "base/standard_streams.hpp"
#include "cli/commands.hpp"
#include "cli/find_job.hpp"
#include "cli/goings_on.hpp"
#include "cli/open_results.hpp"
#include "cli/task_words.hpp"
#include "methods/stages.hpp"
#include "pool/executors.hpp"
#include "pool/seen_workers.hpp"
#include "pool/worker_log.hpp"
#include "store/artifact_store.hpp"
#include "store/run_note.hpp"

namespace latentgrid::cli {

namespace {

constexpr auto between_looks = std::chrono::seconds(1);

struct LogsOptions {
  std::string job;
  bool follow = false;
};

using TaskNames = std::map<std::pair<std::string, std::string>, std::string>;  // of stage and key what the task is, in words

// A task in one of the logs, and how much of it was printed.
struct Part {
  const WorkerLog* log = nullptr;
  std::size_t place = 0;  // in log->tasks()
  bool said_begin = false, said_end = false;
  std::uint64_t printed = 0;

  const LoggedTask& task() const { return log->tasks()[place]; }
};

class JobLogs {
 public:
  JobLogs(TaskNames names, const Context& context) : names_(std::move(names)), context_(context) {}

  // What has come since the last time: the parts in the order in which their tasks began. How many there are.
  std::size_t print() {
    look();
    for (Part& part : parts_) print(part);
    std::fflush(stdout);
    return parts_.size();
  }

 private:
  void look() {
    for (const WorkerLog& found : worker_logs(ArtifactStore(context_.results).logs())) {
      std::unique_ptr<WorkerLog>& log = logs_[found.file()];
      if (!log) log = std::make_unique<WorkerLog>(found);
      log->read();
      std::size_t& taken = taken_[log.get()];
      for (; taken < log->tasks().size(); ++taken) {
        const LoggedTask& task = log->tasks()[taken];
        if (names_.contains({task.stage, task.key})) parts_.push_back({log.get(), taken});
      }
    }
    std::stable_sort(parts_.begin(), parts_.end(), [](const Part& a, const Part& b) { return a.task().began < b.task().began; });
  }

  void print(Part& part) {
    const LoggedTask& task = part.task();
    const std::string text = part.log->text(task, part.printed);
    const bool has_ended = !task.open;
    if (part.said_end || (part.said_begin && text.empty() && !has_ended)) return;
    const std::pair<const WorkerLog*, std::size_t> this_one(part.log, part.place);
    if (!part.said_begin || last_ != this_one) say_where(part);
    if (!text.empty()) {
      part.printed = std::max(part.printed, task.from) + text.size();
      fmt::print("{}{}", text, text.back() == '\n' ? "" : "\n");
    }
    last_ = this_one;
    if (!has_ended) return;
    part.said_end = true;
    fmt::print("{}\n\n", task.ended.empty() ? "not finished: the worker ended during this task" : fmt::format("{}: {}", task.ended, task.how));
  }

  void say_where(Part& part) {
    const LoggedTask& task = part.task();
    const std::string where = task.place.empty() ? "" : " " + task.place;
    fmt::print("== {}, attempt {}{}, by worker {}{}; {}\n", name_of(task), task.attempt, piece(part), part.log->worker(), where, part.log->file().string());
    if (!std::exchange(part.said_begin, true)) fmt::print("{}: begun\n", task.began);
  }

  std::string name_of(const LoggedTask& task) const {
    const std::string& name = names_.at({task.stage, task.key});
    return task.extents.empty() ? name : fmt::format("{} to {}{}", name, task.extents, find_stage(task.stage).makes_model ? " epochs" : "");
  }

  // Of an attempt that was interrupted and went on later, ", part 2".
  std::string piece(const Part& part) const {
    int number = 0;
    for (const Part& other : parts_) {
      const LoggedTask& task = other.task();
      if (task.stage != part.task().stage || task.key != part.task().key || task.attempt != part.task().attempt) continue;
      ++number;
      if (other.log == part.log && other.place == part.place) break;
      if (!task.ended.empty() && task.how != "interrupted") number = 0;
    }
    return number > 1 ? fmt::format(", part {}", number) : "";
  }

  TaskNames names_;
  const Context& context_;
  std::map<std::filesystem::path, std::unique_ptr<WorkerLog>> logs_;
  std::map<const WorkerLog*, std::size_t> taken_;
  std::vector<Part> parts_;
  std::pair<const WorkerLog*, std::size_t> last_{};  // of which something was printed
};

TaskNames names_of(const JobDetail& job) {
  TaskNames names;
  for (const PathStep& step : job.path) names[{step.stage, step.artifact.key}] = task_words(job.row, step.stage, step.step);
  return names;
}

bool is_pending(const std::string& job, const Context& context) {
  const std::optional<ResultRow> row = job_result(open_results(context), job);
  return row && row->state == "pending";
}

bool a_run_works(const Context& context) { return lock_holder(ArtifactStore(context.results).lock_file()).has_value(); }

// Of a run on whatever machine, whose word in the lock nobody takes back if it was killed.
std::optional<double> silence_of_run(const Context& context) {
  const std::vector<RunNote> notes = run_notes(ArtifactStore(context.results));
  if (notes.empty() || notes.front().executor == executors().front().name) return std::nullopt;
  return seconds_since_beat(mailbox_of(context).coordinator());
}

// No run works: what becomes of the job.
std::string outlook(const std::string& job, bool has_begun, const std::vector<std::string>& sweeps, const Context& context) {
  const char* how_far = has_begun ? "is not done" : "has not begun";
  for (const SeenRun& run : goings_on(context).submitted) {
    const std::string& sweep = run.run.sweep;
    if (std::find(sweeps.begin(), sweeps.end(), sweep) == sweeps.end()) continue;
    if (!run.was_asked || !run.problem.empty()) return fmt::format("{}; job {} {}", in_words(run), job, how_far);
    if (!run.is_alive()) continue;
    const bool waits = run.listed->state == WorkerState::pending;
    return fmt::format("the run of {} {} as job {}{}; job {} {}", sweep, waits ? "waits in the queue" : "has started", run.listed->id, waits ? "" : " and plans its work", job, how_far);
  }
  return fmt::format("no run works in {} any more, and job {} is not done: `latentgrid run FILE` goes on with it", context.results.string(), job);
}

int print_logs(const LogsOptions& options, const Context& context) {
  std::string id;
  TaskNames names;
  std::vector<std::string> sweeps;
  {
    const ResultsDb db = open_results(context);
    id = find_job(db, options.job);
    const JobDetail job = job_detail(db, id).value();
    names = names_of(job);
    sweeps = job.sweeps;
  }
  JobLogs logs(std::move(names), context);
  std::size_t parts = logs.print();
  bool has_said_silence = false;
  while (options.follow) {
    const bool is_last = !is_pending(id, context) || !a_run_works(context);
    if (!is_last) std::this_thread::sleep_for(between_looks);
    parts = logs.print();
    flush_stdout();
    if (is_last) break;
    const double silence = silence_of_run(context).value_or(0);
    if (silence < seconds_without_a_beat) has_said_silence = false;
    if (silence >= seconds_without_a_beat && !std::exchange(has_said_silence, true)) {
      fmt::print(stderr, "the run has given no sign of life for {}; if it was killed, `latentgrid run FILE` goes on with job {}\n", duration_text(silence), id);
    }
  }
  if (parts == 0) {
    fmt::print(stderr, "no log in {} has a task of job {}: none of its tasks has begun, or an older version of latentgrid did them\n",
               ArtifactStore(context.results).logs().string(), id);
  }
  if (options.follow && is_pending(id, context)) {
    fmt::print(stderr, "{}\n", outlook(id, parts > 0, sweeps, context));
  }
  return 0;
}

}  // namespace

void add_logs(CLI::App& app, Context& context) {
  auto options = std::make_shared<LogsOptions>();
  CLI::App* command = app.add_subcommand("logs", "Print what workers logged while they did the tasks of a job");
  command->add_option("job", options->job, "the job's id, or the beginning of it")->required()->type_name("JOB");
  command->add_flag("-f,--follow", options->follow, "keep printing until the job is done or the run has ended");
  command->callback([options, &context] { context.action = [options, &context] { return print_logs(*options, context); }; });
}

}  // namespace latentgrid::cli
