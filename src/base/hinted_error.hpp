#pragma once

#include <string>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

// What is wrong with a file of the user's, or closed to this process. What to do about it is apart from what(), which becomes
// a part of other sentences and of records.
class HintedError : public Error {
 public:
  HintedError(const std::string& message, std::string hint) : Error(message), hint_(std::move(hint)) {}

  const std::string& hint() const { return hint_; }  // may be empty

 private:
  std::string hint_;
};

std::string hint_of(const std::exception& error);         // of a HintedError; else empty
std::string text_with_hint(const std::exception& error);  // what(), and the hint on a line of its own

// "the file is missing; `latentgrid run x.yaml` makes it anew": a message with its hint, inside a sentence.
std::string in_one_line(std::string message);

}  // namespace latentgrid
