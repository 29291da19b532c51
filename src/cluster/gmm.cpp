#include "cluster/gmm.hpp"

#include <fmt/format.h>
#include <hwy/aligned_allocator.h>

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <mutex>
#include <numbers>
#include <optional>

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "cluster/gmm_kernels.hpp"
#include "cluster/kmeans.hpp"

namespace latentgrid {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr auto block_points = static_cast<std::int64_t>(gmm_block);
constexpr std::int64_t most_parts = 16;            // in which moments are summed up, whatever the number of threads ...
constexpr std::int64_t most_values = 1 << 26;      // ... fewer where they would take more than half a GiB
constexpr double least_count = 10 * std::numeric_limits<double>::epsilon();  // of points of a Gaussian, as in scikit-learn

// The Gaussians as the next pass over the points needs them.
struct Model {
  Eigen::VectorXd weights;
  Rows means;                  // k × columns
  std::vector<Rows> factors;   // full: of each Gaussian, tied: one, diag and spherical: one, whose row c holds reciprocal deviations;
                               // factor · (x - mean) has unit covariance
  Eigen::VectorXd log_determinants;  // of the factors
};

// What a part of the points adds up to, about the means of the model.
struct MixtureSums {
  Eigen::VectorXd counts;
  Rows first;
  std::vector<Rows> second;  // full: of each Gaussian, diag and spherical: one row a Gaussian, tied: none
  double log_likelihood = 0;

  void add(const MixtureSums& other) {
    counts += other.counts;
    first += other.first;
    for (std::size_t i = 0; i < second.size(); ++i) second[i] += other.second[i];
    log_likelihood += other.log_likelihood;
  }
};

// What one thread works in; every row is a value for each point of a block.
class Scratch {
 public:
  Scratch(std::int64_t width, std::int64_t k)
      : memory_(hwy::AllocateAligned<double>(static_cast<std::size_t>((4 * width + k + 2) * block_points))), width_(width), k_(k) {}
  double* x() const { return memory_.get(); }
  double* centered() const { return x() + width_ * block_points; }
  double* weighted() const { return x() + 2 * width_ * block_points; }  // or transformed
  double* whitened() const { return x() + 3 * width_ * block_points; }  // of a covariance that all share
  double* values() const { return x() + 4 * width_ * block_points; }    // k rows
  double* maximum() const { return values() + k_ * block_points; }
  double* sum() const { return maximum() + block_points; }

 private:
  hwy::AlignedFreeUniquePtr<double[]> memory_;
  std::int64_t width_, k_;
};

class Mixture {
 public:
  Mixture(ConstMatrixRef points, const GmmOptions& options, std::function<void(std::int64_t)> pulse)
      : points_(points), options_(options), pulse_(std::move(pulse)), k_(options.k), width_(points.cols()),
        blocks_((points.rows() + block_points - 1) / block_points), zeros_(Eigen::VectorXd::Zero(width_)) {
    const std::int64_t second = full() ? width_ * width_ : width_;
    parts_ = std::clamp<std::int64_t>(most_values / (k_ * (second + width_ + 1)), 1, std::min(most_parts, blocks_));
    center_ = points_.cast<double>().colwise().mean().transpose();
    if (tied()) scatter_ = scatter();
  }

  GmmResult run(std::span<const std::int32_t> clusters) {
    done_ = 0;
    Model model = first_model(clusters);
    GmmResult out;
    while (!out.converged && out.iterations() < options_.max_iterations) {
      done_ = out.iterations();
      const Rows means = distance_means(model);
      const MixtureSums sums = sum_parts([&](std::int64_t block, const Scratch& scratch, MixtureSums& part) {
        find_log_probabilities(model, means, scratch);
        find_responsibilities(block, scratch, part);
        add_moments(model, scratch, part);
      });
      const double bound = sums.log_likelihood / count();
      check_finite(bound);
      out.converged = !out.lower_bounds.empty() && std::abs(bound - out.lower_bounds.back()) < options_.tolerance;
      out.lower_bounds.push_back(bound);
      model = next_model(model, sums);
    }
    choose_clusters(model, out);
    check_finite(out.log_likelihood);
    out.bic = -2 * out.log_likelihood * count() + parameters() * std::log(count());
    out.aic = -2 * out.log_likelihood * count() + parameters() * 2;
    out.weights = model.weights;
    out.means = model.means;
    return out;
  }

