#pragma once

#include <string>

namespace latentgrid {

// Numbers as readers see them. fixed() and fixed_with_sign() take a double for the shortest decimal number that reads back as it, so 0.6325 is
// 0.6325 and not the binary number a little below it. The page does the same (report/page/format.js).

// With so many digits after the point; a half is rounded away from zero: 0.6325 to three digits is "0.633".
std::string fixed(double value, int digits);
std::string fixed_with_sign(double value, int digits);  // "+0.633"

std::string p_text(double p);  // "p = 0.023", "p < 0.001"

// 100 times the value, by its decimal digits: 0.07 gives 7.
double in_percent(double fraction);

// a - b, without the last binary digits, which are noise: 0.6325 - 0.604 is 0.0285.
double decimal_difference(double a, double b);

}  // namespace latentgrid
