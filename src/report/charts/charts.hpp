#pragma once

#include "base/json.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid::charts {

// The functions of columns/figure_kinds.def, one a kind of figure. They need nothing but the database and stored artifacts.
// `spec` is {"kind", "name", "title", parameters...}, already checked; each names its parameters and their defaults.
// Incomplete jobs are left out and counted in the caption; where nothing is left to draw, the figure has no body and an omission
// that says why. The same database gives the same figure. Throw Error for what the database cannot answer, and for names
// that no field or axis has.
//
// "score" is a measured field (report/fields.hpp), accuracy unless told otherwise; of a data set without labels the
// silhouette, which compares jobs that clustered one embedding only: otherwise the figure is an omission that says so.
#define FIGURE_KIND(name, title, function, ...) Figure function(const ReportData& data, const Json& spec);
#include "columns/figure_kinds.def"
#undef FIGURE_KIND

}  // namespace latentgrid::charts
