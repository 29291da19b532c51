#include "figure/clean_text.hpp"

#include "base/utf8.hpp"

namespace latentgrid {

std::string clean_text(std::string_view text) {
  std::string valid;
  while (const auto bad = first_that_is_not_utf8(text)) {
    valid.append(text.substr(0, *bad)).append("\uFFFD");
    text.remove_prefix(*bad + 1);
  }
  valid += text;
  std::string clean;
  for (std::size_t i = 0; i < valid.size(); ++i) {
    const auto byte = static_cast<unsigned char>(valid[i]);
    const std::string_view rest = std::string_view(valid).substr(i);
    if (byte == 0xC2 && static_cast<unsigned char>(valid[i + 1]) < 0xA0) {  // a control character of Latin-1
      clean += ' ';
      ++i;
    } else if (rest.starts_with("\uFFFE") || rest.starts_with("\uFFFF")) {  // which XML forbids
      clean += "\uFFFD";
      i += 2;
    } else {
      clean += (byte < 32 && byte != '\n') || byte == 127 ? ' ' : valid[i];
    }
  }
  return clean;
}

}  // namespace latentgrid
