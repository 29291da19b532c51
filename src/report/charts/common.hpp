#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "db/details.hpp"
#include "figure/figure.hpp"
#include "report/report_data.hpp"

// What the builders of charts.hpp have in common.
namespace latentgrid::charts {

// Name and title.
Figure begin_figure(const Json& spec);

// The steps of a reduction as row_label has them: `PCA(dim = 50) + TSNE(dim = 2)`, `no reduction`.
std::string reduction_text(const ResultRow& row);

// At most `most` of 0 ... count-1, evenly spread, the first and the last among them; ascending.
std::vector<std::size_t> evenly_chosen(std::size_t count, std::size_t most);

// `one` to `twelve` in words, others in digits.
std::string in_words(std::size_t number);
// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& parts);

// Whether positive values differ by a factor of more than 20: they are better read on a logarithmic scale.
bool wants_log_scale(double smallest, double largest);

}  // namespace latentgrid::charts
