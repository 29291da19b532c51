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

}  // namespace latentgrid
