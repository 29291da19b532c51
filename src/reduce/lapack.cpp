#include "reduce/lapack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "base/error.hpp"

extern "C" {
void ssyrk_(const char* uplo, const char* trans, const int* n, const int* k, const float* alpha, const float* a,
            const int* lda, const float* beta, float* c, const int* ldc);
void dsyrk_(const char* uplo, const char* trans, const int* n, const int* k, const double* alpha, const double* a,
            const int* lda, const double* beta, double* c, const int* ldc);
void sgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k, const float* alpha,
            const float* a, const int* lda, const float* b, const int* ldb, const float* beta, float* c,
            const int* ldc);
void ssymm_(const char* side, const char* uplo, const int* m, const int* n, const float* alpha, const float* a,
            const int* lda, const float* b, const int* ldb, const float* beta, float* c, const int* ldc);
void dgemm_(const char* transa, const char* transb, const int* m, const int* n, const int* k, const double* alpha,
            const double* a, const int* lda, const double* b, const int* ldb, const double* beta, double* c,
            const int* ldc);
void ssyevr_(const char* jobz, const char* range, const char* uplo, const int* n, float* a, const int* lda,
             const float* vl, const float* vu, const int* il, const int* iu, const float* abstol, int* m, float* w,
             float* z, const int* ldz, int* isuppz, float* work, const int* lwork, int* iwork, const int* liwork,
             int* info);
void dsyevd_(const char* jobz, const char* uplo, const int* n, double* a, const int* lda, double* w, double* work,
             const int* lwork, int* iwork, const int* liwork, int* info);
void dgeqrf_(const int* m, const int* n, double* a, const int* lda, double* tau, double* work, const int* lwork,
             int* info);
void dorgqr_(const int* m, const int* n, const int* k, double* a, const int* lda, const double* tau, double* work,
             const int* lwork, int* info);
}

