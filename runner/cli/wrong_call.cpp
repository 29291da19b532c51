#include "cli/wrong_call.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <regex>
#include <string_view>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/synonyms.hpp"
#include "methods/parameter_names.hpp"

namespace latentgrid::cli {

namespace {

// What other programs call our commands.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> commands_elsewhere = {
    {{"train", "run"}, {"start", "run"}, {"sweep", "run"}, {"fit", "run"}, {"resume", "run"}, {"list", "ls"},
     {"results", "ls"}, {"jobs", "ls"}, {"info", "show"}, {"describe", "show"}, {"diff", "compare"},
     {"check", "validate"}, {"lint", "validate"}, {"sql", "query"}, {"delete", "rm"}, {"remove", "rm"},
     {"clean", "gc"}, {"prune", "gc"}, {"usage", "du"}, {"submit", "submission"}}};

// Options of other programs, and what to write here.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> options_elsewhere = {
    {{"--dry-run", "`latentgrid plan FILE` says what a run would do"},
     {"--resume", "every run goes on where the last one stopped"},
     {"--gpu", "write --set train.device=cuda"},
     {"--cuda", "write --set train.device=cuda"},
     {"--device", "write --set train.device=cuda"},
     {"--workers", "write -j N"}}};

template <std::size_t n>
std::string looked_up(const std::array<std::pair<std::string_view, std::string_view>, n>& table, std::string_view word) {
  const auto found = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.first == word; });
  return found == table.end() ? "" : std::string(found->second);
}

std::vector<const CLI::App*> shown_commands(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App* any) { return !any->get_group().empty(); });
}

// The command that was chosen, with its call: "latentgrid export encoder".
struct Chosen {
  const CLI::App* command;
  std::string call;
};

Chosen chosen_command(const CLI::App& program) {
  Chosen chosen{&program, program.get_name()};
  while (!chosen.command->get_subcommands().empty()) {
    chosen.command = chosen.command->get_subcommands()[0];
    chosen.call += " " + chosen.command->get_name();
  }
  return chosen;
}

bool takes(const CLI::App& command, const std::string& option) { return command.get_option_no_throw(option) != nullptr; }

[[noreturn]] void refuse(const std::string& problem, const std::string& hint) {
  throw UsageError(fmt::format("{}\n  hint: {}", problem, hint));
}

// The word where a command should stand, or the command of a command, if it is none.
void refuse_unknown_command(const Chosen& chosen, const std::vector<std::string>& extras) {
  std::vector<std::string> names;
  for (const CLI::App* command : shown_commands(*chosen.command)) names.push_back(command->get_name());
  const auto word = std::find_if(extras.begin(), extras.end(), [](const std::string& w) { return !w.starts_with('-'); });
  if (names.empty() || word == extras.end()) return;
  const bool inner = chosen.command->get_parent() != nullptr;
  std::error_code none;
  if (!inner && std::filesystem::is_regular_file(*word, none)) {
    refuse(fmt::format("a command is missing before '{}'", *word),
           fmt::format("`latentgrid run {0}` runs a sweep file, `latentgrid validate {0}` checks it", *word));
  }
  const std::string ours = inner ? "" : looked_up(commands_elsewhere, *word);
  const std::string close = ours.empty() ? closest_match(*word, names) : ours;
  const std::string after = inner ? fmt::format(" after '{}'", chosen.command->get_name()) : "";
  throw UsageError(fmt::format("no command '{}'{}{} there are: {}", *word, after,
                               close.empty() ? ";" : fmt::format(", did you mean '{}'?", close), fmt::join(names, ", ")));
}

// "learning_rate" for --lr and --learning-rate; "" for what is no parameter of training.
std::string training_parameter(std::string word) {
  word.erase(0, word.find_first_not_of('-'));
  word.erase(std::min(word.find('='), word.size()));
  std::replace(word.begin(), word.end(), '-', '_');
  if (!parameter_type(word)) word = name_in_jobs(word);
  return word.find('.') == std::string::npos && parameter_type(word) ? word : "";
}

// "write --set seeds=[1]" for --seed 1, --seed=1 and --seeds 0 1.
std::string seeds_option(const Chosen& chosen, const std::vector<std::string>& extras, std::vector<std::string>::const_iterator found) {
  const std::string option = found->substr(0, found->find('='));
  if (option != "--seed" && option != "--seeds" && option != "--random-state") return "";
  const auto are_numbers = [](const std::string& word) { return !word.empty() && word.find_first_not_of("0123456789,") == std::string::npos; };
  std::vector<std::string> seeds;
  if (option.size() < found->size()) seeds = {found->substr(option.size() + 1)};
  for (auto word = found + 1; word != extras.end() && are_numbers(*word); ++word) seeds.push_back(*word);
  if (seeds.empty()) {  // of `run --seed 1 FILE` the 1 is taken for the file
    for (const CLI::Option* each : chosen.command->get_options()) {
      if (each->get_positional() && each->count() == 1 && are_numbers(each->results()[0])) seeds = each->results();
    }
  }
  const bool known = !seeds.empty() && std::all_of(seeds.begin(), seeds.end(), are_numbers);
  return fmt::format("write --set seeds=[{}]", known ? fmt::format("{}", fmt::join(seeds, ",")) : option == "--seeds" ? "0,1,2" : "1");
}

