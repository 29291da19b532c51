#pragma once

#include <string>

#include "base/error.hpp"

namespace latentgrid {

// The remedy for a file that was damaged on its way. Text mode (of FTP, git, editors) changes the bytes of line ends.
constexpr const char* get_it_again = "copy or download the file again, in binary mode";

// What is wrong with a file of the user's, and what to do about it.
class InputError : public Error {
 public:
  InputError(const std::string& message, std::string hint) : Error(message), hint_(std::move(hint)) {}

  const std::string& hint() const { return hint_; }  // may be empty

 private:
  std::string hint_;
};

}  // namespace latentgrid
