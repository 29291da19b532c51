// A worker that computes nothing: it publishes empty artifacts with fixed metrics (an export holds a text; labels are real), or misbehaves
// as told.
//
// FAKE_WORKER_RULES names a JSON file: [{"stage": "train", "attempt": 1, "action": "crash", "text": "..."}]. The first
// rule whose stage (and attempt, if given) matches decides; actions: "fail" (text: "kind: message"), "crash" (SIGKILL),
// "exit", "partial" (publishes the first extent, then fails), "garbage" (a line that is no message), "hang", "lie"
// (done without artifacts), "sleep" (text: seconds, then done; loans of threads go to the log), "await" (text: a file; done once
// it is there). FAKE_WORKER_TASKS names a file that gets a line, stage, key and GPU, as each task begins. A rule {"stage":
// "publish", "action": "unsynced"} leaves artifacts without syncing anything: no promise holds for them, it is only to
// fill a large results folder quickly. A rule {"stage": "metrics", "action": "vary"} draws every metric from the artifact's
// key instead, as real sweeps have hardly two equal scores. A rule {"stage": "hello", "action": "stale"} announces other stage versions.
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/file_system.hpp"
#include "data/image_labels.hpp"
#include "methods/stages.hpp"
#include "pool/worker_place.hpp"
#include "protocol/messages.hpp"
#include "protocol/task_log.hpp"
#include "store/staging.hpp"

using namespace latentgrid;

namespace {

const Json& rules() {
  static const char* file = std::getenv("FAKE_WORKER_RULES");
  static const Json all = file ? Json::parse(read_file(file)) : Json::array();
  return all;
}

Json rule_for(const std::string& stage, int attempt) {
  for (const Json& rule : rules()) {
    if (rule.at("stage") == stage && rule.value("attempt", attempt) == attempt) return rule;
  }
  return {{"action", "ok"}, {"text", ""}};
}

void say(const protocol::WorkerMessage& message) {
  std::cout << protocol::encode(message) << std::endl;
}

// The coordinator's messages, read without std::cin: what cin has buffered is invisible to poll().
class Messages {
 public:
  // None after the given seconds, or when the coordinator has closed the pipe.
  std::optional<protocol::CoordinatorMessage> next(std::optional<std::chrono::steady_clock::time_point> until = {}) {
    std::size_t end;
    while ((end = buffer_.find('\n')) == std::string::npos) {
      if (!read_some(until)) return std::nullopt;
    }
    const std::string line = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    return protocol::decode_coordinator_message(line);
  }

  // Whether the coordinator said stop, or went away, within that time. A loan of threads is no reason to end.
  bool stop_comes_within(double seconds) {
    const auto until =
        std::chrono::steady_clock::now() +
        std::chrono::duration_cast<std::chrono::steady_clock::duration>(std::chrono::duration<double>(seconds));
    while (auto message = next(until)) {
      if (std::holds_alternative<protocol::Stop>(*message)) return true;
      if (auto* loan = std::get_if<protocol::Share>(&*message)) std::cerr << "threads: " << loan->threads << std::endl;
    }
    return closed_;
  }

 private:
  bool read_some(std::optional<std::chrono::steady_clock::time_point> until) {
    using std::chrono::milliseconds;
    int timeout = -1;
    if (until) {
      const auto left = std::chrono::duration_cast<milliseconds>(*until - std::chrono::steady_clock::now()).count();
      timeout = static_cast<int>(std::max<std::int64_t>(left, 0));
    }
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::poll(&input, 1, timeout) <= 0) return false;
    char chunk[4096];
    const ssize_t count = ::read(STDIN_FILENO, chunk, sizeof chunk);
    closed_ = count <= 0;
    if (!closed_) buffer_.append(chunk, static_cast<std::size_t>(count));
    return !closed_;
  }

  std::string buffer_;
  bool closed_ = false;
};

Json fixed_metrics(const std::string& stage) {
  if (stage == "encode") return {{"recon_mse", 0.25}};
  if (stage == "trustworthiness") return {{"trustworthiness", 0.9}};
  if (stage == "score") {
    return {{"accuracy", 0.75}, {"accuracy_public", 0.5}, {"accuracy_private", 1.0}, {"ari", 0.1}, {"nmi", 0.2}};
  }
  return Json::object();
}

Json metrics_of(const std::string& stage, const std::string& key) {
  Json metrics = fixed_metrics(stage);
  if (rule_for("metrics", 1).value("action", "") != "vary") return metrics;
  std::size_t digit = 0;
  for (Json& metric : metrics) {  // six hex digits of the key each, in [0, 1)
    metric = static_cast<double>(std::stoul(key.substr(digit, 6), nullptr, 16)) / 0x1000000;
    digit += 6;
  }
  return metrics;
}

