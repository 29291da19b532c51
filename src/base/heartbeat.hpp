#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/clock.hpp"
#include "base/file_system.hpp"

namespace latentgrid {

inline constexpr double seconds_between_beats = 5;
inline constexpr double seconds_without_a_beat = 60;  // after which nobody may be there any more

struct Beat {
  std::int64_t number = 0, resident_kb = 0;  // 0: none yet
};

// A line of one width, so that it can be written over without being cut first: no reader finds it empty.
std::string beat_line(const Beat& beat);
// At the beginning of a file, whatever follows. An unfinished line is no beat: the next look sees it whole.
Beat read_beat(const std::filesystem::path& file);

// Signs of life of one process for others that share a folder with it: a file of one short line, whose number grows. No time
// is written, as clocks of machines differ.
class HeartbeatWriter {
 public:
  // Goes on from the number in a file that exists.
  explicit HeartbeatWriter(std::filesystem::path file, FileSystem& files = real_file_system());

  // False if it could not be written; the next one may be.
  bool beat(std::int64_t resident_kb = 0);

 private:
  std::filesystem::path path_;
  FileSystem& files_;
  std::int64_t number_ = 0;
};

class HeartbeatWatch {
 public:
  // Counts from now, as if a beat had just been seen.
  HeartbeatWatch(std::filesystem::path file, const Clock& clock);

  // Looks at the file, then says for how long it has been the same, by the clock of this machine. Of the time between two looks
  // no more counts than three beats take: what this process, or the file server, sleeps is nobody else's silence.
  double silence_s();
  // From now, whatever was seen.
  void forgive();

  bool has_grown() const { return has_grown_; }  // since the first beat that was seen: it lives, whatever times its files have
  std::int64_t resident_kb() const { return resident_kb_; }  // as the last beat said; 0: not known

 private:
  std::filesystem::path path_;
  const Clock& clock_;
  std::int64_t number_ = 0;
  bool has_grown_ = false;
  std::int64_t resident_kb_ = 0;
  double silence_s_ = 0;
  double last_look_;
};

}  // namespace latentgrid
