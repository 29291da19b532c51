#pragma once

#include "report/comparison_input.hpp"

namespace latentgrid {

// The trainings behind the jobs, each once, as rows: without what reduces and clusters their latents. Their one value is the
// reconstruction loss. Jobs of raw pixels have none.
ComparisonInput of_trainings(const ComparisonInput& input);

}  // namespace latentgrid
