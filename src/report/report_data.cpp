#include "report/report_data.hpp"

#include <numeric>

#include "report/fields.hpp"

namespace latentgrid {

const std::vector<AxisColumn>& ReportData::axes() const {
  if (axes_) return *axes_;
  axes_ = axis_columns(db, revision.id);
  for (AxisColumn& axis : *axes_) {
    if (axis.name != "reduction" && axis.name != "clustering") continue;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (const int value = axis.value_of.at(i); value >= 0) {
        axis.values[static_cast<std::size_t>(value)] = shown_text(find_field(axis.name), rows[i]);
      }
    }
  }
  return *axes_;
}

std::vector<std::size_t> ReportData::every_row() const {
  std::vector<std::size_t> places(rows.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  return places;
}

}  // namespace latentgrid
