#include "figure/axis_scale.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace latentgrid {

namespace {

constexpr double largest_placed = 1e300;  // beyond, differences overflow
constexpr std::size_t few_values = 12;
constexpr double closest_own_ticks = 0.2;  // of the axis

// The label of a tick at a multiple of `step`: as many digits as tell it from its neighbours.
std::string number_label(double value, double step) {
  if (std::abs(value) < step / 2) return "0";
  double magnitude = std::floor(std::log10(std::abs(value)) + 1e-9);
  int decimals = std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9)));
  if (magnitude < 6 && decimals <= 6) return fmt::format("{:.{}f}", value, decimals);
  int digits = std::clamp(static_cast<int>(magnitude - std::floor(std::log10(step) + 1e-9)), 0, 15);
  std::string text = fmt::format("{:.{}e}", value, digits);
  std::size_t e = text.find('e');
  std::string mantissa = text.substr(0, e);
  if (mantissa.find('.') != std::string::npos) {
    mantissa.erase(mantissa.find_last_not_of('0') + 1);
    if (mantissa.back() == '.') mantissa.pop_back();
  }
  return fmt::format("{}e{}", mantissa, std::stoi(text.substr(e + 1)));
}

double place_of_power(double value) {
  return std::clamp(std::log10(value), -300.0, 300.0);
}

std::string power_label(int exponent) {
  static constexpr const char* digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  if (exponent >= -3 && exponent <= 4) return fmt::format("{:.{}f}", std::pow(10.0, exponent), std::max(0, -exponent));
  std::string text = "10";
  for (char c : std::to_string(exponent)) text += c == '-' ? "⁻" : digits[c - '0'];
  return text;
}

std::string value_label(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e6) return fmt::format("{:.0f}", value);
  if (std::abs(value) >= 1e-4 && std::abs(value) < 1e6) return fmt::format("{:.5g}", value);
  std::string text = fmt::format("{:.3g}", value);  // 1e-05, 1.5e+07
  std::size_t e = text.find('e');
  return e == std::string::npos ? text : fmt::format("{}e{}", text.substr(0, e), std::stoi(text.substr(e + 1)));
}

}  // namespace

void ValueRange::add(double value) {
  if (!std::isfinite(value) || (log && value <= 0)) return;
  low = std::min(low, value);
  high = std::max(high, value);
  if (value != std::floor(value)) integers = false;
  if (distinct.size() <= few_values) distinct.insert(value);
}

AxisScale::AxisScale(const FigureAxis& axis, const ValueRange& range, double margin)
    : log_(range.log), without_units_(axis.without_units), integers_(range.integers), categories_(axis.categories) {
  if (range.distinct.size() <= few_values) distinct_.assign(range.distinct.begin(), range.distinct.end());
  if (!categories_.empty()) {
    low_ = -0.5;
    high_ = static_cast<double>(categories_.size()) - 0.5;
    if (!range.empty()) {
      low_ = std::clamp(range.low - 0.5, -largest_placed, low_);
      high_ = std::clamp(range.high + 0.5, high_, largest_placed);
    }
    return;
  }
  if (range.empty()) {
    if (log_) low_ = -1;
    return;
  }
  low_ = log_ ? place_of_power(range.low) : std::clamp(range.low, -largest_placed, largest_placed);
  high_ = log_ ? place_of_power(range.high) : std::clamp(range.high, -largest_placed, largest_placed);
  double length = high_ - low_, magnitude = std::max(std::abs(low_), std::abs(high_));
  if (length > 1e-9 * magnitude) {
    low_ -= margin * length;
    high_ += margin * length;
    return;
  }
  // One value: an axis around it.
  double half = log_ ? 0.5 : magnitude > 0 ? 0.1 * magnitude : 0.5;
  if (!log_ && integers_) half = std::max(half, 1.0);
  low_ -= half;
  high_ += half;
}

bool AxisScale::can_place(double value) const {
  return std::isfinite(value) && (!log_ || value > 0);
}