namespace latentgrid::lapack {

namespace {

int dimension(Eigen::Index n) {
  return static_cast<int>(n);
}

void check(const char* routine, int info) {
  if (info != 0) throw Error(fmt::format("LAPACK's {} failed with info = {}", routine, info));
}

// To BLAS a row-major matrix is the column-major transposed one.
Eigen::MatrixXf gram(const MatrixRf& rows, char trans, int size, int inner) {
  const int stride = std::max(1, dimension(rows.cols()));
  const float one = 1, zero = 0;
  Eigen::MatrixXf out(size, size);
  ssyrk_("L", &trans, &size, &inner, &one, rows.data(), &stride, &zero, out.data(), &size);
  return out;
}

Eigen::MatrixXf multiply(const MatrixRf& a, char trans, const Eigen::MatrixXf& b) {
  const int m = dimension(trans == 'T' ? a.rows() : a.cols());
  const int n = dimension(b.cols()), k = dimension(b.rows()), stride = dimension(a.cols());
  const float one = 1, zero = 0;
  Eigen::MatrixXf out(m, n);
  sgemm_(&trans, "N", &m, &n, &k, &one, a.data(), &stride, b.data(), &k, &zero, out.data(), &m);
  return out;
}

}  // namespace

Eigen::MatrixXf gram_of_columns(const MatrixRf& rows) {
  return gram(rows, 'N', dimension(rows.cols()), dimension(rows.rows()));
}

Eigen::MatrixXf gram_of_rows(const MatrixRf& rows) {
  return gram(rows, 'T', dimension(rows.rows()), dimension(rows.cols()));
}

Eigen::MatrixXf product(const MatrixRf& a, const Eigen::MatrixXf& b) {
  return multiply(a, 'T', b);
}
Eigen::MatrixXf transposed_product(const MatrixRf& a, const Eigen::MatrixXf& b) {
  return multiply(a, 'N', b);
}

Eigen::MatrixXf product(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b) {
  const int m = dimension(a.rows()), n = dimension(b.cols()), k = dimension(a.cols());
  const float one = 1, zero = 0;
  Eigen::MatrixXf out(m, n);
  sgemm_("N", "N", &m, &n, &k, &one, a.data(), &m, b.data(), &k, &zero, out.data(), &m);
  return out;
}

Eigen::MatrixXf transposed_product(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b) {
  const int m = dimension(a.cols()), n = dimension(b.cols()), k = dimension(a.rows());
  const float one = 1, zero = 0;
  Eigen::MatrixXf out(m, n);
  sgemm_("T", "N", &m, &n, &k, &one, a.data(), &k, b.data(), &k, &zero, out.data(), &m);
  return out;
}

Eigen::MatrixXf symmetric_product(const Eigen::MatrixXf& a, const Eigen::MatrixXf& b) {
  const int m = dimension(a.rows()), n = dimension(b.cols());
  const float one = 1, zero = 0;
  Eigen::MatrixXf out(m, n);
  ssymm_("L", "L", &m, &n, &one, a.data(), &m, b.data(), &m, &zero, out.data(), &m);
  return out;
}

Eigen::MatrixXd product(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
  const int m = dimension(a.rows()), n = dimension(b.cols()), k = dimension(a.cols());
  const double one = 1, zero = 0;
  Eigen::MatrixXd out(m, n);
  dgemm_("N", "N", &m, &n, &k, &one, a.data(), &m, b.data(), &k, &zero, out.data(), &m);
  return out;
}

Eigen::MatrixXd gram_of_columns(const Eigen::MatrixXd& a) {
  const int n = dimension(a.cols()), k = dimension(a.rows());
  const double one = 1, zero = 0;
  Eigen::MatrixXd out(n, n);
  dsyrk_("L", "T", &n, &k, &one, a.data(), &k, &zero, out.data(), &n);
  out.triangularView<Eigen::StrictlyUpper>() = out.transpose();
  return out;
}

Eigen::MatrixXf largest_eigenvectors(Eigen::MatrixXf& symmetric, int count) {
  const int n = dimension(symmetric.rows()), first = n - count + 1;
  const float unused = 0;
  int found = 0, info = 0, lwork = -1, liwork = -1, integer_size = 0;
  float size = 0;
  Eigen::VectorXf values(n);
  Eigen::MatrixXf vectors(n, count);
  std::vector<int> support(2 * n);
  auto solve = [&](float* work, int* iwork) {
    ssyevr_("V", "I", "L", &n, symmetric.data(), &n, &unused, &unused, &first, &n, &unused, &found, values.data(),
            vectors.data(), &n, support.data(), work, &lwork, iwork, &liwork, &info);
    check("ssyevr", info);
  };
  solve(&size, &integer_size);
  lwork = static_cast<int>(size);
  liwork = integer_size;
  std::vector<float> work(lwork);
  std::vector<int> iwork(liwork);
  solve(work.data(), iwork.data());
  return vectors.rowwise().reverse();
}

Eigen64 all_eigenpairs(Eigen::MatrixXd symmetric) {
  const int n = dimension(symmetric.rows());
  int info = 0, lwork = -1, liwork = -1, integer_size = 0;
  double size = 0;
  Eigen::VectorXd values(n);
  auto solve = [&](double* work, int* iwork) {
    dsyevd_("V", "L", &n, symmetric.data(), &n, values.data(), work, &lwork, iwork, &liwork, &info);
    check("dsyevd", info);
  };
  solve(&size, &integer_size);
  lwork = static_cast<int>(size);
  liwork = integer_size;
  std::vector<double> work(lwork);
  std::vector<int> iwork(liwork);
  solve(work.data(), iwork.data());
  return {values.reverse(), symmetric.rowwise().reverse()};
}

Eigen::MatrixXd orthonormal_columns(Eigen::MatrixXd a) {
  const int m = dimension(a.rows()), n = dimension(a.cols());
  int info = 0, lwork = -1;
  double size = 0;
  std::vector<double> tau(n);
  dgeqrf_(&m, &n, a.data(), &m, tau.data(), &size, &lwork, &info);
  check("dgeqrf", info);
  lwork = static_cast<int>(size);
  std::vector<double> work(lwork);
  dgeqrf_(&m, &n, a.data(), &m, tau.data(), work.data(), &lwork, &info);
  check("dgeqrf", info);
  lwork = -1;
  dorgqr_(&m, &n, &n, a.data(), &m, tau.data(), &size, &lwork, &info);
  check("dorgqr", info);
  lwork = static_cast<int>(size);
  work.resize(lwork);
  dorgqr_(&m, &n, &n, a.data(), &m, tau.data(), work.data(), &lwork, &info);
  check("dorgqr", info);
  return a;
}

}  // namespace latentgrid::lapack
