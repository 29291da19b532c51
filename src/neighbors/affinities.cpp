#include "neighbors/affinities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <memory>
#include <numeric>
#include <utility>

#include "base/error.hpp"
#include "base/parallel.hpp"

namespace latentgrid {

namespace {

constexpr int bisection_steps = 100;
constexpr double entropy_tolerance = 1e-5;
constexpr std::int64_t rows_a_block = 64;
constexpr std::int64_t rows_at_once = 4096;  // whose sums are kept until they are added up
constexpr std::int64_t most_parts = 16;      // of a matrix that is transposed; each takes 8 bytes a row

// Calls function(begin, end) for the blocks of rows between the two.
template <typename Function>
void for_blocks(std::int64_t first, std::int64_t last, int threads, const Function& function) {
  const std::int64_t blocks = (last - first + rows_a_block - 1) / rows_a_block;
  parallel_for(blocks, threads, [&](std::int64_t block) {
    const std::int64_t begin = first + block * rows_a_block;
    function(begin, std::min(begin + rows_a_block, last));
  });
}

// One row of the search. Distances are taken from the nearest on: probabilities and entropy stay what they are, and the
// largest exponential is 1, so that far points don't underflow together.
void search_row(const float* distances, std::int64_t k, double desired_entropy, double* p) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  double beta = 1, lowest = -infinity, highest = infinity;
  for (int step = 0; step < bisection_steps; ++step) {
    double sum = 0, weighted = 0;
    for (std::int64_t j = 0; j < k; ++j) {
      const double distance = static_cast<double>(distances[j]) - distances[0];
      p[j] = std::exp(-beta * distance);
      sum += p[j];
      weighted += distance * p[j];
    }
    for (std::int64_t j = 0; j < k; ++j) p[j] /= sum;
    const double excess = std::log(sum) + beta * weighted / sum - desired_entropy;
    if (std::abs(excess) <= entropy_tolerance) return;
    if (excess > 0) {
      lowest = beta;
      beta = highest == infinity ? beta * 2 : (beta + highest) / 2;
    } else {
      highest = beta;
      beta = lowest == -infinity ? beta / 2 : (beta + lowest) / 2;
    }
  }
}

// A square sparse matrix in compressed rows.
struct EntriesView {
  std::int64_t rows;
  const std::int64_t* starts;  // rows + 1
  const std::int32_t* columns;
  const double* values;
};

struct Entries {
  explicit Entries(const EntriesView& like)
      : starts(like.rows + 1),
        columns(std::make_unique_for_overwrite<std::int32_t[]>(like.starts[like.rows])),
        values(std::make_unique_for_overwrite<double[]>(like.starts[like.rows])) {}

  EntriesView view() const {
    return {static_cast<std::int64_t>(starts.size()) - 1, starts.data(), columns.get(), values.get()};
  }

