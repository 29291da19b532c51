#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "figure/gnuplot.hpp"

namespace latentgrid {

namespace {

constexpr const char* font_name = "DejaVu Sans";
constexpr double png_scale = 3;                            // pixels a point: 216 an inch
constexpr double most_pixels = 60e6, longest_png = 20000;  // cairo's own limit is 32767
constexpr double longest_pdf = 14000;                      // points; readers give up at 14400

// gnuplot's terminals take these per unit: fonts of cairo are 4/3 of their nominal size on a page counted in points,
// and lines of pdfcairo half as wide as asked for.
constexpr double cairo_font = 0.75, pdf_line = 2;

// In double quotes, all that could mean something to gnuplot as octal numbers, and digits behind these too, which it would
// take for a part of them. (In single quotes a text that begins with a quote ends the string.)
std::string quoted(const std::string& text) {
  std::string out = "\"";
  bool after_number = false;
  for (char c : text) {
    auto byte = static_cast<unsigned char>(c);
    bool digit = c >= '0' && c <= '9', letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bool plain = byte >= 0x80 || letter || c == ' ' || (digit && !after_number);
    out += plain ? std::string(1, c) : fmt::format("\\{:03o}", byte);
    after_number = !plain;
  }
  return out + "\"";
}

int point_type(Shape shape) {
  switch (shape) {
    case Shape::circle:
      return 7;
    case Shape::square:
      return 5;
    case Shape::triangle:
      return 9;
    case Shape::diamond:
      return 13;
    case Shape::triangle_down:
      return 11;
    case Shape::pentagon:
      return 15;
    case Shape::open_circle:
      return 6;
    case Shape::open_square:
      return 4;
    case Shape::open_triangle:
      return 8;
    case Shape::open_diamond:
      return 12;
    case Shape::open_triangle_down:
      return 10;
    case Shape::open_pentagon:
      return 14;
    case Shape::plus:
      return 1;
    case Shape::cross:
      return 2;
    case Shape::star:
      return 3;
  }
  return 7;
}

bool is_filled(Shape shape) {
  return shape <= Shape::pentagon;
}

// gnuplot's 0xAARRGGBB, where A is transparency.
std::uint32_t with_opacity(Rgb color, double opacity) {
  return static_cast<std::uint32_t>(std::lround((1 - std::clamp(opacity, 0.0, 1.0)) * 255)) << 24 | color;
}

class ScriptWriter {
 public:
  explicit ScriptWriter(const Canvas& canvas) : canvas_(canvas) {}

  GnuplotScript write() {
    // The white page, so that there is always something to plot.
    add(CanvasBox{0, 0, canvas_.width, canvas_.height, 0xFFFFFF});
    for (const Canvas::Item& item : canvas_.shapes()) std::visit([&](const auto& shape) { add(shape); }, item);
    finish();
    GnuplotScript script{{}, std::move(files_)};
    script.text = settings() + data_ + labels() + terminals();
    return script;
  }

 private:
  double up(double y) const { return canvas_.height - y; }

  // Neighbours drawn by the same clause share one.
  void open(const std::string& clause) {
    if (clause == clause_) return;
    finish();
    clause_ = clause;
    data_ += fmt::format("$data{} << END\n", blocks_);
  }

  void finish() {
    if (clause_.empty()) return;
    data_ += "END\n";
    plots_.push_back(fmt::format("$data{} {}", blocks_++, clause_));
    clause_.clear();
  }

  void add(const CanvasBox& box) {
    open("using 1:2:1:3:2:4:5 with boxxyerror fillstyle solid noborder linecolor rgb variable");
    fmt::format_to(std::back_inserter(data_), "{:.2f} {:.2f} {:.2f} {:.2f} {}\n", box.x, up(box.y), box.x + box.width,
                   up(box.y + box.height), with_opacity(box.color, box.opacity));
  }

  void add(const CanvasArea& area) {
    open(fmt::format("using 1:2 with filledcurves closed fillstyle solid noborder fillcolor rgb '#{:08X}'",
                     with_opacity(area.color, area.opacity)));
    for (const auto& [x, y] : area.points) fmt::format_to(std::back_inserter(data_), "{:.2f} {:.2f}\n", x, up(y));
    finish();  // a polygon a plot: two in one block would be joined
  }

  void add(const CanvasLine& line) {
    open(fmt::format("using 1:2:3 with lines linewidth {:.2f} dashtype {} linecolor rgb variable", line.style.width,
                     line.style.dashed ? "(10,6)" : "solid"));
    std::uint32_t color = with_opacity(line.style.color, line.style.opacity);
    for (const auto& [x, y] : line.points) {
      fmt::format_to(std::back_inserter(data_), "{:.2f} {:.2f} {}\n", x, up(y), color);
    }
    data_ += '\n';
  }

