#include "cli/workers_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <map>
#include <optional>
#include <utility>

#include "base/duration_text.hpp"
#include "base/heartbeat.hpp"
#include "base/text.hpp"
#include "cli/launcher_templates.hpp"
#include "cli/task_words.hpp"
#include "db/details.hpp"
#include "db/queries.hpp"
#include "db/task_uses.hpp"

namespace latentgrid::cli {

namespace {

struct ShownTask {
  LoggedTask task;
  std::string job;  // the first of the sweep that needs it; "" for a figure's
  std::int64_t jobs = 0;
  std::string label;
};

struct ShownWorker {
  const SeenWorker* worker = nullptr;
  std::optional<ShownTask> task;
};

class Tasks {
 public:
  Tasks(const ResultsDb& db, const GoingsOn& seen) : db_(db) {
    if (!seen.run) return;
    std::vector<std::string> keys;
    for (const SeenWorker& worker : seen.workers.workers) {
      if (worker.task) keys.push_back(worker.task->key);
    }
    if (const auto revision = latest_revision(db, seen.run->sweep)) uses_ = uses_of_tasks(db, revision->id, keys);
  }

  ShownTask shown(const LoggedTask& task) const {
    ShownTask shown{task, "", 0, task.stage};
    const auto use = uses_.find({task.stage, task.key});
    if (use == uses_.end()) return shown;
    shown.job = use->second.job;
    shown.jobs = use->second.jobs;
    if (const std::optional<ResultRow> row = job_result(db_, shown.job)) shown.label = task_words(*row, task.stage, use->second.step);
    return shown;
  }

