#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>

namespace latentgrid {

// What lies in the folder through which workers of other machines are spoken to, and what its lines say. Lines are
// numbered (protocol/line_file.hpp) and begin with a word:
//
//   to a worker     connect ID native|portable   speak to me as ID from now on, with a process of this arithmetic
//                   line ID {...}                a message of protocol/messages.hpp
//                   drop ID                      end the process that works for ID
//                   leave                        end
//                   stop                         end when the task has left a checkpoint: said by no coordinator, see farewell.hpp
//   from a worker   joined {...}                 where it runs, see WorkerPlace
//                   busy ID STAGE KEY            it still does this for a coordinator before; said before the first line for ID
//                   free ID                      it no longer does
//                   line ID {...}
//                   ended ID KIND MESSAGE        the process that worked for ID has ended: KIND as of a WorkerLost, or "killed"
//                   leaving MESSAGE              it was asked to end, and leaves as soon as its task has stopped
//                   left NUMBER MESSAGE          the last line; NUMBER: of the last line that it has read
//
// An ID names a coordinator's run and which of its connections this is. A worker makes its folder with all files in it under
// another name, and renames it when it is whole: other machines may remember for a minute that a file was not there. The
// coordinator removes the folder of a worker that has left or is dead; one that was told to leave removes it itself.
struct MailboxFolder {
  std::filesystem::path root;

  std::filesystem::path coordinator() const { return root / "coordinator"; }  // its heartbeat
  std::filesystem::path scripts() const { return root / "scripts"; }  // that schedulers other than Slurm are given
  std::filesystem::path runs() const { return root / "runs"; }  // that were submitted and have not begun, a file for each job
  std::filesystem::path worker(const std::string& name) const { return root / "workers" / name; }
  std::filesystem::path workers() const { return root / "workers"; }
  std::filesystem::path unfinished(const std::string& name) const { return root / "joining" / name; }
  std::filesystem::path to_worker(const std::string& name) const { return worker(name) / "to_worker"; }
  std::filesystem::path from_worker(const std::string& name) const { return worker(name) / "from_worker"; }
  std::filesystem::path heartbeat(const std::string& name) const { return worker(name) / "heartbeat"; }
};

inline constexpr const char* killed_kind = "killed";  // by others, see Transport::End

// The first word of a line, and the rest behind the space.
inline std::pair<std::string_view, std::string_view> first_word(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return {line, {}};
  return {line.substr(0, space), line.substr(space + 1)};
}

}  // namespace latentgrid
