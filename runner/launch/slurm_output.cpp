#include "launch/slurm_output.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <regex>

#include "base/text.hpp"
#include "launch/slurm_reasons.hpp"

namespace latentgrid {

namespace {

struct SlurmColumn {
  const char* name;
  std::size_t width;
};

struct SlurmField {
  enum Index { array_id, task_id, job_name, state, nodes, reason, exit_code, submitted, started, ended, count };
};

constexpr SlurmColumn squeue_columns[SlurmField::count] = {
    {"ArrayJobID", 12}, {"ArrayTaskID", 12}, {"Name", 80},       {"State", 16},     {"NodeList", 40},
    {"Reason", 400},    {"exit_code", 12},   {"SubmitTime", 20}, {"StartTime", 20}, {"EndTime", 20},
};

template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::vector<std::string_view> lines_in(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::optional<std::vector<std::string_view>> fields_in(std::string_view line) {
  std::vector<std::string_view> fields;
  for (const SlurmColumn& column : squeue_columns) {
    if (line.size() < column.width) return std::nullopt;
    fields.push_back(trimmed(line.substr(0, column.width)));
    line.remove_prefix(column.width);
  }
  if (!line.empty()) return std::nullopt;
  return fields;
}

struct SlurmStateWord {
  std::string_view word;
  WorkerState state;
};

constexpr SlurmStateWord state_words[] = {
    {"PENDING", WorkerState::pending},       {"CONFIGURING", WorkerState::pending},
    {"REQUEUED", WorkerState::pending},      {"REQUEUE_HOLD", WorkerState::pending},
    {"REQUEUE_FED", WorkerState::pending},   {"SPECIAL_EXIT", WorkerState::pending},
    {"RESV_DEL_HOLD", WorkerState::pending}, {"POWER_UP_NODE", WorkerState::pending},
    {"RUNNING", WorkerState::running},       {"SUSPENDED", WorkerState::running},
    {"STOPPED", WorkerState::running},       {"RESIZING", WorkerState::running},
    {"SIGNALING", WorkerState::running},     {"COMPLETING", WorkerState::ending},
    {"STAGE_OUT", WorkerState::ending},      {"BOOT_FAIL", WorkerState::ended},
    {"CANCELLED", WorkerState::ended},       {"COMPLETED", WorkerState::ended},
    {"DEADLINE", WorkerState::ended},        {"FAILED", WorkerState::ended},
    {"NODE_FAIL", WorkerState::ended},       {"OUT_OF_MEMORY", WorkerState::ended},
    {"PREEMPTED", WorkerState::ended},       {"REVOKED", WorkerState::ended},
    {"TIMEOUT", WorkerState::ended},         {"LAUNCH_FAILED", WorkerState::ended},
    {"RECONFIG_FAIL", WorkerState::ended},
};

struct SlurmExit {
  std::uint32_t code = 0, signal = 0;
};

// A status of wait() ("768") up to Slurm 23, "3:0" since.
SlurmExit exit_in(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) {
    const std::uint32_t status = number_in<std::uint32_t>(text).value_or(0);
    return {status / 256, status % 128};
  }
  return {number_in<std::uint32_t>(text.substr(0, colon)).value_or(0),
          number_in<std::uint32_t>(text.substr(colon + 1)).value_or(0)};
}

// "TIMEOUT", "FAILED (exit code 3)", "Resources".
std::string reason_in(const std::vector<std::string_view>& fields, WorkerState worker) {
  const std::string why(fields[SlurmField::reason] == "None" ? "" : fields[SlurmField::reason]);
  if (worker != WorkerState::ended) return why;
  const std::string how(fields[SlurmField::state]);
  const SlurmExit exit = exit_in(fields[SlurmField::exit_code]);
  if (how == "FAILED" && exit.signal != 0) return fmt::format("{} (killed by signal {})", how, exit.signal);
  if (how == "FAILED" && exit.code != 0) return fmt::format("{} (exit code {})", how, exit.code);
  return how;
}

std::int64_t since_in(const std::vector<std::string_view>& fields, WorkerState worker) {
  const SlurmField::Index field = worker == WorkerState::pending ? SlurmField::submitted
                                  : worker == WorkerState::ended ? SlurmField::ended
                                                                 : SlurmField::started;
  return number_in<std::int64_t>(fields[field]).value_or(0);
}

// The worker of a whole line, or none where the job has another name or is an array that was cancelled before it began,
// whose tasks have no numbers any more.
std::optional<ListedWorker> worker_in(const std::vector<std::string_view>& fields,
                                      const std::vector<WorkerRange>& workers) {
  const std::size_t plus = std::min(fields[SlurmField::job_name].find('+'), fields[SlurmField::job_name].size());
  const std::string name(fields[SlurmField::job_name].substr(0, plus));
  const std::optional<int> task = number_in<int>(fields[SlurmField::task_id]);
  const std::optional<int> offset =
      plus == fields[SlurmField::job_name].size() ? 0 : number_in<int>(fields[SlurmField::job_name].substr(plus + 1));
  const bool wanted = std::any_of(workers.begin(), workers.end(), [&](const WorkerRange& w) { return w.name == name; });
  if (!wanted || !task || !offset) return std::nullopt;
  ListedWorker worker{name, *offset + *task, fmt::format("{}_{}", fields[SlurmField::array_id], *task),
                      slurm_state(fields[SlurmField::state])};
  if (fields[SlurmField::nodes] != "N/A") worker.node = fields[SlurmField::nodes];
  worker.reason = reason_in(fields, worker.state);
  const SlurmReason& known = find_slurm_reason(worker.reason);
  worker.stuck = worker.state == WorkerState::pending && known.stuck;
  worker.meaning = known.meaning;
  worker.remedy = known.remedy;
  worker.since = since_in(fields, worker.state);
  if (worker.state == WorkerState::running) worker.limit = number_in<std::int64_t>(fields[SlurmField::ended]).value_or(0);
  return worker;
}

struct SlurmAdvice {
  std::string_view words;  // in lower case, of Slurm's
  std::string_view hint;
  bool temporary = false;
};

constexpr std::string_view slurm_ping = "`scontrol ping` tells whether Slurm's controller is up";
constexpr std::string_view fewer_resources =
    "no node that is up has so much: ask for less; `sinfo -o '%P %c %m %G'` shows the processors, MiB of memory and generic "
    "resources of the nodes of each partition, and `sinfo -R` which nodes are down";

// The first that fits.
constexpr SlurmAdvice slurm_advice[] = {
    {"unable to contact slurm controller", slurm_ping, true},
    {"socket timed out", slurm_ping, true},
    {"timed out", slurm_ping, true},
    {"zero bytes were transmitted", slurm_ping, true},
    {"connection refused", slurm_ping, true},
    {"transport endpoint", slurm_ping, true},
    {"standby mode", slurm_ping, true},
    {"temporarily unable", "Slurm has too much to do, or as many jobs as it can hold: try again later", true},
    {"resource temporarily unavailable", slurm_ping, true},
    {"configuration source",
     "Slurm is installed here but doesn't know its cluster: use a login node, or set SLURM_CONF"},
    {"munge", "munged must run here, with the same key as on Slurm's controller"},
    {"authentication", "munged must run here, with the same key as on Slurm's controller"},
    {"invalid partition", "`sinfo -s` lists the partitions of this cluster"},
    {"invalid account",
     "name an account that may use this partition: `sacctmgr show associations user=$USER` lists yours, and "
     "`scontrol show partition` says AllowAccounts"},
    {"invalid qos", "`sacctmgr show associations user=$USER format=account,qos` lists those that you may use"},
    {"generic resource", "`sinfo -o '%P %G'` shows the generic resources of the nodes of each partition"},
    {"gres", "`sinfo -o '%P %G'` shows the generic resources of the nodes of each partition"},
    {"inactive or drain", "choose another partition: `sinfo -s` shows which are up"},
    {"node configuration is not available", fewer_resources},
    {"more processors requested", fewer_resources},
    {"memory specification", fewer_resources},
    {"node count specification", fewer_resources},
    {"time limit is invalid", "a partition has a limit of its own, which `sinfo -o '%P %l'` shows: ask for less time"},
    {"--mem specification", "memory is a number with K, M, G or T behind it, as in 4G; without a letter it is in MiB"},
    {"--time specification", "a time is minutes, hours:minutes:seconds or days-hours:minutes:seconds"},
    {"violates accounting", "ask for fewer workers or less time, or wait until other jobs of yours have ended"},
    {"unrecognized option", "extra arguments are sbatch's: `sbatch --help` lists them"},
    {"invalid option", "extra arguments are sbatch's: `sbatch --help` lists them"},
    {"permi", "choose another partition or account, or ask the cluster's administrators for access"},
};

// Without the program's name in front of every line, and no more than fits on a screen.
std::string own_words(const CommandResult& result) {
  static const std::regex prefix("^[a-z]+: (error: |fatal: )?");
  std::string words;
  for (std::string_view line : lines_in(trimmed(result.err).empty() ? result.out : result.err)) {
    line = trimmed(line);
    if (line.empty()) continue;
    words += (words.empty() ? "" : "; ") + std::regex_replace(std::string(line), prefix, "");
  }
  constexpr std::size_t most = 600;
  return words.size() <= most ? words : words.substr(0, most) + "...";
}

// Users know the sizes of nodes as sinfo shows them, and 1000 MiB are less than 1G.
std::string memory_in_words(const std::string& memory) {
  static const std::regex form("([0-9]{1,9})([GgTt])[Bb]?");
  std::smatch match;
  if (!std::regex_match(memory, match, form)) return memory;
  const bool is_tera = match.str(2) == "T" || match.str(2) == "t";
  return fmt::format("{} (Slurm's {} is {} MiB)", memory, memory, std::stoll(match.str(1)) * (is_tera ? 1024 * 1024 : 1024));
}

}  // namespace

std::string slurm_job_name(const std::string& name, int offset) {
  return offset == 0 ? name : fmt::format("{}+{}", name, offset);
}

std::string slurm_columns() {
  std::string text;
  for (const SlurmColumn& column : squeue_columns)
    text += fmt::format("{}{}:{}", text.empty() ? "" : ",", column.name, column.width);
  return text;
}

WorkerState slurm_state(std::string_view word) {
  for (const SlurmStateWord& known : state_words) {
    if (known.word == word) return known.state;
  }
  return WorkerState::running;
}

std::optional<std::vector<ListedWorker>> parse_slurm_listing(std::string_view text,
                                                             const std::vector<WorkerRange>& workers) {
  if (!text.empty() && text.back() != '\n') return std::nullopt;
  std::vector<ListedWorker> listed;
  for (std::string_view line : lines_in(text)) {
    const std::optional<std::vector<std::string_view>> fields = fields_in(line);
    if (!fields || !number_in<std::int64_t>((*fields)[SlurmField::array_id])) return std::nullopt;
    if (std::optional<ListedWorker> worker = worker_in(*fields, workers)) listed.push_back(*std::move(worker));
  }
  return liveliest(std::move(listed));
}

std::optional<std::string> parse_slurm_job_id(std::string_view text) {
  static const std::regex id("([0-9]+)(;.*)?");
  std::optional<std::string> found;
  for (std::string_view line : lines_in(text)) {
    std::smatch match;
    const std::string whole(trimmed(line));
    if (!std::regex_match(whole, match, id)) continue;
    if (found) return std::nullopt;
    found = match[1];
  }
  return found;
}

std::optional<int> parse_slurm_max_array_size(std::string_view text) {
  for (std::string_view line : lines_in(text)) {
    const std::size_t equals = line.find('=');
    if (equals != std::string_view::npos && trimmed(line.substr(0, equals)) == "MaxArraySize") {
      return number_in<int>(trimmed(line.substr(equals + 1)));
    }
  }
  return std::nullopt;
}

std::optional<long> parse_slurm_time(std::string_view text) {
  static const std::regex form("(?:([0-9]{1,6})-)?([0-9]{1,8})(?::([0-9]{1,8}))?(?::([0-9]{1,8}))?");
  std::match_results<std::string_view::const_iterator> match;
  if (!std::regex_match(text.begin(), text.end(), match, form)) return std::nullopt;
  const auto part = [&](std::size_t i) { return match[i].matched ? std::stol(match[i].str()) : 0L; };
  if (match[1].matched) return part(1) * 86400 + part(2) * 3600 + part(3) * 60 + part(4);
  if (match[4].matched) return part(2) * 3600 + part(3) * 60 + part(4);
  return part(2) * 60 + part(3);
}

std::optional<long> parse_slurm_longest_time(std::string_view text, std::string_view partitions) {
  const std::string wanted = fmt::format(",{},", partitions);
  std::optional<long> longest;
  for (std::string_view line : lines_in(text)) {
    const std::size_t space = std::min(line.find(' '), line.size());
    std::string_view name = line.substr(0, space);
    const bool is_default = name.ends_with('*');
    if (is_default) name.remove_suffix(1);
    if (partitions.empty() ? !is_default : wanted.find(fmt::format(",{},", name)) == std::string::npos) continue;
    const std::optional<long> limit = parse_slurm_time(trimmed(line.substr(space)));
    if (!limit) return std::nullopt;
    longest = std::max(longest.value_or(0), *limit);
  }
  return longest;
}

SchedulerError slurm_error(const std::string& task, const std::string& program, const CommandResult& result) {
  if (!result.started) {
    return {fmt::format("cannot {}: {} can't be started: {}", task, program, result.end),
            "Slurm's commands must be in PATH: run this on a machine that has them, such as the cluster's login node",
            false};
  }
  const std::string words = own_words(result);
  const std::string said = words.empty() ? "" : fmt::format("; {} said: {}", program, words);
  if (result.timed_out)
    return {fmt::format("cannot {}: {} gave {}{}", task, program, result.end, said), std::string(slurm_ping), true};
  if (result.truncated) {
    return {fmt::format("cannot {}: {} printed more than can be read", task, program), "", true};
  }
  if (result.exit_code == 0) {
    return {fmt::format("cannot {}: the answer of {} can't be read: {}", task, program,
                        words.empty() ? "it is empty" : words),
            fmt::format("check that {} is Slurm's own: `type {}` shows which program it is", program, program), true};
  }
  const std::string message = fmt::format("cannot {}: {} said: {}", task, program, words.empty() ? result.end : words);
  const std::string lower = lower_case(words);
  for (const SlurmAdvice& known : slurm_advice) {
    if (lower.find(known.words) != std::string::npos) return {message, std::string(known.hint), known.temporary};
  }
  return {message, "", result.exit_code < 0};
}

bool is_about_nodes(const SchedulerError& error) { return error.hint() == fewer_resources; }

std::string ask_for_less(const Resources& asked) {
  std::vector<std::string> all;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) all.push_back(fmt::format("{}={}", name, value));
  };
  add("partition", asked.partition);
  add("cpus", asked.cpus > 0 ? std::to_string(asked.cpus) : "");
  add("memory", memory_in_words(asked.memory));
  add("gres", asked.gres);
  add("extra", fmt::format("{}", fmt::join(asked.extra, " ")));
  if (all.empty()) return std::string(fewer_resources);
  return fmt::format("no node that is up has {}{}{}", all.size() > 1 ? "all of " : "", fmt::join(all, " "), fewer_resources.substr(fewer_resources.find(':')));
}

}  // namespace latentgrid
