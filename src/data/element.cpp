#include "data/element.hpp"

#include <bit>
#include <cmath>
#include <limits>
#include <string_view>

namespace latentgrid {

namespace {

double half_to_double(std::uint16_t bits) {
  const int exponent = bits >> 10 & 31, fraction = bits & 1023;
  double value = exponent == 0    ? std::ldexp(fraction, -24)
                 : exponent == 31 ? (fraction ? std::nan("") : std::numeric_limits<double>::infinity())
                                  : std::ldexp(1024 + fraction, exponent - 25);
  return bits >> 15 ? -value : value;
}

}  // namespace

std::optional<Element> element_of(const std::string& dtype) {
  if (dtype.size() != 3 || std::string_view("biuf").find(dtype[1]) == std::string_view::npos) return std::nullopt;
  if (std::string_view("1248").find(dtype[2]) == std::string_view::npos) return std::nullopt;
  return Element{dtype[1], static_cast<std::size_t>(dtype[2] - '0'), dtype[0] == '>'};
}

std::uint64_t bits_of(const Element& element, const std::byte* from) {
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < element.bytes; ++i) {
    const std::size_t place = element.big_endian ? element.bytes - 1 - i : i;
    bits |= std::uint64_t{static_cast<std::uint8_t>(from[i])} << (8 * place);
  }
  return bits;
}

std::int64_t signed_value(const Element& element, std::uint64_t bits) {
  const int unused = 64 - 8 * static_cast<int>(element.bytes);
  return static_cast<std::int64_t>(bits << unused) >> unused;
}

double real_value(const Element& element, std::uint64_t bits) {
  if (element.bytes == 2) return half_to_double(static_cast<std::uint16_t>(bits));
  if (element.bytes == 4) return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
  return std::bit_cast<double>(bits);
}

double as_double(const Element& element, const std::byte* from) {
  const std::uint64_t bits = bits_of(element, from);
  if (element.kind == 'f') return real_value(element, bits);
  if (element.kind == 'i') return static_cast<double>(signed_value(element, bits));
  return static_cast<double>(bits);
}

}  // namespace latentgrid
