#include <fmt/format.h>

#include "base/version.hpp"
#include "cli/commands.hpp"
#include "cli/man_page.hpp"

namespace latentgrid::cli {

void add_man(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("man", "Print the manual page: latentgrid man | man -l -");
  command->callback([&app, &context] {
    context.action = [&app] {
      fmt::print("{}", man_page(describe(app), build_version()));
      return 0;
    };
  });
}

}  // namespace latentgrid::cli
