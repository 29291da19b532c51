#pragma once

#include "base/json.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid::charts {

// Figures that need nothing but the database and stored artifacts. `spec` is {"kind", "name", "title", parameters...},
// already checked; each builder names its parameters and their defaults. Incomplete jobs are left out and counted in
// the caption; where nothing is left to draw, the figure has no body and a gap that says why. The same database gives
// the same figure. Throw Error for what the database cannot answer, and for names that no field or axis has.
//
// "score" is a measured field (report/fields.hpp), accuracy unless told otherwise; of a data set without labels the
// silhouette, which compares jobs that clustered one embedding only: otherwise the figure is a gap that says so.

// Mean training loss by epoch, a curve a training.
Figure training_curves(const ReportData& data, const Json& spec);

// {"score"}: reconstruction error against the score of every checkpoint, a panel an architecture; the checkpoints of a
// training are joined in order of epochs. The caption has the correlations, and what follows from them.
Figure error_vs_score(const ReportData& data, const Json& spec);

// {"score", "jobs"}: the score against the number of epochs, a line a setting (jobs that differ in epochs and seed alone),
// the mean over the seeds with a band of their standard deviation. "score" may be a list; "jobs" as in selection.hpp.
Figure score_by_epoch(const ReportData& data, const Json& spec);

// {"score"}: how much of the score's variance lies between the values of each axis (score/eta_squared.hpp).
Figure importance(const ReportData& data, const Json& spec);

// {"score"}: the score against the values of each axis that varies.
Figure slices(const ReportData& data, const Json& spec);

// {"score"}: a line a job through its values on all axes that vary, and its score.
Figure parallel_coordinates(const ReportData& data, const Json& spec);

// {"jobs": {"best": "accuracy"}}: clusters against classes, of the first complete job that is meant (selection.hpp).
Figure confusion(const ReportData& data, const Json& spec);

// Wall time by stage as done, and what the jobs would have taken one by one.
Figure costs(const ReportData& data, const Json& spec);

}  // namespace latentgrid::charts
