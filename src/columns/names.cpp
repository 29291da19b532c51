#include "columns/names.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace latentgrid {

std::string canonical_method(std::string_view name) {
  std::string plain;
  for (char c : name) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    const bool kept = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+';
    if (kept) plain += c;
  }
  return plain;
}

std::string canonical_column(std::string_view name) {
  name = trimmed(name);
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || dot == 0) return std::string(name);
  const std::string_view parameter = name.substr(dot + 1);
  // The second t-SNE of a chain is "tsne[2]".
  const std::size_t bracket = std::min(name.find('['), dot);
  const std::string method = canonical_method(name.substr(0, bracket));
  if (method == "train") return std::string(parameter);
  return method + std::string(name.substr(bracket, dot - bracket)) + "." + std::string(parameter);
}

bool holds_methods(std::string_view column) {
  return column == "reduction" || column == "clustering" || column == "reduction_label";
}

}  // namespace latentgrid
