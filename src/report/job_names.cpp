#include "report/job_names.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "columns/fields.hpp"
#include "columns/parameters.hpp"
#include "methods/methods.hpp"
#include "report/charts/common.hpp"
#include "report/charts/varied_axes.hpp"
#include "report/fields.hpp"
#include "report/parameters.hpp"

namespace latentgrid {

namespace {

// What every name says in its own words.
bool is_said(const std::string& axis) {
  static const std::set<std::string> said = {"architecture", "latent_dim", "epochs", "reduction", "reduced_dim", "seed"};
  return said.contains(axis);
}

bool any_axis(const std::string&) { return true; }

bool is_of_training(const std::string& axis) { return is_axis_of_training(axis) && !is_common_axis(axis); }

bool is_of_refinement(const std::string& axis) {
  return axis == refine_parameter || find_method(MethodKind::refinement, axis.substr(0, axis.find('.')));
}

}  // namespace

std::string epochs_text(const ResultRow& row) {
  const std::optional<double>&run = row["epochs_run"], &best = row["best_epoch"];
  if (!run) return counted(row.epochs, "epoch");
  const auto ran = static_cast<std::int64_t>(*run), kept = static_cast<std::int64_t>(best.value_or(*run));
  return (kept < ran ? fmt::format("epoch {} of {}", kept, ran) : counted(ran, "epoch")) + (ran < row.epochs ? fmt::format(" (at most {})", row.epochs) : "");
}

JobNames::JobNames(const ReportData& data) : JobNames(data, data.every_row()) {}

JobNames::JobNames(const ReportData& data, const std::vector<std::size_t>& rows) : data_(data) {
  for (const ResultRow& row : data.rows) latents_[row.architecture].insert(row.latent);
  for (const charts::VariedAxis& axis : charts::varied_axes(data, rows)) {
    axes_.push_back(&*std::find_if(data.axes().begin(), data.axes().end(), [&](const AxisColumn& column) { return column.name == axis.name; }));
  }
}

bool JobNames::with_latent(const ResultRow& row) const {
  return !row.latent.empty() && row.latent != "native" && latents_.at(row.architecture).size() > 1;
}

std::string JobNames::architecture(const ResultRow& row) const {
  if (!trains_encoder(row.architecture)) return display_name_of_architecture(row.architecture);
  return with_latent(row) ? fmt::format("{}({})", row.architecture, row.latent) : row.architecture;
}

bool JobNames::differ_in(const std::string& axis) const {
  return std::any_of(axes_.begin(), axes_.end(), [&](const AxisColumn* known) { return known->name == axis; });
}

std::vector<std::string> JobNames::values(const ResultRow& row, const std::function<bool(const std::string&)>& wanted) const {
  std::vector<std::string> found;
  for (const AxisColumn* axis : axes_) {
    const int value = axis->value_of.at(place(row));
    if (value < 0 || is_said(axis->name) || !wanted(axis->name)) continue;
    const std::string text = value_text(axis->name, axis->values[static_cast<std::size_t>(value)]);
    found.push_back(axis->name == "clustering" ? text : fmt::format("{} {}", axis->name, text));
  }
  return found;
}

std::string JobNames::training_parameters(const ResultRow& row) const { return fmt::format("{}", fmt::join(values(row, is_of_training), ", ")); }

std::string JobNames::parameters_before_refinement(const ResultRow& row) const {
  const auto wanted = [](const std::string& axis) { return is_of_training(axis) && !is_of_refinement(axis); };
  return fmt::format("{}", fmt::join(values(row, wanted), ", "));
}

std::string JobNames::training(const ResultRow& row) const {
  const std::string parameters = training_parameters(row);
  return fmt::format("{} after {}{}, seed {}", architecture(row), epochs_text(row), parameters.empty() ? "" : ", " + parameters,
                     row.seed);
}

std::string JobNames::job(const ResultRow& row) const {
  std::vector<std::string> parts = {row_label(row, with_latent(row))};
  if (trains_encoder(row.architecture)) parts.push_back(epochs_text(row));
  for (std::string& value : values(row, any_axis)) parts.push_back(std::move(value));
  return fmt::format("{}, seed {}", fmt::join(parts, ", "), row.seed);
}

std::string JobNames::setting(const ResultRow& row) const {
  std::vector<std::string> steps;
  if (differ_in("architecture") || differ_in("latent_dim")) steps.push_back(architecture(row));
  if (differ_in("reduction") || differ_in("reduced_dim")) steps.push_back(charts::reduction_text(row));
  std::vector<std::string> parts = values(row, any_axis);
  if (!steps.empty()) parts.insert(parts.begin(), fmt::format("{}", fmt::join(steps, " + ")));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<int> JobNames::setting_key(const ResultRow& row) const {
  std::vector<int> key;
  for (const AxisColumn* axis : axes_) {
    if (axis->name != "epochs" && axis->name != "seed") key.push_back(axis->value_of.at(place(row)));
  }
  return key;
}

}  // namespace latentgrid
