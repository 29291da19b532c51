#pragma once

#include <vector>

#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// The figures that the sweep's `report:` section lists, in its order; without a list every kind that has something to
// show. What is missing is an omission of its figure.
std::vector<Figure> build_figures(const ReportData& data);

}  // namespace latentgrid
