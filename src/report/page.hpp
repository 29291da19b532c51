#pragma once

#include <string>

#include "base/json.hpp"

namespace latentgrid {

// One HTML file with everything in it: it opens offline, fetches nothing, and runs no script but its own, whatever the
// content's texts hold. The same content gives the same bytes. Texts that are not UTF-8 are shown with replacement
// characters, numbers that are not finite as missing.
//
// What the page shows; every part may be absent:
//   sweep, program  texts
//   answer          [sentence, ...]: which setting is best; at the top, the first one large
//   overview        [{name, lines: [text, ...], detail}]: what was run; details can be folded away
//   gaps            [sentence, ...]: what the report lacks
//   tables          [{name, title, caption, columns: [column, ...], rows: [[cell, ...], ...], foot: [sentence, ...],
//                   details: [sentence, ...]}]
//     column        {title, kind: text|integer|estimate, precision}
//     cell          null, a text, an integer, {text, best, tied}, or
//                   {mean, std, n, best, tied}; no std for n = 1, no n where the table shows none
//   jobs            {columns: [{field, title, kind: text|integer|real, precision, levels, values, hidden}]}
//     values        one a job; null for none; a text's is an index into levels
//     hidden        "same": all jobs have one value, which a line says; "repeats" another column; both can be chosen
//   figures         [{name, title, caption: [sentence, ...], gaps: [sentence, ...], kind, ...}]
//     kind xy       panels: [{title, caption: [line, ...], x: axis, y: axis, series: [series, ...]}],
//                   equal_scale, shared_y, sprite: {url, width, height, columns}: images in rows of `columns`,
//                   facts: {called, numbers, files, classes, clusters, predicted: [one an image, ...], file_names,
//                   class_names}; -1 for none
//       series      {name, color, line, dashed, marks, points: [[x, y], ...],
//                   images: [index or -1, ...], notes: [text, ...]}
//     kind bars     categories: [text, ...], values: axis, series: [{name, color, values: [number, ...]}], stacked
//     kind heatmap  rows, columns: [text, ...], row_title, column_title, values: [[number, ...], ...], precision
//     kind images   columns: [text, ...], rows: [{title, cells: [{url, caption}, ...]}]
//     kind parallel axes: [axis, ...], lines: [[number, ...], ...]
//     kind null     gaps say why there is nothing
//   axis            {title, log, without_units, categories: [text, ...]}
//   url             data:image/...
// Numbers and urls of figures may be null. report/figure.hpp says what figures mean.
std::string to_html(const Json& content);

}  // namespace latentgrid
