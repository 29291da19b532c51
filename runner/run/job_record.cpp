#include "run/job_record.hpp"

#include <utility>

#include "methods/stages.hpp"

namespace latentgrid {

JobRecord job_record(const Job& job, const JobNode& node, const TaskGraph& graph) {
  JobRecord record;
  record.id = node.id;
  record.key = node.key;
  record.dataset = job.dataset;
  record.architecture = job.architecture;
  record.latent = job.latent;
  record.reduction = name_of(job.reductions());
  record.clustering = job.clustering().method->name;
  record.latent_dim = job.latent_dim();
  record.epochs = job.epochs();
  record.reduced_dim = job.reduced_dim();
  record.k = job.k;
  record.seed = job.seed;
  record.axes = job.axes();
  Json reduction = Json::array();
  for (const SharedStep& step : job.reductions()) {
    Json params = step->complete_params();
    params["method"] = step->method->name;
    reduction.push_back(std::move(params));
  }
  record.params = {{"train", job.training() ? *job.training()->params : Json()},
                   {"reduction", std::move(reduction)},
                   {"clustering", job.clustering().complete_params()},
                   {"threads", job.threads}};
  if (const MethodStep* refinement = job.refinement()) {  // its arithmetic is the training's, and stands there
    Json refined = {{"method", refinement->method->name}};
    const Json all = refinement->complete_params();
    for (const auto& [name, value] : all.items()) {
      if (refinement->method->find(name)) refined[name] = value;
    }
    record.params[refine_parameter] = std::move(refined);
  }
  if (!job.training() && job.portable) record.params[arithmetic_parameter] = portable_arithmetic;
  put_range(record.params, job.range);
  for (const JobStep& step : node.path) {
    const TaskNode& task = graph.tasks[step.task];
    record.path.push_back({task.stage, {task.key, step.extent}, step.step});
  }
  return record;
}

}  // namespace latentgrid
