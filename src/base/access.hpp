#pragma once

#include <exception>
#include <filesystem>
#include <string>
#include <utility>

#include "base/error.hpp"

namespace latentgrid {

// The system did not let this process use a file. What to do about it is apart from what(), which becomes a part of other
// sentences and of records.
class AccessError : public Error {
 public:
  AccessError(const std::string& sentence, std::string hint) : Error(sentence), hint_(std::move(hint)) {}

  const std::string& hint() const { return hint_; }  // may be empty

 private:
  std::string hint_;
};

enum class Access { read, write };

// After a call on `path` failed with `error` (errno): which file or folder is closed, and who can open it. "cannot read
// PATH: ..." for what is no matter of permissions. Thread-safe.
AccessError access_error(const std::filesystem::path& path, Access access, int error);

std::string hint_of(const std::exception& error);       // of an AccessError; else empty
std::string text_with_hint(const std::exception& error);  // what(), and the hint on a line of its own

}  // namespace latentgrid
