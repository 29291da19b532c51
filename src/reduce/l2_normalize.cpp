#include <algorithm>
#include <cmath>
#include <optional>

#include "base/parallel.hpp"
#include "reduce/reduction.hpp"

namespace latentgrid {

namespace {

constexpr std::int64_t rows_at_once = 1024;

class L2Normalization : public Reduction {
 public:
  explicit L2Normalization(const ReductionInput& input) : points_(input.points), threads_(input.threads) {}

  std::int64_t reached() const override { return 0; }

  void run_until(std::int64_t, const Progress& progress) override {
    if (normalized_) return;
    MatrixRf out(points_.rows(), points_.cols());
    parallel_for((points_.rows() + rows_at_once - 1) / rows_at_once, threads_, [&](std::int64_t block) {
      for (std::int64_t i = block * rows_at_once; i < std::min<std::int64_t>(points_.rows(), (block + 1) * rows_at_once); ++i) {
        double squares = 0;
        for (std::int64_t j = 0; j < points_.cols(); ++j) squares += static_cast<double>(points_(i, j)) * points_(i, j);
        const double length = squares > 0 ? std::sqrt(squares) : 1;
        for (std::int64_t j = 0; j < points_.cols(); ++j) out(i, j) = static_cast<float>(points_(i, j) / length);
      }
    });
    normalized_ = std::move(out);
    progress(1, 1);
  }

  ReductionSnapshot snapshot(std::int64_t) override { return {.embedding = *normalized_}; }

  void set_threads(int threads) override { threads_ = threads; }

 private:
  ConstMatrixRef points_;
  int threads_;
  std::optional<MatrixRf> normalized_;
};

}  // namespace

std::unique_ptr<Reduction> make_l2_normalize(const ReductionInput& input) { return std::make_unique<L2Normalization>(input); }

}  // namespace latentgrid
