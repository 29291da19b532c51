#include "base/hinted_error.hpp"

#include <fmt/format.h>

namespace latentgrid {

std::string hint_of(const std::exception& error) {
  const auto* hinted = dynamic_cast<const HintedError*>(&error);
  return hinted ? hinted->hint() : "";
}

std::string text_with_hint(const std::exception& error) {
  const std::string hint = hint_of(error);
  return hint.empty() ? error.what() : fmt::format("{}\n  hint: {}", error.what(), hint);
}

std::string in_one_line(std::string message) {
  constexpr std::string_view hint = "\n  hint: ";
  for (std::size_t at; (at = message.find(hint)) != std::string::npos;) message.replace(at, hint.size(), "; ");
  return message;
}

}  // namespace latentgrid
