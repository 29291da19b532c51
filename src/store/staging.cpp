#include "store/staging.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "base/access.hpp"
#include "base/process_identity.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

fs::path lock_of(const fs::path& folder) { return folder / "lock"; }

constexpr std::string_view sign_prefix = "held.";

// Opened; -1 if somebody has removed the folder.
int make_sign(const fs::path& sign, const Holder& holder, FileSystem& files) {
  const int opened = files.create(sign, O_EXCL);
  if (opened < 0 && errno != ENOENT) throw access_error(sign, Access::write, errno);
  if (opened < 0) return -1;
  const std::string text = to_text(holder);
  if (files.write(opened, text.data(), text.size()) == static_cast<ssize_t>(text.size())) return opened;
  const int error = errno;
  ::close(opened);
  files.remove(sign);
  throw access_error(sign, Access::write, error);
}

std::vector<fs::path> signs_in(const fs::path& folder) {
  std::vector<fs::path> signs;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (is_sign_of_holder(entry.path())) signs.push_back(entry.path());
  }
  return signs;
}

// One that is not whole may be of a process that has just begun.
Life life_of_sign(const fs::path& sign, bool locks_say_free) {
  const std::optional<Holder> holder = read_holder(sign);
  if (!holder) return locks_say_free ? Life::dead : Life::unknown;
  return life_of(*holder, this_process(), locks_say_free);
}

bool has_living_sign(const fs::path& folder, bool locks_say_free) {
  const std::vector<fs::path> signs = signs_in(folder);
  return std::any_of(signs.begin(), signs.end(), [&](const fs::path& sign) { return life_of_sign(sign, locks_say_free) != Life::dead; });
}

enum class LockState { free, taken, absent, unknown };  // unknown: there are no locks

LockState lock_state(const fs::path& folder, FileSystem& files) {
  int lock = ::open(lock_of(folder).c_str(), O_RDWR | O_CLOEXEC);
  if (lock < 0 && (errno == EACCES || errno == EROFS)) lock = ::open(lock_of(folder).c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return errno == ENOENT || errno == ENOTDIR ? LockState::absent : LockState::taken;
  const bool free = files.lock(lock, LOCK_EX | LOCK_NB) == 0;
  const int error = errno;
  ::close(lock);
  return free ? LockState::free : error == EWOULDBLOCK ? LockState::taken : LockState::unknown;
}

bool is_elsewhere(const fs::path& sign) { return life_of_sign(sign, false) != Life::alive; }

// The last of a run may have removed the file since it was opened.
bool is_still_there(int file, const fs::path& path) {
  struct stat opened, named;
  return ::fstat(file, &opened) == 0 && ::stat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino;
}

}  // namespace

std::string new_run_name() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{}.{}.{}", host_name(), ::getpid(), std::chrono::duration_cast<std::chrono::microseconds>(now).count());
}

HeldStaging::HeldStaging(const ArtifactStore& store, const ProcessIdentity& process)
    : files_(store.files()), shared_(store.is_shared()), folder_(store.staging()) {
  const Holder holder{process, store.run(), system_clock().utc_timestamp(), new_holder_id(), 1};
  const fs::path file = lock_of(folder_);
  sign_ = folder_ / (std::string(sign_prefix) + holder.id);
  for (;;) {
    fs::create_directories(folder_);
    const int sign = make_sign(sign_, holder, files_);
    if (sign < 0) continue;
    lock_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    const int error = errno;
    // Where there are no locks the signs tell.
    const bool held = lock_ >= 0 && (files_.lock(lock_, LOCK_SH) != 0 || is_still_there(lock_, file)) && is_still_there(sign, sign_);
    if (held) {
      signs_ = std::make_unique<SignsOfLife>(sign, SignsOfLife::Terms{.sync = shared_, .is_held = nullptr, .lost = nullptr}, files_);
      return;
    }
    ::close(sign);
    files_.remove(sign_);
    if (lock_ >= 0) ::close(lock_);
    if (lock_ < 0 && error != ENOENT) throw access_error(file, Access::write, error);
  }
}

HeldStaging::~HeldStaging() {
  signs_.reset();
  files_.remove(sign_);
  const bool locked = files_.lock(lock_, LOCK_EX | LOCK_NB) == 0;
  const bool locks_fail = !locked && errno != EWOULDBLOCK;
  std::error_code ignored;
  const bool last = (locked || locks_fail) && !has_living_sign(folder_, locked && !shared_);
  if (shared_) ::close(lock_);  // over NFS an open file keeps its folder
  if (last) fs::remove_all(folder_, ignored);
  if (!shared_) ::close(lock_);
  if (!last) return;
  fs::remove(folder_.parent_path(), ignored);  // unless other runs are in it
}

bool is_sign_of_holder(const fs::path& file) { return file.filename().string().starts_with(sign_prefix); }

bool is_held(const fs::path& folder, FileSystem& files) {
  const LockState lock = lock_state(folder, files);
  if (lock == LockState::taken) return true;
  const bool local = !file_system_kind(folder).shared;
  if (lock == LockState::absent) return has_living_sign(folder, local);
  if (lock == LockState::unknown && signs_in(folder).empty()) return true;
  return has_living_sign(folder, local && lock == LockState::free);
}

void remove_abandoned_staging(const ArtifactStore& store) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(store.temporaries(), ignored)) {
    if (!is_held(entry.path(), store.files())) fs::remove_all(entry.path(), ignored);  // what is kept by a reader over NFS goes next time
  }
  fs::remove(store.temporaries(), ignored);
}

namespace {

std::map<fs::path, std::int64_t> beats_in(const fs::path& folder) {
  std::map<fs::path, std::int64_t> beats;
  for (const fs::path& sign : signs_in(folder)) beats[sign] = read_beat(sign).number;
  return beats;
}

}  // namespace

StagingOfOthers::StagingOfOthers(const ArtifactStore& store, const Clock& clock)
    : store_(store), clock_(clock), since_(clock.monotonic_seconds()) {
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(store.temporaries(), ignored)) {
    if (entry.path() != store.staging()) beats_[entry.path()] = beats_in(entry.path());
  }
  std::erase_if(beats_, [](const auto& folder) { return folder.second.empty(); });
}

void StagingOfOthers::remove_silent() {
  if (beats_.empty() || clock_.monotonic_seconds() - since_ < seconds_without_a_beat) return;
  for (const auto& [folder, beats] : beats_) {
    const std::vector<fs::path> signs = signs_in(folder);
    const bool silent = lock_state(folder, store_.files()) != LockState::taken && beats_in(folder) == beats && std::all_of(signs.begin(), signs.end(), [](const fs::path& sign) { return is_elsewhere(sign); });
    std::error_code ignored;
    if (silent) fs::remove_all(folder, ignored);
  }
}

}  // namespace latentgrid
