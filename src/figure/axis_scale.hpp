#pragma once

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "figure/figure.hpp"

namespace latentgrid {

// What an axis has to show. Only what can be placed counts: finite values, on a logarithmic axis positive ones.
struct ValueRange {
  explicit ValueRange(const FigureAxis& axis) : log(axis.log && axis.categories.empty()) {}
  void add(double value);
  bool empty() const { return low > high; }

  bool log;
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();
  bool integers = true;       // all of them
  std::set<double> distinct;  // as long as they are few
};

struct AxisTick {
  double value = 0;
  std::string label;
};

// Where values lie along an axis: 0 at its low end, 1 at its high end.
class AxisScale {
 public:
  // A little wider than the range, by `margin` of it at each end; an axis of categories is theirs, and an empty range
  // gets some axis too.
  AxisScale(const FigureAxis& axis, const ValueRange& range, double margin = 0.04);

  bool can_place(double value) const;
  double place(double value) const;  // of a value that can be placed

  // About so many, at round values, of few integers at these; the categories, all of them. Empty
  // on an axis without units.
  std::vector<AxisTick> ticks(int about) const;

  // At the values themselves, if they are few (a grid's); else empty.
  std::vector<AxisTick> value_ticks() const;

  bool categories() const { return !categories_.empty(); }
  double length() const { return high_ - low_; }  // in the axis's units; of a logarithmic one in decades
  void widen(double length, double about = 0.5);  // to this length; what is at `about` stays there

 private:
  bool own_values_serve(int about) const;
  std::vector<AxisTick> linear_ticks(double low, double high, int about) const;
  std::vector<AxisTick> log_ticks(int about) const;

  bool log_, without_units_, integers_;
  double low_ = 0, high_ = 1;  // of a logarithmic axis the exponents of ten
  std::vector<double> distinct_;
  std::vector<std::string> categories_;
};

}  // namespace latentgrid
