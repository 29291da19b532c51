#include "cli/commands.hpp"

namespace latentgrid::cli {

void add_format_options(CLI::App& command, Context& context) {
  static const std::map<std::string, Format> formats{
      {"table", Format::table}, {"json", Format::json}, {"csv", Format::csv}, {"md", Format::md}};
  command.add_option("--format", context.format, "table, json, csv or md")
      ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case).description(""))
      ->type_name("FORMAT");
  command.add_flag_callback("--json", [&context] { context.format = Format::json; }, "the same as --format json");
}

}  // namespace latentgrid::cli
