#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/diagnostic.hpp"
#include "cli/commands.hpp"

namespace latentgrid::cli {

namespace {

const char* name_of(Format format) {
  switch (format) {
    case Format::json:
      return "json";
    case Format::csv:
      return "csv";
    case Format::md:
      return "md";
    case Format::tex:
      return "tex";
    case Format::table:
      break;
  }
  return "table";
}

// "table, json, csv or md"
std::string choice_of(const std::vector<std::string>& names) {
  return fmt::format("{} or {}", fmt::join(names.begin(), names.end() - 1, ", "), names.back());
}

}  // namespace

void add_format_options(CLI::App& command, Context& context, const std::vector<Format>& formats) {
  std::vector<std::string> names;
  for (Format format : formats) names.emplace_back(name_of(format));
  auto choose = [&context, formats, names](const std::string& text) {
    auto found = std::find(names.begin(), names.end(), CLI::detail::to_lower(text));
    if (found == names.end()) {
      std::string close = closest_match(text, names);
      throw CLI::ValidationError(
          "--format", fmt::format("there is no format '{}'{} choose {}", text,
                                  close.empty() ? ";" : fmt::format(", did you mean '{}'?", close), choice_of(names)));
    }
    context.format = formats[static_cast<std::size_t>(found - names.begin())];
  };
  command.add_option_function<std::string>("--format", choose, "the form of the output")
      ->type_name(fmt::format("{}", fmt::join(names, "|")));
  command.add_flag_callback("--json", [&context] { context.format = Format::json; }, "the same as --format json");
}

}  // namespace latentgrid::cli
