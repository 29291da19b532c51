#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace latentgrid::cli {

// Says on stderr what is waited for, unless it is destroyed within two seconds.
class SlowNotice {
 public:
  explicit SlowNotice(std::string text, double seconds = 2);
  ~SlowNotice();
  SlowNotice(const SlowNotice&) = delete;
  SlowNotice& operator=(const SlowNotice&) = delete;

 private:
  std::mutex mutex_;
  std::condition_variable is_over_;
  bool over_ = false;
  std::thread thread_;
};

}  // namespace latentgrid::cli
