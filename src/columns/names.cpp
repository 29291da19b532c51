#include "columns/names.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace latentgrid {

namespace {

std::string canonical_method(std::string_view written, const std::vector<MethodSpec>& methods) {
  const auto is_named = [&](const MethodSpec& method) { return method.name == written; };
  if (std::any_of(methods.begin(), methods.end(), is_named)) return std::string(written);
  const std::string letters = letters_of_methods(written);
  for (const MethodSpec& method : methods) {
    if (letters_of_methods(method.name) == letters || letters_of_methods(method.display_name) == letters) return method.name;
  }
  return std::string(written);
}

}  // namespace

std::string letters_of_methods(std::string_view written) {
  std::string letters = lower_case(written);
  std::erase_if(letters, [](char c) { return !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '+'; });
  return letters;
}

std::string canonical_column(std::string_view name, const std::vector<MethodSpec>& methods) {
  name = trimmed(name);
  const std::size_t dot = name.find('.');
  if (dot == std::string_view::npos || dot == 0) return std::string(name);
  const std::string_view parameter = name.substr(dot + 1);
  // The second t-SNE of a chain is "tsne[2]".
  const std::size_t bracket = std::min(name.find('['), dot);
  const std::string method = canonical_method(name.substr(0, bracket), methods);
  if (method == "train") return std::string(parameter);
  return method + std::string(name.substr(bracket, dot - bracket)) + "." + std::string(parameter);
}

bool holds_methods(std::string_view column) {
  return column == "reduction" || column == "clustering" || column == "reduction_label";
}

}  // namespace latentgrid
