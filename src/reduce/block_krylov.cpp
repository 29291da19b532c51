#include "reduce/block_krylov.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "reduce/lapack.hpp"

namespace latentgrid {

namespace {

// The error of an eigenvalue goes with the square of its residual, over the distance to its neighbors.
constexpr float residual_tolerance = 5e-3f;

// An orthonormal basis, block after block, and the matrix's products with it.
class Subspace {
 public:
  Subspace(const SymmetricOperator& matrix, int block, int most)
      : matrix_(matrix), block_(block), basis_(matrix.size, most), products_(matrix.size, most) {}

  Eigen::Index size() const { return size_; }
  bool has_room() const { return size_ + block_ <= basis_.cols(); }

  void append(Eigen::MatrixXf directions) {
    // Twice: once leaves what rounding put back.
    for (int pass = 0; pass < 2 && size_ > 0; ++pass) {
      const Eigen::MatrixXf known = basis_.leftCols(size_);
      directions -= lapack::product(known, lapack::transposed_product(known, directions));
    }
    directions = lapack::orthonormal_columns(directions.cast<double>()).cast<float>();
    basis_.middleCols(size_, block_) = directions;
    products_.middleCols(size_, block_) = matrix_.apply(directions);
    size_ += block_;
  }
  Eigen::MatrixXf last_product() const { return products_.middleCols(size_ - block_, block_); }

  // The best approximations within the subspace (Rayleigh-Ritz), if they are good enough.
  std::optional<Eigen::MatrixXf> converged(int count) const {
    const Eigen::MatrixXf basis = basis_.leftCols(size_), products = products_.leftCols(size_);
    const Eigen::MatrixXd projected = lapack::transposed_product(basis, products).cast<double>();
    const lapack::Eigen64 pairs = lapack::all_eigenpairs((projected + projected.transpose()) / 2);
    const Eigen::MatrixXf chosen = pairs.vectors.leftCols(count).cast<float>();
    Eigen::MatrixXf vectors = lapack::product(basis, chosen);
    const Eigen::MatrixXf images = lapack::product(products, chosen);
    for (int i = 0; i < count; ++i) {
      const auto value = static_cast<float>(pairs.values[i]);
      if (!((images.col(i) - value * vectors.col(i)).norm() <= residual_tolerance * value)) return std::nullopt;
    }
    return vectors;
  }

 private:
  const SymmetricOperator& matrix_;
  int block_;
  Eigen::MatrixXf basis_, products_;
  Eigen::Index size_ = 0;
};

Eigen::MatrixXf random_start(Eigen::Index rows, int columns) {
  RandomStream random(std::int64_t{0}, "block_krylov");
  Eigen::MatrixXf out(rows, columns);
  for (Eigen::Index i = 0; i < out.size(); ++i) out.data()[i] = static_cast<float>(random.normal());
  return out;
}

}  // namespace

std::optional<Eigen::MatrixXf> leading_eigenvectors(const SymmetricOperator& matrix, int count) {
  const int block = krylov_block(count);
  const int most = std::min(2 * expected_krylov_blocks * block, static_cast<int>(matrix.size));
  Subspace subspace(matrix, block, most / block * block);
  if (!subspace.has_room()) return std::nullopt;
  subspace.append(random_start(matrix.size, block));
  for (int blocks = 2; subspace.has_room(); ++blocks) {
    subspace.append(subspace.last_product());
    if (blocks < expected_krylov_blocks) continue;  // a look costs as much as a third of a block
    if (auto vectors = subspace.converged(count)) return vectors;
  }
  return std::nullopt;
}

}  // namespace latentgrid
