#include "data/value_range.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "data/array_input.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t value_block_bytes = 4 << 20;

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

std::optional<ValueRange> value_range(const ArrayInput& array) {
  const std::optional<Element> element = array.element();
  if (!element) return std::nullopt;
  const auto size = static_cast<std::int64_t>(element->bytes);
  const std::int64_t values = array.size();
  std::vector<std::byte> block;
  ValueRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (std::int64_t done = 0; done < values;) {
    const std::int64_t count = std::min(values - done, value_block_bytes / size);
    block.resize(static_cast<std::size_t>(count * size));
    array.read(done * size, block);
    for (std::int64_t i = 0; i < count; ++i) extend(range, as_double(*element, block.data() + i * size));
    done += count;
  }
  return range.lowest <= range.highest ? std::optional(range) : std::nullopt;
}

}  // namespace latentgrid
