#include "figure/draw.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "unit/figure/sample_figures.hpp"

namespace latentgrid {
namespace {

struct Extent {
  double left, right, top, bottom;
};

Extent extent_of(const CanvasText& text) {
  const TextSize size = text_size(text.text, text.style);
  const double along = size.width, across = size.height - (line_height - 0.9) * text.style.size;
  double begin = text.style.align == Align::left ? 0 : text.style.align == Align::right ? -along : -along / 2;
  if (text.style.upward) return {text.x - across / 2, text.x + across / 2, text.y - begin - along, text.y - begin};
  return {text.x + begin, text.x + begin + along, text.y - across / 2, text.y + across / 2};
}

void expect_legible(const Figure& figure) {
  Canvas canvas = draw(figure);
  SCOPED_TRACE(figure.name);
  ASSERT_TRUE(std::isfinite(canvas.width) && std::isfinite(canvas.height));
  const std::vector<CanvasText>& texts = canvas.texts();
  std::vector<Extent> extents;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const Extent a = extents.emplace_back(extent_of(texts[i]));
    EXPECT_TRUE(a.left >= -canvas.body_x - 0.5 && a.right <= canvas.width - canvas.body_x + 0.5 &&
                a.top >= -canvas.body_y - 0.5 && a.bottom <= canvas.height - canvas.body_y + 0.5)
        << "off the page: " << texts[i].text;
    for (std::size_t j = 0; j < i; ++j) {
      const Extent& b = extents[j];
      double wide = std::min(a.right, b.right) - std::max(a.left, b.left);
      double high = std::min(a.bottom, b.bottom) - std::max(a.top, b.top);
      EXPECT_FALSE(wide > 0.3 && high > 0.3) << "'" << texts[j].text << "' lies under '" << texts[i].text << "'";
    }
  }
}

TEST(Draw, NoTextLiesOnAnotherOrOffThePage) {
  for (const Figure& figure : plain_figures()) expect_legible(figure);
}

TEST(Draw, NorWithTextsFarTooLong) {
  for (const Figure& figure : nasty_figures()) expect_legible(figure);
}

TEST(Draw, EveryPlaceIsANumberOnThePage) {
  for (const std::vector<Figure>& figures : {plain_figures(), nasty_figures()}) {
    for (const Figure& figure : figures) {
      Canvas canvas = draw(figure);
      auto inside = [&](double x, double y) {
        x += canvas.body_x;
        y += canvas.body_y;
        return x >= -0.01 && x <= canvas.width + 0.01 && y >= -0.01 && y <= canvas.height + 0.01;
      };
      for (const Canvas::Item& item : canvas.shapes()) {
        if (const auto* marks = std::get_if<CanvasMarks>(&item)) {
          for (const CanvasMark& mark : marks->marks) EXPECT_TRUE(inside(mark.x, mark.y)) << figure.name;
        }
        if (const auto* line = std::get_if<CanvasLine>(&item)) {
          for (const auto& [x, y] : line->points) EXPECT_TRUE(inside(x, y)) << figure.name << " " << x << " " << y;
        }
        if (const auto* area = std::get_if<CanvasArea>(&item)) {
          for (const auto& [x, y] : area->points) EXPECT_TRUE(inside(x, y)) << figure.name << " " << x << " " << y;
        }
        if (const auto* box = std::get_if<CanvasBox>(&item)) {
          EXPECT_TRUE(inside(box->x, box->y) && inside(box->x + box->width, box->y + box->height)) << figure.name;
        }
        if (const auto* image = std::get_if<CanvasImage>(&item)) {
          EXPECT_TRUE(inside(image->x, image->y) && inside(image->x + image->width, image->y + image->height));
        }
      }
    }
  }
}

std::vector<CanvasMarks> marks_of(const Canvas& canvas) {
  std::vector<CanvasMarks> found;
  for (const Canvas::Item& item : canvas.shapes()) {
    if (const auto* marks = std::get_if<CanvasMarks>(&item)) found.push_back(*marks);
  }
  return found;
}

TEST(Draw, ABandLiesBehindItsLineAndIsSeenWhole) {
  XyPlot plot;
  plot.panels = {{.series = {{.points = {{1, 0.5, -1, "", 0.25}, {2, 0.75, -1, "", 0}, {4, 0.5, -1, "", 0.5}}, .line = true}}}};
  const Canvas canvas = draw({.body = plot});
  const auto& shapes = canvas.shapes();
  auto place = [&](auto is) { return std::find_if(shapes.begin(), shapes.end(), is) - shapes.begin(); };
  const auto band = place([](const Canvas::Item& item) { return std::holds_alternative<CanvasArea>(item); });
  ASSERT_LT(band, std::ssize(shapes));
  const auto& area = std::get<CanvasArea>(shapes[static_cast<std::size_t>(band)]);
  ASSERT_EQ(area.points.size(), 6u) << "the upper edge, and back along the lower";
  EXPECT_EQ(area.points[1], area.points[4]) << "where nothing spreads they meet";
  EXPECT_NEAR((area.points[3].second - area.points[2].second) / (area.points[5].second - area.points[0].second), 2, 1e-9);
  const auto marks = place([](const Canvas::Item& item) { return std::holds_alternative<CanvasMarks>(item); });
  EXPECT_LT(band, marks);
}

TEST(Draw, AUnitOfAMapIsAsLongOnBothAxes) {
  XyPlot plot{.equal_scale = true};
  plot.panels = {{.series = {{.points = {{0, 0}, {10, 0}, {0, 3}}}}}};
  std::vector<CanvasMark> marks = marks_of(draw({.body = plot})).at(0).marks;
  EXPECT_NEAR((marks.at(1).x - marks.at(0).x) / 10, (marks.at(0).y - marks.at(2).y) / 3, 1e-9);
  EXPECT_GT(marks.at(0).y, marks.at(2).y);  // up is up
}

TEST(Draw, PanelsMayShareOneRangeUpwards) {
  auto height_of_first_points = [](bool shared) {
    XyPlot plot{.shared_y = shared};
    plot.panels = {{.series = {{.points = {{0, 0.7}, {1, 0.72}}}}}, {.series = {{.points = {{0, 0.7}, {1, 0.5}}}}}};
    const std::vector<CanvasMarks> marks = marks_of(draw({.body = plot}));
    return std::pair(marks.at(0).marks.at(0).y, marks.at(1).marks.at(0).y);
  };
  const auto [first, second] = height_of_first_points(true);
  EXPECT_NEAR(first, second, 1e-9);
  const auto [own, other] = height_of_first_points(false);
  EXPECT_GT(std::abs(own - other), 10);
}

TEST(Draw, SeriesOfOneNameHaveOneEntryInTheLegend) {
  XyPlot plot;
  for (int p = 0; p < 3; ++p) plot.panels.push_back({.series = {{.name = "indoor", .points = {{0, 0}}}}});
  std::size_t entries = 0;
  Canvas canvas = draw({.body = plot});
  for (const CanvasText& text : canvas.texts()) entries += text.text == "indoor";
  EXPECT_EQ(entries, 1u);
}

TEST(Draw, EveryOneOfTwelveSeriesLooksDifferent) {
  XyPlot plot;
  Panel panel;
  for (int s = 0; s < 12; ++s)
    panel.series.push_back({.name = std::to_string(s), .color = s, .points = {{0, double(s)}}});
  plot.panels = {panel};
  std::vector<CanvasMarks> marks = marks_of(draw({.body = plot}));
  std::set<std::pair<Shape, Rgb>> looks;
  for (int s = 0; s < 12; ++s) looks.insert({marks.at(s).shape, marks.at(s).marks.at(0).color});
  EXPECT_EQ(looks.size(), 12u);
}

TEST(Draw, NoSeriesOfACloudHidesTheOthers) {
  XyPlot plot;
  Panel panel;
  for (int s = 0; s < 2; ++s) {
    PointSeries series{.name = std::to_string(s), .color = s};
    for (int i = 0; i < 400; ++i) series.points.push_back({double(i), double(i % 20)});
    panel.series.push_back(series);
  }
  plot.panels = {panel};
  std::vector<CanvasMark> marks = marks_of(draw({.body = plot})).at(0).marks;
  ASSERT_EQ(marks.size(), 800u);
  for (std::size_t i = 0; i < 800; ++i) EXPECT_EQ(marks[i].color, palette_color(static_cast<Color>(i % 2)));
}

TEST(Draw, BarsPileUpOnlyIfStacked) {
  BarChart chart{{"a"}, {}, {{"x", 0, {2}}, {"y", 1, {3}}}};
  auto boxes = [&] {
    std::vector<CanvasBox> found;
    Canvas canvas = draw({.body = chart});
    for (const Canvas::Item& item : canvas.shapes()) {
      if (const auto* box = std::get_if<CanvasBox>(&item)) found.push_back(*box);
    }
    return found;
  };
  std::vector<CanvasBox> grouped = boxes();
  EXPECT_NEAR(grouped.at(0).x, grouped.at(1).x, 1e-9);
  EXPECT_LT(grouped.at(0).y, grouped.at(1).y);  // the first series on top
  EXPECT_NEAR(grouped.at(0).width / grouped.at(1).width, 2.0 / 3, 1e-9);
  chart.stacked = true;
  std::vector<CanvasBox> stacked = boxes();
  EXPECT_NEAR(stacked.at(0).x + stacked.at(0).width, stacked.at(1).x, 1e-9);
  EXPECT_EQ(stacked.at(0).y, stacked.at(1).y);
}

TEST(Draw, NumbersInCellsStandOutFromThem) {
  Heatmap heatmap{{"a"}, {"0", "1"}, "", "", {{0, 100}}, 1};
  Canvas canvas = draw({.body = heatmap});
  std::map<std::string, Rgb> inks;
  for (const CanvasText& text : canvas.texts()) inks[text.text] = text.style.color;
  EXPECT_TRUE(is_dark(inks.at("0.0")));    // on white
  EXPECT_EQ(inks.at("100.0"), 0xFFFFFFu);  // on dark blue
  EXPECT_FALSE(is_dark(0xFFFFFF));
}

TEST(Draw, ALineThatLacksAnAxissValuePassesBelowTheAxisAtNone) {
  ParallelCoordinates plot{{{"a"}, {"b"}, {"c"}}, {{1, 10, 0.5}, {1, std::nullopt, 0.6}, {2, 20, 0.7}}};
  Canvas canvas = draw({.body = plot});
  std::vector<CanvasLine> jobs;
  for (const Canvas::Item& item : canvas.shapes()) {
    if (const auto* line = std::get_if<CanvasLine>(&item); line && line->points.size() == 3) jobs.push_back(*line);
  }
  ASSERT_EQ(jobs.size(), 3u);
  EXPECT_EQ(jobs[1].points[1].first, jobs[0].points[1].first);
  EXPECT_GT(jobs[1].points[1].second, jobs[0].points[1].second + 10) << "below the lowest value";
  std::vector<CanvasText> none;
  for (const CanvasText& text : canvas.texts()) {
    if (text.text == "none") none.push_back(text);
  }
  ASSERT_EQ(none.size(), 1u) << "on the axis that needs it";
  EXPECT_EQ(none[0].y, jobs[1].points[1].second);
}

TEST(Draw, ViridisGoesFromDarkToBright) {
  EXPECT_EQ(viridis(0), 0x440154u);
  EXPECT_EQ(viridis(1), 0xFDE725u);
  EXPECT_EQ(viridis(0.5), 0x21918Cu);
}

}  // namespace
}  // namespace latentgrid
