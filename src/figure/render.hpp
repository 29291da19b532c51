#pragma once

#include "figure/canvas.hpp"
#include "figure/drawing.hpp"

namespace latentgrid {

// The page in all three forms. Throws Error where Cairo fails. Thread-safe.
DrawnFigure render(const Canvas& canvas);

}  // namespace latentgrid
