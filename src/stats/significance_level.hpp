#pragma once

namespace latentgrid {

constexpr double significance_level = 0.05;  // of every test in a report and a comparison

}  // namespace latentgrid
