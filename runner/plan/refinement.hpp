#pragma once

#include <functional>
#include <optional>

#include "methods/method.hpp"
#include "model/architecture.hpp"
#include "plan/job.hpp"

namespace latentgrid {

// The step that refines what `training` makes of `model`, by a refinement with complete parameters, k among them. It computes as the
// training does: device, precision, convolution, arithmetic. `say` is told what is wrong; nothing is returned then.
std::optional<MethodStep> resolve_refinement(const MethodSpec& refinement, Json params, const Autoencoder& model, const MethodStep& training,
                                             const PointsSize& images, const std::function<void(const Problem&)>& say);

}  // namespace latentgrid
