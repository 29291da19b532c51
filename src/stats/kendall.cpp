#include "stats/kendall.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "base/error.hpp"

namespace latentgrid {

namespace {

constexpr std::size_t fewest_pairs_of_tau = 3;
constexpr std::int64_t most_pairs_exactly = 33;  // SciPy's
using ValuePair = std::pair<double, double>;

// Sums over the groups of equal values, of c values each.
struct Ties {
  double pairs = 0;     // c (c - 1) / 2
  double triples = 0;   // c (c - 1) (c - 2)
  double variance = 0;  // c (c - 1) (2c + 5)
  bool any() const { return pairs > 0; }
  void add(double c) {
    pairs += c * (c - 1) / 2;
    triples += c * (c - 1) * (c - 2);
    variance += c * (c - 1) * (2 * c + 5);
  }
};

// Of sorted values.
template <typename Value>
Ties ties_of(const std::vector<Value>& sorted) {
  Ties ties;
  for (auto begin = sorted.begin(); begin != sorted.end();) {
    const auto end = std::upper_bound(begin, sorted.end(), *begin);
    ties.add(static_cast<double>(end - begin));
    begin = end;
  }
  return ties;
}

// Sorts; how many pairs stood in the wrong order.
std::int64_t sort_and_count(std::vector<double>& values, std::vector<double>& room, std::size_t begin,
                            std::size_t end) {
  if (end - begin < 2) return 0;
  const std::size_t middle = begin + (end - begin) / 2;
  std::int64_t inversions = sort_and_count(values, room, begin, middle) + sort_and_count(values, room, middle, end);
  std::size_t left = begin, right = middle;
  for (std::size_t to = begin; to < end; ++to) {
    const bool from_right = left == middle || (right < end && values[right] < values[left]);
    if (from_right) inversions += static_cast<std::int64_t>(middle - left);
    room[to] = from_right ? values[right++] : values[left++];
  }
  std::copy(room.begin() + static_cast<std::ptrdiff_t>(begin), room.begin() + static_cast<std::ptrdiff_t>(end),
            values.begin() + static_cast<std::ptrdiff_t>(begin));
  return inversions;
}

// Both tails of the distribution of inversions over all orders of n: those of at most `inversions`, twice.
double exact_p(std::int64_t n, std::int64_t inversions) {
  const std::int64_t fewer = std::min(inversions, n * (n - 1) / 2 - inversions);
  if (4 * fewer == n * (n - 1)) return 1;
  // Share of the orders of j values that have so many inversions, from that of j - 1: the j-th adds 0 to j - 1.
  std::vector<double> share(static_cast<std::size_t>(fewer) + 1);
  share[0] = 1;
  for (std::int64_t j = 2; j <= n; ++j) {
    std::vector<double> next(share.size());
    double window = 0;
    for (std::int64_t i = 0; i <= fewer; ++i) {
      window += share[static_cast<std::size_t>(i)];
      if (i >= j) window -= share[static_cast<std::size_t>(i - j)];
      next[static_cast<std::size_t>(i)] = window / static_cast<double>(j);
    }
    share = std::move(next);
  }
  double sum = 0;
  for (double one : share) sum += one;
  return std::min(1.0, 2 * sum);
}

double approximate_p(double n, double difference, const Ties& x, const Ties& y) {
  const double m = n * (n - 1);
  const double variance = (m * (2 * n + 5) - x.variance - y.variance) / 18 + 2 * x.pairs * y.pairs / m +
                          x.triples * y.triples / (9 * m * (n - 2));
  return std::erfc(std::abs(difference) / std::sqrt(variance) / std::sqrt(2.0));
}

}  // namespace

std::optional<KendallTau> kendall_tau(std::span<const double> x, std::span<const double> y) {
  if (x.size() != y.size()) throw Error(fmt::format("{} values cannot be paired with {}", x.size(), y.size()));
  if (x.size() < fewest_pairs_of_tau) return std::nullopt;
  std::vector<ValuePair> pairs;
  for (std::size_t i = 0; i < x.size(); ++i) pairs.emplace_back(x[i], y[i]);
  std::sort(pairs.begin(), pairs.end());
  std::vector<double> first, second, room(pairs.size());
  for (const ValuePair& pair : pairs) {
    first.push_back(pair.first);
    second.push_back(pair.second);
  }
  const Ties both = ties_of(pairs), of_x = ties_of(first);
  const std::int64_t discordant = sort_and_count(second, room, 0, second.size());
  const Ties of_y = ties_of(second);
  const auto n = static_cast<std::int64_t>(pairs.size());
  const double total = static_cast<double>(n) * static_cast<double>(n - 1) / 2;
  if (of_x.pairs == total || of_y.pairs == total) return std::nullopt;
  const double difference = total - of_x.pairs - of_y.pairs + both.pairs - 2 * static_cast<double>(discordant);
  const double tau = difference / std::sqrt((total - of_x.pairs) * (total - of_y.pairs));
  const bool few = n <= most_pairs_exactly ||
                   std::min(static_cast<double>(discordant), total - static_cast<double>(discordant)) <= 1;
  const bool exactly = !of_x.any() && !of_y.any() && few;
  return KendallTau{std::clamp(tau, -1.0, 1.0),
                    exactly ? exact_p(n, discordant) : approximate_p(static_cast<double>(n), difference, of_x, of_y)};
}

}  // namespace latentgrid
