#include "run/job_record.hpp"

#include <algorithm>
#include <utility>

#include "methods/stages.hpp"

namespace latentgrid {

TaskNumbers::TaskNumbers(const TaskGraph& graph) : graph_(graph) {
  first_.reserve(graph.tasks.size());
  family_.reserve(graph.tasks.size());
  for (std::size_t task = 0; task < graph.tasks.size(); ++task) {
    first_.push_back(static_cast<std::uint32_t>(family_.size()));
    family_.insert(family_.end(), graph.tasks[task].extents.size(), static_cast<std::uint32_t>(task));
  }
}

std::size_t TaskNumbers::of(const JobStep& step) const {
  const std::vector<std::int64_t>& extents = graph_.tasks[step.task].extents;  // ascending
  const auto place = std::lower_bound(extents.begin(), extents.end(), step.extent) - extents.begin();
  return first_[step.task] + static_cast<std::size_t>(place);
}

JobList::Tasks TaskNumbers::tasks() const {
  return {family_.size(), [this](std::size_t number) -> TaskName {
            const TaskNode& task = graph_.tasks[family_[number]];
            return {task.stage, task.key, task.extents[number - first_[family_[number]]]};
          }};
}

JobRecord job_record(const Job& job, const JobNode& node, const TaskGraph& graph, const TaskNumbers& numbers) {
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
    record.path.push_back({task.stage, {task.key, step.extent}, step.step, numbers.of(step)});
  }
  return record;
}

}  // namespace latentgrid
