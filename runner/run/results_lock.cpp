#include "run/results_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "base/access.hpp"
#include "base/error.hpp"
#include "base/file_system.hpp"
#include "base/file_system_kind.hpp"

namespace latentgrid {

namespace {

constexpr int exit_lost_lock = 1;

constexpr const char* when_another_works =
    "wait for it to end, end it with `latentgrid cancel SWEEP` (`latentgrid status` names the sweep), or use another folder with --results DIR";

void say_whom_is_watched(const Holder& holder, const std::filesystem::path& folder, double seconds) {
  fmt::print(stderr, "{} is held by {}: waiting up to {:.0f} s to see whether it is alive\n", folder.string(), in_words(holder), seconds);
}

[[noreturn]] void end_at_once(const std::filesystem::path& folder) {
  fmt::print(stderr,
             "latentgrid: another process has taken over {}, as this one gave no sign of life; this one ends now, and what it has "
             "recorded stays\n",
             folder.string());
  std::fflush(stderr);
  std::_Exit(exit_lost_lock);
}

Error held_by(const HeldByAnother& other, const std::filesystem::path& folder) {
  const bool elsewhere = other.holder().process.host != host_name();
  const std::string doing = other.holder().run.empty() ? "" : fmt::format(" ({})", other.holder().run);
  return Error(fmt::format("another run works in {}: {}{}\n  hint: {}{}", folder.string(), in_words(other.holder()), doing, when_another_works,
                           elsewhere ? fmt::format(". If that process is dead, remove {}", other.file().string()) : ""));
}

}  // namespace

ResultsLock::ResultsLock(const std::filesystem::path& file, HolderTerms terms) {
  fd_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (fd_ < 0) {
    throw Error(fmt::format("{}\n  hint: --results DIR names another folder", access_error(file, Access::write, errno).what()));
  }
  try {
    hold(file, std::move(terms));
  } catch (...) {
    ::close(fd_);
    throw;
  }
}

void ResultsLock::hold(const std::filesystem::path& file, HolderTerms terms) {
  const std::filesystem::path folder = file.parent_path();
  const bool shared = file_system_kind(file).shared;
  const bool locked = terms.files->lock(fd_, LOCK_EX | LOCK_NB) == 0;
  if (!locked && errno == EWOULDBLOCK) {
    std::string holder = read_file(file);
    throw Error(fmt::format("another run works in {}: {}\n  hint: {}", folder.string(), holder.empty() ? "holder unknown" : holder, when_another_works));
  }
  terms.locks_say_free = locked && !shared;
  terms.sync = shared;
  if (!terms.watching) {
    terms.watching = [folder, seconds = terms.seconds_without_a_beat](const Holder& other) { say_whom_is_watched(other, folder, seconds); };
  }
  if (!terms.lost) terms.lost = [folder] { end_at_once(folder); };
  try {
    holder_.emplace(file.string() + ".holder", terms);
  } catch (const HeldByAnother& other) {
    throw held_by(other, folder);
  } catch (const CannotHold& error) {
    if (!locked) {
      throw Error(fmt::format("{} can't be locked, as its file system has neither locks nor links ({})\n  hint: --results DIR names a folder "
                              "on another file system",
                              folder.string(), error.what()));
    }
  }
  const std::string text = fmt::format("pid {} on {} since {}", ::getpid(), host_name(), terms.clock->utc_timestamp());
  if (::ftruncate(fd_, 0) != 0 || ::pwrite(fd_, text.data(), text.size(), 0) < 0) {
    throw Error(fmt::format("cannot write {}: {}", file.string(), std::strerror(errno)));
  }
}

ResultsLock::~ResultsLock() {
  if (::ftruncate(fd_, 0) != 0) {
    // The text only helps readers; the lock itself goes with the descriptor.
  }
  holder_.reset();
  ::close(fd_);
}

}  // namespace latentgrid
