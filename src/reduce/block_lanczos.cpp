#include "reduce/block_lanczos.hpp"

#include <algorithm>
#include <cmath>

#include "base/random.hpp"
#include "reduce/lapack.hpp"

extern "C" void sgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k, const float* alpha,
                       const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c,
                       const int* ldc);

namespace latentgrid {

namespace {

// Columns that shrink by more than this while they are made orthogonal to one another are no longer so to the basis.
constexpr float shrinks_too_much = 1e-3f;

class Lanczos {
 public:
  Lanczos(const SymmetricOperator& matrix, const LanczosOptions& options) : matrix_(matrix), options_(options), block_(options.block) {
    const Eigen::Index most = options.most / block_ * block_;
    basis_.resize(matrix.size, std::min<Eigen::Index>(most, (3 * options.count / block_ + 1) * block_));
    projected_ = Eigen::MatrixXd::Zero(most, most);
  }

  Eigen::Index size() const { return size_; }
  bool has_room() const { return size_ + block_ <= projected_.rows(); }
  // After how many more blocks a look may find it converged: a look costs as much as half a block, which divides residuals by two to three.
  Eigen::Index blocks_to_look() const { return excess_ <= 3 ? 1 : 2; }

  void begin() {
    RandomStream random(std::int64_t{0}, "block_lanczos");
    Eigen::MatrixXf start(matrix_.size, block_);
    for (Eigen::Index i = 0; i < start.size(); ++i) start.data()[i] = static_cast<float>(random.normal());
    append(orthonormal(start));
  }

  // The next block: what the matrix makes of the last one, without what is known. In exact arithmetic only the last two blocks
  // are part of it.
  void advance() {
    const Eigen::Index last = size_ - block_, before = std::max<Eigen::Index>(0, last - block_);
    Eigen::MatrixXf image = matrix_.apply(basis_.middleCols(last, block_));
    projected_.block(before, last, size_ - before, block_) = take_off(before, size_, image).cast<double>();
    projected_.block(0, last, size_, block_) += take_off(0, size_, image).cast<double>();
    Eigen::MatrixXf next = orthonormal(image);
    beyond_ = lapack::transposed_product(next, image);
    if (beyond_.diagonal().cwiseAbs().minCoeff() <= shrinks_too_much * image.colwise().norm().maxCoeff()) {
      take_off(0, size_, next);
      next = orthonormal(next);
      beyond_ = lapack::transposed_product(next, image);
    }
    append(next);
  }

  // The best approximations within all blocks but the last (Rayleigh-Ritz), if they are good enough.
  std::optional<Eigenpairs> converged() {
    const Eigen::Index inner = size_ - block_;
    const lapack::Eigen64 pairs = lapack::all_eigenpairs(projected_.topLeftCorner(inner, inner).transpose());  // of which the lower half is read
    const Eigen::MatrixXd residuals = lapack::product(Eigen::MatrixXd(beyond_.cast<double>()), Eigen::MatrixXd(pairs.vectors.bottomRows(block_)));
    const double exact = std::max(options_.rounding * pairs.values[0], options_.floor);
    excess_ = 0;
    for (int i = 0; i < options_.count; ++i) {
      const double value = std::abs(pairs.values[i]);
      if (!(value > exact)) continue;
      const double excess = residuals.col(i).norm() / std::max(options_.residual * value, exact);
      if (!std::isfinite(excess)) return std::nullopt;
      excess_ = std::max(excess_, excess);
    }
    if (!(excess_ <= 1)) return std::nullopt;
    const Eigen::MatrixXf chosen = pairs.vectors.leftCols(options_.count).cast<float>();
    return Eigenpairs{pairs.values.head(options_.count), lapack::product(Eigen::MatrixXf(basis_.leftCols(inner)), chosen)};
  }

 private:
  static Eigen::MatrixXf orthonormal(const Eigen::MatrixXf& columns) { return lapack::orthonormal_columns(columns.cast<double>()).cast<float>(); }

  void append(const Eigen::MatrixXf& columns) {
    if (size_ + block_ > basis_.cols()) basis_.conservativeResize(Eigen::NoChange, std::min(projected_.rows(), (size_ * 5 / 4 / block_ + 1) * block_));
    basis_.middleCols(size_, block_) = columns;
    size_ += block_;
  }

  // Takes what lies along columns `first` to `end` of the basis off `columns`; returns how much it was.
  Eigen::MatrixXf take_off(Eigen::Index first, Eigen::Index end, Eigen::MatrixXf& columns) const {
    Eigen::MatrixXf within(end - first, columns.cols());
    const int height = static_cast<int>(columns.rows()), known = static_cast<int>(end - first), width = static_cast<int>(columns.cols());
    const float one = 1, zero = 0, minus = -1;
    const float* basis = basis_.col(first).data();
    sgemm_("T", "N", &known, &width, &height, &one, basis, &height, columns.data(), &height, &zero, within.data(), &known);
    sgemm_("N", "N", &height, &width, &known, &minus, basis, &height, within.data(), &known, &one, columns.data(), &height);
    return within;
  }

  const SymmetricOperator& matrix_;
  const LanczosOptions& options_;
  Eigen::Index block_, size_ = 0;
  double excess_ = 0;  // of the largest residual at the last look, over what is good enough
  Eigen::MatrixXf basis_, beyond_;
  Eigen::MatrixXd projected_;  // the matrix within the basis: the upper half
};

}  // namespace

std::optional<Eigenpairs> largest_eigenpairs(const SymmetricOperator& matrix, const LanczosOptions& options,
                                             const std::function<void(Eigen::Index columns)>& step) {
  Lanczos lanczos(matrix, options);
  if (!lanczos.has_room()) return std::nullopt;
  lanczos.begin();
  Eigen::Index look = 5 * options.count / 2 + options.block;  // where the eigenvalues of points' kernels often have converged
  while (lanczos.has_room()) {
    lanczos.advance();
    step(lanczos.size());
    if (lanczos.size() < look && lanczos.has_room()) continue;
    if (lanczos.size() - options.block >= options.count) {
      if (auto found = lanczos.converged()) return found;
    }
    look = lanczos.size() + lanczos.blocks_to_look() * options.block;
  }
  return std::nullopt;
}

}  // namespace latentgrid
