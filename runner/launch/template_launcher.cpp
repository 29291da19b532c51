#include "launch/template_launcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <regex>

#include "base/file_system.hpp"
#include "base/text.hpp"
#include "launch/job_script.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

const std::map<std::string, WorkerState> common_states{
    // PBS
    {"Q", WorkerState::pending},
    {"H", WorkerState::pending},
    {"W", WorkerState::pending},
    {"T", WorkerState::pending},
    {"R", WorkerState::running},
    {"B", WorkerState::running},
    {"U", WorkerState::running},
    {"S", WorkerState::running},
    {"E", WorkerState::ending},
    {"C", WorkerState::ended},
    {"F", WorkerState::ended},
    {"X", WorkerState::ended},
    // LSF
    {"PEND", WorkerState::pending},
    {"PSUSP", WorkerState::pending},
    {"WAIT", WorkerState::pending},
    {"RUN", WorkerState::running},
    {"USUSP", WorkerState::running},
    {"SSUSP", WorkerState::running},
    {"UNKWN", WorkerState::running},
    {"DONE", WorkerState::ended},
    {"EXIT", WorkerState::ended},
    {"ZOMBI", WorkerState::ended},
    // Grid Engine
    {"qw", WorkerState::pending},
    {"hqw", WorkerState::pending},
    {"Eqw", WorkerState::pending},
    {"t", WorkerState::running},
    {"r", WorkerState::running},
    {"s", WorkerState::running},
    {"dr", WorkerState::ending},
    {"dt", WorkerState::ending},
    {"dqw", WorkerState::ending},
    {"z", WorkerState::ended},
    // Slurm
    {"PENDING", WorkerState::pending},
    {"RUNNING", WorkerState::running},
    {"COMPLETING", WorkerState::ending},
    {"COMPLETED", WorkerState::ended},
    {"FAILED", WorkerState::ended},
    {"CANCELLED", WorkerState::ended},
    {"TIMEOUT", WorkerState::ended},
};

constexpr const char* task_number =
    "${PBS_ARRAY_INDEX:-${PBS_ARRAYID:-${LSB_JOBINDEX:-${SGE_TASK_ID:-$SLURM_ARRAY_TASK_ID}}}} - 1";

// What was not asked for is left out of the line.
std::string word_or_nothing(const std::string& text) { return text.empty() ? "" : shell_word(text); }

bool mentions(const std::string& text, const std::string& name) {
  return text.find("{" + name + "}") != std::string::npos || text.find("{" + name + ":") != std::string::npos;
}

// Behind an opening brace: where the one that closes it stands.
std::size_t closing_brace(std::string_view text, std::size_t at) {
  for (int depth = 1; at < text.size(); ++at) {
    depth += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
    if (depth == 0) return at;
  }
  return std::string_view::npos;
}

struct ColumnPattern {
  std::regex line;
  std::vector<std::string> names;  // of its groups
};

ColumnPattern column_pattern(std::string_view columns) {
  static const std::regex special(R"([.^$|()\[\]{}*+?\\])");
  std::string expression = "\\s*";
  ColumnPattern pattern;
  for (std::size_t at = 0; at < columns.size();) {
    const std::size_t end = columns[at] == '{' ? columns.find('}', at) : std::string_view::npos;
    if (end != std::string_view::npos) {
      pattern.names.emplace_back(columns.substr(at + 1, end - at - 1));
      expression += pattern.names.back() == "reason" ? "(.*?)" : "(\\S+?)";
      at = end + 1;
    } else {
      expression += columns[at] == ' ' ? "\\s+" : std::regex_replace(std::string(1, columns[at]), special, R"(\$&)");
      ++at;
    }
  }
  pattern.line = expression + "\\s*";
  return pattern;
}

template <typename Number>
std::optional<Number> whole_number(const std::string& text) {
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

std::string last_words(const CommandResult& result) {
  const std::string_view words = trimmed(trimmed(result.err).empty() ? result.out : result.err);
  return replaced(words.substr(words.size() - std::min<std::size_t>(words.size(), 600)), "\n", "; ");
}

// Whether a scheduler that isn't known to us could not be reached is not in its words; that it gave no answer is.
SchedulerError template_error(const std::string& task, const std::string& which, const CommandResult& result) {
  const std::string words = last_words(result);
  const std::string said = words.empty() ? result.end : fmt::format("{}: {}", result.end, words);
  return {fmt::format("cannot {}: the launcher's command '{}' failed: {}", task, which, said),
          "run the command by hand to see what it does; its template is in the launcher's section",
          !result.started || result.exit_code < 0};
}

}  // namespace

