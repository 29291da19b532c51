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
//   from a worker   joined {...}                 where it runs, see WorkerPlace
//                   line ID {...}
//                   ended ID KIND MESSAGE        the process that worked for ID has ended
//                   left NUMBER MESSAGE          the last line; NUMBER: of the last line that it has read
//
// An ID names a coordinator's run and the how manyth connection of it this is.
struct MailboxFolder {
  std::filesystem::path root;

  std::filesystem::path coordinator() const { return root / "coordinator"; }  // its heartbeat
  std::filesystem::path worker(const std::string& name) const { return root / "workers" / name; }
  std::filesystem::path workers() const { return root / "workers"; }
  std::filesystem::path to_worker(const std::string& name) const { return worker(name) / "to_worker"; }
  std::filesystem::path from_worker(const std::string& name) const { return worker(name) / "from_worker"; }
  std::filesystem::path heartbeat(const std::string& name) const { return worker(name) / "heartbeat"; }
};

// The first word of a line, and the rest behind the space.
inline std::pair<std::string_view, std::string_view> first_word(std::string_view line) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos) return {line, {}};
  return {line.substr(0, space), line.substr(space + 1)};
}

}  // namespace latentgrid
