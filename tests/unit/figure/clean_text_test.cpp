#include "figure/clean_text.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

TEST(CleanText, KeepsWhatIsTextAndReplacesWhatIsNot) {
  EXPECT_EQ(clean_text("a ± ρ → 漢 😀\nb"), "a ± ρ → 漢 😀\nb");
  EXPECT_EQ(clean_text("tab\there\x01\x7f."), "tab here  .");
  EXPECT_EQ(clean_text("\xff|\xc3|\xe2\x82|"), "\uFFFD|\uFFFD|\uFFFD\uFFFD|");
  EXPECT_EQ(clean_text("\xc0\xaf"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(clean_text("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(clean_text("\xf4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
  EXPECT_EQ(clean_text("\xef\xbf\xbf"), "\uFFFD");                        // no character of XML
  EXPECT_EQ(clean_text(std::string_view("a\0b", 3)), "a b");
}

}  // namespace
}  // namespace latentgrid
