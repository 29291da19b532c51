#include <fmt/format.h>

#include <cstdio>

#include "base/error.hpp"
#include "base/version.hpp"
#include "cli/commands.hpp"

namespace {

constexpr int exit_failed = 1;
constexpr int exit_usage = 2;

int run_program(int argc, char** argv) {
  using namespace latentgrid::cli;
  CLI::App app("latentgrid: sweeps of unsupervised image clustering, from a YAML grid to the comparison table");
  Context context;
  app.require_subcommand(1);
  app.fallthrough();
  app.set_version_flag("--version", std::string("latentgrid ") + latentgrid::build_version() + " (" + latentgrid::git_commit() + ")");
  app.add_option("--results", context.results, "folder of the database and the artifacts")->capture_default_str()->type_name("DIR");
  add_validate(app, context);
  add_plan(app, context);
  add_run(app, context);
  add_status(app, context);
  add_ls(app, context);
  add_show(app, context);
  add_query(app, context);
  add_report(app, context);
  add_doctor(app, context);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  return context.action();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run_program(argc, argv);
  } catch (const latentgrid::UsageError& error) {
    fmt::print(stderr, "latentgrid: {}\n", error.what());
    return exit_usage;
  } catch (const std::exception& error) {
    fmt::print(stderr, "latentgrid: {}\n", error.what());
    return exit_failed;
  }
}
