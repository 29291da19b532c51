#include "data/value_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "data/element.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t most_bytes = 16 << 20;

}  // namespace

std::optional<ValueRange> value_range(const InputFile& file, const NpyHeader& header) {
  const std::optional<Element> element = element_of(header.dtype);
  if (!element) return std::nullopt;
  const auto offset = static_cast<std::int64_t>(header.data_offset), size = static_cast<std::int64_t>(element->bytes);
  const std::int64_t count = std::min({header.size(), (file.size() - offset) / size, most_bytes / size});
  if (count < 1) return std::nullopt;
  std::vector<std::byte> bytes(static_cast<std::size_t>(count * size));
  file.read(offset, bytes);
  ValueRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (std::int64_t i = 0; i < count; ++i) {
    const double number = as_double(*element, bytes.data() + i * size);
    if (!std::isfinite(number)) {
      range.not_numbers = true;
      continue;
    }
    range.lowest = std::min(range.lowest, number);
    range.highest = std::max(range.highest, number);
    range.whole = range.whole && number == std::floor(number);
  }
  return range.lowest <= range.highest ? std::optional(range) : std::nullopt;
}

}  // namespace latentgrid