std::string filled_template(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t name_end = text[at] == '{' ? text.find_first_of("{}: ", at + 1) : std::string_view::npos;
    const bool is_shells = at > 0 && text[at - 1] == '$';
    if (name_end != std::string_view::npos && !is_shells) {
      const auto value = values.find(std::string(text.substr(at + 1, name_end - at - 1)));
      const std::size_t end = closing_brace(text, at + 1);
      if (value != values.end() && text[name_end] == '}') {
        result += value->second;
        at = name_end + 1;
        continue;
      }
      if (value != values.end() && text[name_end] == ':' && end != std::string_view::npos) {
        if (!value->second.empty())
          result += replaced(text.substr(name_end + 1, end - name_end - 1), "{}", value->second);
        at = end + 1;
        continue;
      }
    }
    result += text[at++];
  }
  return result;
}

std::optional<std::vector<ListedWorker>> parse_listing(std::string_view text, const std::string& columns, bool arrays,
                                                       const std::map<std::string, WorkerState>& states,
                                                       const std::vector<WorkerRange>& workers) {
  if (!text.empty() && text.back() != '\n') return std::nullopt;
  const ColumnPattern pattern = column_pattern(columns);
  std::vector<ListedWorker> listed;
  while (!text.empty()) {
    const std::string line(text.substr(0, text.find('\n')));
    text.remove_prefix(line.size() + 1);
    std::smatch match;
    if (!std::regex_match(line, match, pattern.line)) continue;
    std::map<std::string, std::string> fields;
    for (std::size_t i = 0; i < pattern.names.size(); ++i) fields[pattern.names[i]] = match[i + 1];
    std::string name = fields["name"], number = fields["index"];
    if (!arrays) {
      const std::size_t dot = std::min(name.rfind('.'), name.size());
      number = dot < name.size() ? name.substr(dot + 1) : "";
      name.resize(dot);
    }
    if (std::none_of(workers.begin(), workers.end(), [&](const WorkerRange& w) { return w.name == name; })) continue;
    const std::optional<int> index = whole_number<int>(number);
    if (!index) return std::nullopt;
    const std::string& word = fields["state"];
    const auto own = states.find(word), common = common_states.find(word);
    const WorkerState state = own != states.end()             ? own->second
                              : common != common_states.end() ? common->second
                                                              : WorkerState::running;
    const std::string node = fields["node"] == "-" ? "" : fields["node"];
    listed.push_back({name, *index - (arrays ? 1 : 0), fields["id"], state, node,
                      std::string(trimmed(fields["reason"])), whole_number<std::int64_t>(fields["since"]).value_or(0),
                      own == states.end() && (word == "H" || word == "PSUSP" || word == "hqw" || word == "Eqw")});
  }
  return liveliest(std::move(listed));
}

TemplateLauncher::TemplateLauncher(LauncherTemplates templates, fs::path scripts, const Clock& clock, double timeout_s)
    : templates_(std::move(templates)), scripts_(std::move(scripts)), clock_(clock), timeout_s_(timeout_s) {
  arrays_ = mentions(templates_.submit, "first") || mentions(templates_.submit, "last") ||
            mentions(templates_.submit, "count");
  if (templates_.submit.empty() || templates_.list.empty() || templates_.cancel.empty()) {
    throw Error("a launcher needs the commands submit, list and cancel");
  }
  if (!mentions(templates_.submit, "script"))
    throw Error("the launcher's command 'submit' has no {script}, the file that it must submit");
  for (const char* name : {"submit", "cancel"}) {
    const std::string& line = name == std::string_view("submit") ? templates_.submit : templates_.cancel;
    if (!mentions(line, "name"))
      throw Error(fmt::format("the launcher's command '{}' has no {{name}}: latentgrid finds its jobs by their names", name));
  }
  std::vector<std::string> needed{"id", "name", "state"};
  if (arrays_) needed.push_back("index");
  for (const std::string& column : needed) {
    if (mentions(templates_.columns, column)) continue;
    throw Error(fmt::format("the launcher's 'columns' have no {{{}}}: the command 'list' must print one", column));
  }
}

CommandOptions TemplateLauncher::shell(std::string line) const {
  CommandOptions options;
  options.argv = {"/bin/sh", "-c", std::move(line)};
  options.timeout_s = timeout_s_;
  options.output_limit = std::size_t{64} << 20;
  return options;
}