 private:
  bool full() const { return options_.covariance == Covariance::full; }
  bool tied() const { return options_.covariance == Covariance::tied; }
  double count() const { return static_cast<double>(points_.rows()); }

  double parameters() const {
    const auto k = static_cast<double>(k_), width = static_cast<double>(width_);
    const double matrix = width * (width + 1) / 2;
    const double covariances = full() ? k * matrix : tied() ? matrix : options_.covariance == Covariance::diag ? k * width : k;
    return covariances + k * width + k - 1;
  }

  void check_finite(double log_likelihood) const {
    if (std::isfinite(log_likelihood)) return;
    throw Error(fmt::format("Gaussian mixture: the likelihood is not finite, because variances are too small; raise reg_covar, which is {}",
                            options_.reg_covar));
  }

  // Calls function(block, scratch) in fixed parts, each in the order of its blocks, and adds the parts up in theirs.
  template <typename Function>
  MixtureSums sum_parts(const Function& function) const {
    std::vector<MixtureSums> parts(parts_);
    std::mutex mutex;
    parallel_for(parts_, options_.threads, [&](std::int64_t index) {
      parts[index] = empty_sums();
      Scratch scratch(width_, k_);
      for (std::int64_t block = blocks_ * index / parts_; block < blocks_ * (index + 1) / parts_; ++block) {
        load(block, scratch);
        function(block, scratch, parts[index]);
      }
      std::scoped_lock lock(mutex);
      pulse_(done_);
    });
    for (std::int64_t index = 1; index < parts_; ++index) parts[0].add(parts[index]);
    return std::move(parts[0]);
  }

  MixtureSums empty_sums() const {
    MixtureSums sums{.counts = Eigen::VectorXd::Zero(k_), .first = Rows::Zero(k_, width_)};
    if (full()) sums.second.assign(k_, Rows::Zero(width_, width_));
    if (!full() && !tied()) sums.second.assign(1, Rows::Zero(k_, width_));
    return sums;
  }

  std::int64_t points_in(std::int64_t block) const { return std::min(block_points, points_.rows() - block * block_points); }

  // The block's points, one dimension a row; beyond the last point of all, the center.
  void load(std::int64_t block, const Scratch& scratch) const {
    const std::int64_t points = points_in(block);
    for (std::int64_t i = 0; i < width_; ++i) {
      double* row = scratch.x() + i * block_points;
      for (std::int64_t b = 0; b < points; ++b) row[b] = points_(block * block_points + b, i);
      std::fill(row + points, row + block_points, center_[i]);
    }
  }

  // The means in the space where squares are taken.
  Rows distance_means(const Model& model) const {
    return tied() ? Rows((model.means.rowwise() - center_.transpose()) * model.factors[0].transpose()) : model.means;
  }

  // values[c] = log(weight of c · density of c) of the block's points.
  void find_log_probabilities(const Model& model, const Rows& means, const Scratch& scratch) const {
    if (tied()) transform(scratch, center_.data(), model.factors[0], scratch.whitened());
    for (std::int64_t c = 0; c < k_; ++c) {
      double* values = scratch.values() + c * block_points;
      if (full()) {
        transform(scratch, means.row(c).data(), model.factors[c], scratch.weighted());
        gmm_squares(scratch.weighted(), zeros_.data(), nullptr, width_, values);
      } else if (tied()) {
        gmm_squares(scratch.whitened(), means.row(c).data(), nullptr, width_, values);
      } else {
        gmm_squares(scratch.x(), means.row(c).data(), model.factors[0].row(c).data(), width_, values);
      }
      const double constant = std::log(model.weights[c]) + model.log_determinants[c] -
                              static_cast<double>(width_) * std::log(2 * std::numbers::pi) / 2;
      for (std::int64_t b = 0; b < block_points; ++b) values[b] = constant - values[b] / 2;
    }
  }

  // Of the logarithms; what lies beyond the last point has none.
  void find_responsibilities(std::int64_t block, const Scratch& scratch, MixtureSums& sums) const {
    const std::int64_t points = points_in(block);
    gmm_softmax(scratch.values(), k_, scratch.maximum(), scratch.sum());
    for (std::int64_t b = 0; b < points; ++b) sums.log_likelihood += scratch.maximum()[b] + std::log(scratch.sum()[b]);
    for (std::int64_t c = 0; c < k_; ++c) std::fill(scratch.values() + c * block_points + points, scratch.values() + (c + 1) * block_points, 0.0);
  }

