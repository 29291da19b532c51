#include "data/value_range.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

namespace latentgrid {

namespace {

constexpr std::int64_t most_bytes = 16 << 20;

template <typename T>
std::optional<ValueRange> range_of(const InputFile& file, const NpyHeader& header) {
  const std::int64_t available = (file.size() - static_cast<std::int64_t>(header.data_offset)) / std::int64_t{sizeof(T)};
  const std::int64_t count = std::min({header.size(), available, most_bytes / std::int64_t{sizeof(T)}});
  if (count < 1) return std::nullopt;
  std::vector<T> values(static_cast<std::size_t>(count));
  file.read(static_cast<std::int64_t>(header.data_offset), std::as_writable_bytes(std::span(values)));
  ValueRange range{std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  for (T value : values) {
    const auto number = static_cast<double>(value);
    if (!std::isfinite(number)) {
      range.not_numbers = true;
      continue;
    }
    range.lowest = std::min(range.lowest, number);
    range.highest = std::max(range.highest, number);
  }
  return range.lowest <= range.highest ? std::optional(range) : std::nullopt;
}

}  // namespace

std::optional<ValueRange> value_range(const InputFile& file, const NpyHeader& header) {
  const std::string& dtype = header.dtype;
  if (dtype == "<f4") return range_of<float>(file, header);
  if (dtype == "<f8") return range_of<double>(file, header);
  if (dtype == "|i1") return range_of<std::int8_t>(file, header);
  if (dtype == "<i2") return range_of<std::int16_t>(file, header);
  if (dtype == "<i4") return range_of<std::int32_t>(file, header);
  if (dtype == "<i8") return range_of<std::int64_t>(file, header);
  if (dtype == "<u2") return range_of<std::uint16_t>(file, header);
  if (dtype == "<u4") return range_of<std::uint32_t>(file, header);
  if (dtype == "<u8") return range_of<std::uint64_t>(file, header);
  return std::nullopt;
}

}  // namespace latentgrid
