#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <new>
#include <optional>
#include <sstream>
#include <system_error>

#include "base/access.hpp"
#include "base/error.hpp"
#include "base/standard_streams.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/option_checks.hpp"
#include "cli/wrong_call.hpp"

namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int run_program(int argc, char** argv) {
  using namespace latentgrid::cli;
  CLI::App app("Compare pipelines of unsupervised image clustering, from a YAML grid to the tables of a report", "latentgrid");
  Context context;
  if (argc > 0) {
    context.program = argv[0];
    context.arguments.assign(argv + 1, argv + argc);
  }
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("latentgrid ") + latentgrid::build_version() + " (" + latentgrid::git_commit() + ")");
  app.add_option("--results", context.results, "the folder of the database and the artifacts")
      ->capture_default_str()
      ->type_name("DIR")
      ->check(not_empty())
      ->check(no_file());
  app.add_option("--database", context.database,
                 "the database's file, for results on a file system that several machines share: keep it on a local disk; the results folder "
                 "remembers it for later commands on this machine")
      ->type_name("FILE")
      ->check(not_empty())
      ->check(no_folder());
  add_init(app, context);
  add_validate(app, context);
  add_plan(app, context);
  add_run(app, context);
  add_status(app, context);
  add_logs(app, context);
  add_cancel(app, context);
  add_ls(app, context);
  add_show(app, context);
  add_compare(app, context);
  add_choose(app, context);
  add_explain(app, context);
  add_query(app, context);
  add_report(app, context);
  add_submission(app, context);
  add_scores(app, context);
  add_export_encoder(*add_export(app, context), context);
  add_du(app, context);
  add_gc(app, context);
  add_rm(app, context);
  add_methods(app, context);
  add_schema(app, context);
  add_doctor(app, context);
  add_completion(app, context);
  add_man(app, context);
  if (argc == 1) {
    fmt::print("{}", app.help());
    return 0;
  }
  try {
    std::vector<std::string> words = with_help_as_option({argv + 1, argv + argc});
    std::reverse(words.begin(), words.end());  // as CLI11 takes them
    app.parse(std::move(words));
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) refuse_call(app, error);
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
      fmt::print(stderr, "latentgrid: {}\n", text_with_hint(latentgrid::access_error(of_a_file->path1(), access, of_a_file->code().value())));
    } else {
      fmt::print(stderr, "latentgrid: {}\n", latentgrid::text_with_hint(error));
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
