#include "cli/slow_notice.hpp"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <utility>

namespace latentgrid::cli {

SlowNotice::SlowNotice(std::string text, double seconds) {
  thread_ = std::thread([this, text = std::move(text), seconds] {
    std::unique_lock lock(mutex_);
    if (!is_over_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return over_; })) fmt::print(stderr, "{}\n", text);
  });
}

SlowNotice::~SlowNotice() {
  {
    const std::lock_guard lock(mutex_);
    over_ = true;
  }
  is_over_.notify_one();
  thread_.join();
}

}  // namespace latentgrid::cli
