#include "cli/option_checks.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

namespace latentgrid::cli {

namespace {

template <typename Number>
bool reads_as(const std::string& text, Number& value) {
  const char* const end = text.data() + text.size();
  auto [rest, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && rest == end;
}

CLI::Validator named(std::function<std::string(const std::string&)> check) {
  return CLI::Validator([check](std::string& text) { return check(text); }, "");
}

}  // namespace

CLI::Validator number_above_zero(const std::string& hint) {
  return named([hint](const std::string& text) -> std::string {
    double value = 0;
    if (reads_as(text, value) && std::isfinite(value) && value > 0) return "";
    return fmt::format("expects a number above 0, got '{}'{}", text, hint.empty() ? "" : "; " + hint);
  });
}

CLI::Validator integer_of_at_least(std::int64_t minimum) {
  return named([minimum](const std::string& text) -> std::string {
    std::int64_t value = 0;
    if (reads_as(text, value) && value >= minimum) return "";
    return fmt::format("expects an integer of at least {}, got '{}'", minimum, text);
  });
}

CLI::Validator not_empty() {
  return named([](const std::string& text) -> std::string {
    return text.empty() ? "has an empty value; give a value or leave the option out" : "";
  });
}

}  // namespace latentgrid::cli