  void choose_clusters(const Model& model, GmmResult& out) const {
    out.clusters.resize(points_.rows());
    const Rows means = distance_means(model);
    const MixtureSums sums = sum_parts([&](std::int64_t block, const Scratch& scratch, MixtureSums& part) {
      find_log_probabilities(model, means, scratch);
      for (std::int64_t b = 0; b < points_in(block); ++b) {
        std::int64_t best = 0;
        for (std::int64_t c = 1; c < k_; ++c) {
          if (scratch.values()[c * block_points + b] > scratch.values()[best * block_points + b]) best = c;
        }
        out.clusters[block * block_points + b] = static_cast<std::int32_t>(best);
      }
      find_responsibilities(block, scratch, part);
    });
    out.log_likelihood = sums.log_likelihood / count();
  }

  void transform(const Scratch& scratch, const double* center, const Rows& lower, double* out) const {
    gmm_transform({.x = scratch.x(), .center = center, .lower = lower.data(), .width = static_cast<std::size_t>(width_),
                   .centered = scratch.centered(), .out = out});
  }

  void add_moments(const Model& model, const Scratch& scratch, MixtureSums& sums) const {
    for (std::int64_t c = 0; c < k_; ++c) {
      const Moments moments = full() ? Moments::all : tied() ? Moments::first : Moments::diagonal;
      double* second = full() ? sums.second[c].data() : tied() ? nullptr : sums.second[0].row(c).data();
      add_moments_of(scratch, model.means.row(c).data(), scratch.values() + c * block_points, moments,
                     {sums.counts.data() + c, sums.first.row(c).data(), second});
    }
  }

  struct Places {
    double *weight, *first, *second;
  };
  void add_moments_of(const Scratch& scratch, const double* center, const double* weights, Moments moments, const Places& places) const {
    gmm_add_moments({.x = scratch.x(), .center = center, .weights = weights, .width = static_cast<std::size_t>(width_), .moments = moments,
                     .centered = scratch.centered(), .weighted = scratch.weighted(), .weight = places.weight, .first = places.first,
                     .second = places.second});
  }

  // Of all points about their center, which every covariance of kind tied begins with; only its lower triangle counts.
  Rows scatter() const {
    Rows total = Rows::Zero(width_, width_);
    Rows first = Rows::Zero(1, width_);
    double weight = 0;
    const Scratch scratch(width_, k_);
    for (std::int64_t block = 0; block < blocks_; ++block) {
      load(block, scratch);
      std::fill(scratch.values(), scratch.values() + block_points, 1.0);  // beyond the last point lies the center, which adds nothing
      add_moments_of(scratch, center_.data(), scratch.values(), Moments::all, {&weight, first.data(), total.data()});
    }
    return total;
  }

  Model first_model(std::span<const std::int32_t> clusters) const {
    Model model{.means = Rows::Zero(k_, width_)};
    Eigen::VectorXd counts = Eigen::VectorXd::Zero(k_);
    for (std::int64_t i = 0; i < points_.rows(); ++i) {
      model.means.row(clusters[i]) += points_.row(i).cast<double>();
      counts[clusters[i]] += 1;
    }
    for (std::int64_t c = 0; c < k_; ++c) {
      if (counts[c] > 0) model.means.row(c) /= counts[c];
      else model.means.row(c) = center_.transpose();
    }
    const MixtureSums sums = sum_parts([&](std::int64_t block, const Scratch& scratch, MixtureSums& part) {
      std::fill(scratch.values(), scratch.values() + k_ * block_points, 0.0);
      for (std::int64_t b = 0; b < points_in(block); ++b) scratch.values()[clusters[block * block_points + b] * block_points + b] = 1;
      add_moments(model, scratch, part);
    });
    return next_model(model, sums);
  }

