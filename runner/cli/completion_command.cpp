#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/completion.hpp"
#include "cli/option_checks.hpp"
#include "cli/output.hpp"
#include "cli/shell_scripts.hpp"
#include "columns/measures.hpp"
#include "columns/metrics.hpp"
#include "db/job_columns.hpp"
#include "db/queries.hpp"
#include "db/select.hpp"
#include "methods/methods.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid::cli {

namespace {

class FirstColumn : public RowSink {
 public:
  void begin(const std::vector<std::string>&) override {}
  void row(const std::vector<Cell>& cells) override { values.push_back(cell_text(cells.at(0))); }
  std::vector<std::string> values;
};

// Nothing where there are no results yet: somebody who presses Tab wants no message.
std::vector<std::string> known_values(const std::string& kind, const NamedResults& results) {
  if (kind == "SCORE") return metric_names(&Metric::is_score);
  if (kind == "MEASURE") return names_of_measures();
  FirstColumn found;
  try {
    ArtifactStore store(results.folder);
    if (!results.database.empty()) store.use_database(std::filesystem::absolute(results.database));
    const ResultsDb db = ResultsDb::open_for_reading(store.database());
    if (kind == "SWEEP") found.values = sweep_names(db);
    if (kind == "JOB" || kind == "SPACE") select(db, "SELECT id FROM jobs ORDER BY id LIMIT 1000", found);
    if (kind == "COLUMN" || kind == "CONDITION") {
      found.values = job_columns(db);
      for (std::string& parameter : recorded_parameters(db)) found.values.push_back(std::move(parameter));
    }
  } catch (const Error&) {
  }
  if (kind == "SPACE") {
    for (std::string& encoder : untrained_encoder_names()) found.values.push_back(std::move(encoder));
  }
  if (kind == "CONDITION") {
    for (std::string& column : found.values) column += '=';
  }
  return found.values;
}

int print_candidates(const CLI::App& program, const std::vector<std::string>& words) {
  const Completion completion = complete(describe(program), words, known_values);
  std::string text;
  for (const Candidate& candidate : completion.candidates) text += candidate.word + "\t" + candidate.description + "\n";
  if (completion.paths == Completion::Paths::files) text += ":files\n";
  if (completion.paths == Completion::Paths::folders) text += ":folders\n";
  fmt::print("{}", text);
  return 0;
}

}  // namespace

void add_completion(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("completion", "Print the script that completes command lines in your shell");
  auto shell = std::make_shared<std::string>();
  command->add_option("shell", *shell, "your shell; source what is printed: source <(latentgrid completion bash)")
      ->required()
      ->check(one_of({"bash", "zsh", "fish"}))
      ->type_name("bash|zsh|fish");
  command->callback([shell, &context] {
    context.action = [shell] {
      fmt::print("{}", completion_script(*shell));
      return 0;
    };
  });
  // What those scripts ask: the words of the command line, the last one unfinished.
  CLI::App* answer = app.add_subcommand("complete", "")->group("");
  auto words = std::make_shared<std::vector<std::string>>();
  answer->add_option("words", *words);
  answer->callback([words, &app, &context] { context.action = [words, &app] { return print_candidates(app, *words); }; });
}

}  // namespace latentgrid::cli
