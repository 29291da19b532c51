#include "unit/figure/sample_figures.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

namespace latentgrid {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();

PointSeries curve(const std::string& name, Color color, int points) {
  PointSeries series{.name = name, .color = color, .line = true};
  for (int i = 1; i <= points; ++i) series.points.push_back({double(i), 1.0 / (i + color + 2), -1, ""});
  return series;
}

XyPlot maps(int panels, int points) {
  XyPlot plot{.equal_scale = true};
  for (int p = 0; p < panels; ++p) {
    Panel panel{.title = fmt::format("AE{}", p + 1), .caption = {"KL 1.276", "trustworthiness 0.98"}};
    panel.x = panel.y = {.title = "t-SNE", .without_units = true};
    for (int c : {0, 1, 9}) {
      PointSeries series{.name = fmt::format("class {}", c), .color = c};
      for (int i = 0; i < points; ++i) series.points.push_back({std::sin(i * 0.7 + c), std::cos(i * 1.1) * c, -1, ""});
      panel.series.push_back(series);
    }
    plot.panels.push_back(panel);
  }
  return plot;
}

Pixels pixels(std::int64_t count, std::int64_t height, std::int64_t width, std::int64_t channels) {
  Pixels out{count, height, width, channels, {}};
  for (std::int64_t i = 0; i < count * height * width * channels; ++i) {
    out.values.push_back(static_cast<std::uint8_t>(i * 37 % 251));
  }
  return out;
}

std::string long_text() {
  std::string text;
  for (int i = 0; i < 60; ++i) text += fmt::format("word{} ", i);
  return text + std::string(200, 'x');
}

}  // namespace

const char* const strange_text = R"(it's "50%" $PATH `id` \n a_b^c {x}@y & ~z <b> #1 ρ±×)";

std::vector<Figure> plain_figures() {
  XyPlot curves;
  curves.panels = {
      {.title = "loss", .x = {"epoch"}, .y = {"MSE", true}, .series = {curve("AE1", 0, 20), curve("AE2", 1, 20)}},
      {.x = {"dim", true}, .y = {"accuracy"}, .series = {curve("AE1", 0, 9)}}};
  for (Point& point : curves.panels[1].series[0].points) point.spread = 0.01;
  BarChart bars{
      {"load", "train", "score"}, {"seconds"}, {{"compute", 0, {1, 20, 3}}, {"wait", 1, {0.5, std::nullopt, 1}}}};
  BarChart stacked = bars;
  stacked.stacked = true;
  Heatmap heatmap{{"a", "b"}, {"0", "1", "2"}, "class", "cluster", {{5, 1, std::nullopt}, {0, 7, 2}}, 0};
  ImageGrid grid{pixels(4, 8, 8, 3),
                 {"original", "AE1"},
                 {{"first", {{0, ""}, {1, "MSE 0.01"}}}, {"second", {{2, ""}, {std::nullopt, "diverged at epoch 3"}}}}};
  ParallelCoordinates parallel;
  parallel.axes = {
      {.title = "model", .categories = {"AE1", "AE2"}}, {.title = "dim", .log = true}, {.title = "accuracy"}};
  parallel.lines = {{0, 8, 0.6}, {1, 32, 0.7}, {0, std::nullopt, 0.65}, {1, 16, std::nullopt}};
  return {{.name = "maps", .title = "Maps", .body = maps(2, 200)},
          {.name = "curves", .title = "Curves", .body = curves},
          {.name = "bars", .title = "Bars", .body = bars},
          {.name = "stacked", .title = "Stacked", .body = stacked},
          {.name = "heatmap", .title = "Confusion", .body = heatmap},
          {.name = "images", .title = "Images", .body = grid},
          {.name = "parallel", .title = "Jobs", .body = parallel}};
}

