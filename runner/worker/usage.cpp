#include "worker/usage.hpp"

#include <time.h>

#include <algorithm>
#include <fstream>
#include <string>

#include "base/clock.hpp"

namespace latentgrid::worker {

namespace {

double cpu_seconds() {
  timespec t{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

// Linux keeps the peak since the last reset; getrusage's would include every task before.
std::int64_t peak_rss_kb() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    if (word == "VmHWM:") {
      std::int64_t kb = 0;
      status >> kb;
      return kb;
    }
  }
  return 0;
}

}  // namespace

UsageMeter::UsageMeter() : wall_(system_clock().monotonic_seconds()), cpu_(cpu_seconds()) {
  std::ofstream("/proc/self/clear_refs") << "5";
}

Usage UsageMeter::read() const {
  return {system_clock().monotonic_seconds() - wall_, cpu_seconds() - cpu_, std::max(peak_rss_kb_, peak_rss_kb())};
}

void UsageMeter::continue_from(const Usage& before) {
  wall_ = system_clock().monotonic_seconds() - before.wall_s;
  cpu_ = cpu_seconds() - before.cpu_s;
  peak_rss_kb_ = before.peak_rss_kb;
}

Json to_json(const Usage& usage) {
  return {{"wall_s", usage.wall_s}, {"cpu_s", usage.cpu_s}, {"peak_rss_kb", usage.peak_rss_kb}};
}

Usage usage_from_json(const Json& usage) { return {usage.at("wall_s"), usage.at("cpu_s"), usage.at("peak_rss_kb")}; }

}  // namespace latentgrid::worker
