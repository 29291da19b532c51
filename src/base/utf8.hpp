#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace latentgrid {

// The text of a file in UTF-16 with a byte-order mark, as PowerShell's `>` and Excel's "Unicode text" write it, in
// UTF-8; any other text as it is. What is no character becomes U+FFFD. Thread-safe.
std::string utf8_of(std::string_view bytes);

// Where the first byte stands that text in UTF-8 cannot have there; nothing if there is none. Thread-safe.
std::optional<std::size_t> first_that_is_not_utf8(std::string_view text);
inline bool is_utf8(std::string_view text) { return !first_that_is_not_utf8(text); }

}  // namespace latentgrid