void publish_unsynced(const ArtifactStore& store, const std::string& stage, const ArtifactId& id, Json record) {
  record.update({{"stage", stage}, {"key", id.key}, {"extent", id.extent}, {"files", Json::object()}});
  std::filesystem::create_directories(store.folder(stage, id));
  write_file(store.folder(stage, id) / "task.json", record.dump(1) + "\n");
}

void publish(const ArtifactStore& store, const protocol::Run& run, std::size_t how_many) {
  for (std::int64_t extent :
       std::vector(run.extents.begin(), run.extents.begin() + std::min(how_many, run.extents.size()))) {
    Json record{
        {"metrics", metrics_of(run.stage, run.key)},
        {"record", Json::object()},
        {"provenance",
         {{"host", "fake"}, {"device", "cpu"}, {"threads", run.threads}, {"build", "fake"}, {"git_commit", "fake"}}},
        {"usage", {{"wall_s", 0.5}, {"cpu_s", 0.25}, {"peak_rss_kb", 1024}}}};
    if (rule_for("publish", 1).value("action", "") == "unsynced") {
      publish_unsynced(store, run.stage, {run.key, extent}, record);
    } else {
      const std::filesystem::path staged = store.new_staging_folder();
      if (run.stage == "export") write_file(staged / "encoder.pt", "fake encoder\n");
      if (run.stage == "labels") ImageLabels(DatasetSource::from_json(run.sources.at("dataset"))).write(staged);
      store.publish(staged, run.stage, {run.key, extent}, record, run.transcript);
    }
    say(protocol::ArtifactReady{run.task, extent});
  }
}

// The message that ends it.
protocol::WorkerMessage do_task(const ArtifactStore& store, const protocol::Run& run, Messages& messages) {
  Json rule = rule_for(run.stage, run.attempt);
  std::string action = rule.value("action", "ok"), text = rule.value("text", "");
  if (const char* tasks = std::getenv("FAKE_WORKER_TASKS")) {
    const std::string line = run.stage + ' ' + run.key + (run.device.empty() ? "" : ' ' + run.device) + '\n';
    std::ofstream(tasks, std::ios::app) << line;
  }
  if (action == "crash") ::raise(SIGKILL);
  if (action == "exit") ::_exit(7);
  if (action == "garbage") std::cout << "this is not a message" << std::endl;
  if (action == "hang") messages.stop_comes_within(3600);
  if (action == "partial") publish(store, run, 1);
  if (action == "fail" || action == "partial") {
    std::size_t colon = text.find(": ");
    return protocol::Failed{run.task, text.substr(0, colon), text.substr(colon + 2)};
  }
  if (action == "first_then_sleep") publish(store, run, 1);  // as a training that has left its first checkpoint
  if ((action == "sleep" || action == "first_then_sleep") && messages.stop_comes_within(std::stod(text)))
    return protocol::Failed{run.task, "interrupted", "stopped"};
  while (action == "await" && !std::filesystem::exists(text)) {
    say(protocol::Progress{run.task, 0, 1});
    if (messages.stop_comes_within(0.05)) return protocol::Failed{run.task, "interrupted", "stopped"};
  }
  if (action != "lie") publish(store, run, run.extents.size());
  return protocol::Done{run.task};
}

}  // namespace

int main(int argc, char** argv) {
  std::string results, run;
  for (int i = 1; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--ignore-signals") ::signal(SIGTERM, SIG_IGN);
    if (name == "--results" && i + 1 < argc) results = argv[i + 1];
    if (name == "--run" && i + 1 < argc) run = argv[i + 1];
  }
  ArtifactStore store(results, run);
  const HeldStaging staging(store);
  const protocol::TaskLog log(STDERR_FILENO, false, system_clock());
  const WorkerPlace here = place_here("", 0);
  log.starts(here.scheduler_id.empty() ? "" : in_words(here));
  protocol::Hello hello;
  hello.stages = all_versions();
  if (rule_for("hello", 1).value("action", "") == "stale") hello.stages["train"] += 1;
  say(hello);
  Messages messages;
  while (auto message = messages.next()) {
    if (std::holds_alternative<protocol::Stop>(*message)) return 0;
    const auto* task = std::get_if<protocol::Run>(&*message);
    if (!task) continue;
    log.begins(*task);
    const protocol::WorkerMessage end = do_task(store, *task, messages);
    log.ends(*task, end);
    say(end);
  }
}
