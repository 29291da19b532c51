#include "figure/render.hpp"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <numbers>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr double png_scale = 3;                            // pixels a point: 216 an inch
constexpr double most_pixels = 60e6, longest_png = 20000;  // Cairo's own limit is 32767
constexpr double longest_pdf = 14000;                      // points; readers give up at 14400
constexpr double stroke_of_marks = 0.8;

using Surface = std::unique_ptr<cairo_surface_t, decltype(&cairo_surface_destroy)>;

Surface owned(cairo_surface_t* surface) {
  return {surface, &cairo_surface_destroy};
}

void check(cairo_status_t status) {
  if (status != CAIRO_STATUS_SUCCESS) throw Error(fmt::format("Cairo: {}", cairo_status_to_string(status)));
}

cairo_status_t append_bytes(void* to, const unsigned char* bytes, unsigned int count) {
  static_cast<std::string*>(to)->append(reinterpret_cast<const char*>(bytes), count);
  return CAIRO_STATUS_SUCCESS;
}

class Painter {
 public:
  Painter(const Canvas& canvas, cairo_surface_t* surface, double scale)
      : canvas_(canvas), owned_(cairo_create(surface), &cairo_destroy), cr_(owned_.get()) {
    cairo_scale(cr_, scale, scale);
    cairo_set_line_join(cr_, CAIRO_LINE_JOIN_ROUND);
  }

  void paint() {
    color(0xFFFFFF, 1);
    cairo_paint(cr_);
    for (const Canvas::Item& item : canvas_.shapes()) std::visit([&](const auto& shape) { add(shape); }, item);
    for (const CanvasText& text : canvas_.texts()) show_text(cr_, x(text.x), y(text.y), text.text, text.style);
    check(cairo_status(cr_));
  }

 private:
  // Not by cairo_translate: an SVG would have a transformation in each of its lines.
  double x(double from_body) const { return canvas_.body_x + from_body; }
  double y(double from_body) const { return canvas_.body_y + from_body; }

  void color(Rgb rgb, double opacity) {
    cairo_set_source_rgba(cr_, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0, opacity);
  }

  void path(const std::vector<std::pair<double, double>>& points) {
    for (const auto& [across, down] : points) cairo_line_to(cr_, x(across), y(down));
    if (points.size() > 2 && points.front() == points.back()) cairo_close_path(cr_);
  }

  void add(const CanvasBox& box) {
    color(box.color, box.opacity);
    cairo_rectangle(cr_, x(box.x), y(box.y), box.width, box.height);
    cairo_fill(cr_);
  }

  void add(const CanvasArea& area) {
    color(area.color, area.opacity);
    path(area.points);
    cairo_fill(cr_);
  }

  void add(const CanvasLine& line) {
    static constexpr double dashes[] = {3.5, 2};
    color(line.style.color, line.style.opacity);
    cairo_set_line_width(cr_, line.style.width);
    cairo_set_dash(cr_, dashes, line.style.dashed ? 2 : 0, 0);
    path(line.points);
    cairo_stroke(cr_);
  }

  // Shapes of about one area, each about its centre.
  void outline(Shape shape, double cx, double cy, double radius) {
    constexpr double full_turn = 2 * std::numbers::pi;
    auto polygon = [&](int corners, double turn, double size) {
      for (int i = 0; i < corners; ++i) {
        const double angle = (turn + double(i) / corners - 0.25) * full_turn;
        cairo_line_to(cr_, cx + size * radius * std::cos(angle), cy + size * radius * std::sin(angle));
      }
      cairo_close_path(cr_);
    };
    auto strokes = [&](double turn) {
      for (double angle : {turn * full_turn, (turn + 0.25) * full_turn}) {
        cairo_move_to(cr_, cx - radius * std::cos(angle), cy - radius * std::sin(angle));
        cairo_line_to(cr_, cx + radius * std::cos(angle), cy + radius * std::sin(angle));
      }
    };
    switch (shape) {
      case Shape::circle:
      case Shape::open_circle:
        return cairo_arc(cr_, cx, cy, radius, 0, full_turn);
      case Shape::square:
      case Shape::open_square:
        return polygon(4, 0.125, 1.25);
      case Shape::triangle:
      case Shape::open_triangle:
        return polygon(3, 0, 1.35);
      case Shape::diamond:
      case Shape::open_diamond:
        return polygon(4, 0, 1.25);
      case Shape::triangle_down:
      case Shape::open_triangle_down:
        return polygon(3, 0.5, 1.35);
      case Shape::pentagon:
      case Shape::open_pentagon:
        return polygon(5, 0, 1.15);
      case Shape::plus:
        return strokes(0);
      case Shape::cross:
        return strokes(0.125);
      case Shape::star:
        strokes(0);
        return strokes(0.125);
    }
  }

