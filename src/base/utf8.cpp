#include "base/utf8.hpp"

#include <cstdint>

namespace latentgrid {

namespace {

void append_utf8(std::string& text, std::uint32_t point) {
  auto byte = [&](std::uint32_t value) { text += static_cast<char>(value); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) {
    byte(0xC0 | point >> 6);
  } else if (point < 0x10000) {
    byte(0xE0 | point >> 12);
    byte(0x80 | (point >> 6 & 0x3F));
  } else {
    byte(0xF0 | point >> 18);
    byte(0x80 | (point >> 12 & 0x3F));
    byte(0x80 | (point >> 6 & 0x3F));
  }
  byte(0x80 | (point & 0x3F));
}

}  // namespace

std::string utf8_of(std::string_view bytes) {
  const bool little = bytes.starts_with("\xFF\xFE"), big = bytes.starts_with("\xFE\xFF");
  if (!little && !big) return std::string(bytes);
  auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]), second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<std::uint32_t>(little ? first | second << 8 : first << 8 | second);
  };
  std::string text;
  for (std::size_t at = 2; at + 1 < bytes.size(); at += 2) {
    std::uint32_t point = unit(at);
    const bool pair =
        point >= 0xD800 && point < 0xDC00 && at + 3 < bytes.size() && unit(at + 2) >= 0xDC00 && unit(at + 2) < 0xE000;
    if (pair) {
      point = 0x10000 + ((point - 0xD800) << 10 | (unit(at + 2) - 0xDC00));
      at += 2;
    } else if (point >= 0xD800 && point < 0xE000) {
      point = 0xFFFD;  // half of a pair
    }
    append_utf8(text, point);
  }
  return text;
}

std::optional<std::size_t> first_that_is_not_utf8(std::string_view text) {
  auto byte = [&](std::size_t at) { return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u; };
  for (std::size_t at = 0; at < text.size();) {
    const unsigned first = byte(at);
    std::size_t more = 0;  // bytes that follow
    if (first >= 0xC2 && first < 0xE0) more = 1;
    if (first >= 0xE0 && first < 0xF0) more = 2;
    if (first >= 0xF0 && first < 0xF5) more = 3;
    if (first >= 0x80 && more == 0) return at;
    std::uint32_t point = first & (0x7Fu >> (more + (more > 0)));
    for (std::size_t i = 1; i <= more; ++i) {
      if ((byte(at + i) & 0xC0) != 0x80) return at;
      point = point << 6 | (byte(at + i) & 0x3F);
    }
    const bool too_long = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    if (too_long || (point >= 0xD800 && point < 0xE000) || point > 0x10FFFF) return at;
    at += more + 1;
  }
  return std::nullopt;
}

}  // namespace latentgrid
