#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/file_system.hpp"
#include "base/heartbeat.hpp"
#include "base/process_identity.hpp"

namespace latentgrid {

// Who holds something that processes of several machines may want, as a file says it: a heartbeat's line, so that other machines
// see whether it lives, and a line of JSON.
struct Holder {
  ProcessIdentity process;
  std::string run;    // what it is called, for people; "" if it has no name
  std::string since;  // UTC by its own clock, for people
  std::string id;     // of this holding: none before had it, and none after it will
  std::int64_t beats = 1;  // 0: it has let go
};

std::string new_holder_id();
std::string to_text(const Holder& holder);
std::optional<Holder> read_holder(const std::filesystem::path& file);  // nothing if it is absent or not whole
std::string in_words(const Holder& holder);  // "process 7 on node17 since 2026-11-29T11:41:20.123Z"

// As life_of(). Where the file system's own locks hold between all processes of this machine, and say that nobody has it, what
// this machine has started is dead, also in its other containers and before a restart; so is who left no name.
Life life_of(const Holder& holder, const ProcessIdentity& here, bool locks_say_free);

// Beats in a holder's file until it is destroyed, and says there then that it has let go.
class SignsOfLife {
 public:
  struct Terms {
    double seconds_between = seconds_between_beats;
    bool sync = false;               // a local file system shows to everybody what was written
    std::function<bool()> is_held;   // asked at each beat; once it is not, `lost` is called and no beat follows
    std::function<void()> lost;
  };
  // Takes over the descriptor of the file, whose content is to_text(holder).
  SignsOfLife(int file, Terms terms, FileSystem& files);
  ~SignsOfLife();
  SignsOfLife(const SignsOfLife&) = delete;
  SignsOfLife& operator=(const SignsOfLife&) = delete;

 private:
  void run();
  void write(std::int64_t number);

  int file_;
  Terms terms_;
  FileSystem& files_;
  std::int64_t number_ = 1;
  bool ending_ = false;
  std::mutex mutex_;
  std::condition_variable end_;
  std::thread thread_;
};

}  // namespace latentgrid