 private:
  const ResultsDb& db_;
  std::map<std::pair<std::string, std::string>, TaskUse> uses_;
};

std::vector<ShownWorker> shown_workers(const ResultsDb& db, const GoingsOn& seen, bool all) {
  const Tasks tasks(db, seen);
  std::vector<ShownWorker> shown;
  for (const SeenWorker& worker : seen.workers.workers) {
    const bool of_this_machine = !worker.place && !worker.listed && !worker.name.empty() && worker.process;
    if (!all && !of_this_machine && !may_be_there(worker)) continue;
    ShownWorker& one = shown.emplace_back();
    one.worker = &worker;
    if (worker.task && !worker.left) one.task = tasks.shown(*worker.task);
  }
  return shown;
}

std::string state_text(const ListedWorker& listed) {
  const std::string word = listed.stuck ? "stuck" : name_of(listed.state);
  const bool is_telling = listed.state != WorkerState::running && !listed.reason.empty() && listed.reason != "None";
  return is_telling ? fmt::format("{} ({})", word, listed.reason) : word;
}

std::string scheduler_text(const SeenWorker& worker) {
  if (worker.listed) return fmt::format("{} {}", worker.listed->id, state_text(*worker.listed));
  if (!worker.place || worker.place->scheduler_id.empty()) return "";
  return worker.place->scheduler_id + (worker.is_unknown && !worker.left ? " gone" : "");
}

std::string heartbeat_text(const SeenWorker& worker) {
  if (worker.left) return "left: " + *worker.left;
  if (!worker.silence_s) return "";
  const std::string time = duration_text(static_cast<double>(static_cast<std::int64_t>(*worker.silence_s)));
  return *worker.silence_s < seconds_without_a_beat ? fmt::format("{:.0f} s ago", *worker.silence_s) : "silent for " + time;
}

std::string utc(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  char text[32];
  ::gmtime_r(&time, &parts);
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

std::string whole_seconds(std::string timestamp) {
  const std::size_t dot = timestamp.find('.');
  return dot == std::string::npos ? timestamp : timestamp.substr(0, dot) + "Z";
}

std::string since_text(const ShownWorker& shown) {
  if (shown.task) return whole_seconds(shown.task->task.began);
  const std::optional<ListedWorker>& listed = shown.worker->listed;
  return shown.worker->name.empty() && listed && listed->since > 0 ? utc(listed->since) : "";
}

std::string task_text(const ShownWorker& shown) {
  if (!shown.task) return shown.worker->name.empty() || shown.worker->left ? "" : "none";
  const ShownTask& task = *shown.task;
  if (task.job.empty()) return task.label;
  return fmt::format("{} (job {}{})", task.label, task.job, task.jobs > 1 ? " and " + counted(task.jobs - 1, "other") : "");
}

Cell cell(std::string text) { return text.empty() ? Cell() : Cell(std::move(text)); }

Json text_or_null(const std::string& text) { return text.empty() ? Json() : Json(text); }

Json scheduler_json(const SeenWorker& worker) {
  if (worker.listed) return cli::scheduler_json(*worker.listed);
  if (!worker.place || worker.place->scheduler_id.empty()) return nullptr;
  return {{"job", worker.place->scheduler_id}, {"state", nullptr}, {"reason", nullptr}};
}

Json task_json(const ShownTask& shown) {
  return {{"stage", shown.task.stage}, {"key", shown.task.key}, {"attempt", shown.task.attempt}, {"since", shown.task.began},
          {"job", text_or_null(shown.job)}, {"jobs", shown.jobs}, {"label", shown.label}};
}

}  // namespace

Json scheduler_json(const ListedWorker& listed) {
  return {{"job", listed.id}, {"state", name_of(listed.state)}, {"reason", text_or_null(listed.reason)},
          {"meaning", text_or_null(listed.meaning)}, {"remedy", text_or_null(listed.remedy)}};
}

WorkerTable worker_table(const ResultsDb& db, const GoingsOn& seen, bool all) {
  const std::vector<ShownWorker> shown = shown_workers(db, seen, all);
  bool has_scheduler = false, has_mailbox = false;
  for (const ShownWorker& one : shown) {
    has_scheduler |= !scheduler_text(*one.worker).empty();
    has_mailbox |= one.worker->silence_s.has_value();
  }
  WorkerTable table{{"worker", "node"}, {}};
  if (has_scheduler) table.columns.emplace_back("scheduler");
  for (const char* name : {"task", "since"}) table.columns.emplace_back(name);
  if (has_mailbox) table.columns.emplace_back("heartbeat");
  for (const ShownWorker& one : shown) {
    std::vector<Cell>& row = table.rows.emplace_back();
    row.push_back(cell(one.worker->name));
    row.push_back(cell(one.worker->node()));
    if (has_scheduler) row.push_back(cell(scheduler_text(*one.worker)));
    row.push_back(cell(task_text(one)));
    row.push_back(cell(since_text(one)));
    if (has_mailbox) row.push_back(cell(heartbeat_text(*one.worker)));
  }
  return table;
}

std::string waiting_text(const GoingsOn& seen) {
  std::vector<std::pair<const ListedWorker*, std::int64_t>> reasons;  // the first worker that waits for it, and how many do
  for (const SeenWorker& worker : seen.workers.workers) {
    if (!worker.listed || worker.listed->state != WorkerState::pending || worker.listed->reason.empty()) continue;
    const auto same = std::find_if(reasons.begin(), reasons.end(), [&](const auto& known) { return kind_of_reason(*known.first) == kind_of_reason(*worker.listed); });
    if (same != reasons.end()) {
      ++same->second;
    } else {
      reasons.emplace_back(&*worker.listed, 1);
    }
  }
  std::string text;
  for (const auto& [worker, count] : reasons) {
    const std::string others = count > 1 ? " and " + counted(count - 1, "other") : "";
    const char* how = worker->stuck ? "will not start unless something changes" : count > 1 ? "wait" : "waits";
    text += fmt::format("job {}{} {}: {}\n", worker->id, others, how, why(*worker));
    if (!worker->remedy.empty()) text += fmt::format("  hint: {}\n", worker->remedy);
  }
  return text;
}

Json workers_json(const ResultsDb& db, const GoingsOn& seen, bool all) {
  Json list = Json::array();
  for (const ShownWorker& one : shown_workers(db, seen, all)) {
    const SeenWorker& worker = *one.worker;
    list.push_back({{"worker", text_or_null(worker.name)},
                    {"node", text_or_null(worker.node())},
                    {"scheduler", scheduler_json(worker)},
                    {"task", one.task ? task_json(*one.task) : Json()},
                    {"heartbeat_s", worker.silence_s ? Json(*worker.silence_s) : Json()},
                    {"left", worker.left ? Json(*worker.left) : Json()},
                    {"log", text_or_null(worker.log.string())}});
  }
  return list;
}

}  // namespace latentgrid::cli
