#pragma once

#include <filesystem>
#include <string>

#include "base/error.hpp"

namespace latentgrid {

// The system did not let this process use a file. what() is the sentence with its hint, as main prints it.
class AccessError : public Error {
 public:
  AccessError(const std::string& sentence, const std::string& hint)
      : Error(hint.empty() ? sentence : sentence + "\n  hint: " + hint), sentence_(sentence), hint_(hint) {}

  const std::string& sentence() const { return sentence_; }
  const std::string& hint() const { return hint_; }  // may be empty

 private:
  std::string sentence_, hint_;
};

enum class Access { read, write };

// After a call on `path` failed with `error` (errno): which file or folder is closed, and who can open it. "cannot read
// PATH:
// ..." for what is no matter of permissions. Thread-safe.
AccessError access_error(const std::filesystem::path& path, Access access, int error);

// "cannot read PATH: ...", or for an AccessError its sentence: what `error` says without a hint.
std::string sentence_of(const Error& error);
std::string hint_of(const Error& error);  // of an AccessError; else empty

}  // namespace latentgrid
