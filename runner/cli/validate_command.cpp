#include <fmt/format.h>

#include <memory>

#include "cli/commands.hpp"
#include "cli/sweep_options.hpp"

namespace latentgrid::cli {

void add_validate(CLI::App& app, Context& context) {
  auto options = std::make_shared<SweepOptions>();
  CLI::App* command = app.add_subcommand("validate", "check a sweep file and its dataset; say everything that is wrong");
  options->add_to(*command);
  add_format_options(*command, context, {Format::table, Format::json});
  command->callback([options, &context] {
    context.action = [options, &context] {
      const ArtifactStore store(context.results);
      DigestCache digests(store.digest_cache());
      Said said;
      Plan plan = plan_or_throw(*options, store, digests, &said);
      pictures_or_throw(*options, plan, store, digests, &said);
      if (context.format == Format::json) {
        fmt::print("{}\n", Json{{"valid", true},
                                {"sweep", plan.sweep.name},
                                {"jobs", plan.graph.jobs.size()},
                                {"warnings", warnings_json(said)}}
                               .dump());
      } else {
        fmt::print("{}: valid: sweep '{}', {} jobs on {} images of {}×{}×{}, {} labelled\n", options->file, plan.sweep.name,
                   plan.graph.jobs.size(), plan.dataset.images, plan.dataset.channels, plan.dataset.height,
                   plan.dataset.width, plan.dataset.labelled);
      }
      return 0;
    };
  });
}

}  // namespace latentgrid::cli
