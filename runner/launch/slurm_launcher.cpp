#include "launch/slurm_launcher.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <string_view>

#include "base/text.hpp"
#include "launch/job_script.hpp"
#include "launch/slurm_output.hpp"

namespace latentgrid {

namespace {

// With these sbatch would wait for the jobs, send them elsewhere, or not read our script.
constexpr std::string_view refused_options[] = {"--wait", "--wrap", "--clusters", "--test-only", "--help", "--usage", "--version"};
constexpr std::string_view refused_letters = "WMhV";

// sbatch takes the beginning of an option for the whole, and a letter's value without a space.
bool is_refused(std::string_view option) {
  if (option == "--") return true;
  if (!option.starts_with("--")) return option.size() > 1 && option[0] == '-' && refused_letters.find(option[1]) != std::string_view::npos;
  return std::any_of(std::begin(refused_options), std::end(refused_options),
                     [&](std::string_view refused) { return option.size() > 3 && refused.starts_with(option); });
}

// A word that is no option and no option's value would be taken for the script. Some long options have a value only behind "=".
void check_extra(const std::vector<std::string>& extra) {
  bool takes_value = false;
  for (const std::string& argument : extra) {
    const std::string option = argument.substr(0, argument.find('='));
    if (is_refused(option)) {
      throw SchedulerError(fmt::format("'{}' can't be an extra argument of sbatch here", argument),
                           "leave it out: the workers are submitted as a job array by a script that sbatch reads",
                           false);
    }
    if (!argument.starts_with('-') && !takes_value) {
      throw SchedulerError(
          fmt::format("the extra argument '{}' of sbatch is neither an option nor the value of one", argument),
          "write options as --name=value", false);
    }
    takes_value = argument.starts_with('-') && !argument.starts_with("--") && argument.size() == 2;
  }
}

// Seconds before the end of the job.
long warning_for(const std::string& time) {
  return std::min(120L, std::max(1L, parse_slurm_time(time).value_or(480) / 4));
}

// In Slurm's pattern "%a" is the task's number, "%%" a percent sign.
std::string log_pattern(const WorkerRequest& request, int offset) {
  return replaced(replaced(request.log.string(), "%", "%%"), "{index}",
                  offset == 0 ? "%a" : fmt::format("{}+%a", offset));
}

std::string user_number() {
  return std::to_string(::getuid());
}

// Jobs that end while they are cancelled are no failure.
Cancelled read_cancellation(const std::vector<CommandResult>& results) {
  for (const CommandResult& result : results) {
    const bool gone = result.err.find("Invalid job id") != std::string::npos ||
                      result.err.find("already completing or completed") != std::string::npos;
    if (!result.ok() && !gone) throw slurm_error("cancel workers", "scancel", result);
  }
  return {};
}

}  // namespace

SlurmLauncher::SlurmLauncher(const Clock& clock, double timeout_s) : clock_(clock), timeout_s_(timeout_s) {}

CommandOptions SlurmLauncher::command(std::vector<std::string> argv) const {
  CommandOptions options;
  options.argv = std::move(argv);
  options.timeout_s = timeout_s_;
  return options;
}

int SlurmLauncher::max_array_size() {
  if (max_array_size_) return *max_array_size_;
  const CommandResult result = run_command(command({"scontrol", "show", "config"}), clock_);
  const std::optional<int> size = result.ok() ? parse_slurm_max_array_size(result.out) : std::nullopt;
  if (!size) throw slurm_error("ask Slurm for its configuration", "scontrol", result);
  if (*size < 1) {
    throw SchedulerError("this cluster allows no job arrays: its MaxArraySize is 0",
                         "ask its administrators for at least 1", false);
  }
  max_array_size_ = size;
  return *size;
}

std::vector<SlurmLauncher::Array> SlurmLauncher::arrays_of(const WorkerRequest& request) {
  const int size = max_array_size(), end = request.first + request.count;
  std::vector<Array> arrays;
  for (int first = request.first; first < end;) {
    const int offset = first / size * size;
    const int count = std::min(end, offset + size) - first;
    arrays.push_back({offset, first, count});
    first += count;
  }
  return arrays;
}

std::vector<std::string> SlurmLauncher::names_of(const WorkerRange& workers) {
  std::vector<std::string> names{workers.name};
  for (int offset = max_array_size(); offset < workers.end; offset += max_array_size()) {
    names.push_back(slurm_job_name(workers.name, offset));
  }
  return names;
}

CommandOptions SlurmLauncher::submission(const WorkerRequest& request, const Array& array) const {
  const Resources& resources = request.resources;
  std::vector<std::string> argv{"sbatch", "--parsable"};
  const auto add = [&](const char* option, const std::string& value) {
    if (!value.empty()) argv.push_back(fmt::format("{}={}", option, value));
  };
  add("--partition", resources.partition);
  add("--account", resources.account);
  add("--qos", resources.qos);
  add("--gres", resources.gres);
  add("--cpus-per-task", resources.cpus > 0 ? std::to_string(resources.cpus) : "");
  add("--mem", resources.memory);
  add("--time", resources.time);
  argv.insert(argv.end(), resources.extra.begin(), resources.extra.end());
  // Of two values of an option the last one counts: these are not the user's to choose.
  const int first_task = array.first - array.offset;
  add("--job-name", slurm_job_name(request.name, array.offset));
  add("--array", fmt::format("{}-{}", first_task, first_task + array.count - 1));
  add("--nodes", "1");
  add("--ntasks", "1");
  add("--output", log_pattern(request, array.offset));
  add("--error", log_pattern(request, array.offset));
  add("--open-mode", "append");
  argv.push_back("--no-requeue");
  if (!resources.time.empty()) add("--signal", fmt::format("B:TERM@{}", warning_for(resources.time)));
  CommandOptions options = command(std::move(argv));
  options.input = job_script(request, fmt::format("SLURM_ARRAY_TASK_ID + {}", array.offset));
  return options;
}

std::string SlurmLauncher::partitions() const {
  const CommandResult result = run_command(command({"sinfo", "-h", "-o", "%R"}), clock_);
  std::string names = result.ok() ? std::string(trimmed(result.out)) : "";
  std::replace(names.begin(), names.end(), '\n', ' ');
  return names;
}

// Unless EnforcePartLimits is set, sbatch takes a job that asks for more time than there is, and leaves it waiting for
// ever.
void SlurmLauncher::check_time(const WorkerRequest& request) const {
  const std::optional<long> asked = parse_slurm_time(request.resources.time);
  if (!asked) return;
  const CommandResult result = run_command(command({"sinfo", "-h", "-o", "%P %l"}), clock_);
  const std::optional<long> longest =
      result.ok() ? parse_slurm_longest_time(result.out, request.resources.partition) : std::nullopt;
  if (!longest || *asked <= *longest) return;
  const std::string partition =
      request.resources.partition.empty() ? "the default partition" : request.resources.partition;
  throw SchedulerError(
      fmt::format("cannot start {} with Slurm: {} lets no job run for {}", request.what, partition,
                  request.resources.time),
      fmt::format("at most {} minutes: ask for less time, or take another partition (`sinfo -o '%P %l'`)",
                  *longest / 60),
      false);
}

void SlurmLauncher::check(const WorkerRequest& request) {
  check_request(request);
  check_extra(request.resources.extra);
  CommandOptions test = submission(request, arrays_of(request).front());
  test.argv.push_back("--test-only");
  const CommandResult result = run_command(test, clock_);
  if (result.ok()) return check_time(request);
  const SchedulerError error = slurm_error(fmt::format("start {} with Slurm", request.what), "sbatch", result);
  if (is_about_nodes(error)) throw SchedulerError(error.what(), ask_for_less(request.resources), false);
  if (std::string(error.what()).find("nvalid partition") == std::string::npos) throw error;
  const std::string names = partitions();
  throw SchedulerError(error.what(), names.empty() ? error.hint() : "this cluster has the partitions " + names, false);
}

Answer<std::vector<Submitted>> SlurmLauncher::submit(const WorkerRequest& request) {
  check_request(request);
  check_extra(request.resources.extra);
  const std::vector<Array> arrays = arrays_of(request);
  std::vector<CommandOptions> commands;
  for (const Array& array : arrays) commands.push_back(submission(request, array));
  auto read = [arrays](const std::vector<CommandResult>& results) {
    std::vector<Submitted> submitted;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const std::optional<std::string> id = results[i].ok() ? parse_slurm_job_id(results[i].out) : std::nullopt;
      if (!id) {
        const std::string before = i == 0 ? "" : fmt::format(" (those below {} are submitted)", arrays[i].first);
        throw slurm_error(fmt::format("submit workers from {}{}", arrays[i].first, before), "sbatch", results[i]);
      }
      submitted.push_back({*id, arrays[i].first, arrays[i].count});
    }
    return submitted;
  };
  return {std::move(commands), std::move(read), clock_};
}

