#pragma once

#include <Eigen/Core>

#include "base/matrix.hpp"

namespace latentgrid::lapack {

// The few calls of BLAS and LAPACK that the reductions need, on Eigen's matrices. Results depend on the library, on the
// number of threads (base/blas_threads.hpp) and on the machine.

// The lower triangle of rowsᵀ·rows (columns × columns) or of rows·rowsᵀ (rows × rows).
Eigen::MatrixXf gram_of_columns(const MatrixRf& rows);
Eigen::MatrixXf gram_of_rows(const MatrixRf& rows);

Eigen::MatrixXf product(const MatrixRf& a, const Eigen::MatrixXf& b);             // a·b
Eigen::MatrixXf transposed_product(const MatrixRf& a, const Eigen::MatrixXf& b);  // aᵀ·b
Eigen::MatrixXf product(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b);
Eigen::MatrixXf transposed_product(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b);
Eigen::MatrixXf symmetric_product(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b);  // a's lower triangle is read
Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b);
Eigen::MatrixXd gram_of_columns(const Eigen::MatrixXd& a);  // full aᵀ·a

// Eigenvectors of the `count` largest eigenvalues of a symmetric matrix, one a column, largest first. The lower
// triangle is read and destroyed.
Eigen::MatrixXf largest_eigenvectors(Eigen::MatrixXf& symmetric, int count);

struct Eigen64 {
  Eigen::VectorXd values;   // descending
  Eigen::MatrixXd vectors;  // one a column
};
Eigen64 all_eigenpairs(Eigen::MatrixXd symmetric);

// An orthonormal basis whose first k columns span the first k columns of `a` (Householder QR); completed by arbitrary
// directions where those are linearly dependent.
Eigen::MatrixXd orthonormal_columns(Eigen::MatrixXd a);

}  // namespace latentgrid::lapack