TemplateLauncher::Values TemplateLauncher::values_of(const WorkerRequest& request) const {
  const Resources& resources = request.resources;
  std::string extra;
  for (const std::string& argument : resources.extra) extra += (extra.empty() ? "" : " ") + word_or_nothing(argument);
  const auto number = [](int value) { return value > 0 ? std::to_string(value) : ""; };
  return {
      {"name", request.name},
      {"count", std::to_string(request.count)},
      {"first", std::to_string(request.first + 1)},
      {"last", std::to_string(request.first + request.count)},
      {"log", word_or_nothing(replaced(request.log.string(), "{index}", "scheduler"))},
      {"cpus", number(resources.cpus)},
      {"memory", word_or_nothing(resources.memory)},
      {"time", word_or_nothing(resources.time)},
      {"partition", word_or_nothing(resources.partition)},
      {"account", word_or_nothing(resources.account)},
      {"qos", word_or_nothing(resources.qos)},
      {"gres", word_or_nothing(resources.gres)},
      {"extra", extra},
  };
}

// Writes the scripts that they submit.
std::vector<CommandOptions> TemplateLauncher::submissions(const WorkerRequest& request, const std::string& line) const {
  Values values = values_of(request);
  fs::create_directories(scripts_);
  std::vector<CommandOptions> commands;
  const auto add = [&](const std::string& index) {
    const fs::path script =
        scripts_ / fmt::format("{}.{}.sh", request.name, request.first + static_cast<int>(commands.size()));
    write_file(script, job_script(request, index, true));
    fs::permissions(script, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add);
    values["script"] = word_or_nothing(script.string());
    commands.push_back(shell(filled_template(line, values)));
  };
  if (arrays_) {
    add(task_number);
    return commands;
  }
  for (int index = request.first; index < request.first + request.count; ++index) {
    values["name"] = fmt::format("{}.{}", request.name, index);
    values["index"] = std::to_string(index);
    add(std::to_string(index));
  }
  return commands;
}

void TemplateLauncher::check(const WorkerRequest& request) {
  check_request(request);
  if (templates_.check.empty()) return;
  const CommandResult result = run_command(submissions(request, templates_.check).front(), clock_);
  if (!result.ok()) throw template_error("start " + request.what, "check", result);
}

Answer<std::vector<Submitted>> TemplateLauncher::submit(const WorkerRequest& request) {
  check_request(request);
  const int each = arrays_ ? request.count : 1;
  auto read = [first = request.first, each](const std::vector<CommandResult>& results) {
    static const std::regex number("[0-9]+");
    std::vector<Submitted> submitted;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const int from = first + static_cast<int>(i) * each;
      std::smatch id;
      if (!results[i].ok() || !std::regex_search(results[i].out, id, number)) {
        const std::string before = i == 0 ? "" : fmt::format(" (those below {} are submitted)", from);
        throw template_error(fmt::format("submit workers from {}{}", from, before), "submit", results[i]);
      }
      submitted.push_back({id.str(), from, each});
    }
    return submitted;
  };
  return {submissions(request, templates_.submit), std::move(read), clock_};
}

Answer<std::vector<ListedWorker>> TemplateLauncher::list(const std::vector<WorkerRange>& workers) {
  auto read = [workers, columns = templates_.columns, arrays = arrays_,
               states = templates_.states](const std::vector<CommandResult>& results) {
    std::optional<std::vector<ListedWorker>> listed;
    if (results[0].ok()) listed = parse_listing(results[0].out, columns, arrays, states, workers);
    if (!listed) throw template_error("list the workers", "list", results[0]);
    return *std::move(listed);
  };
  return {{shell(templates_.list)}, std::move(read), clock_};
}

Answer<Cancelled> TemplateLauncher::cancel(const WorkerRange& workers) {
  std::vector<CommandOptions> commands;
  if (arrays_) {
    commands.push_back(shell(filled_template(templates_.cancel, {{"name", workers.name}})));
  } else {
    for (int index = 0; index < workers.end; ++index) {
      commands.push_back(
          shell(filled_template(templates_.cancel, {{"name", fmt::format("{}.{}", workers.name, index)}})));
    }
  }
  auto read = [](const std::vector<CommandResult>& results) -> Cancelled {
    for (const CommandResult& result : results) {
      if (!result.ok()) throw template_error("cancel the workers", "cancel", result);
    }
    return {};
  };
  return {std::move(commands), std::move(read), clock_, CommandSeries::AfterFailure::go_on};
}

fs::path TemplateLauncher::log_of(const WorkerRequest& request, int index) {
  return replaced(request.log.string(), "{index}", std::to_string(index));
}

}  // namespace latentgrid
