#include "report/training_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/charts/parts.hpp"

namespace latentgrid {

TrainingNames::TrainingNames(const ReportData& data) : axes_(data.axes()) {
  static const std::set<std::string> others = {"architecture", "latent_dim", "epochs", "reduction",
                                               "reduced_dim",  "clustering", "k",      "seed"};
  std::erase_if(axes_, [&](const AxisColumn& axis) {
    const bool of_a_method = axis.name.find('.') != std::string::npos;
    return axis.values.size() < 2 || of_a_method || others.contains(axis.name);
  });
}

std::string TrainingNames::parameters(std::size_t row) const {
  std::string text;
  for (const AxisColumn& axis : axes_) {
    const int value = axis.value_of.at(row);
    if (value < 0) continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", axis.name,
                        text_of(axis.values[static_cast<std::size_t>(value)]));
  }
  return text;
}

}  // namespace latentgrid
