#pragma once

#include <cstdint>

namespace latentgrid {

// Images that one of two predictions has right and the other wrong.
struct Disagreement {
  std::int64_t only_first = 0, only_second = 0;  // right by this one alone
  std::int64_t images = 0;                       // compared
};

// Two-sided p-value of McNemar's exact test: how often fair coins would split so unevenly. 1 where nothing differs. It
// speaks of these two predictions, not of what trained them. (McNemar 1947; SciPy: stats.binomtest(min(b, c), b + c).)
double mcnemar_exact(const Disagreement& disagreement);

// Standard error of a fraction of n right answers, sqrt(p(1 - p)/n): all that a leaderboard's score tells of its own noise.
double binomial_standard_error(double fraction, std::int64_t n);

}  // namespace latentgrid
