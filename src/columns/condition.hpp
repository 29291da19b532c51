#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "columns/cell.hpp"

namespace latentgrid {

enum class Relation { equal, not_equal, less, at_most, greater, at_least };

// What the values of a column must be: `accuracy >= 0.7`, `reduction = t-SNE`, `pca.dim != 8, 16`.
struct Condition {
  std::string column;  // canonical (columns/names.hpp)
  Relation relation = Relation::equal;
  std::vector<std::string> values;  // one of them, or none of them; of <, <=, > and >= one number
  bool operator==(const Condition&) const = default;
};

// NAME, then =, ==, !=, <, <=, > or >=, then a value or several between commas, in brackets or without. Throws
// UsageError that quotes `text`.
Condition parse_condition(std::string_view text);

// "[-1, 1]" of -1 and 1.
std::string list_of(const std::vector<std::string>& values);

// {"tsne.perplexity": [10, 30]} says `tsne.perplexity = 10, 30`. `value` is a scalar or an array of scalars.
Condition equals_condition(std::string_view column, const Json& value);

// Numbers agree as numbers (10 is 10.0), names of methods in any spelling, anything else as text. The value "-", as
// tables print it, stands for no value. A value that is itself a list, such as the range [-1, 1], agrees with the list of
// its values, and not with one of them. A job without a value meets `!=` of any value, and neither < nor >.
bool meets(const Condition& condition, const Cell& cell);

// A latent_dim goes by its number and by the name in the column `latent` ("native"): a job meets a condition on it by
// either, and `!=` by both. "latent" for latent_dim, "" for every other column.
std::string_view other_name_of(std::string_view column);
bool meets(const Condition& condition, const Cell& cell, const Cell& other_name);

// "epochs >= 4", "architecture = AE1, AE2"
std::string text_of(const Condition& condition);

}  // namespace latentgrid
