#include "cli/commands.hpp"

namespace latentgrid::cli {

CLI::App* add_export(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("export", "Write results, latents, labels or an encoder for other programs");
  command->require_subcommand(1);
  add_export_results(*command, context);
  add_export_images(*command, context);
  return command;
}

}  // namespace latentgrid::cli