void refuse_unknown_option(const Chosen& chosen, const std::vector<std::string>& extras, const std::string& help) {
  const auto found = std::find_if(extras.begin(), extras.end(), [](const std::string& w) { return w.size() > 1 && w[0] == '-'; });
  if (found == extras.end()) return;
  const std::string option = found->substr(0, found->find('='));
  const std::string problem = fmt::format("`{}` has no option '{}'", chosen.call, option);
  std::vector<std::string> known;
  for (const CLI::App* command = chosen.command; command; command = command->get_parent()) {
    for (const CLI::Option* each : command->get_options()) {
      for (const std::string& name : each->get_lnames()) known.push_back("--" + name);
    }
  }
  const bool has_set = takes(*chosen.command, "--set");
  if (const std::string seeds = has_set ? seeds_option(chosen, extras, found) : ""; !seeds.empty()) refuse(problem, seeds);
  if (const std::string elsewhere = has_set ? looked_up(options_elsewhere, option) : ""; !elsewhere.empty()) refuse(problem, elsewhere);
  if (const std::string parameter = has_set ? training_parameter(option) : ""; !parameter.empty()) {
    refuse(problem, fmt::format("write --set train.{}=VALUE", parameter));
  }
  if ((option == "-o" || option == "--output") && takes(*chosen.command, "--out")) refuse(problem, "did you mean '--out'?");
  const std::string close = closest_match(option, known);
  if (!close.empty() && option.starts_with("--")) refuse(problem, fmt::format("did you mean '{}'?", close));
  refuse(problem, help);
}

void refuse_extra_word(const Chosen& chosen, const std::vector<std::string>& extras, const std::string& help) {
  const std::string& word = extras.front();
  std::vector<std::string> positionals;
  for (const CLI::Option* option : chosen.command->get_options()) {
    if (option->get_positional()) positionals.push_back(option->get_type_name());
  }
  const std::string call = fmt::format("`{}{}{}`", chosen.call, positionals.empty() ? "" : " ", fmt::join(positionals, " "));
  const std::string problem = fmt::format("'{}' is one argument too many: write {}", word, call);
  const bool has_set = takes(*chosen.command, "--set");
  if (has_set && word.find('=') != std::string::npos) {
    const std::string parameter = training_parameter(word);
    refuse(problem, fmt::format("--set {}{} replaces a value of the file", parameter.empty() ? "" : "train.", word));
  }
  if (has_set && chosen.command->count("--set") > 0) {
    refuse(problem, "--set takes a path and a value with '=' between them: --set train.epochs=3");
  }
  if (chosen.command->get_name() == "query") refuse(problem, "put the SELECT in quotes");
  if (chosen.command->get_name() == "man") refuse(problem, fmt::format("`latentgrid {} --help` is about one command", word));
  if (chosen.command->get_name() == "gc" || chosen.command->get_name() == "du") {
    refuse(problem, "it is about all sweeps of the results folder; `latentgrid rm SWEEP` forgets one");
  }
  refuse(problem, help);
}

// "--out: 1 required FILE missing"
void refuse_missing_value(const std::string& message) {
  static const std::regex missing(R"(^(-\S+): 1 required (.+) missing$)");
  std::smatch parts;
  if (!std::regex_match(message, parts, missing)) return;
  refuse(fmt::format("{} has no value", parts[1].str()), fmt::format("write {} {}", parts[1].str(), parts[2].str()));
}

}  // namespace

std::vector<std::string> with_help_as_option(std::vector<std::string> words) {
  if (words.empty() || words.front() != "help") return words;
  words.erase(words.begin());
  words.emplace_back("--help");
  return words;
}

void refuse_call(const CLI::App& program, const CLI::ParseError& error) {
  const std::vector<std::string> extras = program.remaining(true);
  Chosen chosen = chosen_command(program);
  const std::string help = fmt::format("`{} --help`", chosen.call);
  const bool of_commands = !shown_commands(*chosen.command).empty();
  if (of_commands) {
    refuse_unknown_command(chosen, extras);
    if (extras.empty()) refuse("a command is missing", help + " lists the commands");
  }
  const std::string lists = help + (of_commands ? " lists the commands" : " lists the options");
  const std::string message = error.what();
  if (const auto* required = dynamic_cast<const CLI::RequiredError*>(&error); required && extras.empty()) {
    for (const CLI::Option* option : chosen.command->get_options()) {
      if (!option->get_required()) continue;
      if (!option->get_positional()) chosen.call += " " + option->get_name();
      chosen.call += " " + option->get_type_name();
    }
    refuse(message, fmt::format("write `{}`; {}", chosen.call, lists));
  }
  if (!extras.empty()) {
    refuse_unknown_option(chosen, extras, lists);
    refuse_extra_word(chosen, extras, lists);
  }
  refuse_missing_value(message);
  refuse(message, lists);
}

}  // namespace latentgrid::cli
