#include "report/earlier_report.hpp"

#include <string_view>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/json.hpp"

namespace latentgrid {

namespace {

constexpr std::string_view begin_of_content = R"(<script id="content" type="application/json">)";
constexpr std::string_view end_of_content = "</script>";

// Names that a file of the folder has; a page that somebody edited may hold others.
std::set<std::string> names_in(const Json& content, const char* list) {
  std::set<std::string> names;
  if (!content.is_object() || !content.contains(list) || !content.at(list).is_array()) return names;
  for (const Json& one : content.at(list)) {
    if (!one.is_object() || !one.contains("name") || !one.at("name").is_string()) continue;
    const std::string name = one.at("name");
    if (!name.empty() && name.find_first_of(std::string_view("/\0", 2)) == std::string::npos) names.insert(name);
  }
  return names;
}

}  // namespace

EarlierReport read_earlier_report(const std::filesystem::path& page) {
  std::string text;
  try {
    if (!std::filesystem::is_regular_file(page)) return {};
    text = read_file(page);
  } catch (const Error&) {
    return {};
  }
  const std::size_t begin = text.find(begin_of_content);
  if (begin == std::string::npos) return {};
  const std::size_t from = begin + begin_of_content.size(), end = text.find(end_of_content, from);
  if (end == std::string::npos) return {};
  // Of 100,000 jobs the names alone are kept.
  const auto keep = [](int depth, Json::parse_event_t event, Json& parsed) {
    if (event != Json::parse_event_t::key) return true;
    return depth == 1 ? parsed == "tables" || parsed == "figures" : parsed == "name";
  };
  const Json content = Json::parse(text.begin() + static_cast<std::ptrdiff_t>(from), text.begin() + static_cast<std::ptrdiff_t>(end), keep, false);
  return {names_in(content, "tables"), names_in(content, "figures")};
}

}  // namespace latentgrid
