#include "cli/size_text.hpp"

#include <fmt/format.h>

#include <array>

namespace latentgrid::cli {

std::string size_text(std::int64_t bytes) {
  static constexpr std::array<const char*, 5> units = {"kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  double size = static_cast<double>(bytes);
  std::size_t unit = 0;
  for (size /= 1000; size >= 999.95 && unit + 1 < units.size(); ++unit) size /= 1000;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

}  // namespace latentgrid::cli
