#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"

namespace latentgrid {

// One table as a sweep asks for it; its JSON is
//   {"name": "hw4", "title": "...", "columns": [{"field": "accuracy_public", "title": "public score", "precision": 4},
//   ...],
//    "sort": {"field": "accuracy_public", "descending": true}, "best": "accuracy_private", "replicate": "seed",
//    "group_by_all_except": ["epochs"], "form": "wide" or "long",
//    "caption": "...", "where": ["epochs >= 4"], "percent": true, "n": false, "notes": false,
//    "space": "raw",
//    "row_titles": {"AE1 + PCA(dim = 8)": "small"}}
// where everything but the columns' fields may be missing or null; without columns they are those of the default table, with
// its order and its best where there are none. Instead of columns,
//   "pivot": {"rows": [column, ...], "columns": [column, ...], "values": [column, ...]}
// spreads the values over the columns' values.
struct TableSpec {
  struct Column {
    std::string field, title;
    int precision = 4;
  };
  struct Sort {
    std::string field;
    bool descending = false;
  };

  struct Pivot {
    std::vector<Column> rows, columns, values;  // columns may be empty
  };
  enum class Form {
    wide,
    tall  // a row a measured value: its name and the value are columns (what tidyverse and seaborn call long form)
  };

  std::string name, title;
  std::string caption = {};
  Json where = nullptr;                                // which jobs, as rows_that_meet() of selection.hpp reads it; null: all
  bool percent = false;                                // fractions of 1 as percent
  bool n = true;                                       // over how many replicates a mean is
  bool notes = true;                                   // none: neither notes nor †, which need one
  std::map<std::string, std::string> row_titles = {};  // a row's text as the table would show it, and what to show
  std::vector<Column> columns;                         // of a pivot: empty
  std::optional<Pivot> pivot;
  Form form = Form::wide;
  std::optional<Sort> sort;               // none: the order of the sweep's file
  std::optional<std::string> best;        // field whose best values are marked
  std::string space;                      // that measures are taken in which need one; as find_common_space() takes it
  std::string replicate = "seed";         // rows that differ only in this become one
  std::vector<std::string> average_over;  // axes besides: their values are averaged within each replicate
};

// Whether the first table of a sweep's `report` shows percent: so do the sentences of its page.
bool first_table_in_percent(const Json& report);
// An accuracy in such a sentence: "0.7512" or "75.1 %".
std::string fraction_text(double fraction, bool percent);

// What decides the columns of the table that a sweep gets which asks for none.
struct DefaultTable {
  bool labelled = true;
  bool split = true;            // the sweep has a `split:`: public and private scores
  bool trained = true;          // some job trains a decoder too: it has a reconstruction loss
  bool probed = false;          // some encoder was probed, on labelled images
  bool on_leaderboard = false;  // some job has a leaderboard's score
};

// The tables of a sweep's `report`; the default one if it asks for none. Throws Error for what is no report.
std::vector<TableSpec> table_specs(const Json& report, const std::string& sweep, const DefaultTable& defaults);

}  // namespace latentgrid
