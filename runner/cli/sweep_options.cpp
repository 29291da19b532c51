#include "cli/sweep_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"

namespace latentgrid::cli {

void SweepOptions::add_to(CLI::App& command) {
  command.add_option("FILE", file, "the sweep (YAML)")->required();
  command.add_option("-S,--set", sets, "replace a value of the file: --set train.batch_size=64 (may be repeated)")
      ->allow_extra_args(false)
      ->type_name("PATH=VALUE");
  command.add_option("--data", data, "a folder with trainX.npy (and trainY.npy, or valX.npy and valY.npy) instead of the dataset's files")
      ->type_name("DIR");
}

SpecOptions SweepOptions::spec() const {
  SpecOptions options;
  options.sets = sets;
  if (!data.empty()) options.data = std::filesystem::absolute(data);
  return options;
}

Plan plan_or_throw(const SweepOptions& options, const ArtifactStore& store, DigestCache& digests) {
  Diagnostics diagnostics;
  std::optional<Plan> plan = make_plan(options.file, options.spec(), store, digests, diagnostics);
  fmt::print(stderr, "{}", diagnostics.render());
  if (plan) return std::move(*plan);
  auto is_error = [](const Diagnostic& d) { return d.severity == Severity::error; };
  auto errors = std::count_if(diagnostics.all().begin(), diagnostics.all().end(), is_error);
  throw UsageError(fmt::format("{}: {} error{}; nothing was run", options.file, errors, errors == 1 ? "" : "s"));
}

}  // namespace latentgrid::cli