Answer<std::vector<ListedWorker>> SlurmLauncher::list(const std::vector<WorkerRange>& workers) {
  std::string names;
  for (const WorkerRange& range : workers) {
    for (const std::string& name : names_of(range)) names += (names.empty() ? "" : ",") + name;
  }
  std::vector<CommandOptions> commands;
  if (!names.empty()) {
    commands.push_back(
        command({"squeue", "-h", "-a", "-r", "-t", "all", "-u", user_number(), "-n", names, "-O", slurm_columns()}));
    commands.back().environment = {"SLURM_TIME_FORMAT=%s"};
    commands.back().output_limit = std::size_t{256} << 20;
  }
  auto read = [workers](const std::vector<CommandResult>& results) -> std::vector<ListedWorker> {
    if (results.empty()) return {};
    std::optional<std::vector<ListedWorker>> listed;
    if (results[0].ok()) listed = parse_slurm_listing(results[0].out, workers);
    if (!listed) throw slurm_error("list the workers", "squeue", results[0]);
    return *std::move(listed);
  };
  return {std::move(commands), std::move(read), clock_};
}

Answer<Cancelled> SlurmLauncher::cancel(const WorkerRange& workers) {
  std::vector<CommandOptions> commands;
  // scancel takes one name at a time.
  for (const std::string& name : names_of(workers))
    commands.push_back(command({"scancel", "--user=" + user_number(), "--name=" + name}));
  return {std::move(commands), read_cancellation, clock_, CommandSeries::AfterFailure::go_on};
}

std::filesystem::path SlurmLauncher::log_of(const WorkerRequest& request, int index) {
  const int offset = index / max_array_size() * max_array_size();
  const std::string shown = offset == 0 ? std::to_string(index) : fmt::format("{}+{}", offset, index - offset);
  return replaced(request.log.string(), "{index}", shown);
}

}  // namespace latentgrid
