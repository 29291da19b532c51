#include "protocol/heartbeat.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "protocol/line_file.hpp"

namespace latentgrid::protocol {

namespace {

struct Beat {
  long long number = 0, resident_kb = 0;
};

// An unfinished line is no beat: the next look sees it whole.
Beat read_beat(const std::filesystem::path& file) {
  Beat beat;
  const std::string text = LineReader::bytes_from(file, 0);
  if (text.empty() || text.back() != '\n') return {};
  return std::sscanf(text.c_str(), "%lld %lld", &beat.number, &beat.resident_kb) == 2 ? beat : Beat{};
}

}  // namespace

HeartbeatWriter::HeartbeatWriter(std::filesystem::path file, FileSystem& files)
    : path_(std::move(file)), files_(files), number_(read_beat(path_).number) {}

bool HeartbeatWriter::beat(std::int64_t resident_kb) {
  // Of one width, so that it can be written over without being cut first: no reader finds it empty.
  const std::string text = fmt::format("{:020} {:020}\n", number_ + 1, resident_kb);
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
    number_ = beat.number;
    resident_kb_ = beat.resident_kb;
    forgive();
  }
  return silence_s_;
}

}  // namespace latentgrid::protocol
