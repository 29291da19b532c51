#include "figure/text_layout.hpp"

#include <gtest/gtest.h>

namespace latentgrid {
namespace {

using Lines = std::vector<std::string>;

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

// DejaVuSans.ttf 2.37: M 0.863, i 0.278, a digit 0.636, the point 0.318 of the size.
TEST(TextWidth, IsTheFontsOwn) {
  EXPECT_NEAR(text_width("MMMMMMMMMM", 8), 69.0, 0.1);
  EXPECT_NEAR(text_width("iiii", 10), 4 * 2.78, 0.01);
  EXPECT_NEAR(text_width("0.123", 7), 7 * (4 * 0.636 + 0.318), 0.01);
  EXPECT_EQ(text_width("", 8), 0);
  EXPECT_GT(text_width("bold", 8, true), text_width("bold", 8));
}

TEST(ShortenText, EndsInAnEllipsisOnlyIfSomethingIsMissing) {
  EXPECT_EQ(shorten_text("short", 8, 100), "short");
  std::string text = shorten_text("a rather long text that has no room", 8, 60);
  EXPECT_TRUE(text.ends_with("…")) << text;
  EXPECT_LE(text_width(text, 8), 60);
  EXPECT_EQ(shorten_text("ρρρρρρρρ", 10, 30), "ρρ…");  // never half a character
}

TEST(WrapText, BreaksAtSpacesThenSignsThenAnywhere) {
  EXPECT_EQ(wrap_text("one two three", 10, 50, 5), (Lines{"one two", "three"}));
  EXPECT_EQ(wrap_text("learning_rate", 10, 60, 5), (Lines{"learning_", "rate"}));
  EXPECT_EQ(wrap_text("reduction: t-SNE, 2-D", 10, text_width("reduction: t-S", 10), 5), (Lines{"reduction:", "t-SNE, 2-D"}));
  EXPECT_EQ(wrap_text("one\ntwo", 10, 100, 5), (Lines{"one", "two"}));
  for (const std::string& line : wrap_text(std::string(100, 'x'), 10, 50, 50)) EXPECT_LE(text_width(line, 10), 50);
  EXPECT_EQ(wrap_text("", 10, 50, 5), Lines{});
  EXPECT_EQ(wrap_text("   ", 10, 50, 5), Lines{});
}

TEST(WrapText, LosesNothingUnlessLinesRunOut) {
  std::string text = "the quick brown fox jumps over the lazy dog";
  std::string joined;
  for (const std::string& line : wrap_text(text, 8, 70, 20)) joined += (joined.empty() ? "" : " ") + line;
  EXPECT_EQ(joined, text);
  Lines two = wrap_text(text, 8, 70, 2);
  ASSERT_EQ(two.size(), 2u);
  EXPECT_TRUE(two[1].ends_with("…")) << two[1];
  EXPECT_EQ(wrap_text("a\nb\nc", 8, 70, 2), (Lines{"a", "b c"}));
}

TEST(WrapText, EndsForWidthsThatHoldNothing) {
  EXPECT_EQ(wrap_text("abc", 10, 0, 10), (Lines{"a", "b", "c"}));
  EXPECT_EQ(wrap_text("abc", 10, -5, 2).size(), 2u);
}

TEST(WrapHeading, HasNoLonelyLastWord) {
  std::string text = "t-SNE maps of the 5,000 images by the autoencoder they show";
  double width = text_width("t-SNE maps of the 5,000 images by the autoencoder", 10) + 1;
  Lines lines = wrap_heading(text, 10, width, 6);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_GT(text_width(lines[1], 10), width / 3);
}

TEST(FitText, ShrinksBeforeItShortens) {
  FittedText same = fit_text("text", 8, 100);
  EXPECT_EQ(same.text, "text");
  EXPECT_EQ(same.size, 8);
  double width = text_width("somewhat long", 8);
  FittedText smaller = fit_text("somewhat long", 8, 0.9 * width);
  EXPECT_EQ(smaller.text, "somewhat long");
  EXPECT_NEAR(smaller.size, 7.2, 1e-9);
  FittedText shortened = fit_text("somewhat long", 8, 0.4 * width);
  EXPECT_EQ(shortened.size, 6);
  EXPECT_TRUE(shortened.text.ends_with("…"));
}

}  // namespace
}  // namespace latentgrid
