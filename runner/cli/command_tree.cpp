#include "cli/command_tree.hpp"

#include <algorithm>


namespace latentgrid::cli {

namespace {

// "bash|zsh|fish": all that there is to choose from. Kinds of values, "SWEEP|FILE", are in capitals.
std::vector<std::string> split_choices(const std::string& value) {
  std::vector<std::string> choices;
  const bool kinds = std::any_of(value.begin(), value.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
  if (kinds || value.find('|') == std::string::npos) return choices;
  for (std::size_t at = 0; at <= value.size();) {
    const std::size_t end = std::min(value.find('|', at), value.size());
    choices.push_back(value.substr(at, end - at));
    at = end + 1;
  }
  return choices;
}

ArgumentHelp describe_argument(const CLI::Option& option) {
  ArgumentHelp help;
  if (option.get_positional()) {
    help.names = {option.get_single_name()};
  } else {
    for (const std::string& name : option.get_snames()) help.names.push_back("-" + name);
    for (const std::string& name : option.get_lnames()) help.names.push_back("--" + name);
  }
  if (option.get_items_expected_max() > 0) {
    help.value = option.get_type_name();
    // CLI11 writes what a value must be behind its name: "INT:POSITIVE".
    help.value.erase(std::min(help.value.find(':'), help.value.size()));
  }
  help.choices = split_choices(help.value);
  help.description = option.get_description();
  help.default_value = option.get_default_str();
  help.required = option.get_required();
  return help;
}

}  // namespace

CommandHelp describe(const CLI::App& app) {
  CommandHelp help{app.get_name(), app.get_description(), {}, {}, {}};
  for (const CLI::Option* option : app.get_options()) {
    (option->get_positional() ? help.positionals : help.options).push_back(describe_argument(*option));
  }
  for (const CLI::App* command : app.get_subcommands([](const CLI::App* any) { return !any->get_group().empty(); })) {
    help.commands.push_back(describe(*command));
  }
  return help;
}

}  // namespace latentgrid::cli
