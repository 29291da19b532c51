#pragma once

#include "base/json.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// Originals, as loaded and before any augmentation, beside what each model makes of them, with the mean squared error
// of each on the scale of its values. What is missing is named.
Figure reconstructions(const ReportData& data, const Json& spec);

}  // namespace latentgrid
