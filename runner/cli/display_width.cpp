#include "cli/display_width.hpp"

#include <cstdint>

namespace latentgrid::cli {

namespace {

struct Range {
  std::uint32_t first, last;
};

constexpr Range zero_width[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200B, 0x200F},
                                {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}, {0xFEFF, 0xFEFF}};
constexpr Range double_width[] = {{0x1100, 0x115F}, {0x2E80, 0x303E},   {0x3041, 0xA4CF},   {0xA960, 0xA97F},
                                  {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},
                                  {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template <std::size_t n>
bool within(std::uint32_t code, const Range (&ranges)[n]) {
  for (const Range& range : ranges) {
    if (code >= range.first && code <= range.last) return true;
  }
  return false;
}

bool continues(unsigned char byte) {
  return (byte & 0xC0) == 0x80;
}

// Takes one character off the front; a stray byte is a character of its own.
std::uint32_t take(std::string_view& text) {
  auto lead = static_cast<unsigned char>(text[0]);
  std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1;
  std::uint32_t code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || !continues(static_cast<unsigned char>(text[i]))) {
      text.remove_prefix(1);
      return lead;
    }
    code = code << 6 | (static_cast<unsigned char>(text[i]) & 0x3Fu);
  }
  text.remove_prefix(length);
  return code;
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    std::uint32_t code = take(text);
    width += within(code, zero_width) ? 0 : within(code, double_width) ? 2 : 1;
  }
  return width;
}

std::string printable(std::string_view text) {
  std::string shown;
  for (char c : text) {
    bool space = c == '\n' || c == '\r' || c == '\t';
    bool control = static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
    shown += space ? ' ' : control ? '?' : c;
  }
  return shown;
}

}  // namespace latentgrid::cli
