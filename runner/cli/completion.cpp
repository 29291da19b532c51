#include "cli/completion.hpp"

#include <algorithm>

namespace latentgrid::cli {

namespace {

// bash hands over "--format=js" as three words.
std::vector<std::string> without_equals_signs(const std::vector<std::string>& words) {
  std::vector<std::string> kept;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool is_last = i + 1 == words.size();
    if (words[i] == "=" && !kept.empty() && kept.back().starts_with("--")) {
      if (is_last) kept.emplace_back();
      continue;
    }
    const std::size_t equals = words[i].starts_with("--") ? words[i].find('=') : std::string::npos;
    if (equals == std::string::npos) {
      kept.push_back(words[i]);
    } else {
      kept.push_back(words[i].substr(0, equals));
      kept.push_back(words[i].substr(equals + 1));
    }
  }
  return kept;
}

// What the words before the unfinished one have said.
class CommandLine {
 public:
  explicit CommandLine(const CommandHelp& program) : path_{&program} {}

  void read(const std::string& word) {
    if (waiting_) {
      const auto is = [&](const char* name) { return std::find(waiting_->names.begin(), waiting_->names.end(), name) != waiting_->names.end(); };
      if (is("--results")) results_.folder = word;
      if (is("--database")) results_.database = word;
      waiting_ = nullptr;
    } else if (word.starts_with("-") && word.size() > 1) {
      const ArgumentHelp* option = find_option(word);
      if (option && !option->value.empty()) waiting_ = option;
    } else if (const CommandHelp* next = find_command(word)) {
      path_.push_back(next);
    } else {
      ++positionals_;
    }
  }

  const ArgumentHelp* waiting() const { return waiting_; }  // the option whose value comes next
  const CommandHelp& command() const { return *path_.back(); }
  const std::vector<const CommandHelp*>& path() const { return path_; }
  const NamedResults& results() const { return results_; }
  const ArgumentHelp* next_positional() const {
    const std::vector<ArgumentHelp>& all = command().positionals;
    return positionals_ < all.size() ? &all[positionals_] : nullptr;
  }

 private:
  // Options of the program may stand behind a command too.
  const ArgumentHelp* find_option(const std::string& name) const {
    for (const CommandHelp* command : path_) {
      for (const ArgumentHelp& option : command->options) {
        if (std::find(option.names.begin(), option.names.end(), name) != option.names.end()) return &option;
      }
    }
    return nullptr;
  }
  const CommandHelp* find_command(const std::string& name) const {
    for (const CommandHelp& command : command().commands) {
      if (command.name == name) return &command;
    }
    return nullptr;
  }

  std::vector<const CommandHelp*> path_;
  const ArgumentHelp* waiting_ = nullptr;
  std::size_t positionals_ = 0;
  NamedResults results_;
};

class Collector {
 public:
  explicit Collector(std::string unfinished) : unfinished_(std::move(unfinished)) {}

  void add(const std::string& word, const std::string& description) {
    if (word.starts_with(unfinished_)) completion.candidates.push_back({word, description});
  }

  void add_values(const ArgumentHelp& argument, const NamedResults& results, const KnownValues& known_values) {
    for (const std::string& choice : argument.choices) add(choice, "");
    if (!argument.choices.empty()) return;
    for (std::size_t at = 0; at <= argument.value.size();) {  // "SWEEP|FILE"
      const std::size_t end = std::min(argument.value.find('|', at), argument.value.size());
      add_kind(argument.value.substr(at, end - at), results, known_values);
      at = end + 1;
    }
  }

  Completion completion;

 private:
  void add_kind(std::string kind, const NamedResults& results, const KnownValues& known_values) {
    if (kind.starts_with("FILE")) {
      completion.paths = Completion::Paths::files;
    } else if (kind == "DIR") {
      if (completion.paths == Completion::Paths::none) completion.paths = Completion::Paths::folders;
    } else {
      // Of a list, "COLUMN,...", the last item is unfinished.
      const bool list = kind.ends_with(",...");
      if (list) kind.erase(kind.find(','));
      const std::string before = list ? unfinished_.substr(0, unfinished_.rfind(',') + 1) : "";  // npos + 1 is 0
      for (const std::string& value : known_values(kind, results)) add(before + value, "");
    }
  }

  std::string unfinished_;
};

}  // namespace

Completion complete(const CommandHelp& program, std::vector<std::string> words, const KnownValues& known_values) {
  words = without_equals_signs(words);
  if (words.empty()) words.emplace_back();
  CommandLine line(program);
  for (std::size_t i = 0; i + 1 < words.size(); ++i) line.read(words[i]);
  Collector collector(words.back());
  if (line.waiting()) {
    collector.add_values(*line.waiting(), line.results(), known_values);
  } else if (words.back().starts_with("-")) {
    for (const CommandHelp* command : line.path()) {
      for (const ArgumentHelp& option : command->options) {
        // --help of the command itself is enough.
        if (command != &line.command() && option.names.back() == "--help") continue;
        collector.add(option.names.back(), option.description);
      }
    }
  } else {
    for (const CommandHelp& command : line.command().commands) collector.add(command.name, command.description);
    if (line.next_positional()) collector.add_values(*line.next_positional(), line.results(), known_values);
  }
  return std::move(collector.completion);
}

}  // namespace latentgrid::cli
