#pragma once

#include <string>

#include "base/json.hpp"
#include "cli/commands.hpp"
#include "cli/sweep_options.hpp"
#include "db/revisions.hpp"
#include "plan/make_plan.hpp"
#include "plan/figure_tasks.hpp"

namespace latentgrid::cli {

// What `plan` and `run --dry-run` say. JSON: jobs, tasks (family executions), tasks_without_sharing (sum over jobs of the
// stages on their path), reused (families whose every needed artifact is published), to_execute, cells, excluded, merged, stages
// {stage: {tasks, reused, without_sharing}}, architectures, sharing_refused, notes, estimated_s, revision (revision_text.hpp).
void print_plan(const Plan& plan, const FigureTasks& figure_tasks, const RevisionChange& change, const Said& said,
                Format format);

Json plan_json(const Plan& plan, const FigureTasks& figure_tasks);
std::string plan_text(const Plan& plan, const FigureTasks& figure_tasks);

// "3×32×32", "384 features", or both: what there is of each image.
std::string what_an_image_has(const DatasetHeader& dataset);

// The autoencoders that the jobs train, each once: [{architecture, latent, latent_dim, added_layers}], and a line for each
// that a latent_dim adds layers to.
Json architectures_json(const Plan& plan);
std::string architectures_text(const Plan& plan);

}  // namespace latentgrid::cli