  void add(const CanvasMarks& marks) {
    // A filled shape is stroked too, which would show as a rim where it is transparent.
    open(fmt::format("using 1:2:3 with points pointtype {} pointsize {:.3f} linewidth {} linecolor rgb variable",
                     point_type(marks.shape), marks.diameter / 6.3, is_filled(marks.shape) ? 0.1 : 0.8));
    for (const CanvasMark& mark : marks.marks) {
      fmt::format_to(std::back_inserter(data_), "{:.2f} {:.2f} {}\n", mark.x, up(mark.y),
                     with_opacity(mark.color, marks.opacity));
    }
  }

  void add(const CanvasImage& image) {
    finish();
    double dx = image.width / static_cast<double>(image.columns), dy = image.height / static_cast<double>(image.rows);
    if (files_.empty()) files_.push_back({"pixels", ""});
    std::string& pixels = files_.front().bytes;
    plots_.push_back(fmt::format(
        "'pixels' binary array=({},{}) skip={} format='%uchar' dx={:.6f} dy={:.6f} origin=({:.4f},{:.4f}) "
        "using 1:2:3 with rgbimage",
        image.columns, image.rows, pixels.size(), dx, dy, image.x + dx / 2, up(image.y + image.height) + dy / 2));
    // gnuplot begins at the bottom.
    auto stride = static_cast<std::size_t>(image.columns * 3);
    for (auto row = static_cast<std::size_t>(image.rows); row-- > 0;) {
      pixels.append(reinterpret_cast<const char*>(image.rgb.data()) + row * stride, stride);
    }
  }

  std::string settings() const {
    return fmt::format(
        "set encoding utf8\nunset key\nunset border\nunset tics\nunset colorbox\n"
        "set lmargin at screen 0\nset rmargin at screen 1\nset bmargin at screen 0\nset tmargin at screen 1\n"
        "set xrange [0:{0:.2f}]\nset yrange [0:{1:.2f}]\n",
        canvas_.width, canvas_.height);
  }

  std::string labels() const {
    std::string out;
    int tag = 0;
    for (const CanvasText& text : canvas_.texts()) {
      const TextStyle& style = text.style;
      const char* align = style.align == Align::left ? "left" : style.align == Align::right ? "right" : "center";
      fmt::format_to(std::back_inserter(out),
                     "set label {} {} at first {:.2f},{:.2f} {} {} font '{}{},{:.2f}' textcolor rgb '#{:06X}' front\n",
                     ++tag, quoted(text.text), text.x, up(text.y), align, style.upward ? "rotate by 90" : "norotate",
                     font_name, style.bold ? ":Bold" : "", style.size, style.color);
    }
    return out;
  }

  std::string terminals() const {
    double width = std::max(canvas_.width, 10.0), height = std::max(canvas_.height, 10.0),
           longest = std::max(width, height);
    double png = std::min({png_scale, longest_png / longest, std::sqrt(most_pixels / (width * height))});
    double pdf = std::min(1.0, longest_pdf / longest);
    std::string plot;
    for (const std::string& part : plots_)
      plot += fmt::format("{}{} notitle", plot.empty() ? "plot " : ", \\\n  ", part);
    return fmt::format(
               "set terminal pngcairo noenhanced size {},{} font '{},8' fontscale {:.4f} pointscale {:.4f} linewidth "
               "{:.4f} "
               "dashlength 2 background rgb 'white'\nset output 'figure.png'\n{}\n",
               std::lround(width * png), std::lround(height * png), font_name, cairo_font * png, png, png, plot) +
           fmt::format(
               "set terminal svg noenhanced size {:.0f},{:.0f} font '{},8' background rgb 'white'\n"
               "set output 'figure.svg'\nreplot\n",
               width, height, font_name) +
           fmt::format(
               "set terminal pdfcairo noenhanced size {:.4f}in,{:.4f}in font '{},8' fontscale {:.4f} pointscale {:.4f} "
               "linewidth {:.4f}\nset output 'figure.pdf'\nreplot\nunset output\n",
               (width * pdf + 0.01) / 72, (height * pdf + 0.01) / 72, font_name, cairo_font * pdf, pdf, pdf_line * pdf);
  }

  const Canvas& canvas_;
  std::string data_, clause_;
  int blocks_ = 0;
  std::vector<std::string> plots_;
  std::vector<ScriptFile> files_;
};

}  // namespace

GnuplotScript gnuplot_script(const Canvas& canvas) {
  return ScriptWriter(canvas).write();
}

}  // namespace latentgrid
