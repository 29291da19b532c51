#pragma once

#include <string>
#include <vector>

#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// The figures that the sweep's `report:` section lists, in its order; without a list every kind that has something to
// show. What is missing is a gap of its figure.
std::vector<Figure> build_figures(const ReportData& data);

// What a figure's "kind" may be: the kinds that a sweep file may list.
std::vector<std::string> drawn_figure_kinds();

}  // namespace latentgrid
