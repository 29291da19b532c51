#include "report/held_axes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "report/charts/common.hpp"
#include "report/fields.hpp"
#include "report/grouping.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

namespace {

bool label_says(const std::string& axis) {
  return axis == "architecture" || axis == "reduction" || says("reduced_dim", axis);
}

bool column_says(const TableSpec::Column& column, const std::string& axis) {
  if (column.field == "job") return true;
  return column.field == "label" ? label_says(axis) : says(column.field, axis);
}

}  // namespace

std::vector<HeldAxis> held_axes(const std::vector<AxisColumn>& axes, const std::vector<std::size_t>& jobs) {
  std::vector<HeldAxis> held;
  for (const AxisColumn& axis : axes) {
    std::set<int> values;
    for (std::size_t job : jobs) values.insert(axis.value_of.at(job));
    const bool in_all = values.erase(-1) == 0;
    if (axis.values.size() < 2 || values.size() != 1) continue;
    held.push_back({axis.name, value_text(axis.name, axis.values[static_cast<std::size_t>(*values.begin())]), in_all});
  }
  return held;
}

std::vector<HeldAxis> unsaid_axes(const TableSpec& spec, const std::vector<HeldAxis>& held, bool latent_is_said) {
  std::vector<TableSpec::Column> columns = spec.columns;
  if (spec.pivot) {
    columns.insert(columns.end(), spec.pivot->rows.begin(), spec.pivot->rows.end());
    columns.insert(columns.end(), spec.pivot->columns.begin(), spec.pivot->columns.end());
  }
  // Without a reduction an image has as many values as in the latent space.
  const bool no_reduction =
      std::any_of(held.begin(), held.end(), [](const HeldAxis& axis) { return axis.name == "reduction" && axis.value == "none"; });
  std::vector<HeldAxis> unsaid;
  for (const HeldAxis& axis : held) {
    const bool said = axis.name == spec.replicate || (axis.name == "latent_dim" && latent_is_said) ||
                      (axis.name == "reduced_dim" && no_reduction) ||
                      std::any_of(columns.begin(), columns.end(),
                                  [&](const TableSpec::Column& column) { return column_says(column, axis.name); });
    if (!said) unsaid.push_back(axis);
  }
  return unsaid;
}

std::vector<std::string> held_sentences(const std::vector<HeldAxis>& held, const std::string& rows) {
  std::vector<std::string> everywhere, somewhere;
  for (const HeldAxis& axis : held) (axis.in_all ? everywhere : somewhere).push_back(fmt::format("{} = {}", axis.name, axis.value));
  std::vector<std::string> sentences;
  if (!everywhere.empty()) sentences.push_back(fmt::format("In all {}, {}.", rows, charts::listed(everywhere)));
  if (!somewhere.empty()) {
    sentences.push_back(
        fmt::format("In all {} that have {}, {}.", rows, somewhere.size() == 1 ? "it" : "them", charts::listed(somewhere)));
  }
  return sentences;
}

}  // namespace latentgrid
