#include "db/run_options.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace latentgrid {

namespace {

std::string for_shell(const std::string& word) {
  constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./=,:+-";
  if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
  std::string quoted = "'";
  for (char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
  return quoted + "'";
}

}  // namespace

std::string run_options_text(const Json& options) {
  std::string text;
  const auto add = [&](const char* option, const std::string& value) {
    text += fmt::format("{}{} {}", text.empty() ? "" : " ", option, for_shell(value));
  };
  if (!options.is_object()) return text;
  for (const std::string& set : options.value("set", std::vector<std::string>())) add("--set", set);
  if (const std::string data = options.value("data", ""); !data.empty()) add("--data", data);
  return text;
}

}  // namespace latentgrid