double AxisScale::place(double value) const {
  double at = log_ ? place_of_power(value) : std::clamp(value, -largest_placed, largest_placed);
  return (at - low_) / (high_ - low_);
}

void AxisScale::widen(double length, double about) {
  double fixed = low_ + (high_ - low_) * about;
  low_ = fixed - length * about;
  high_ = low_ + length;
}

std::vector<AxisTick> AxisScale::linear_ticks(double low, double high, int about) const {
  double rough = (high - low) / std::max(about, 1);
  double power = std::pow(10.0, std::floor(std::log10(rough)));
  double step = 10 * power;
  for (double factor : {5.0, 2.0, 1.0}) {  // the nearest by ratio
    if (rough < step * std::sqrt(factor * power / step)) step = factor * power;
  }
  if (integers_ && !log_) step = std::max(step, 1.0);
  std::vector<AxisTick> ticks;
  double first = std::ceil(low / step - 1e-9), last = std::floor(high / step + 1e-9);
  if (!(last - first < 1000)) return ticks;  // too far from zero for doubles to tell its ends apart
  for (double i = first; i <= last; ++i) {
    if (std::abs(i * step) <= largest_placed) ticks.push_back({i * step, number_label(i * step, step)});
  }
  return ticks;
}

std::vector<AxisTick> AxisScale::log_ticks(int about) const {
  if (high_ - low_ < 0.4) return linear_ticks(std::pow(10.0, low_), std::pow(10.0, high_), about);
  int first = static_cast<int>(std::floor(low_)), last = static_cast<int>(std::ceil(high_));
  bool parts = 3 * (high_ - low_) < about + 2;  // 1, 2, 5, 10, 20, ...
  int every = std::max(1, static_cast<int>(std::ceil((high_ - low_) / std::max(about, 1))));
  std::vector<AxisTick> ticks;
  for (int exponent = first; exponent <= last; ++exponent) {
    if (!parts && exponent % every != 0) continue;
    for (double factor : {1.0, 2.0, 5.0}) {
      if (factor > 1 && !parts) break;
      double at = exponent + std::log10(factor);
      if (at < low_ - 1e-9 || at > high_ + 1e-9) continue;
      double value = factor * std::pow(10.0, exponent);
      ticks.push_back({value, factor == 1 ? power_label(exponent) : number_label(value, value / factor)});
    }
  }
  return ticks;
}

// Few integers, on a linear axis so far apart that their labels have room, where round ones would miss some: a grid's
// latent dimensions.
bool AxisScale::own_values_serve(int about) const {
  if (!integers_ || distinct_.size() < 2) return false;
  if (log_) return distinct_.size() <= static_cast<std::size_t>(about);
  for (std::size_t i = 1; i < distinct_.size(); ++i) {
    if (distinct_[i] - distinct_[i - 1] < closest_own_ticks * (high_ - low_)) return false;
  }
  const std::vector<AxisTick> round = linear_ticks(low_, high_, about);
  auto has_tick = [&](double value) {
    return std::any_of(round.begin(), round.end(), [&](const AxisTick& tick) { return tick.value == value; });
  };
  return !std::all_of(distinct_.begin(), distinct_.end(), has_tick);
}

std::vector<AxisTick> AxisScale::ticks(int about) const {
  if (without_units_) return {};
  if (categories_.empty()) {
    return own_values_serve(about) ? value_ticks() : log_ ? log_ticks(about) : linear_ticks(low_, high_, about);
  }
  std::vector<AxisTick> ticks;
  for (std::size_t i = 0; i < categories_.size(); ++i) ticks.push_back({static_cast<double>(i), categories_[i]});
  return ticks;
}

std::vector<AxisTick> AxisScale::value_ticks() const {
  std::vector<AxisTick> ticks;
  for (double value : distinct_) ticks.push_back({value, value_label(value)});
  return ticks;
}

}  // namespace latentgrid
