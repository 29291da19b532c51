#include "figure/figure_json.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "unit/figure/decoded_image.hpp"
#include "unit/figure/sample_figures.hpp"

namespace latentgrid {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

Json parsed(const char* text) {
  return Json::parse(text);
}

TEST(FigureJson, AFigureWithoutBodyIsItsOmissions) {
  Figure figure{"maps", "t-SNE maps", {"One dot an image."}, {"AE3 has no map: t-SNE failed."}, {}};
  EXPECT_EQ(figure_json(figure).dump(),
            R"({"caption":["One dot an image."],"gaps":["AE3 has no map: t-SNE failed."],"kind":null,"name":"maps",)"
            R"("title":"t-SNE maps"})");
}

TEST(FigureJson, CurvesAreExactlyThis) {
  XyPlot plot;
  Panel panel{.title = "loss", .caption = {"20 epochs"}, .x = {"epoch"}, .y = {"MSE", true}};
  panel.series = {{.name = "AE1",
                   .color = 2,
                   .points = {{1, 0.123456789, -1, "AE1, epoch 1"}, {2, nan}},
                   .line = true,
                   .dashed = true,
                   .marks = false},
                  {.name = "AE2", .color = -1, .points = {}}};
  plot.panels = {panel};
  EXPECT_EQ(figure_json({"curves", "Curves", {}, {}, plot}), parsed(R"({
    "name": "curves", "title": "Curves", "caption": [], "gaps": [], "kind": "xy", "equal_scale": false,
    "panels": [{
      "title": "loss", "caption": ["20 epochs"],
      "x": {"title": "epoch", "log": false, "without_units": false},
      "y": {"title": "MSE", "log": true, "without_units": false},
      "series": [
        {"name": "AE1", "color": 2, "line": true, "dashed": true, "marks": false,
         "points": [[1, 0.123457], [2, null]], "notes": ["AE1, epoch 1", ""]},
        {"name": "AE2", "color": -1, "line": false, "dashed": false, "marks": true, "points": []}]}]})"));
}

TEST(FigureJson, SaysThatPanelsShareTheirRange) {
  EXPECT_TRUE(figure_json({"slices", "", {}, {}, XyPlot{.shared_y = true}}).at("shared_y"));
  EXPECT_FALSE(figure_json({"slices", "", {}, {}, XyPlot{}}).contains("shared_y"));
}

TEST(FigureJson, ABandIsOneNumberAPoint) {
  XyPlot plot;
  plot.panels = {{.series = {{.points = {{1, 0.5, -1, "", 0.25}, {2, 0.5}}, .line = true}, {.points = {{1, 0.5}}}}}};
  const Json series = figure_json({"band", "", {}, {}, plot})["panels"][0]["series"];
  EXPECT_EQ(series[0]["spreads"].dump(), "[0.25,0]");
  EXPECT_FALSE(series[1].contains("spreads"));
}

TEST(FigureJson, MapsHaveShortNumbersAndASprite) {
  XyPlot plot{.equal_scale = true};
  Panel panel{.title = "AE1"};
  panel.x = panel.y = {.title = "", .without_units = true};
  panel.series = {{.name = "indoor", .points = {{12.3456789, -0.000123456789, 3}, {1e-20, 123456.5, -1}}},
                  {.name = "outdoor", .color = 1, .points = {{0, 0}}}};
  plot.panels = {panel};
  plot.images = std::make_shared<const Pixels>(Pixels{5, 8, 8, 3, std::vector<std::uint8_t>(5 * 8 * 8 * 3, 90)});
  Json json = figure_json({"maps", "", {}, {}, plot});
  EXPECT_EQ(json["panels"][0]["series"][0]["points"].dump(), "[[12.346,-0.00012346],[1e-20,123460]]");
  EXPECT_EQ(json["panels"][0]["series"][0]["images"].dump(), "[3,-1]");
  EXPECT_FALSE(json["panels"][0]["series"][1].contains("images"));
  EXPECT_FALSE(json["panels"][0]["series"][0].contains("notes"));
  EXPECT_EQ(json["sprite"]["width"], 8);
  EXPECT_EQ(json["sprite"]["height"], 8);
  EXPECT_EQ(json["sprite"]["columns"], 3);
  std::string url = json["sprite"]["url"];
  const std::string head = "data:image/jpeg;base64,";
  ASSERT_TRUE(url.starts_with(head));
  DecodedImage image = decode_image(decode_base64(url.substr(head.size())));
  EXPECT_EQ(image.width, 24);
  EXPECT_EQ(image.height, 16);
  EXPECT_NEAR(image.at(4, 4)[1], 90, 4);
}

TEST(FigureJson, WithoutImagesThereIsNoSprite) {
  XyPlot plot;
  plot.panels = {{.series = {{.name = "a", .points = {{1, 2, 0}}}}}};
  Json json = figure_json({"maps", "", {}, {}, plot});
  EXPECT_FALSE(json.contains("sprite"));
  EXPECT_FALSE(json["panels"][0]["series"][0].contains("images"));
}

TEST(FigureJson, WhatIsKnownOfTheImagesStandsOnceForAllPanels) {
  XyPlot plot;
  plot.panels = {{.series = {{.name = "a", .points = {{1, 2, 1}, {3, 4, 0}}}}}};
  plot.facts = std::make_shared<const ImageFacts>(ImageFacts{.classes = {0, -1}, .predicted = {1, 0}, .class_names = {"shoe", "bag"}});
  Json json = figure_json({"maps", "", {}, {}, plot});
  EXPECT_EQ(json["facts"], parsed(R"({"called": "image", "classes": [0, -1], "predicted": [1, 0], "class_names": ["shoe", "bag"]})"));
  EXPECT_EQ(json["panels"][0]["series"][0]["images"].dump(), "[1,0]") << "without pictures too";
  EXPECT_FALSE(json.contains("sprite"));
}

TEST(FigureJson, BarsAreExactlyThis) {
  BarChart chart{{"load", "train"}, {"seconds"}, {{"compute", 0, {1.5, std::nullopt}}, {"wait", 1, {nan, 3600}}}, true};
  EXPECT_EQ(figure_json({"time", "Time", {}, {}, chart}), parsed(R"({
    "name": "time", "title": "Time", "caption": [], "gaps": [], "kind": "bars", "categories": ["load", "train"],
    "values": {"title": "seconds", "log": false, "without_units": false}, "stacked": true,
    "series": [{"name": "compute", "color": 0, "values": [1.5, null]}, {"name": "wait", "color": 1, "values": [null, 3600]}]})"));
}

TEST(FigureJson, HeatmapsAreExactlyThis) {
  Heatmap heatmap{{"indoor", "outdoor"}, {"0"}, "class", "cluster", {{12345678}, {std::nullopt}}, 0};
  EXPECT_EQ(figure_json({"confusion", "C", {}, {}, heatmap}), parsed(R"({
    "name": "confusion", "title": "C", "caption": [], "gaps": [], "kind": "heatmap", "rows": ["indoor", "outdoor"],
    "columns": ["0"], "row_title": "class", "column_title": "cluster", "values": [[12345678], [null]], "precision": 0})"));
}

TEST(FigureJson, ImagesAreDataUrls) {
  ImageGrid grid{
      {1, 2, 2, 1, {0, 50, 100, 255}}, {"original"}, {{"first", {{0, "MSE 0"}, {std::nullopt, "diverged"}}}}};
  Json json = figure_json({"images", "", {}, {}, grid});
  EXPECT_EQ(json["kind"], "images");
  EXPECT_EQ(json["columns"].dump(), R"(["original"])");
  EXPECT_EQ(json["rows"][0]["title"], "first");
  EXPECT_EQ(json["rows"][0]["cells"][1].dump(), R"({"caption":"diverged","url":null})");
  EXPECT_EQ(json["rows"][0]["cells"][0]["caption"], "MSE 0");
  std::string url = json["rows"][0]["cells"][0]["url"];
  const std::string head = "data:image/png;base64,";
  ASSERT_TRUE(url.starts_with(head));
  EXPECT_EQ(decode_image(decode_base64(url.substr(head.size()))).values, grid.images.values);
}

TEST(FigureJson, ParallelCoordinatesAreExactlyThis) {
  ParallelCoordinates plot{{{.title = "model", .categories = {"AE1", "AE2"}}, {.title = "accuracy"}},
                           {{0, 0.7165}, {1, std::nullopt}}};
  EXPECT_EQ(figure_json({"jobs", "J", {}, {}, plot}), parsed(R"({
    "name": "jobs", "title": "J", "caption": [], "gaps": [], "kind": "parallel", "lines": [[0, 0.7165], [1, null]],
    "axes": [{"title": "model", "log": false, "without_units": false, "categories": ["AE1", "AE2"]},
             {"title": "accuracy", "log": false, "without_units": false}]})"));
}

TEST(FigureJson, AnyFigureIsValidAndTheSameTwice) {
  for (const std::vector<Figure>& figures : {plain_figures(), nasty_figures()}) {
    for (const Figure& figure : figures) {
      std::string text = figure_json(figure).dump();  // throws for what is not UTF-8
      EXPECT_EQ(Json::parse(text)["name"], figure.name);
      EXPECT_EQ(figure_json(figure).dump(), text);
    }
  }
}

}  // namespace
}  // namespace latentgrid