std::vector<Figure> nasty_figures() {
  std::vector<Figure> figures;
  auto add = [&](const char* name, const std::string& title, auto body) {
    figures.push_back({.name = name, .title = title, .body = std::move(body)});
  };
  add("no-panel", "", XyPlot{});
  XyPlot values;
  for (const std::vector<Point>& points : std::vector<std::vector<Point>>{{},
                                                                          {{1, 1}},
                                                                          {{2, 3}, {2, 3}},
                                                                          {{nan, 1}, {1, infinity}, {-infinity, nan}},
                                                                          {{-1e308, 5e-324}, {1e308, 1e308}}}) {
    for (bool log : {false, true}) {
      Panel panel{.title = strange_text, .caption = {strange_text}, .x = {strange_text, log}, .y = {strange_text, log}};
      panel.series = {{.name = strange_text, .points = points, .line = true},
                      {.name = "", .color = -1, .points = points}};
      values.panels.push_back(panel);
    }
  }
  add("strange'\"$%", strange_text, values);
  values.equal_scale = true;
  add("equal-scale", strange_text, values);

  XyPlot twelve;
  Panel panel{.x = {long_text()}, .y = {long_text()}};
  for (int s = 0; s < 24; ++s) panel.series.push_back(curve(s == 3 ? long_text() : fmt::format("series {}", s), s, 12));
  twelve.panels.push_back(panel);
  add("many-series", long_text(), twelve);

  XyPlot five = maps(5, 100);
  for (Panel& each : five.panels) {
    each.title = long_text();
    each.caption = {long_text(), "\xff\xfe not UTF-8"};
  }
  add("five-maps", long_text(), five);

  XyPlot categories;
  Panel named{.x = {"", false, false, {}}, .y = {"", false, false, {"a%d", long_text(), ""}}};
  for (int i = 0; i < 300; ++i) {
    named.x.categories.push_back(fmt::format("{}{}", strange_text, i));
    named.series.push_back({.name = "", .points = {{double(i), double(i % 3)}}});
  }
  categories.panels.push_back(named);
  add("categories", "", categories);

  add("no-bar", "", BarChart{});
  add("bars", long_text(),
      BarChart{{"", long_text(), strange_text},
               {long_text(), true},
               {{strange_text, 0, {1e-9, 0, -1}}, {long_text(), -1, {nan, infinity}}, {"", 3, {}}}});
  add("zeros", "", BarChart{{"a"}, {}, {{"", 0, {0}}}, true});
  BarChart thousand{.values = {"n"}, .series = {{"a", 0, {}}}};
  for (int i = 0; i < 1000; ++i) {
    thousand.categories.push_back(fmt::format("job {}", i));
    thousand.series[0].values.push_back(i);
  }
  add("thousand-bars", "", thousand);

  add("no-cell", "", Heatmap{});
  add("heatmap", long_text(),
      Heatmap{{long_text(), strange_text},
              {long_text(), strange_text},
              long_text(),
              long_text(),
              {{nan, 1e300}, {-infinity}},
              3});
  add("same", "", Heatmap{{"a"}, {"b"}, "", "", {{-2.0}}, 1});

  add("no-image", "", ImageGrid{});
  add("one-pixel", "", ImageGrid{pixels(1, 1, 1, 1), {}, {{"", {{0, ""}}}}});
  add("flat", "", ImageGrid{pixels(1, 1, 300, 3), {}, {{"", {{0, ""}}}}});
  add("images", long_text(),
      ImageGrid{pixels(2, 28, 28, 1),
                {long_text(), strange_text, ""},
                {{long_text(), {{0, long_text()}, {std::nullopt, long_text()}, {7, strange_text}}},
                 {strange_text, {{1, "x"}}}}});

  add("no-axis", "", ParallelCoordinates{});
  add("one-axis", "", ParallelCoordinates{{{long_text()}}, {{1}, {2}, {std::nullopt}}});
  ParallelCoordinates parallel;
  for (int i = 0; i < 9; ++i) parallel.axes.push_back({.title = i % 2 ? long_text() : strange_text, .log = i % 3 == 0});
  parallel.axes[2].categories = {strange_text, long_text()};
  parallel.lines = {{}, {1, 1, 1}, {nan, infinity, 0, -1, 1e300}, {0, -5, 1, std::nullopt, 2, std::nullopt, 3, 3, 3}};
  add("parallel", long_text(), parallel);
  ParallelCoordinates many{{{"a"}, {"b"}}, {}};
  for (int i = 0; i < 12000; ++i) many.lines.push_back({i % 7, i % 11});
  add("many-lines", "", many);
  return figures;
}

}  // namespace latentgrid
