#pragma once

#include <omp.h>

#include <algorithm>

namespace latentgrid {

// For the lifetime of this object the calling thread's calls of BLAS run on `threads` threads, where it is built with
// OpenMP. Whoever includes this links OpenMP and a BLAS.
class BlasThreads {
 public:
  explicit BlasThreads(int threads) : before_(omp_get_max_threads()) { omp_set_num_threads(std::max(1, threads)); }
  ~BlasThreads() { omp_set_num_threads(before_); }
  BlasThreads(const BlasThreads&) = delete;
  BlasThreads& operator=(const BlasThreads&) = delete;

 private:
  int before_;
};

}  // namespace latentgrid
