#pragma once

namespace latentgrid {

// Functions of plain arithmetic, to a few units in the last place: the C library's may differ in the last bit between machines.
double exp_of(double x);  // of |x| <= 740
double log_of(double x);  // of x > 0

struct SineAndCosine {
  double sine, cosine;
};
SineAndCosine sine_and_cosine(double degrees);

}  // namespace latentgrid