  void add(const CanvasMarks& marks) {
    const bool disc = marks.shape == Shape::circle, filled = marks.shape <= Shape::pentagon;
    cairo_set_line_width(cr_, disc ? marks.diameter : stroke_of_marks);
    cairo_set_line_cap(cr_, disc ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
    cairo_set_dash(cr_, nullptr, 0, 0);
    for (const CanvasMark& mark : marks.marks) {
      color(mark.color, marks.opacity);
      if (disc) {  // a dot of a round pen: half as many bytes as a circle
        cairo_move_to(cr_, x(mark.x), y(mark.y));
        cairo_line_to(cr_, x(mark.x), y(mark.y));
      } else {
        outline(marks.shape, x(mark.x), y(mark.y), marks.diameter / 2);
      }
      filled && !disc ? cairo_fill(cr_) : cairo_stroke(cr_);
    }
    cairo_set_line_cap(cr_, CAIRO_LINE_CAP_BUTT);
  }

  void add(const CanvasImage& image) {
    const auto columns = static_cast<int>(image.columns), rows = static_cast<int>(image.rows);
    const Surface pixels = owned(cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns, rows));
    check(cairo_surface_status(pixels.get()));
    cairo_surface_flush(pixels.get());
    unsigned char* data = cairo_image_surface_get_data(pixels.get());
    const int stride = cairo_image_surface_get_stride(pixels.get());
    const std::uint8_t* rgb = image.rgb.data();
    for (int row = 0; row < rows; ++row) {
      auto* out = reinterpret_cast<std::uint32_t*>(data + std::ptrdiff_t(row) * stride);
      for (int column = 0; column < columns; ++column, rgb += 3) out[column] = Rgb(rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
    }
    cairo_surface_mark_dirty(pixels.get());
    cairo_save(cr_);
    cairo_translate(cr_, x(image.x), y(image.y));
    cairo_scale(cr_, image.width / columns, image.height / rows);
    cairo_set_source_surface(cr_, pixels.get(), 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr_), CAIRO_FILTER_NEAREST);
    cairo_rectangle(cr_, 0, 0, columns, rows);
    cairo_fill(cr_);
    cairo_restore(cr_);
  }

  const Canvas& canvas_;
  std::unique_ptr<cairo_t, decltype(&cairo_destroy)> owned_;
  cairo_t* cr_;
};

void paint(const Canvas& canvas, cairo_surface_t* surface, double scale) {
  check(cairo_surface_status(surface));
  Painter(canvas, surface, scale).paint();
  cairo_surface_finish(surface);
  check(cairo_surface_status(surface));
}

std::string png_of(const Canvas& canvas) {
  const double longest = std::max(canvas.width, canvas.height);
  const double scale = std::min({png_scale, longest_png / longest, std::sqrt(most_pixels / (canvas.width * canvas.height))});
  const Surface surface = owned(cairo_image_surface_create(
      CAIRO_FORMAT_RGB24, static_cast<int>(std::lround(canvas.width * scale)), static_cast<int>(std::lround(canvas.height * scale))));
  check(cairo_surface_status(surface.get()));
  Painter(canvas, surface.get(), scale).paint();
  std::string png;
  check(cairo_surface_write_to_png_stream(surface.get(), append_bytes, &png));
  return png;
}

// Cairo numbers surfaces through the life of the process, 1.16 as "surface62" and "#image303", 1.18 as "#source-532". Here
// they count from 1.
std::string with_own_numbers(std::string_view svg) {
  std::map<std::string_view, std::size_t> numbers;
  std::string out;
  while (!svg.empty()) {
    const std::size_t sign = svg.find_first_of("\"#");
    const std::size_t begin = std::min(sign == svg.npos ? sign : svg.find_first_of("0123456789\"# ", sign + 1), svg.size());
    const std::string_view word = sign == svg.npos ? "" : svg.substr(sign + 1, begin - sign - 1);
    const bool numbered = word == "surface" || word == "image" || word == "source-";
    const std::size_t end = numbered ? std::min(svg.find_first_not_of("0123456789", begin), svg.size()) : begin;
    out += svg.substr(0, begin);
    if (begin < end) out += std::to_string(numbers.try_emplace(svg.substr(begin, end - begin), numbers.size() + 1).first->second);
    svg.remove_prefix(end);
  }
  return out;
}

std::string svg_of(const Canvas& canvas) {
  std::string svg;
  const Surface surface = owned(cairo_svg_surface_create_for_stream(append_bytes, &svg, canvas.width, canvas.height));
  cairo_svg_surface_set_document_unit(surface.get(), CAIRO_SVG_UNIT_PT);
  paint(canvas, surface.get(), 1);
  return with_own_numbers(svg);
}

std::string pdf_of(const Canvas& canvas) {
  const double scale = std::min(1.0, longest_pdf / std::max(canvas.width, canvas.height));
  std::string pdf;
  const Surface surface = owned(cairo_pdf_surface_create_for_stream(append_bytes, &pdf, canvas.width * scale, canvas.height * scale));
  cairo_pdf_surface_set_metadata(surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
  paint(canvas, surface.get(), scale);
  return pdf;
}

}  // namespace

DrawnFigure render(const Canvas& canvas) {
  const auto boxed = std::find_if(canvas.texts().begin(), canvas.texts().end(),
                                  [](const CanvasText& text) { return lacks_letters(text.text); });
  return {png_of(canvas), svg_of(canvas), pdf_of(canvas), boxed == canvas.texts().end() ? "" : boxed->text};
}

}  // namespace latentgrid
