#include "data/value_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "data/element.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t block_bytes = 4 << 20;

void extend(ValueRange& range, double number) {
  if (!std::isfinite(number)) {
    range.not_numbers = true;
    return;
  }
  range.lowest = std::min(range.lowest, number);
  range.highest = std::max(range.highest, number);
  range.whole = range.whole && number == std::floor(number);
}

}  // namespace

std::optional<ValueRange> value_range(const InputFile& file, const NpyHeader& header) {
  const std::optional<Element> element = element_of(header.dtype);
  if (!element) return std::nullopt;
  const auto size = static_cast<std::int64_t>(element->bytes);
  auto offset = static_cast<std::int64_t>(header.data_offset);
  std::int64_t left = std::min(header.size(), (file.size() - offset) / size);
  std::vector<std::byte> block;
  ValueRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  while (left > 0) {
    const std::int64_t count = std::min(left, block_bytes / size);
    block.resize(static_cast<std::size_t>(count * size));
    file.read(offset, block);
    for (std::int64_t i = 0; i < count; ++i) extend(range, as_double(*element, block.data() + i * size));
    offset += count * size;
    left -= count;
  }
  return range.lowest <= range.highest ? std::optional(range) : std::nullopt;
}

}  // namespace latentgrid
