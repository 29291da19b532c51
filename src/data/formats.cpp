#include "data/formats.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <sstream>

#include "base/text.hpp"
#include "base/text_file.hpp"
#include "data/input_name.hpp"

// What latentgrid reads: one line for each file of formats/.
// clang-format off
#define LATENTGRID_FORMATS(format) \
  format(npy)                      \
  format(npz)                      \
  format(stl10)                    \
  format(cifar)                    \
  format(idx)                      \
  format(pictures)
// clang-format on

namespace latentgrid {

#define DECLARE_FORMAT(name) extern const Format name##_format;
LATENTGRID_FORMATS(DECLARE_FORMAT)
#undef DECLARE_FORMAT

namespace {

#define ADDRESS_OF_FORMAT(name) &name##_format,
constexpr std::array formats{LATENTGRID_FORMATS(ADDRESS_OF_FORMAT)};
#undef ADDRESS_OF_FORMAT

std::string listed_with_and(const std::vector<std::string>& words) {
  if (words.size() < 2) return words.empty() ? "" : words.front();
  return fmt::format("{} and {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
}

}  // namespace

FoundFile find_file(const std::filesystem::path& name) {
  InputName input = input_name(name);
  FileContent content = what_is(input.file);
  return {name, std::move(input), std::move(content)};
}

const Format* format_of(const FoundFile& found) {
  for (const Format* format : formats) {
    if (format->reads(found)) return format;
  }
  return nullptr;
}

LabelList named_labels(std::vector<std::int64_t> values, const std::filesystem::path& names) {
  LabelList labels{std::move(values), {}};
  std::error_code none;
  if (!std::filesystem::exists(names, none)) return labels;
  std::istringstream lines(read_text_file(names));
  for (std::string line; std::getline(lines, line);) {
    if (const std::string_view name = trimmed(line); !name.empty()) labels.names.emplace_back(name);
  }
  const auto highest = std::max_element(labels.values.begin(), labels.values.end());
  if (highest != labels.values.end() && *highest >= std::ssize(labels.names)) labels.names.clear();
  return labels;
}

std::string formats_that_hold(FileRole role) {
  std::vector<std::string> names;
  for (const Format* format : formats) {
    if (format->array || role == FileRole::images) names.emplace_back(format->name);
  }
  if (role != FileRole::images) names.emplace_back("text files");
  return listed_with_and(names);
}

}  // namespace latentgrid
