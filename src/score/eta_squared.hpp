#pragma once

#include <optional>
#include <span>

namespace latentgrid {

// Share of the variance of `values` that lies between groups, eta squared of a one-way analysis of variance: the sum of
// squares between the groups' means over the total one. group[i] is the group of values[i], a number from 0. Nothing
// where there are fewer than two groups or the values are all the same. Throws Error if the lengths differ.
std::optional<double> eta_squared(std::span<const double> values, std::span<const int> group);

}  // namespace latentgrid
