#include "stats/mcnemar.hpp"

#include <algorithm>
#include <boost/math/distributions/binomial.hpp>
#include <cmath>

namespace latentgrid {

double mcnemar_exact(const Disagreement& disagreement) {
  const std::int64_t discordant = disagreement.only_first + disagreement.only_second;
  if (discordant == 0) return 1;
  const boost::math::binomial coins(static_cast<double>(discordant), 0.5);
  const auto fewer = static_cast<double>(std::min(disagreement.only_first, disagreement.only_second));
  return std::min(1.0, 2 * boost::math::cdf(coins, fewer));
}

double binomial_standard_error(double fraction, std::int64_t n) {
  return std::sqrt(fraction * (1 - fraction) / static_cast<double>(n));
}

}  // namespace latentgrid
