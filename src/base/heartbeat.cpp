#include "base/heartbeat.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <utility>

namespace latentgrid {

std::string beat_line(const Beat& beat) { return fmt::format("{:020} {:020}\n", beat.number, beat.resident_kb); }

Beat read_beat(const std::filesystem::path& file) {
  char text[64] = {};  // of a line
  const int opened = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);  // anew each time: NFS is consistent from close to open
  if (opened < 0) return {};
  const ssize_t read = ::pread(opened, text, sizeof text - 1, 0);
  ::close(opened);
  long long number = 0, resident_kb = 0;
  if (read <= 0 || !std::strchr(text, '\n') || std::sscanf(text, "%lld %lld", &number, &resident_kb) != 2) return {};
  return {number, resident_kb};
}

HeartbeatWriter::HeartbeatWriter(std::filesystem::path file, FileSystem& files)
    : path_(std::move(file)), files_(files), number_(read_beat(path_).number) {}

bool HeartbeatWriter::beat(std::int64_t resident_kb) {
  const std::string text = beat_line({number_ + 1, resident_kb});
  const int file = files_.create(path_, 0);
  if (file < 0) return false;
  const bool written = files_.write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && files_.sync(file) == 0;
  ::close(file);
  number_ += written;
  return written;
}

HeartbeatWatch::HeartbeatWatch(std::filesystem::path file, const Clock& clock)
    : path_(std::move(file)), clock_(clock), last_look_(clock.monotonic_seconds()) {}

void HeartbeatWatch::forgive() {
  silence_s_ = 0;
  last_look_ = clock_.monotonic_seconds();
}

double HeartbeatWatch::silence_s() {
  const double now = clock_.monotonic_seconds();
  silence_s_ += std::clamp(now - std::exchange(last_look_, now), 0.0, 3 * seconds_between_beats);
  const Beat beat = read_beat(path_);
  if (beat.number != 0 && beat.number != number_) {
    has_grown_ = number_ != 0;
    number_ = beat.number;
    resident_kb_ = beat.resident_kb;
    forgive();
  }
  return silence_s_;
}

}  // namespace latentgrid
