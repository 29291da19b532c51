#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/holder.hpp"

namespace latentgrid {

// Somebody else has it and is alive, or may be.
class HeldByAnother : public Error {
 public:
  HeldByAnother(const Holder& holder, const std::filesystem::path& file);
  const Holder& holder() const { return holder_; }
  const std::filesystem::path& file() const { return file_; }  // that says so; without it nobody is the holder

 private:
  Holder holder_;
  std::filesystem::path file_;
};

// This file system can neither link a file nor rename it onto an absent name.
class CannotHold : public Error {
  using Error::Error;
};

struct HolderTerms {
  std::string run;
  bool locks_say_free = false;  // see life_of()
  bool sync = true;
  double seconds_between_beats = latentgrid::seconds_between_beats;
  double seconds_without_a_beat = latentgrid::seconds_without_a_beat;
  ProcessIdentity here = this_process();
  std::function<void(const Holder&)> watching;  // told before it is watched whether that one lives
  std::function<void()> lost;                   // called from another thread if somebody took this process for dead
  const Clock* clock = &system_clock();
  std::function<void(double)> sleep;  // seconds; empty: really
  FileSystem* files = &real_file_system();
};

// One holder at a time of what a file stands for, by link(2) alone: for file systems where flock(2) does nothing, fails, or is of
// one machine. A dead holder is followed by another one: of the same machine that is known at once, of another one once no beat
// was seen for a while; clocks are not compared.
//
// Who follows holder X links its own record to FILE.after.X, which only one can do; then it moves that to FILE. So the holder is
// the end of a chain that begins with FILE, and who has linked looks whether it is that end: a chain that was read before another
// one moved is not followed any more. FILE is only ever replaced, by its holder, and stays with who held it last.
class HolderFile {
 public:
  HolderFile(std::filesystem::path file, HolderTerms terms);  // throws HeldByAnother, CannotHold, Error
  ~HolderFile();  // lets go
  HolderFile(const HolderFile&) = delete;
  HolderFile& operator=(const HolderFile&) = delete;

  const Holder& holder() const { return self_; }

 private:
  struct End;
  End end_of_chain() const;
  std::filesystem::path after(const Holder& holder) const;
  Life watch(const End& end) const;
  bool try_to_follow(const End& end);
  bool give_signs();
  bool is_end() const;   // of the chain
  bool is_held() const;

  std::filesystem::path file_;
  HolderTerms terms_;
  Holder self_;
  std::unique_ptr<SignsOfLife> signs_;
};

}  // namespace latentgrid
