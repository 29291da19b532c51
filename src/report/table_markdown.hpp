#pragma once

#include <cstddef>
#include <string>

#include "report/table.hpp"

namespace latentgrid {

// GitHub's Markdown: heading, caption, table, the footnotes as one paragraph, the details as a list. The best cells are
// bold, those tied with them marked with †.
std::string to_markdown(const Table& table);
// For a page that has the details of all its tables in one place: there is a number to find them by.
std::string to_markdown(const Table& table, std::size_t details_number);
std::string markdown_details(const Table& table);  // a list; "" for none

// Text as one cell of a Markdown table.
std::string markdown_field(const std::string& text);

}  // namespace latentgrid
