#include <fmt/format.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/plan_summary.hpp"
#include "cli/sweep_options.hpp"
#include "cli/sweep_record.hpp"
#include "data/digest_cache.hpp"

namespace latentgrid::cli {

void add_plan(CLI::App& app, Context& context) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand("plan", "Show what a run would do: jobs, tasks, what is shared, what is reused");
  options->add_to(*command);
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback([options, &context] {
    context.action = [options, &context] {
      const ArtifactStore store = results_store(context);
      DigestCache digests(store.digest_cache());
      Said said;
      Plan plan = plan_or_throw(*options, store, digests, &said);
      const FigureTasks figure_tasks = figure_tasks_or_throw(*options, plan, store, digests, &said);
      print_plan(plan, figure_tasks, revision_change(plan, *options, store), said, context.format);
      return 0;
    };
  });
}

}  // namespace latentgrid::cli
