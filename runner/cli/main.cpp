#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <optional>
#include <sstream>
#include <system_error>

#include "base/access.hpp"
#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/option_checks.hpp"

namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

// The word where a command should stand, or the command of a command, if it is none.
void refuse_unknown_command(const CLI::App& app, const std::vector<std::string>& words) {
  const std::vector<CLI::App*> chosen = app.get_subcommands();
  if (!chosen.empty()) return refuse_unknown_command(*chosen[0], words);
  if (app.get_subcommands([](const CLI::App*) { return true; }).empty()) return;
  std::vector<std::string> names;
  auto word = std::find_if(words.begin(), words.end(), [](const std::string& w) { return !w.starts_with('-'); });
  if (word == words.end()) return;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* any) { return !any->get_group().empty(); })) {
    names.push_back(command->get_name());
  }
  if (names.empty()) return;
  std::string close = latentgrid::closest_match(*word, names);
  const std::string after = app.get_parent() ? fmt::format(" after '{}'", app.get_name()) : "";
  throw latentgrid::UsageError(fmt::format("no command '{}'{}{} there are: {}", *word, after,
                                           close.empty() ? ";" : fmt::format(", did you mean '{}'?", close),
                                           fmt::join(names, ", ")));
}

// What CLI11 found wrong, with the command's call: "latentgrid export encoder JOB --out FILE.pt".
std::string wrong_call(const CLI::App& app, const CLI::ParseError& error) {
  const std::string message = error.what();
  const CLI::App* command = &app;
  std::string call = app.get_name();
  while (!command->get_subcommands().empty()) {
    command = command->get_subcommands()[0];
    call += " " + command->get_name();
  }
  const std::string help = call + " --help";
  if (!command->get_subcommands([](const CLI::App*) { return true; }).empty()) {
    return fmt::format("{}\n  hint: `{}` lists the commands", message, help);
  }
  if (!dynamic_cast<const CLI::RequiredError*>(&error)) return fmt::format("{}\n  hint: `{}` lists the options", message, help);
  for (const CLI::Option* option : command->get_options()) {
    if (!option->get_required()) continue;
    if (!option->get_positional()) call += " " + option->get_name();
    call += " " + option->get_type_name();
  }
  return fmt::format("{}\n  hint: write `{}`; `{}` lists the options", message, call, help);
}

int run_program(int argc, char** argv) {
  using namespace latentgrid::cli;
  CLI::App app("Compare pipelines of unsupervised image clustering, from a YAML grid to the tables of a report", "latentgrid");
  Context context;
  if (argc > 0) context.program = argv[0];
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("latentgrid ") + latentgrid::build_version() + " (" + latentgrid::git_commit() + ")");
  app.add_option("--results", context.results, "the folder of the database and the artifacts")
      ->capture_default_str()
      ->type_name("DIR")
      ->check(not_empty());
  add_validate(app, context);
  add_plan(app, context);
  add_run(app, context);
  add_status(app, context);
  add_ls(app, context);
  add_show(app, context);
  add_compare(app, context);
  add_explain(app, context);
  add_query(app, context);
  add_report(app, context);
  add_submission(app, context);
  add_scores(app, context);
  add_export_encoder(*add_export(app, context), context);
  add_du(app, context);
  add_gc(app, context);
  add_rm(app, context);
  add_doctor(app, context);
  add_completion(app, context);
  add_man(app, context);
  if (argc == 1) {
    fmt::print("{}", app.help());
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) refuse_unknown_command(app, app.remaining(true));
    if (error.get_exit_code() != 0) throw latentgrid::UsageError(wrong_call(app, error));
    std::ostringstream out, err;  // CLI11 would hide why std::cout fails
    app.exit(error, out, err);
    fmt::print("{}", out.str());
    return 0;
  }
  return context.action();
}

// `lost_because` is set where output could not be written.
int answer(int argc, char** argv, std::string& lost_because) {
  try {
    return run_program(argc, argv);
  } catch (const latentgrid::UsageError& error) {
    fmt::print(stderr, "latentgrid: {}\n", error.what());
    return exit_usage;
  } catch (const std::bad_alloc&) {
    fmt::print(stderr, "latentgrid: there is not enough memory, or a limit (`ulimit -v`) is too low\n");
    return exit_failed;
  } catch (const std::exception& error) {
    const auto* of_system = dynamic_cast<const std::system_error*>(&error);
    const auto* of_a_file = dynamic_cast<const std::filesystem::filesystem_error*>(&error);
    if (of_system && !of_a_file && std::ferror(stdout)) {
      lost_because = of_system->code().message();
    } else if (of_a_file) {
      std::error_code none;
      const bool to_make = !std::filesystem::exists(of_a_file->path1(), none) && !none;
      const latentgrid::Access access = to_make ? latentgrid::Access::write : latentgrid::Access::read;
      fmt::print(stderr, "latentgrid: {}\n", latentgrid::access_error(of_a_file->path1(), access, of_a_file->code().value()).what());
    } else {
      fmt::print(stderr, "latentgrid: {}\n", error.what());
    }
    return exit_failed;
  }
}

}  // namespace

int main(int argc, char** argv) {
  latentgrid::prepare_standard_streams();
  std::string reason;
  const int code = answer(argc, argv, reason);
  const std::optional<std::string> lost = latentgrid::finish_stdout();
  if (!lost) return code;
  if (reason.empty()) reason = *lost;
  fmt::print(stderr, "latentgrid: cannot write to standard output{}{}\n", reason.empty() ? "" : ": ", reason);
  return code == 0 ? exit_failed : code;
}
