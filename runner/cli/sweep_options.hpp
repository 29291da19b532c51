#pragma once

#include <CLI/CLI.hpp>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "data/digest_cache.hpp"
#include "plan/make_plan.hpp"
#include "plan/figure_tasks.hpp"
#include "pool/executors.hpp"

namespace latentgrid::cli {

// What validate, plan and run share: FILE, --set, --data.
struct SweepOptions {
  std::string file;
  std::vector<std::string> sets;
  std::vector<std::string> slurm;  // of `run`
  std::string data;
  std::string command;  // by whose name it was called, for messages
  bool quiet = false;    // shows no progress
  const ExecutorKind* executor = &executors().front();  // what `run` would take: it says which GPUs there are to plan for
  bool all_checkpoints = false;  // make those too that `gc --checkpoints` has removed and nothing missing reads

  void add_to(CLI::App& app);
  SpecOptions spec() const;
};

using Said = std::vector<Diagnostic>;  // all that was said, for --json

// Plans what the report's figures need, errors as below, with what the database knows of the jobs; without one nothing has
// run.
FigureTasks figure_tasks_or_throw(const SweepOptions& options, const Plan& plan, const ArtifactStore& store, DigestCache& digests,
                           Said* said = nullptr);
FigureTasks figure_tasks_or_throw(const SweepOptions& options, const Plan& plan, const ArtifactStore& store, DigestCache& digests,
                           const JobKnowledge& known);

// Plans the sweep; what is wrong is printed to stderr and thrown as UsageError with a one-line summary. Warnings are printed
// too, and added to `said`.
Plan plan_or_throw(const SweepOptions& options, const ArtifactStore& store, DigestCache& digests, Said* said = nullptr);

// [{"file", "line", "column", "message", "hint"}] of the warnings. Line 0: the file as a whole, or the option that `file` names.
Json warnings_json(const Said& said);
Json errors_json(const Said& said);  // the same of the errors

}  // namespace latentgrid::cli
