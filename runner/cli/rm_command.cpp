#include <fmt/format.h>

#include <memory>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/size_text.hpp"
#include "db/forget.hpp"
#include "run/results_lock.hpp"
#include "space/collect.hpp"

namespace latentgrid::cli {

namespace {

struct RmOptions {
  std::string sweep;
  bool artifacts = false, scores = false;
};

// What is garbage now and was not before.
Garbage freed(const Garbage& before, const Garbage& after) {
  std::set<std::pair<std::string, ArtifactId>> known;
  for (const Garbage::Item& item : before.items) known.emplace(item.stage, item.id);
  Garbage garbage;
  for (const Garbage::Item& item : after.items) {
    if (!known.contains({item.stage, item.id})) garbage.items.push_back(item);
  }
  return garbage;
}

void require_scores_may_go(const ResultsDb& db, const RmOptions& options) {
  const std::int64_t scores = sweep_alone(db, options.sweep).submissions;
  if (scores == 0 || options.scores) return;
  throw Error(fmt::format(
      "sweep '{0}' has {1} that no other sweep has, and {2} would be forgotten too\n  hint: save {3} with "
      "`latentgrid export results {0} --out FILE`, then add --scores",
      options.sweep, counted(scores, "competition score"), scores == 1 ? "it" : "they", scores == 1 ? "it" : "them"));
}

Json to_json(const ForgottenSweep& forgotten, const Garbage& garbage, const RmOptions& options) {
  return {{"sweep", options.sweep},
          {"revisions", forgotten.revisions},
          {"jobs", forgotten.jobs},
          {"shared_jobs", forgotten.shared_jobs},
          {"scores", forgotten.submissions},
          {"artifacts", {{"number", garbage.items.size()}, {"bytes", garbage.bytes()}, {"removed", options.artifacts}}}};
}

void print_text(const ForgottenSweep& forgotten, const Garbage& garbage, const RmOptions& options) {
  fmt::print("forgot sweep '{}': {}", options.sweep, counted(forgotten.jobs, "job"));
  if (forgotten.shared_jobs > 0) {
    fmt::print("; {} job{} that other sweeps also have stay{}", forgotten.shared_jobs,
               forgotten.shared_jobs == 1 ? "" : "s", forgotten.shared_jobs == 1 ? "s" : "");
  }
  fmt::print("\n");
  if (garbage.items.empty()) return;
  const std::string what =
      fmt::format("{} ({})", counted(static_cast<std::int64_t>(garbage.items.size()), "artifact"), size_text(garbage.bytes()));
  if (options.artifacts) {
    fmt::print("removed {}\n", what);
  } else {
    fmt::print("{} {} no longer needed: `latentgrid gc --delete` removes {}\n", what,
               garbage.items.size() == 1 ? "is" : "are", garbage.items.size() == 1 ? "it" : "them");
  }
}

int remove_sweep(const RmOptions& options, const Context& context) {
  const ArtifactStore store = absolute_store(context);
  require_sweep(open_results(context), options.sweep);
  const ResultsLock lock(store.lock_file(), {.run = "rm " + options.sweep});
  ResultsDb db = open_for_writing(context, store);
  require_sweep(db, options.sweep);  // another process may have removed it meanwhile
  require_scores_may_go(db, options);
  const Inventory inventory = take_inventory(store);
  const Garbage before = find_garbage(inventory, read_needs(db, store), {});
  const ForgottenSweep forgotten = forget_sweep(db, options.sweep);
  const Garbage garbage = freed(before, find_garbage(inventory, read_needs(db, store), {}));
  if (options.artifacts) collect(garbage, store);
  db.checkpoint();
  if (context.format == Format::json) {
    fmt::print("{}\n", to_json(forgotten, garbage, options).dump(-1, ' ', false, Json::error_handler_t::replace));
  } else {
    print_text(forgotten, garbage, options);
  }
  return 0;
}

}  // namespace

void add_rm(CLI::App& app, Context& context) {
  auto options = std::make_shared<RmOptions>();
  CLI::App* command = app.add_subcommand(
      "rm", "Forget a sweep: all its revisions, and the jobs that no other sweep has; `gc` removes its artifacts");
  command->add_option("sweep", options->sweep, "the sweep's name")->required()->type_name("SWEEP");
  command->add_flag("--artifacts", options->artifacts, "also remove the artifacts that nothing else needs");
  command->add_flag("--scores", options->scores, "also forget its competition scores");
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback(
      [options, &context] { context.action = [options, &context] { return remove_sweep(*options, context); }; });
}

}  // namespace latentgrid::cli
