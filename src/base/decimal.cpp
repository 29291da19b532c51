#include "base/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace latentgrid {

namespace {

// The value is 0.DIGITS times ten to the power of `point`.
struct Decimal {
  std::string digits;
  int point = 0;
};

Decimal shortest_decimal(double magnitude) {
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), magnitude, std::chars_format::scientific).ptr;
  const std::string text(buffer.data(), end);
  const std::size_t e = text.find('e');
  Decimal decimal{text.substr(0, e), std::stoi(text.substr(e + 1)) + 1};
  std::erase(decimal.digits, '.');
  return decimal;
}

void add_one(std::string& digits) {
  auto digit = digits.rbegin();
  for (; digit != digits.rend() && *digit == '9'; ++digit) *digit = '0';
  if (digit == digits.rend()) {
    digits.insert(digits.begin(), '1');
  } else {
    ++*digit;
  }
}

double number(const std::string& text) {
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return fmt::format("{}", value);
  auto [kept, point] = shortest_decimal(std::abs(value));
  const int length = point + digits;  // of what is kept
  const bool up = length >= 0 && length < static_cast<int>(kept.size()) && kept[static_cast<std::size_t>(length)] >= '5';
  kept.resize(static_cast<std::size_t>(std::max(length, 0)), '0');
  if (up) add_one(kept);
  const auto after_point = static_cast<std::size_t>(digits);
  if (kept.size() <= after_point) kept = std::string(after_point + 1 - kept.size(), '0') + kept;
  if (digits > 0) kept.insert(kept.size() - after_point, 1, '.');
  if (value < 0) kept.insert(kept.begin(), '-');
  return kept;
}

std::string fixed_with_sign(double value, int digits) {
  return fmt::format("{}{}", value < 0 ? "" : "+", fixed(value, digits));
}

std::string p_text(double p) {
  return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.2g}", p);
}

double in_percent(double fraction) {
  if (!std::isfinite(fraction)) return fraction;
  const auto [digits, point] = shortest_decimal(std::abs(fraction));
  const double percent = number(fmt::format("0.{}e{}", digits, point + 2));
  return fraction < 0 ? -percent : percent;
}

double decimal_difference(double a, double b) {
  const double difference = a - b;
  const double larger = std::max(std::abs(a), std::abs(b));
  if (!std::isfinite(difference) || larger == 0) return difference;
  const int digits = 14 - static_cast<int>(std::floor(std::log10(larger)));  // 15 of the larger one are exact
  return digits < 1 || digits > 300 ? difference : number(fixed(difference, digits - 1));
}

}  // namespace latentgrid
