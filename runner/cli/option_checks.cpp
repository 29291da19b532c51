#include "cli/option_checks.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>

#include "columns/cell.hpp"

namespace latentgrid::cli {

namespace {

CLI::Validator named(std::function<std::string(const std::string&)> check) {
  return CLI::Validator([check](std::string& text) { return check(text); }, "");
}

}  // namespace

CLI::Validator number_above_zero(const std::string& hint) {
  return named([hint](const std::string& text) -> std::string {
    const std::optional<double> value = number_in(text);
    if (value && std::isfinite(*value) && *value > 0) return "";
    return fmt::format("expects a number above 0, got '{}'{}", text, hint.empty() ? "" : "; " + hint);
  });
}

CLI::Validator integer_of_at_least(std::int64_t minimum) {
  return named([minimum](const std::string& text) -> std::string {
    const std::optional<std::int64_t> value = integer_in(text);
    if (value && *value >= minimum) return "";
    return fmt::format("expects an integer of at least {}, got '{}'{}", minimum, text,
                       text.starts_with('=') ? "; leave out the '='" : "");
  });
}

CLI::Validator not_empty() {
  return named([](const std::string& text) -> std::string {
    return text.empty() ? "has an empty value; give a value or leave the option out" : "";
  });
}

CLI::Validator no_file() {
  return named([](const std::string& text) -> std::string {
    std::error_code none;
    if (!std::filesystem::is_regular_file(text, none)) return "";
    return fmt::format("takes a folder, and '{0}' is a file; `latentgrid run {0}` runs a sweep file", text);
  });
}

CLI::Validator no_folder() {
  return named([](const std::string& text) -> std::string {
    std::error_code none;
    if (!std::filesystem::is_directory(text, none)) return "";
    return fmt::format("takes a file, and '{0}' is a folder; name a file in it: {1}", text, (std::filesystem::path(text) / "latentgrid.db").string());
  });
}

CLI::Validator one_of(std::vector<std::string> choices) {
  return named([choices = std::move(choices)](const std::string& text) -> std::string {
    if (std::find(choices.begin(), choices.end(), text) != choices.end()) return "";
    return fmt::format("expects {}, got '{}'", fmt::join(choices, " or "), text);
  });
}

}  // namespace latentgrid::cli
