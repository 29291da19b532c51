#include <fmt/format.h>

#include "cli/commands.hpp"
#include "spec/json_schema.hpp"

namespace latentgrid::cli {

void add_schema(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("schema", "Write the JSON Schema of sweep files, with which editors complete and check them");
  command->callback([&context] {
    context.action = [] {
      fmt::print("{}\n", sweep_schema().dump(1));
      return 0;
    };
  });
}

}  // namespace latentgrid::cli
