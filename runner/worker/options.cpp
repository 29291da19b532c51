#include "worker/options.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <string_view>

#include "base/error.hpp"
#include "base/hinted_error.hpp"

namespace latentgrid::worker {

namespace {

constexpr std::string_view names_with_values[] = {"--results", "--run", "--parent", "--mailbox", "--idle-minutes", "--crew", "--index"};

template <typename Number>
bool read_number(std::string_view text, Number& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

// latentgrid itself names a results folder, not a mailbox.
bool says_what_to_do(const Options& options, bool has_results) {
  return !options.mailbox.empty() || has_results || options.parent || options.describe || options.help || options.version;
}

}  // namespace

std::string usage() {
  return "usage: latentgrid-worker --mailbox DIR [--idle-minutes N] [--results DIR]\n"
         "\n"
         "Does tasks of the runs that work in a results folder, as `latentgrid run FILE --executor mailbox` does.\n"
         "\n"
         "  --mailbox DIR        the folder mailbox/ of the results folder: results/mailbox\n"
         "  --idle-minutes N     leave after N minutes without a task; by default the worker stays until the run ends, or until no run was\n"
         "                       there for 20 minutes\n"
         "  --results DIR        the results folder, if it is not the one that DIR is in\n"
         "  --describe           print as JSON what this worker is made of and what it can use, and end\n"
         "  --help, --version    print this, or the version, and end\n"
         "\n"
         "Used by latentgrid itself: --run, --parent, --portable, --ignore-signals, --sync-log, --crew, --index.\n";
}

std::string greeting(const std::string& results, bool run_works, std::optional<double> idle_minutes) {
  const std::string idle = idle_minutes ? fmt::format(", or after {} minute{} without a task", *idle_minutes, *idle_minutes == 1 ? "" : "s") : "";
  const std::string begin = run_works ? fmt::format("ready for the tasks of a run in {}", results) : fmt::format("no run works in {} yet: it waits for one", results);
  return fmt::format("{}; it leaves when the run ends{}", begin, idle);
}

void check_mailbox(const std::filesystem::path& mailbox) {
  namespace fs = std::filesystem;
  const fs::path results = mailbox.parent_path();
  std::error_code none;
  const bool is_mailbox = mailbox.filename() == "mailbox" ? fs::is_directory(results, none) : fs::is_directory(mailbox / "workers", none);
  if (is_mailbox) return;
  if (mailbox.filename() != "mailbox") {
    throw HintedError(fmt::format("{} is no mailbox", mailbox.string()), fmt::format("name the folder mailbox of the results folder: --mailbox {}", (mailbox / "mailbox").string()));
  }
  throw HintedError(fmt::format("there is no results folder {}", results.string()),
                    fmt::format("check how it is spelled. The first run into it makes it: `latentgrid run FILE --executor mailbox --results {}`", results.string()));
}

// By hand: it runs before anything else, so that the check of the parent is the first thing a worker does.
Options parse_options(int argc, char** argv) {
  Options options;
  bool has_results = false;
  for (int i = 1; i < argc; ++i) {
    std::string_view name = argv[i];
    if (name == "--help" || name == "-h" || name == "--version") {
      (name == "--version" ? options.version : options.help) = true;
      continue;
    }
    if (name == "--describe") {
      options.describe = true;
      continue;
    }
    if (name == "--ignore-signals") {
      options.ignore_signals = true;
      continue;
    }
    if (name == "--sync-log") {
      options.sync_log = true;
      continue;
    }
    if (name == "--portable") {
      options.portable = true;
      continue;
    }
    if (std::find(std::begin(names_with_values), std::end(names_with_values), name) == std::end(names_with_values)) {
      throw UsageError(fmt::format("unknown option '{}'", name));
    }
    if (i + 1 == argc) throw UsageError(fmt::format("{} needs a value", name));
    std::string_view value = argv[++i];
    if (name == "--results") {
      options.results = value;
      has_results = true;
    } else if (name == "--run") {
      options.run = value;
    } else if (name == "--mailbox") {
      options.mailbox = value;
    } else if (name == "--crew") {
      options.crew = value;
    } else if (name == "--index") {
      if (!read_number(value, options.index)) throw UsageError(fmt::format("--index needs a number, not '{}'", value));
    } else if (name == "--idle-minutes") {
      double minutes = 0;
      if (!read_number(value, minutes) || minutes <= 0) throw UsageError(fmt::format("--idle-minutes needs a number above 0, not '{}'", value));
      options.idle_minutes = minutes;
    } else {
      pid_t pid = 0;
      if (!read_number(value, pid) || pid < 1) throw UsageError(fmt::format("--parent needs a process id, not '{}'", value));
      options.parent = pid;
    }
  }
  if (!says_what_to_do(options, has_results)) throw UsageError("--mailbox DIR is missing: it says whose tasks to do");
  if (options.mailbox.empty()) return options;
  options.mailbox = std::filesystem::absolute(options.mailbox).lexically_normal();
  if (!options.mailbox.has_filename()) options.mailbox = options.mailbox.parent_path();  // of "results/mailbox/"
  if (!has_results) options.results = options.mailbox.parent_path();  // where `run` makes it
  return options;
}

}  // namespace latentgrid::worker
