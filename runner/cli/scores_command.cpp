#include <fmt/format.h>

#include <memory>

#include "base/error.hpp"
#include "base/text_file.hpp"
#include "cli/commands.hpp"
#include "cli/leaderboard_file.hpp"
#include "cli/open_results.hpp"
#include "data/file_advice.hpp"
#include "data/what_is.hpp"
#include "run/results_lock.hpp"

namespace latentgrid::cli {

namespace {

Json to_json(const SubmissionCounts& counts, const LeaderboardFile& file) {
  Json problems = Json::array();
  for (const RowProblem& problem : file.problems)
    problems.push_back({{"line", problem.line}, {"message", problem.message}});
  return {{"imported", counts.imported},
          {"updated", counts.updated},
          {"known", counts.known},
          {"skipped", file.skipped},
          {"problems", problems}};
}

int import_scores(const std::string& path, const Context& context) {
  const ArtifactStore store = results_store(context);
  if (!std::filesystem::exists(path)) throw UsageError(fmt::format("there is no file '{}'", path));
  if (const FileContent content = what_is(path); content.kind != FileKind::unreadable && !may_be_text(content.kind)) {
    throw UsageError(fmt::format("{} {}\n  hint: the scores are a CSV file, as `kaggle competitions submissions -c NAME "
                                 "--csv` prints it, or with the columns job, public, private",
                                 path, what_it_is(content)));
  }
  const std::string text = read_text_file(path);
  if (!std::filesystem::exists(store.database())) open_results(context);  // says what to do: none is made here
  ResultsLock lock(store.lock_file(), {.run = "scores import"});
  ResultsDb db = open_for_writing(context, store);
  const LeaderboardFile file = read_leaderboard(
      text, path, [&](const std::string& prefix, std::int64_t limit) { return jobs_with_prefix(db, prefix, limit); });
  const SubmissionCounts counts = import_submissions(db, file.submissions);
  db.checkpoint();
  for (const RowProblem& problem : file.problems)
    fmt::print(stderr, "{}:{}: {}\n", path, problem.line, problem.message);
  if (context.format == Format::json) {
    fmt::print("{}\n", to_json(counts, file).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    const std::string updated = counts.updated > 0 ? fmt::format(" updated={}", counts.updated) : "";
    fmt::print("imported={}{} known={} skipped={}\n", counts.imported, updated, counts.known, file.skipped);
  }
  return file.problems.empty() ? 0 : 1;
}

void add_import(CLI::App& scores, Context& context) {
  auto file = std::make_shared<std::string>();
  CLI::App* command = scores.add_subcommand(
      "import",
      "Record the scores of a competition; a row belongs to the job whose id is in its description or file name");
  command
      ->add_option("file", *file,
                   "the list that `kaggle competitions submissions -c NAME --csv` prints, or CSV with the columns job, "
                   "public, private")
      ->required()
      ->type_name("FILE");
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback([file, &context] { context.action = [file, &context] { return import_scores(*file, context); }; });
}

}  // namespace

void add_scores(CLI::App& app, Context& context) {
  CLI::App* command = app.add_subcommand("scores", "Record scores from a competition beside your own");
  command->require_subcommand(1);
  add_import(*command, context);
}

}  // namespace latentgrid::cli
