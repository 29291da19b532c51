#pragma once

#include "base/json.hpp"
#include "figure/figure.hpp"

namespace latentgrid {

// A figure as the HTML page's charts read it:
//
//   {"name", "title", "caption": [..], "gaps": [..], "kind": "xy"|"bars"|"heatmap"|"images"|"parallel"|null, ...}
//
//   xy        "panels": [{"title", "caption": [..], "x": axis, "y": axis, "series": [{"name", "color", "line",
//   "dashed",
//             "marks", "points": [[x, y], ..], "images": [i, ..] and "notes": [text, ..], one a point, only if any}]}],
//             "equal_scale", "shared_y" if true, "sprite": {"url", "width", "height", "columns"} only if there are images,
//             "facts": {"called", "numbers", "files", "classes", "clusters", "predicted": [one an image, ..], "file_names",
//             "class_names"} as in ImageFacts, those that are known
//   bars      "categories": [..], "values": axis, "series": [{"name", "color", "values": [number|null, ..]}], "stacked"
//   heatmap   "rows": [..], "columns": [..], "row_title", "column_title", "values": [[number|null, ..], ..],
//   "precision" images    "columns": [..], "rows": [{"title", "cells": [{"url": data URL|null, "caption"}]}] parallel
//   "axes": [axis, ..], "lines": [[number|null, ..], ..] axis      {"title", "log", "without_units", "categories": [..]
//   only if any}
//
// Numbers have 6 significant digits, coordinates without units 5, integers all; null where a number is not finite. A
// point without an image has -1 in "images". Texts are plain, not HTML, and valid UTF-8.
Json figure_json(const Figure& figure);

}  // namespace latentgrid
