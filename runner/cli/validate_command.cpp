#include <fmt/format.h>

#include <memory>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/plan_summary.hpp"
#include "cli/sweep_options.hpp"
#include "data/digest_cache.hpp"

namespace latentgrid::cli {

namespace {

int validate(const SweepOptions& options, const Context& context, Said& said) {
  const ArtifactStore store = results_store(context);
  DigestCache digests(store.digest_cache());
  const Plan plan = plan_or_throw(options, store, digests, &said);
  figure_tasks_or_throw(options, plan, store, digests, &said);
  if (context.format == Format::json) {
    fmt::print("{}\n", Json{{"valid", true},
                            {"sweep", plan.sweep.name},
                            {"jobs", plan.graph.jobs.size()},
                            {"architectures", architectures_json(plan)},
                            {"warnings", warnings_json(said)}}
                           .dump());
  } else {
    fmt::print("{}: valid: sweep '{}', {} job{} on {} images of {}, {} labelled\n", options.file, plan.sweep.name,
               plan.graph.jobs.size(), plan.graph.jobs.size() == 1 ? "" : "s", plan.dataset.images, what_an_image_has(plan.dataset),
               plan.dataset.labelled);
    fmt::print("{}", architectures_text(plan));
  }
  return 0;
}

void print_what_is_wrong(const Said& said) {
  const Json answer{{"valid", false}, {"errors", errors_json(said)}, {"warnings", warnings_json(said)}};
  fmt::print("{}\n", answer.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace

void add_validate(CLI::App& app, Context& context) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand("validate", "Check a sweep file and its data set, and list everything that is wrong");
  options->add_to(*command);
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback([options, &context] {
    context.action = [options, &context] {
      Said said;
      try {
        return validate(*options, context, said);
      } catch (const UsageError&) {
        if (context.format == Format::json) print_what_is_wrong(said);
        throw;
      }
    };
  });
}

}  // namespace latentgrid::cli
