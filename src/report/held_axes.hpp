#pragma once

#include <string>
#include <vector>

#include "db/axis_columns.hpp"
#include "report/comparison_input.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

// The axes that vary in the sweep, but have one value in the jobs at these places.
std::vector<HeldAxis> held_axes(const std::vector<AxisColumn>& axes, const std::vector<std::size_t>& jobs);

// Those that no column of the table says, be it in a label: without the replicate, and without the latent dimension where
// `latent_is_said`.
std::vector<HeldAxis> unsaid_axes(const TableSpec& spec, const std::vector<HeldAxis>& held, bool latent_is_said);

// "In all rows, epochs = 4 and k = 10.", "In all rows that have it, latent_dim = 64."; `rows` is what they are called.
std::vector<std::string> held_sentences(const std::vector<HeldAxis>& held, const std::string& rows);

}  // namespace latentgrid
