#include "cli/man_page.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cctype>

namespace latentgrid::cli {

namespace {

// Text that troff shows as it is: backslashes and hyphens escaped, and a dot or an apostrophe never first in a line.
std::string escape(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return !out.empty() && (out[0] == '.' || out[0] == '\'') ? "\\&" + out : out;
}

std::string synopsis_of(const std::string& name, const CommandHelp& command) {
  std::string text = fmt::format("\\fB{}\\fR [OPTIONS]", escape(name));
  if (!command.commands.empty()) text += " COMMAND";
  for (const ArgumentHelp& argument : command.positionals) {
    const std::string shown = fmt::format("\\fI{}\\fR", escape(argument.names[0]));
    text += argument.required ? " " + shown : " [" + shown + "]";
  }
  return text;
}

std::string argument_text(const ArgumentHelp& argument, bool positional) {
  std::vector<std::string> names;
  for (const std::string& name : argument.names) names.push_back(escape(name));
  std::string text = fmt::format(".TP\n{0}{1}\\fR", positional ? "\\fI" : "\\fB", fmt::join(names, "\\fR, \\fB"));
  if (!positional && !argument.value.empty()) text += fmt::format(" \\fI{}\\fR", escape(argument.value));
  text += fmt::format("\n{}", escape(argument.description.empty() ? "-" : argument.description));
  if (!argument.default_value.empty()) text += fmt::format(" (default: {})", escape(argument.default_value));
  return text + "\n";
}

std::string arguments_text(const CommandHelp& command, bool with_help) {
  std::string text;
  for (const ArgumentHelp& argument : command.positionals) text += argument_text(argument, true);
  for (const ArgumentHelp& option : command.options) {
    if (with_help || option.names.back() != "--help") text += argument_text(option, false);
  }
  return text;
}

std::string command_text(const std::string& prefix, const CommandHelp& command) {
  const std::string name = prefix + command.name;
  std::string text = fmt::format(".SS {}\n{}.\n.PP\n{}\n{}", escape(name), escape(command.description),
                                 synopsis_of("latentgrid " + name, command), arguments_text(command, false));
  for (const CommandHelp& sub : command.commands) text += command_text(name + " ", sub);
  return text;
}

constexpr const char* after_the_commands = R"(.SH EXIT STATUS
.TP
0
Everything was done.
.TP
1
Some jobs or figures failed, or output could not be written.
.TP
2
The command line or the sweep file is wrong. Nothing was run.
.TP
130
The run was interrupted. Start it again to go on.
.SH ENVIRONMENT
.TP
LATENTGRID_WORKER
The worker program to use instead of the one that was installed with latentgrid.
.TP
LATENTGRID_NODE_WORKER
What starts it on the nodes of a cluster, where that is another file than on this machine.
.TP
LATENTGRID_FILE_SYSTEM
"shared" or "local": whether other machines share the file system of the results folder, where latentgrid can't tell.
.TP
CUDA_VISIBLE_DEVICES
The GPUs that a run may use.
.SH FILES
.TP
results/latentgrid.db
The results: an SQLite database. The option \-\-results names another folder, \-\-database another file.
.TP
results/database.txt
Where the database is, and on which machine, if it is not in the results folder.
.TP
results/logs
What workers say while they work, as latentgrid logs prints it.
.TP
results/artifacts
What jobs share: models, latents, embeddings, clusters. The folder may be deleted; it is then computed again.
.SH EXAMPLES
.nf
latentgrid validate sweep.yaml
latentgrid run sweep.yaml \-j2
latentgrid report my_sweep
latentgrid ls my_sweep \-\-sort accuracy \-\-descending
.fi
)";

}  // namespace

std::string man_page(const CommandHelp& program, const std::string& version) {
  std::string text = fmt::format(".TH LATENTGRID 1 \"\" \"latentgrid {}\" \"User Commands\"\n", escape(version));
  std::string name = program.description;  // which begins with a small letter, as man-pages(7) has it
  if (!name.empty()) name[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(name[0])));
  text += fmt::format(".SH NAME\n{} \\- {}\n", escape(program.name), escape(name));
  text += fmt::format(".SH SYNOPSIS\n{}\n", synopsis_of(program.name, program));
  text += fmt::format(".SH OPTIONS\nThese may stand before or behind any command.\n{}", arguments_text(program, true));
  text += ".SH COMMANDS\n";
  for (const CommandHelp& command : program.commands) text += command_text("", command);
  return text + after_the_commands;
}

}  // namespace latentgrid::cli
