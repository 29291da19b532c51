#include "figure/text_layout.hpp"

#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "figure/clean_text.hpp"

namespace latentgrid {

namespace {

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
using Context = std::unique_ptr<PangoContext, Unref>;
using Layout = std::unique_ptr<PangoLayout, Unref>;

constexpr std::string_view break_here = "\u200B";  // has no width

// Without hinting: a text is as wide in pixels of any size as it is measured here, whatever the user has set.
Context new_context() {
  Context context(pango_font_map_create_context(pango_cairo_font_map_get_default()));
  std::unique_ptr<cairo_font_options_t, decltype(&cairo_font_options_destroy)> options(cairo_font_options_create(),
                                                                                       &cairo_font_options_destroy);
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_font_options_set_antialias(options.get(), CAIRO_ANTIALIAS_GRAY);
  pango_cairo_context_set_font_options(context.get(), options.get());
  pango_context_set_round_glyph_positions(context.get(), FALSE);
  pango_context_set_language(context.get(), pango_language_from_string("en"));
  return context;
}

int pango_units(double points) {
  return static_cast<int>(std::lround(std::clamp(points, 0.0, 1e5) * PANGO_SCALE));
}

void add_attribute(PangoAttrList* list, PangoAttribute* attribute, std::size_t begin, std::size_t end) {
  attribute->start_index = static_cast<guint>(begin);
  attribute->end_index = static_cast<guint>(end);
  pango_attr_list_insert(list, attribute);
}

// Lines break between words. A word that is wider than a line alone breaks: between the steps of a chain, and a step that is too wide
// itself behind one of these signs or else anywhere.
std::string with_breaks(std::string_view text, const TextStyle& style, PangoAttrList* attributes) {
  std::string out;
  auto add = [&](std::string_view part) {
    const std::size_t begin = out.size();
    if (text_size(part, {.size = style.size, .bold = style.bold}).width <= style.width) {
      out += part;
      add_attribute(attributes, pango_attr_allow_breaks_new(FALSE), begin, out.size());
      return true;
    }
    return false;
  };
  auto add_broken = [&](std::string_view part) {
    for (char c : part) {
      out += c;
      if (std::string_view("_-/,:").find(c) != std::string_view::npos) out += break_here;
    }
  };
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    if (!add(word)) {
      for (std::string_view rest = word; !rest.empty();) {
        const std::string_view step = rest.substr(0, rest.find('+') + (rest.find('+') == std::string_view::npos ? 0 : 1));
        if (!add(step)) add_broken(step);
        rest.remove_prefix(step.size());
        if (!rest.empty()) out += break_here;
      }
    }
    text.remove_prefix(word.size());
    if (text.empty()) break;
    out += ' ';
    text.remove_prefix(1);
  }
  return out;
}

Layout layout_of(std::string_view text, const TextStyle& style) {
  thread_local const Context context = new_context();
  Layout layout(pango_layout_new(context.get()));
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family_static(font, figure_font);
  pango_font_description_set_absolute_size(font, style.size * PANGO_SCALE);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);

  std::string clean = clean_text(text);
  std::replace(clean.begin(), clean.end(), '\n', ' ');
  PangoAttrList* attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_line_height_new_absolute(pango_units(line_height * style.size)));
  pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
  if (std::isfinite(style.width)) {
    if (style.lines > 1 && text_size(clean, {.size = style.size, .bold = style.bold}).width > style.width) {
      clean = with_breaks(clean, style, attributes);
    }
    pango_layout_set_width(layout.get(), pango_units(style.width));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_height(layout.get(), -style.lines);
  }
  pango_layout_set_alignment(layout.get(), style.align == Align::left     ? PANGO_ALIGN_LEFT
                                           : style.align == Align::center ? PANGO_ALIGN_CENTER
                                                                          : PANGO_ALIGN_RIGHT);
  pango_layout_set_text(layout.get(), clean.data(), static_cast<int>(clean.size()));
  pango_layout_set_attributes(layout.get(), attributes);
  pango_attr_list_unref(attributes);
  return layout;
}

}  // namespace

bool has_figure_font() {
  return pango_font_map_get_family(pango_cairo_font_map_get_default(), figure_font) != nullptr;
}

TextSize text_size(std::string_view text, const TextStyle& style) {
  if (text.empty()) return {};
  const Layout layout = layout_of(text, style);
  PangoRectangle extents;
  pango_layout_get_extents(layout.get(), nullptr, &extents);
  return {extents.width / double(PANGO_SCALE), extents.height / double(PANGO_SCALE),
          pango_layout_is_ellipsized(layout.get()) != 0};
}

bool lacks_letters(std::string_view text) {
  return pango_layout_get_unknown_glyphs_count(layout_of(text, {}).get()) > 0;
}

void show_text(cairo_t* to, double x, double y, std::string_view text, const TextStyle& style) {
  const Layout layout = layout_of(text, style);
  PangoRectangle extents;
  pango_layout_get_extents(layout.get(), nullptr, &extents);
  const double before = style.align == Align::left ? 0 : style.align == Align::center ? 0.5 : 1;
  cairo_save(to);
  cairo_translate(to, x, y);
  if (style.upward) cairo_rotate(to, -std::numbers::pi / 2);
  cairo_set_source_rgb(to, (style.color >> 16 & 255) / 255.0, (style.color >> 8 & 255) / 255.0, (style.color & 255) / 255.0);
  cairo_move_to(to, (-before * extents.width - extents.x) / PANGO_SCALE, (-0.5 * extents.height - extents.y) / PANGO_SCALE);
  pango_cairo_show_layout(to, layout.get());
  cairo_restore(to);
}

TextStyle balanced(std::string_view text, TextStyle style) {
  const TextSize size = text_size(text, style);
  TextStyle balanced = style;
  if (size.cut || size.height < 2 * line_height * style.size) return style;
  TextStyle narrower = style;
  while (narrower.width > style.width / 2) {
    narrower.width -= 0.03 * style.width;
    const TextSize narrow = text_size(text, narrower);
    if (narrow.cut || narrow.height > size.height) break;
    balanced.width = narrower.width;
  }
  return balanced;
}

TextStyle shrunk_to_fit(std::string_view text, TextStyle style) {
  const double width = text_size(text, {.size = style.size, .bold = style.bold}).width;
  if (width > style.width) style.size *= std::max(style.width / width, 0.75);
  return style;
}

}  // namespace latentgrid
