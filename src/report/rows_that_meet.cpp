#include "report/rows_that_meet.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "columns/condition.hpp"
#include "db/job_columns.hpp"
#include "report/fields.hpp"

namespace latentgrid {

namespace {

Cell value_in(const ResultRow& row, const Field& field) {
  if (const auto* text = std::get_if<std::string ResultRow::*>(&field.source)) return row.*(*text);
  if (const auto* number = std::get_if<std::int64_t ResultRow::*>(&field.source)) return row.*(*number);
  const auto& value = row.*std::get<std::optional<double> ResultRow::*>(field.source);
  return value ? Cell(*value) : Cell();
}

class NamedColumn {
 public:
  NamedColumn(const ReportData& data, const std::string& name) : data_(data) {
    for (const AxisColumn& axis : data.axes()) {
      if (axis.name == name) axis_ = &axis;
    }
    for (const Field& field : all_fields()) {
      if (field.name == name && !std::holds_alternative<Field::Made>(field.source)) field_ = &field;
    }
    if (field_) return;
    parameter_ = name;
    if (!axis_ && !any_job_has_it()) refuse(name);
  }

  std::vector<Cell> of(std::size_t row) const {
    std::vector<Cell> values;
    const int on_axis = axis_ ? axis_->value_of.at(row) : -1;
    if (on_axis >= 0) values.push_back(axis_->values[static_cast<std::size_t>(on_axis)]);
    if (field_) values.push_back(value_in(data_.rows[row], *field_));
    if (values.empty()) values.push_back(job_value(data_.rows[row], parameter_));
    return values;
  }

 private:
  // A parameter that the sweep does not vary is on no axis.
  bool any_job_has_it() const {
    return std::any_of(data_.rows.begin(), data_.rows.end(), [&](const ResultRow& row) {
      return !std::holds_alternative<std::monostate>(job_value(row, parameter_));
    });
  }

  [[noreturn]] void refuse(const std::string& name) const {
    std::vector<std::string> known;
    for (const AxisColumn& axis : data_.axes()) known.push_back(axis.name);
    for (const Field& field : all_fields()) known.push_back(field.name);
    const std::string close = closest_match(name, known);
    throw Error(fmt::format("a table chooses jobs by '{}', which is neither a column nor a parameter of the jobs of sweep '{}'{}", name,
                            data_.sweep, close.empty() ? "" : fmt::format("; did you mean '{}'?", close)));
  }

  const ReportData& data_;
  const AxisColumn* axis_ = nullptr;
  const Field* field_ = nullptr;
  std::string parameter_;  // of what is no column
};

bool meets_condition(const Condition& condition, const std::vector<Cell>& values) {
  const auto one = [&](const Cell& value) { return meets(condition, value); };
  return condition.relation == Relation::not_equal ? std::all_of(values.begin(), values.end(), one)
                                                   : std::any_of(values.begin(), values.end(), one);
}

}  // namespace

std::vector<std::size_t> rows_that_meet(const ReportData& data, const Json& conditions) {
  std::vector<std::size_t> rows(data.rows.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  for (const Json& text : conditions) {
    const Condition condition = parse_condition(text.get_ref<const std::string&>());
    const NamedColumn values(data, condition.column);
    std::erase_if(rows, [&](std::size_t row) { return !meets_condition(condition, values.of(row)); });
  }
  return rows;
}

}  // namespace latentgrid
