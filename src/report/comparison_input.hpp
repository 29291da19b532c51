#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "columns/measures.hpp"
#include "db/details.hpp"
#include "db/queries.hpp"
#include "report/competition_split.hpp"
#include "report/result_rows.hpp"
#include "stats/mcnemar.hpp"

namespace latentgrid {

// Why something that should be there is not: "predictions.npy of job 0123456789ab is missing".
struct Omission {
  std::string reason;
};

enum class Split { all, public_part, private_part };  // of the labelled images

// An axis that the sweep varies, and that has one value in all of a table's jobs that have it.
struct HeldAxis {
  std::string name, value;
  bool in_all = true;  // every job has it
};

// What a comparison table is made from.
struct ComparisonInput {
  std::string sweep;
  ResultRows rows;  // in the order of the sweep's file
  std::vector<HeldAxis> held = {};
  // The latent dimensions that each architecture has in the whole sweep; empty: those of `rows`.
  std::map<std::string, std::set<std::string>> latents = {};
  std::int64_t images = 0, labelled = 0;
  bool default_split = false;  // the sweep has no `split:` of its own
  // A job's values on the grid's axes: asked for only where the columns leave rows that look alike.
  std::function<Axes(const std::string& job)> axes_of;
  // A job's parameter that is an axis of another row; null if it has none.
  std::function<Json(const std::string& job, const std::string& axis)> parameter_of;
  // A job's measure, taken in the table's space. May be empty.
  std::function<std::optional<double>(const ResultRow& job, const Measure& measure)> measure_of = {};
  // How well they choose, in short, and in full with what they are taken from.
  std::vector<std::string> measures_in_short = {}, about_measures = {};
  // How many images the competition scores. May be empty.
  std::function<std::optional<CompetitionSplit>()> parts_of_competition;
  // Images on which two jobs' stored predictions differ in being right; asked for about single runs. May be empty.
  std::function<std::variant<Disagreement, Omission>(const std::string& first, const std::string& second, Split split)>
      disagreement;
};

}  // namespace latentgrid
