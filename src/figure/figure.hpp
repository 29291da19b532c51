#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace latentgrid {

// What a figure shows, whatever draws it: Cairo for print, ECharts on the HTML page. Plain text throughout; who draws
// escapes.

// A place in the palette of colours that colour-blind readers can tell apart (Okabe and Ito, jfly.uni-koeln.de/color):
// 0, 1, ...; -1 is grey.
using Color = int;

// uint8 images count×height×width×channels in C order, 1 or 3 channels.
struct Pixels {
  std::int64_t count = 0, height = 0, width = 0, channels = 0;
  std::vector<std::uint8_t> values;
};

// What is known of images that points stand for, by Point::image. Every list may be empty: then that is not known of any.
struct ImageFacts {
  std::string called = "image";                            // in front of the number
  std::vector<std::int64_t> numbers;                       // in the image's file; empty: Point::image itself
  std::vector<std::int32_t> files;                         // of file_names; empty: all are of one file
  std::vector<std::string> file_names;
  std::vector<std::int32_t> classes, clusters, predicted;  // predicted: the class that the cluster is matched with; -1: none
  std::vector<std::string> class_names;                    // of classes 0, 1, ...; empty: they have none
};

struct FigureAxis {
  std::string title;
  bool log = false;
  bool without_units = false;           // no ticks: t-SNE's coordinates mean nothing by themselves
  std::vector<std::string> categories;  // if any, coordinates count in them: 0, 1, ...
};

struct Point {
  double x = 0, y = 0;
  std::int64_t image = -1;  // index into XyPlot::images and XyPlot::facts; -1: none
  std::string note;         // shown under the pointer ("AE1, epoch 3, seed 0"); may be empty
  double spread = 0;        // of a line: a band from y - spread to y + spread lies behind it; 0: none
};

struct PointSeries {
  std::string name;
  Color color = 0;
  std::vector<Point> points;
  bool line = false;  // joined in order
  bool dashed = false;
  bool marks = true;
};

struct Panel {
  std::string title;
  std::vector<std::string> caption;  // lines below it: "KL 1.276", "trustworthiness 0.98"
  FigureAxis x, y;
  std::vector<PointSeries> series;
};

// Scatter plots and curves, one or several panels in a row (more than five: a new row after four). Series of one name have one colour
// in all panels, and one entry of the legend.
struct XyPlot {
  std::vector<Panel> panels;
  bool equal_scale = false;              // a unit is as long on both axes: maps
  bool shared_y = false;                 // all panels have one range upwards
  std::shared_ptr<const Pixels> images;  // what Point::image counts in; null: none
  std::shared_ptr<const ImageFacts> facts;  // null: nothing is known of the images
};

struct BarSeries {
  std::string name;
  Color color = 0;
  std::vector<std::optional<double>> values;  // one a category
};

// Horizontal bars, the first category on top.
struct BarChart {
  std::vector<std::string> categories;
  FigureAxis values;
  std::vector<BarSeries> series;
  bool stacked = false;
};

// Counts or fractions with the number in every cell.
struct Heatmap {
  std::vector<std::string> rows, columns;
  std::string row_title, column_title;
  std::vector<std::vector<std::optional<double>>> values;  // rows×columns
  int precision = 0;                                       // digits after the point
};

struct ImageCell {
  std::optional<std::int64_t> image;  // index into ImageGrid::images; none: an empty cell
  std::string caption;                // "MSE 0.0123", or why there is no image
};

// Images in rows and columns with headings: originals beside their reconstructions.
struct ImageGrid {
  Pixels images;
  std::vector<std::string> columns;
  struct Row {
    std::string title;
    std::vector<ImageCell> cells;  // one a column
  };
  std::vector<Row> rows;
};

// One line a job through its value on every axis, coloured by the last axis. The last line lies on top.
struct ParallelCoordinates {
  std::vector<FigureAxis> axes;
  std::vector<std::vector<std::optional<double>>> lines;  // lines×axes; none: it passes below the axis, at "none"
};

struct Figure {
  std::string name;  // of its files
  std::string title;
  std::vector<std::string> caption;  // sentences
  std::vector<std::string> omissions;  // what should be there and is not, a sentence each
  std::variant<std::monostate, XyPlot, BarChart, Heatmap, ImageGrid, ParallelCoordinates>
      body;  // nothing: omissions say why
  bool lost = false;  // without a body: there was something to show, but what it is drawn from is gone or damaged
};

}  // namespace latentgrid
