#pragma once

#include <optional>
#include <span>

namespace latentgrid {

// Share of the variance of `values` that lies between groups, eta squared of a one-way analysis of variance: the sum of
// squares between the groups' means over the total one. group[i] is the group of values[i], a number from 0. Nothing
// where there are fewer than two groups or the values are all the same. Throws Error if the lengths differ.
std::optional<double> eta_squared(std::span<const double> values, std::span<const int> group);

// The mean of eta_squared() over all ways to exchange values within their stratum: what of it is due to chance, and to
// the strata where groups are not spread evenly over them. stratum[i] is any number. With one stratum it is (groups - 1)
// / (values - 1). Nothing and errors as above. (Expectation of a permutation test restricted to strata; the mean and
// variance of a sum drawn without replacement.)
std::optional<double> eta_squared_within_strata(std::span<const double> values, std::span<const int> group,
                                                std::span<const int> stratum);

}  // namespace latentgrid
