#include "cli/commands.hpp"

namespace latentgrid::cli {

void add_export(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("export", "what other programs can read");
  command->require_subcommand(1);
  add_export_results(*command, context);
  add_export_encoder(*command, context);
}

}  // namespace latentgrid::cli
