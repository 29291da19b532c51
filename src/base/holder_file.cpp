#include "base/holder_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <utility>
#include <vector>

#include "base/access.hpp"
#include "base/ask_server.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr int longest_chain = 1000;
constexpr int most_tries = 100;  // each of which another process has won

// Whole and on the disk, under a name of its own.
void write_record(const fs::path& file, const Holder& holder, bool sync, FileSystem& files) {
  const int opened = files.create(file, O_EXCL);
  if (opened < 0) throw access_error(file, Access::write, errno);
  const std::string text = to_text(holder);
  const bool written = files.write(opened, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && (!sync || files.sync(opened) == 0);
  const int error = errno;
  ::close(opened);
  if (written) return;
  files.remove(file);
  throw Error(fmt::format("cannot write {}: {}", file.string(), std::strerror(error)));
}

nlink_t links_of(const fs::path& file) {
  struct stat info;
  return ::stat(file.c_str(), &info) == 0 ? info.st_nlink : 0;
}

// Gives a file the name `to`, which must be absent, besides or instead of its own. False if it is not.
bool take_name(const fs::path& from, const fs::path& to, FileSystem& files) {
  if (files.link(from, to) == 0) return true;
  const int error = errno;
  // What NFS has done it may do again when the answer was lost, and then say that the name is taken: the number of links tells.
  if (links_of(from) == 2) return true;
  if (error == EEXIST) return false;
  if (error == EACCES || error == EROFS || error == ENOSPC || error == EDQUOT) throw access_error(to, Access::write, error);
  if (files.rename_onto_absent(from, to) == 0) return true;
  if (errno == EEXIST) return false;
  throw CannotHold(fmt::format("{}: the file system can't link files: {}", to.string(), std::strerror(errno)));
}

}  // namespace

HeldByAnother::HeldByAnother(const Holder& holder, const fs::path& file)
    : Error(fmt::format("{} is held by {}", file.string(), in_words(holder))), holder_(holder), file_(file) {}

struct HolderFile::End {
  std::optional<Holder> holder;  // nothing: FILE is absent
  fs::path file;                 // where it is
  std::vector<fs::path> before;  // the files of those that it follows, FILE itself left out
};

HolderFile::HolderFile(fs::path file, HolderTerms terms) : file_(std::move(file)), terms_(std::move(terms)) {
  self_ = {terms_.here, terms_.run, terms_.clock->utc_timestamp(), new_holder_id(), 1};
  for (int tries = 0; tries < most_tries; ++tries) {
    const End end = end_of_chain();
    if (end.holder) {
      Life life = life_of(*end.holder, terms_.here, terms_.locks_say_free);
      if (life == Life::unknown) life = watch(end);
      if (life == Life::unknown) continue;  // something has changed
      if (life == Life::alive) throw HeldByAnother(*end.holder, end.file);
    }
    if (try_to_follow(end)) return;
  }
  throw Error(fmt::format("cannot get hold of {}: other processes always came first\n  hint: try again", file_.string()));
}

HolderFile::~HolderFile() = default;

fs::path HolderFile::after(const Holder& holder) const { return file_.string() + ".after." + holder.id; }

namespace {

// What a power loss has left of a record is a holder of whom nothing is known.
std::optional<Holder> holder_in(const fs::path& file) {
  struct stat info;
  for (int i = 0; i < 3; ++i) {  // it may be replaced while it is read
    if (const std::optional<Holder> holder = read_holder(file)) return holder;
    if (::stat(file.c_str(), &info) != 0) return std::nullopt;
  }
  if (::access(file.c_str(), R_OK) != 0) throw access_error(file, Access::read, errno);
  Holder unknown;
  unknown.since = "an unknown time";
  unknown.process.host = "an unknown machine";
  unknown.id = fmt::format("unreadable.{}.{}", info.st_ino, info.st_mtim.tv_sec);
  return unknown;
}

}  // namespace

HolderFile::End HolderFile::end_of_chain() const {
  End end{std::nullopt, file_, {}};
  ask_server(file_.parent_path());  // who has come since
  fs::path next = file_;
  for (int i = 0; i < longest_chain; ++i) {
    const std::optional<Holder> holder = holder_in(next);
    if (!holder) break;
    if (end.holder && end.file != file_) end.before.push_back(end.file);
    end.holder = holder;
    end.file = next;
    next = after(*holder);
  }
  return end;
}

// Unknown if there is another one, at which to look then. Only the time between two looks counts, and of that not more than two
// steps: while this process or the file server stood still, no beat could be seen.
Life HolderFile::watch(const End& end) const {
  if (terms_.watching) terms_.watching(*end.holder);
  const double step = std::min(terms_.seconds_between_beats, terms_.seconds_without_a_beat) / 5;
  double silence = 0;
  for (double last = terms_.clock->monotonic_seconds(); silence < terms_.seconds_without_a_beat;) {
    if (terms_.sleep) {
      terms_.sleep(step);
    } else {
      std::this_thread::sleep_for(std::chrono::duration<double>(step));
    }
    const End seen = end_of_chain();
    if (!seen.holder || seen.holder->id != end.holder->id) return Life::unknown;
    if (seen.holder->beats != end.holder->beats) return seen.holder->beats == 0 ? Life::dead : Life::alive;
    const double now = terms_.clock->monotonic_seconds();
    silence += std::min(now - last, 2 * step);
    last = now;
  }
  return Life::dead;
}

bool HolderFile::try_to_follow(const End& end) {
  FileSystem& files = *terms_.files;
  const fs::path made = file_.string() + "." + self_.id + ".tmp";
  const fs::path name = end.holder ? after(*end.holder) : file_;
  write_record(made, self_, terms_.sync, files);
  bool taken = false;
  try {
    taken = take_name(made, name, files);
  } catch (...) {
    files.remove(made);
    throw;
  }
  files.remove(made);
  if (!is_end()) {
    if (taken) files.remove(name);
    return false;
  }
  if (name != file_) {
    // Without it the chain is longer, and holds as well. Looking again is for one that was stopped before it, and had a follower.
    static_cast<void>(files.rename(name, file_));
    if (!is_end()) return false;
    for (const fs::path& former : end.before) files.remove(former);
    if (end.file != file_) files.remove(end.file);
  }
  return give_signs();
}

// False if somebody else holds it by now.
bool HolderFile::give_signs() {
  const fs::path file = end_of_chain().file;
  const int opened = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
  if (opened < 0 && errno != ENOENT && errno != ESTALE) throw access_error(file, Access::write, errno);
  if (opened < 0) return false;
  if (!is_end()) {  // what was opened may be another one's
    ::close(opened);
    return false;
  }
  signs_ = std::make_unique<SignsOfLife>(
      opened, SignsOfLife::Terms{terms_.seconds_between_beats, terms_.sync, [this] { return is_held(); }, terms_.lost}, *terms_.files);
  return true;
}

bool HolderFile::is_end() const {
  const End end = end_of_chain();
  return end.holder && end.holder->id == self_.id;
}

// By nobody else that can be seen.
bool HolderFile::is_held() const {
  try {
    const End end = end_of_chain();
    return !end.holder || end.holder->id == self_.id;
  } catch (const Error&) {
    return true;
  }
}

}  // namespace latentgrid
