#include "store/run_note.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <system_error>

#include "base/access.hpp"
#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/json.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

fs::path note_of(const fs::path& folder) { return folder / "run.json"; }
fs::path progress_of(const fs::path& folder) { return folder / "progress.json"; }
// There from the beginning: whether a file is new is what NFS remembers wrongly for longest.
fs::path requests_of(const fs::path& folder) { return folder / "requests"; }

std::optional<RunProgress> read_progress(const fs::path& folder) {
  std::error_code none;
  if (!fs::exists(progress_of(folder), none)) return std::nullopt;
  try {
    const Json json = Json::parse(read_file(progress_of(folder)));
    return RunProgress{json.at("done"), json.at("total"), json.at("eta_s")};
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::optional<RunNote> read_note(const fs::path& folder) {
  std::error_code none;
  if (!fs::exists(note_of(folder), none)) return std::nullopt;
  try {
    const Json json = Json::parse(read_file(note_of(folder)));
    return RunNote{json.at("sweep"), json.at("executor"), json.at("process"), json.at("host"), json.at("since"), folder.filename(), read_progress(folder)};
  } catch (const std::exception&) {  // it goes at this moment, or is of another version
    return std::nullopt;
  }
}

}  // namespace

void write_run_note(const ArtifactStore& store, const std::string& sweep, const std::string& executor) {
  char host[256] = {};
  ::gethostname(host, sizeof host - 1);
  const Json note{{"sweep", sweep}, {"executor", executor}, {"process", ::getpid()}, {"host", host}, {"since", system_clock().utc_timestamp()}};
  write_file(requests_of(store.staging()), "");
  write_file_atomically(note_of(store.staging()), note.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void write_run_progress(const ArtifactStore& store, const RunProgress& progress) {
  try {
    const Json json{{"done", progress.done}, {"total", progress.total}, {"eta_s", progress.eta_s}};
    write_file_atomically(progress_of(store.staging()), json.dump() + "\n");
  } catch (const Error&) {
  }
}

std::vector<RunNote> run_notes(const ArtifactStore& store) {
  std::vector<RunNote> notes;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(store.temporaries(), none)) {
    if (std::optional<RunNote> note = read_note(entry.path())) notes.push_back(*std::move(note));
  }
  std::sort(notes.begin(), notes.end(), [](const RunNote& a, const RunNote& b) { return a.since > b.since; });
  return notes;
}

bool ask_to_end(const ArtifactStore& store, const RunNote& note) {
  const fs::path requests = requests_of(store.temporaries() / note.run);
  const int file = ::open(requests.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
  if (file < 0 && errno == ENOENT) return false;
  if (file < 0) throw access_error(requests, Access::write, errno);
  const bool written = ::write(file, "end\n", 4) == 4 && ::fsync(file) == 0;
  const int error = errno;
  ::close(file);
  if (!written) throw access_error(requests, Access::write, error);
  return true;
}

bool is_asked_to_end(const ArtifactStore& store) {
  const int file = ::open(requests_of(store.staging()).c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  char byte;
  const bool asked = ::read(file, &byte, 1) == 1;
  ::close(file);
  return asked;
}

}  // namespace latentgrid
