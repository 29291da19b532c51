#pragma once

#include <string>
#include <string_view>

namespace latentgrid::cli {

// How many columns of a terminal UTF-8 text takes, whatever the locale: combining marks none, East Asian wide
// characters and emoji two (Unicode's EastAsianWidth, by block). A byte that is no UTF-8 counts as one.
std::size_t display_width(std::string_view text);

// Line breaks become spaces and control characters '?', so that text from a database can't steer the terminal.
std::string printable(std::string_view text);

}  // namespace latentgrid::cli
