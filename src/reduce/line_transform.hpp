#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace latentgrid {

// The discrete Fourier transform of eight lines side by side: a library transforms one after the other, which at these
// lengths takes about eight times as long. Stockham's self-sorting algorithm in radices 4, 3, 5 and 2 (Van Loan 1992, section 1.7),
// SIMD by Google Highway over the lines, so that bits don't depend on the instruction set. float32. Thread-safe.
class LineTransform {
 public:
  static constexpr std::size_t lines = 8;

  // The smallest length >= at_least without a prime factor above 5.
  static std::int64_t fast_length(std::int64_t at_least);

  // Throws Error for a length < 1 or with a prime factor above 5.
  explicit LineTransform(std::int64_t length);

  std::int64_t length() const { return length_; }
  // Floats of `data` and `scratch`: length × {real, imaginary} × lines.
  std::size_t size() const { return static_cast<std::size_t>(length_) * 2 * lines; }

  // out[k] = Σ_j data[j]·exp(∓2πi·jk/length), - forward and + backward, not divided by the length. Overwrites both arrays and
  // returns the one with the result.
  float* forward(float* data, float* scratch) const { return transform(data, scratch, false); }
  float* backward(float* data, float* scratch) const { return transform(data, scratch, true); }

 private:
  struct Stage {
    std::size_t radix, groups, stride;  // groups·radix·stride = length
    std::vector<float> twiddles;        // groups × (radix - 1) × {real, imaginary}
  };

  float* transform(float* data, float* scratch, bool backward) const;

  std::int64_t length_;
  std::vector<Stage> stages_;
};

}  // namespace latentgrid