  std::vector<std::int64_t> starts;
  std::unique_ptr<std::int32_t[]> columns;
  std::unique_ptr<double[]> values;
};

// Parts of the rows put their entries into the same row in the order of the parts: columns ascend within a row, for any
// number of parts, whatever their order in `in`.
Entries transposed(const EntriesView& in, int threads) {
  const std::int64_t parts = std::clamp<std::int64_t>(threads, 1, most_parts);
  const auto first_row = [&](std::int64_t part) { return in.rows * part / parts; };
  std::vector<std::vector<std::int64_t>> places(parts);  // of a part's next entry in each row of the result
  parallel_for(parts, threads, [&](std::int64_t part) {
    places[part].resize(in.rows);
    const std::int64_t end = in.starts[first_row(part + 1)];
    for (std::int64_t e = in.starts[first_row(part)]; e < end; ++e) ++places[part][in.columns[e]];
  });
  Entries out(in);
  std::int64_t place = 0;
  for (std::int64_t row = 0; row < in.rows; ++row) {
    for (auto& of_part : places) place += std::exchange(of_part[row], place);
    out.starts[row + 1] = place;
  }
  parallel_for(parts, threads, [&](std::int64_t part) {
    for (std::int64_t row = first_row(part); row < first_row(part + 1); ++row) {
      for (std::int64_t e = in.starts[row]; e < in.starts[row + 1]; ++e) {
        const std::int64_t to = places[part][in.columns[e]]++;
        out.columns[to] = static_cast<std::int32_t>(row);
        out.values[to] = in.values[e];
      }
    }
  });
  return out;
}

// p(j|i) at row j, column i.
Entries backward_probabilities(const Neighbors& neighbors, double perplexity, int threads) {
  const std::vector<double> p = conditional_probabilities(neighbors, perplexity, threads);
  std::vector<std::int64_t> starts(neighbors.count + 1);
  for (std::int64_t i = 0; i <= neighbors.count; ++i) starts[i] = i * neighbors.k;
  return transposed({neighbors.count, starts.data(), neighbors.indices.data(), p.data()}, threads);
}

// Calls take(column, value) for the entries of row i of a + b, columns ascending.
template <typename Take>
void add_rows(const EntriesView& a, const EntriesView& b, std::int64_t i, const Take& take) {
  std::int64_t e = a.starts[i], f = b.starts[i];
  const std::int64_t e_end = a.starts[i + 1], f_end = b.starts[i + 1];
  while (e < e_end && f < f_end) {
    const std::int32_t c = a.columns[e], d = b.columns[f];
    const double x = a.values[e], y = b.values[f];
    take(std::min(c, d), (c <= d ? x : 0) + (d <= c ? y : 0));
    e += c <= d;
    f += d <= c;
  }
  for (; e < e_end; ++e) take(a.columns[e], a.values[e]);
  for (; f < f_end; ++f) take(b.columns[f], b.values[f]);
}

// Sum of all entries of a + b, one after the other; sizes[i]: how many row i has.
double total_of(const EntriesView& a, const EntriesView& b, int threads, std::int64_t* sizes) {
  std::vector<std::vector<double>> blocks(rows_at_once / rows_a_block);
  double total = 0;
  for (std::int64_t first = 0; first < a.rows; first += rows_at_once) {
    const std::int64_t last = std::min(first + rows_at_once, a.rows);
    for (auto& block : blocks) block.clear();
    for_blocks(first, last, threads, [&](std::int64_t begin, std::int64_t end) {
      std::vector<double>& block = blocks[(begin - first) / rows_a_block];
      block.resize(a.starts[end] - a.starts[begin] + b.starts[end] - b.starts[begin]);
      std::int64_t at = 0;
      for (std::int64_t i = begin; i < end; ++i) {
        sizes[i] = -at;
        add_rows(a, b, i, [&](std::int32_t, double value) { block[at++] = value; });
        sizes[i] += at;
      }
      block.resize(at);
    });
    for (const auto& block : blocks) {
      for (double value : block) total += value;
    }
  }
  return total;
}

// (a + b) / its total.
SparseRows normalized_sum(const EntriesView& a, const EntriesView& b, int threads) {
  SparseRows out;
  out.starts.resize(a.rows + 1);
  const double total = total_of(a, b, threads, out.starts.data() + 1);
  std::partial_sum(out.starts.begin(), out.starts.end(), out.starts.begin());
  out.columns.resize(out.starts.back());
  out.values.resize(out.starts.back());
  for_blocks(0, a.rows, threads, [&](std::int64_t begin, std::int64_t end) {
    std::int64_t at = out.starts[begin];
    for (std::int64_t i = begin; i < end; ++i) {
      add_rows(a, b, i, [&](std::int32_t column, double value) {
        out.columns[at] = column;
        out.values[at++] = static_cast<float>(value / total);
      });
    }
  });
  return out;
}

}  // namespace

std::int64_t affinity_neighbors(std::int64_t points, double perplexity) {
  return std::min(points - 1, static_cast<std::int64_t>(3 * perplexity + 1));
}

std::vector<double> conditional_probabilities(const Neighbors& neighbors, double perplexity, int threads) {
  if (!(perplexity > 0) || perplexity >= static_cast<double>(neighbors.count)) {
    throw Error(fmt::format("perplexity {} of {} points: it must be positive and below the number of points",
                            perplexity, neighbors.count));
  }
  std::vector<double> p(neighbors.indices.size());
  for_blocks(0, neighbors.count, threads, [&](std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; ++i) {
      search_row(neighbors.distances.data() + i * neighbors.k, neighbors.k, std::log(perplexity),
                 p.data() + i * neighbors.k);
    }
  });
  return p;
}

SparseRows joint_probabilities(const Neighbors& neighbors, double perplexity, int threads) {
  const Entries backward = backward_probabilities(neighbors, perplexity, threads);
  const Entries forward = transposed(backward.view(), threads);  // once more, for ascending columns
  return normalized_sum(forward.view(), backward.view(), threads);
}

}  // namespace latentgrid
