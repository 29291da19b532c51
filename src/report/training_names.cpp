#include "report/training_names.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "columns/fields.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

TrainingNames::TrainingNames(const ReportData& data) : axes_(data.axes()) {
  std::erase_if(axes_, [&](const AxisColumn& axis) {
    const bool of_a_method = axis.name.find('.') != std::string::npos;
    return axis.values.size() < 2 || of_a_method || is_usual_axis(axis.name);
  });
}

std::string TrainingNames::parameters(std::size_t row) const {
  std::string text;
  for (const AxisColumn& axis : axes_) {
    const int value = axis.value_of.at(row);
    if (value < 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis.name,
                        value_text(axis.name, axis.values[static_cast<std::size_t>(value)]));
  }
  return text;
}

}  // namespace latentgrid
