#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "cli/commands.hpp"
#include "cli/find_job.hpp"
#include "cli/open_results.hpp"
#include "pool/worker_log.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

constexpr auto between_looks = std::chrono::seconds(1);

struct LogsOptions {
  std::string job;
  bool follow = false;
};

using TaskKeys = std::set<std::pair<std::string, std::string>>;  // stage and key

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
  JobLogs(TaskKeys keys, const Context& context) : keys_(std::move(keys)), context_(context) {}

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
        if (keys_.contains({task.stage, task.key})) parts_.push_back({log.get(), taken});
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
    fmt::print("== {}, attempt {}, by worker {}{}; {}\n", task.stage, task.attempt, part.log->worker(), where, part.log->file().string());
    if (!std::exchange(part.said_begin, true)) fmt::print("{}: begun\n", task.began);
  }

  TaskKeys keys_;
  const Context& context_;
  std::map<std::filesystem::path, std::unique_ptr<WorkerLog>> logs_;
  std::map<const WorkerLog*, std::size_t> taken_;
  std::vector<Part> parts_;
  std::pair<const WorkerLog*, std::size_t> last_{};  // of which something was printed
};

TaskKeys keys_of(const JobDetail& job) {
  TaskKeys keys;
  for (const PathStep& step : job.path) keys.insert({step.stage, step.artifact.key});
  return keys;
}

// Its jobs may be reached by what a run does from now on.
bool may_go_on(const std::string& job, const Context& context) {
  const std::optional<ResultRow> row = job_result(open_results(context), job);
  return row && row->state == "pending" && lock_holder(ArtifactStore(context.results).lock_file());
}

int print_logs(const LogsOptions& options, const Context& context) {
  std::string id;
  TaskKeys keys;
  {
    const ResultsDb db = open_results(context);
    id = find_job(db, options.job);
    keys = keys_of(job_detail(db, id).value());
  }
  JobLogs logs(std::move(keys), context);
  std::size_t parts = logs.print();
  while (options.follow) {
    const bool is_last = !may_go_on(id, context);
    if (!is_last) std::this_thread::sleep_for(between_looks);
    parts = logs.print();
    flush_stdout();
    if (is_last) break;
  }
  if (parts == 0) {
    fmt::print(stderr, "no log in {} has a task of job {}: none of its tasks has begun, or an older version of latentgrid did them\n",
               ArtifactStore(context.results).logs().string(), id);
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
