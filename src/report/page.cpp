#include "report/page.hpp"

#include "report/page_template.hpp"

namespace latentgrid {

namespace {

// JSON that means nothing to an HTML parser, nor to old readers of JavaScript: these characters stand in strings only.
std::string escaped(const std::string& json) {
  std::string out;
  out.reserve(json.size() + json.size() / 64);
  for (std::size_t i = 0; i < json.size(); ++i) {
    switch (json[i]) {
      case '<':
        out += "\\u003c";
        break;
      case '>':
        out += "\\u003e";
        break;
      case '&':
        out += "\\u0026";
        break;
      case '\xe2':  // U+2028 and U+2029 end a line
        if (json.compare(i, 3, "\xe2\x80\xa8") == 0 || json.compare(i, 3, "\xe2\x80\xa9") == 0) {
          out += json[i + 2] == '\xa8' ? "\\u2028" : "\\u2029";
          i += 2;
          break;
        }
        [[fallthrough]];
      default:
        out += json[i];
    }
  }
  return out;
}

}  // namespace

std::string to_html(const Json& content) {
  std::string json = escaped(content.dump(-1, ' ', false, Json::error_handler_t::replace));
  std::string page;
  page.reserve(page_before_content.size() + json.size() + page_after_content.size());
  page += page_before_content;
  page += json;
  page += page_after_content;
  return page;
}

}  // namespace latentgrid
