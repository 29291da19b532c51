#include "report/page.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <regex>

namespace latentgrid {
namespace {

const std::string hostile = "</script><script>alert(1)</script>";

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

// What a browser takes as the text of the content's element.
std::string content_of(const std::string& page) {
  const std::string open = R"(<script id="content" type="application/json">)";
  std::size_t begin = page.find(open);
  EXPECT_NE(begin, std::string::npos);
  begin += open.size();
  return page.substr(begin, page.find("</script", begin) - begin);
}

TEST(Page, ASweepsNameCanNotEndTheContent) {
  std::string plain = to_html({{"sweep", "a"}}), page = to_html({{"sweep", hostile}});
  EXPECT_EQ(count(page, "</script"), count(plain, "</script"));
  EXPECT_EQ(count(page, "<script"), count(plain, "<script"));
  EXPECT_EQ(content_of(page), R"({"sweep":"\u003c/script\u003e\u003cscript\u003ealert(1)\u003c/script\u003e"})");
}

TEST(Page, EveryCharacterThatMeansSomethingToAParserIsEscaped) {
  std::string content = content_of(to_html({{"a<b>&", "<!-- \xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa \"\\\n"}}));
  EXPECT_EQ(content, "{\"a\\u003cb\\u003e\\u0026\":\"\\u003c!-- \\u2028\\u2029\xe2\x80\xaa \\\"\\\\\\n\"}");
}

TEST(Page, ContentComesBackAsItWasGiven) {
  Json content = {
      {"sweep", hostile + "\xe2\x80\xa8 & \xc3\xa9 \xf0\x9f\x90\x8d"},
      {"answer", {"AE1 & others are best."}},
      {"jobs", {{"columns", Json::array({{{"field", "accuracy"}, {"values", {0.1, nullptr, 1e-300, -0.0, 12}}}})}}},
      {"figures", Json::array()}};
  EXPECT_EQ(Json::parse(content_of(to_html(content))), content);
}

TEST(Page, TextThatIsNotUtf8AndNumbersThatAreNotFiniteDoNotStopTheReport) {
  Json content = {{"sweep", "caf\xe9"}, {"x", std::numeric_limits<double>::quiet_NaN()}, {"cut", "\xe2"}};
  Json read = Json::parse(content_of(to_html(content)));
  EXPECT_EQ(read["sweep"], "caf\xef\xbf\xbd");
  EXPECT_EQ(read["cut"], "\xef\xbf\xbd");
  EXPECT_TRUE(read["x"].is_null());
}

TEST(Page, TheSameContentGivesTheSameBytes) {
  Json one = {{"sweep", "a"}, {"program", "latentgrid 0.1.0"}},
       other = {{"program", "latentgrid 0.1.0"}, {"sweep", "a"}};
  EXPECT_EQ(to_html(one), to_html(other));
}

// The policy stands before everything that it rules, and lets nothing be fetched: no source but data: URLs and the
// page's own script and style sheet, named by their hashes.
TEST(Page, ItsPolicyLetsNothingBeFetched) {
  std::string page = to_html({{"sweep", "a"}});
  static const std::regex policy(
      R"(<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'sha256-[A-Za-z0-9+/]{43}='; )"
      R"(style-src 'sha256-[A-Za-z0-9+/]{43}='; img-src data:; base-uri 'none'; form-action 'none'">)");
  std::string head = page.substr(0, page.find("<style>"));
  std::smatch match;
  ASSERT_TRUE(std::regex_search(head, match, policy)) << head;
  EXPECT_EQ(match.prefix().str().find("src="), std::string::npos);
  EXPECT_EQ(match.prefix().str().find("href="), std::string::npos);
  EXPECT_EQ(count(page, "<script src"), 0u);
  EXPECT_EQ(count(head, "href="), 1u);  // the icon
  EXPECT_EQ(count(head, R"(<link rel="icon" href="data:,">)"), 1u);
}

TEST(Page, HoldsTheScriptTheStyleSheetAndTheLicencesOfWhatIsInIt) {
  std::string page = to_html(Json::object());
  EXPECT_EQ(content_of(page), "{}");
  EXPECT_EQ(count(page, "@CONTENT@") + count(page, "@SCRIPT@") + count(page, "@STYLE@") + count(page, "@POLICY@"), 0u);
  EXPECT_NE(page.find("Apache License"), std::string::npos);
  EXPECT_NE(page.find("Redistribution and use in source and binary forms"), std::string::npos);  // zrender's
  EXPECT_TRUE(page.ends_with("</html>\n"));
}

}  // namespace
}  // namespace latentgrid
