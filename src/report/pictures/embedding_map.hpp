#pragma once

#include "base/json.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

namespace latentgrid {

// Two-dimensional embeddings of labelled images by one job's encoder: a panel a reduction and a snapshot, with the KL
// divergence and the trustworthiness of each. Classes are colours; the images go along for the pointer.
Figure embedding_map(const ReportData& data, const Json& spec);

}  // namespace latentgrid
