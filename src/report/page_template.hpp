#pragma once

#include <string_view>

namespace latentgrid {

// The page with its style sheet, script and charts, made from page/ when the library is built: the content belongs
// between the two.
extern const std::string_view page_before_content, page_after_content;

}  // namespace latentgrid
