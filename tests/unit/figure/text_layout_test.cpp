#include "figure/text_layout.hpp"

#include <cairo.h>
#include <gtest/gtest.h>

#include <memory>

namespace latentgrid {
namespace {

double width_of(std::string_view text, double size, bool bold = false) {
  return text_size(text, {.size = size, .bold = bold}).width;
}

// How many lines of a text there are in this width, and whether all of it is there.
std::pair<int, bool> lines_of(std::string_view text, double size, double width, int most) {
  const TextSize measured = text_size(text, {.size = size, .width = width, .lines = most});
  EXPECT_LE(measured.width, std::max(width, size) + 0.01) << text;
  return {static_cast<int>(measured.height / (line_height * size) + 0.5), !measured.cut};
}
using Lines = std::pair<int, bool>;

// DejaVuSans.ttf 2.37: M 0.863, i 0.278, a digit 0.636, the point 0.318 of the size.
TEST(TextSize, IsTheFontsOwn) {
  ASSERT_TRUE(has_figure_font());
  EXPECT_NEAR(width_of("MMMMMMMMMM", 8), 69.0, 0.1);
  EXPECT_NEAR(width_of("iiii", 10), 4 * 2.78, 0.02);
  EXPECT_NEAR(width_of("0.123", 7), 7 * (4 * 0.636 + 0.318), 0.02);
  EXPECT_NEAR(width_of("0.123", 70), 10 * width_of("0.123", 7), 0.1) << "in proportion: no hinting";
  EXPECT_GT(width_of("bold", 8, true), width_of("bold", 8));
  EXPECT_EQ(width_of("", 8), 0);
  EXPECT_EQ(text_size("", {}).height, 0);
  EXPECT_NEAR(text_size("a", {.size = 8}).height, 10, 0.01);
}

TEST(TextSize, ASignOfSeveralCharactersIsOneSign) {
  EXPECT_NEAR(width_of("e\u0301", 10), width_of("é", 10), 0.01) << "a letter and a combining accent";
  EXPECT_NEAR(width_of("αβγ", 10), width_of("α", 10) + width_of("β", 10) + width_of("γ", 10), 0.02);
  EXPECT_GT(width_of("图像", 10), 0) << "from whatever font has it";
}

TEST(TextSize, ALongTextIsCutToItsWidth) {
  const TextSize whole = text_size("short", {.width = 100});
  EXPECT_FALSE(whole.cut);
  EXPECT_EQ(whole.width, width_of("short", 8));
  const TextSize cut = text_size("a rather long text that has no room", {.width = 60});
  EXPECT_TRUE(cut.cut);
  EXPECT_LE(cut.width, 60);
  EXPECT_GT(cut.width, 45);
  EXPECT_NEAR(cut.height, 10, 0.01);
}

TEST(TextSize, LinesBreakAtSpacesThenSignsThenAnywhere) {
  EXPECT_EQ(lines_of("one two three", 10, 50, 5), Lines(2, true));
  EXPECT_EQ(lines_of("learning_rate", 10, 60, 5), Lines(2, true));
  EXPECT_LT(text_size("learning_rate", {.size = 10, .width = 60, .lines = 5}).width, width_of("learning_r", 10));
  // Not within a word that has room on a line.
  const TextStyle narrow{.size = 10, .width = width_of("reduction: t-S", 10), .lines = 5};
  EXPECT_NEAR(text_size("reduction: t-SNE, 2-D", narrow).width, width_of("t-SNE, 2-D", 10), 0.01);
  EXPECT_EQ(lines_of("one\ntwo", 10, 100, 5), Lines(1, true)) << "a newline is a space";
  EXPECT_EQ(lines_of(std::string(100, 'x'), 10, 50, 50), Lines(13, true));
  EXPECT_EQ(lines_of("the quick brown fox jumps over the lazy dog", 8, 70, 20), Lines(3, true));
  EXPECT_EQ(lines_of("the quick brown fox jumps over the lazy dog", 8, 70, 2), Lines(2, false));
}

// "horizontal_flip" stays whole though it has a sign.
TEST(TextSize, ChainsBreakBetweenTheirSteps) {
  const TextStyle style{.size = 10, .width = width_of("horizontal_flip+c", 10), .lines = 5};
  EXPECT_NEAR(text_size("horizontal_flip+crop+erasing", style).width, width_of("horizontal_flip+", 10), 0.01);
  EXPECT_EQ(lines_of("horizontal_flip+crop+erasing", 10, style.width, 5), Lines(2, true));
  EXPECT_EQ(lines_of("random_resized_crop+crop", 10, width_of("random_resized_", 10) + 1, 5), Lines(2, true)) << "a step that is too wide breaks as any word";
}

TEST(TextSize, EndsForWidthsThatHoldNothing) {
  EXPECT_EQ(text_size("abc", {.size = 10, .width = 0, .lines = 2}).height, 25);
  EXPECT_EQ(text_size("abc", {.size = 10, .width = -5, .lines = 2}).height, 25);
}

TEST(Balanced, HasNoLonelyLastWord) {
  const std::string text = "t-SNE maps of the 5,000 images by the autoencoder they show";
  const TextStyle style{.size = 10, .width = width_of("t-SNE maps of the 5,000 images by the autoencoder", 10) + 1, .lines = 6};
  const TextStyle even = balanced(text, style);
  EXPECT_LT(even.width, 0.8 * style.width);
  EXPECT_EQ(text_size(text, even).height, text_size(text, style).height);
  EXPECT_FALSE(text_size(text, even).cut);
}

TEST(ShrunkToFit, ShrinksBeforeItCuts) {
  EXPECT_EQ(shrunk_to_fit("text", {.size = 8, .width = 100}).size, 8);
  const double width = width_of("somewhat long", 8);
  EXPECT_NEAR(shrunk_to_fit("somewhat long", {.size = 8, .width = 0.9 * width}).size, 7.2, 1e-9);
  EXPECT_EQ(shrunk_to_fit("somewhat long", {.size = 8, .width = 0.4 * width}).size, 6);
}

// Left, right, top and bottom of what is dark on a page of 100×100.
std::array<int, 4> ink_of(std::string_view text, const TextStyle& style) {
  std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)> page(
      cairo_image_surface_create(CAIRO_FORMAT_A8, 100, 100), &cairo_surface_destroy);
  cairo_t* cr = cairo_create(page.get());
  show_text(cr, 50, 50, text, style);
  cairo_destroy(cr);
  cairo_surface_flush(page.get());
  std::array<int, 4> ink{100, -1, 100, -1};
  for (int y = 0; y < 100; ++y) {
    for (int x = 0; x < 100; ++x) {
      if (cairo_image_surface_get_data(page.get())[y * cairo_image_surface_get_stride(page.get()) + x] < 100) continue;
      ink = {std::min(ink[0], x), std::max(ink[1], x), std::min(ink[2], y), std::max(ink[3], y)};
    }
  }
  return ink;
}

TEST(ShowText, StandsWhereItsStyleSays) {
  const auto [left, right, top, bottom] = ink_of("HHHH", {.size = 10});
  EXPECT_NEAR(left, 51, 1);
  EXPECT_NEAR(right, 50 + width_of("HHHH", 10), 2);
  EXPECT_NEAR(top + bottom, 99, 2) << "in the middle of its height";
  EXPECT_NEAR(ink_of("HHHH", {.size = 10, .align = Align::right})[1], 48, 1);
  const auto centred = ink_of("HHHH", {.size = 10, .align = Align::center});
  EXPECT_NEAR(centred[0] + centred[1], 99, 1);
  const auto [x0, x1, y0, y1] = ink_of("HHHH", {.size = 10, .align = Align::right, .upward = true});
  EXPECT_NEAR(y0, 51, 1) << "read from below, its end is on top";
  EXPECT_NEAR(x0 + x1, 99, 2);
  EXPECT_GT(y1, 75);
  const auto two = ink_of("HHHH HHHH", {.size = 10, .align = Align::center, .width = 40, .lines = 2});
  EXPECT_NEAR(two[3] - two[2], 12.5 + 7.3, 2) << "two lines";
  EXPECT_NEAR(two[2] + two[3], 99, 2);
}

}  // namespace
}  // namespace latentgrid
