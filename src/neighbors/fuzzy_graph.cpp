#include "neighbors/fuzzy_graph.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "base/parallel.hpp"

namespace latentgrid {

namespace {

constexpr int bisections = 64;
constexpr double bisection_tolerance = 1e-5;
constexpr double least_scale = 1e-3;  // of the mean distance
constexpr std::int64_t points_at_once = 256;

// Distance to what counts as the nearest neighbor: membership falls from there on.
float distance_of_certain(std::span<const float> distances, double local_connectivity) {
  const auto first = std::find_if(distances.begin(), distances.end(), [](float d) { return d > 0; });
  const std::span<const float> beyond(first, distances.end());
  if (static_cast<double>(beyond.size()) < local_connectivity) return beyond.empty() ? 0 : beyond.back();
  const auto whole = static_cast<std::size_t>(local_connectivity);
  const double rest = local_connectivity - static_cast<double>(whole);
  if (whole == 0) return static_cast<float>(rest * beyond[0]);
  float rho = beyond[whole - 1];
  if (rest > bisection_tolerance) rho += static_cast<float>(rest * (beyond[whole] - beyond[whole - 1]));
  return rho;
}

// The scale at which the memberships sum to `target`.
double scale_of(std::span<const float> distances, float rho, double target) {
  double low = 0, high = std::numeric_limits<double>::infinity(), scale = 1;
  for (int i = 0; i < bisections; ++i) {
    double sum = 0;
    for (const float distance : distances) {
      const float d = distance - rho;
      sum += d > 0 ? std::exp(-static_cast<double>(d) / scale) : 1.0;
    }
    if (std::abs(sum - target) < bisection_tolerance) break;
    if (sum > target) {
      high = scale;
      scale = (low + high) / 2;
    } else {
      low = scale;
      scale = std::isinf(high) ? scale * 2 : (low + high) / 2;
    }
  }
  return scale;
}

double mean_of(std::span<const float> distances) {
  return std::accumulate(distances.begin(), distances.end(), 0.0) / static_cast<double>(distances.size() + 1);  // and the point itself, at 0
}

// Of every point, in how far each of its neighbors belongs to it: count × k.
std::vector<float> memberships(const Neighbors& near, const std::vector<float>& distances, const FuzzyGraphOptions& options, int threads) {
  const auto k = static_cast<std::size_t>(near.k);
  std::vector<float> values(distances.size());
  const double target = std::log2(static_cast<double>(near.k + 1));
  double mean_of_all = 0;
  for (std::int64_t i = 0; i < near.count; ++i) mean_of_all += mean_of({&distances[static_cast<std::size_t>(i) * k], k});
  mean_of_all /= static_cast<double>(near.count);
  parallel_for((near.count + points_at_once - 1) / points_at_once, threads, [&](std::int64_t block) {
    for (std::int64_t i = block * points_at_once; i < std::min(near.count, (block + 1) * points_at_once); ++i) {
      const std::span<const float> own(&distances[static_cast<std::size_t>(i) * k], k);
      const float rho = distance_of_certain(own, options.local_connectivity);
      const auto scale = static_cast<float>(std::max(scale_of(own, rho, target), least_scale * (rho > 0 ? mean_of(own) : mean_of_all)));
      for (std::size_t j = 0; j < k; ++j) {
        const float beyond = own[j] - rho;
        values[static_cast<std::size_t>(i) * k + j] = beyond <= 0 || scale == 0 ? 1.0f : std::exp(-(beyond / scale));
      }
    }
  });
  return values;
}

}  // namespace

SparseRows fuzzy_graph(const Neighbors& near, const FuzzyGraphOptions& options, int threads) {
  std::vector<float> distances(near.distances.size());
  std::transform(near.distances.begin(), near.distances.end(), distances.begin(), [](float squared) { return std::sqrt(squared); });
  const std::vector<float> given = memberships(near, distances, options, threads);
  const auto count = static_cast<std::size_t>(near.count), k = static_cast<std::size_t>(near.k);

  // What others say of a point, sorted by who says it.
  std::vector<std::int64_t> starts(count + 1);
  for (const std::int32_t to : near.indices) ++starts[static_cast<std::size_t>(to) + 1];
  std::partial_sum(starts.begin(), starts.end(), starts.begin());
  struct Entry {
    std::int32_t other;
    float value;
  };
  std::vector<Entry> received(near.indices.size());
  std::vector<std::int64_t> filled(starts.begin(), starts.end() - 1);
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t j = i * k; j < (i + 1) * k; ++j) {
      received[static_cast<std::size_t>(filled[static_cast<std::size_t>(near.indices[j])]++)] = {static_cast<std::int32_t>(i), given[j]};
    }
  }

  const auto mix = static_cast<float>(options.set_op_mix_ratio);
  auto merged = [&](std::size_t i, auto&& each) {
    std::vector<Entry> own(k);
    for (std::size_t j = 0; j < k; ++j) own[j] = {near.indices[i * k + j], given[i * k + j]};
    std::sort(own.begin(), own.end(), [](const Entry& a, const Entry& b) { return a.other < b.other; });
    auto a = own.begin();
    auto b = received.begin() + starts[i], end = received.begin() + starts[i + 1];
    while (a != own.end() || b != end) {
      const std::int32_t other = b == end ? a->other : a == own.end() ? b->other : std::min(a->other, b->other);
      const float mine = a != own.end() && a->other == other ? (a++)->value : 0;
      const float theirs = b != end && b->other == other ? (b++)->value : 0;
      const float product = mine * theirs;
      const float value = mix * (mine + theirs - product) + (1 - mix) * product;
      if (value > 0) each(other, value);
    }
  };
  SparseRows graph;
  graph.starts.resize(count + 1);
  std::vector<std::int64_t> sizes(count);
  parallel_for(static_cast<std::int64_t>(count), threads, [&](std::int64_t i) {
    merged(static_cast<std::size_t>(i), [&](std::int32_t, float) { ++sizes[static_cast<std::size_t>(i)]; });
  });
  std::partial_sum(sizes.begin(), sizes.end(), graph.starts.begin() + 1);
  graph.columns.resize(static_cast<std::size_t>(graph.starts.back()));
  graph.values.resize(graph.columns.size());
  parallel_for(static_cast<std::int64_t>(count), threads, [&](std::int64_t i) {
    auto at = static_cast<std::size_t>(graph.starts[static_cast<std::size_t>(i)]);
    merged(static_cast<std::size_t>(i), [&](std::int32_t other, float value) {
      graph.columns[at] = other;
      graph.values[at++] = value;
    });
  });
  return graph;
}

}  // namespace latentgrid
