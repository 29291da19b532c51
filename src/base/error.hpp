#pragma once

#include <stdexcept>
#include <string>

namespace latentgrid {

// What the user or the system did wrong. The message says what, where and what to do; main prints it and exits 1.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Wrong use of the command line or a wrong sweep file: exit code 2.
class UsageError : public Error {
 public:
  using Error::Error;
};

}  // namespace latentgrid
