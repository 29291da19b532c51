#include "plan/refinement.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "plan/task_key.hpp"

namespace latentgrid {

std::optional<MethodStep> resolve_refinement(const MethodSpec& refinement, Json params, const Autoencoder& model, const MethodStep& training,
                                             const PointsSize& images, const std::function<void(const Problem&)>& say) {
  std::vector<Problem> problems = refinement.problems_with(params, images);
  if (refinement.problem_with_model) {
    const Json layers = training.method->reconstructs ? model.to_json() : model.encoder_to_json();
    if (auto problem = refinement.problem_with_model(params, layers)) problems.push_back(std::move(*problem));
  }
  for (const Problem& problem : problems) say(problem);
  if (std::any_of(problems.begin(), problems.end(), [](const Problem& problem) { return !problem.warning; })) return std::nullopt;
  MethodStep step{.method = &refinement, .gpu = training.gpu};
  step.extent = take_extent(refinement, params);
  step.params = std::make_shared<const Json>(with_arithmetic(std::move(params), *training.params));
  return step;
}

}  // namespace latentgrid