  Model next_model(const Model& model, const MixtureSums& sums) const {
    const Eigen::VectorXd counts = sums.counts.array() + least_count;
    const Rows moved = counts.cwiseInverse().asDiagonal() * sums.first;
    Model next{.weights = counts / counts.sum(), .means = model.means + moved, .log_determinants = Eigen::VectorXd(k_)};
    if (tied()) {
      const Rows means = next.means.rowwise() - center_.transpose();
      Rows covariance = (scatter_ - means.transpose() * counts.asDiagonal() * means) / counts.sum();
      next.factors.push_back(whitening(covariance, std::nullopt));
      next.log_determinants.setConstant(next.factors[0].diagonal().array().log().sum());
      return next;
    }
    if (!full()) next.factors.emplace_back(k_, width_);
    for (std::int64_t c = 0; c < k_; ++c) {
      // The sums are about the old mean; sum of weight · (d - moved)(d - moved)ᵀ.
      const double correction = 2 - sums.counts[c] / counts[c];
      if (full()) {
        Rows covariance = sums.second[c] / counts[c] - correction * moved.row(c).transpose() * moved.row(c);
        next.factors.push_back(whitening(covariance, c));
        next.log_determinants[c] = next.factors[c].diagonal().array().log().sum();
      } else {
        Eigen::RowVectorXd variances = sums.second[0].row(c) / counts[c] - correction * moved.row(c).cwiseAbs2();
        if (options_.covariance == Covariance::spherical) variances.setConstant(variances.mean());
        variances.array() += options_.reg_covar;
        if (!(variances.minCoeff() > 0)) fail(c);
        next.factors[0].row(c) = variances.cwiseSqrt().cwiseInverse();
        next.log_determinants[c] = next.factors[0].row(c).array().log().sum();
      }
    }
    return next;
  }

  // The inverse of the Cholesky factor of a covariance of which the lower triangle counts.
  Rows whitening(Rows& covariance, std::optional<std::int64_t> cluster) const {
    covariance.diagonal().array() += options_.reg_covar;
    const Eigen::LLT<Eigen::Ref<Rows>, Eigen::Lower> decomposition(covariance);
    if (decomposition.info() != Eigen::Success || !covariance.diagonal().allFinite()) fail(cluster);
    Rows inverse = Rows::Identity(width_, width_);
    decomposition.matrixL().solveInPlace(inverse);
    return inverse;
  }

  [[noreturn]] void fail(std::optional<std::int64_t> cluster) const {
    throw Error(fmt::format("Gaussian mixture: the covariance of {} is singular; raise reg_covar, which is {}, or take fewer dimensions or clusters{}",
                            cluster ? fmt::format("cluster {}", *cluster) : "the clusters", options_.reg_covar,
                            full() ? ", or covariance: diag" : ""));
  }

  ConstMatrixRef points_;
  GmmOptions options_;
  std::function<void(std::int64_t)> pulse_;
  std::int64_t k_, width_, blocks_, parts_ = 1;
  Eigen::VectorXd center_;  // the mean of all points
  Eigen::VectorXd zeros_;
  Rows scatter_;            // of all points about it, where the covariance is tied
  std::int64_t done_ = 0;   // iterations
};

void check(ConstMatrixRef points, const GmmOptions& options) {
  if (options.k < 1 || options.k > points.rows()) {
    throw Error(fmt::format("Gaussian mixture: {} clusters of {} points: ask for 1 to {}", options.k, points.rows(), points.rows()));
  }
  if (!all_finite(points)) throw Error("Gaussian mixture: a coordinate is not finite");
}

}  // namespace

GmmResult gmm_from(ConstMatrixRef points, std::span<const std::int32_t> clusters, const GmmOptions& options) {
  check(points, options);
  auto outside = [&](std::int32_t cluster) { return cluster < 0 || cluster >= options.k; };
  if (static_cast<Eigen::Index>(clusters.size()) != points.rows() || std::any_of(clusters.begin(), clusters.end(), outside)) {
    throw Error(fmt::format("Gaussian mixture: every one of {} points needs a cluster below {}", points.rows(), options.k));
  }
  return Mixture(points, options, [](std::int64_t) {}).run(clusters);
}

GmmResult gmm(ConstMatrixRef points, const GmmOptions& options, const GmmProgress& progress) {
  check(points, options);
  const std::int64_t total = options.n_init * options.max_iterations;
  std::int64_t before = 0;
  Mixture mixture(points, options, [&](std::int64_t done) {
    if (progress) progress(before + done, total);
  });
  GmmResult best;
  for (std::int64_t start = 0; start < options.n_init; ++start) {
    before = start * options.max_iterations;
    const auto seed = static_cast<std::int64_t>(derive_seed(options.seed, "gmm", {start}));
    GmmResult result = mixture.run(kmeans(points, {.k = options.k, .n_init = 1, .seed = seed, .threads = options.threads}).clusters);
    if (start > 0 && result.lower_bounds.back() <= best.lower_bounds.back()) continue;
    best = std::move(result);
    best.start = start;
  }
  if (progress) progress(total, total);
  return best;
}

}  // namespace latentgrid
