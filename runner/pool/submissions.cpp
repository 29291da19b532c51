#include "pool/submissions.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "base/file_system.hpp"
#include "base/program_files.hpp"
#include "pool/submitted.hpp"

namespace latentgrid {

namespace {

std::filesystem::path record_of(const MailboxFolder& folder) {
  std::filesystem::create_directories(folder.root);
  return folder.root / "submitted";
}

// It stays with the folder, and a copy of the folder gets another one.
std::string id_of(const MailboxFolder& folder) {
  if (const std::optional<std::string> known = known_id(folder)) return *known;
  struct stat about = {};
  ::stat(folder.root.c_str(), &about);
  std::random_device random;
  const std::string fresh = fmt::format("{:08x}", random());
  write_file_atomically(folder.root / "id", fmt::format("{} {}", fresh, about.st_ino));
  return fresh;
}

}  // namespace

Submissions::Submissions(const MailboxFolder& folder) : writer_(record_of(folder)) {
  id_ = id_of(folder);
  next_ = submitted_ends(folder);
}

std::string Submissions::job_name(const std::string& crew) const { return latentgrid::job_name(id_, crew); }

int Submissions::next(const std::string& crew) const {
  const auto found = next_.find(crew);
  return found == next_.end() ? 0 : found->second;
}

bool Submissions::record(const std::string& crew, int first, int count) {
  next_[crew] = std::max(next(crew), first + count);
  return writer_.append(fmt::format("{} {} {}", crew, first, count)) && writer_.sync();
}

// Seen from a container, the nodes have it elsewhere: who started the container says where.
std::string program_on_nodes(const std::string& name) {
  const char* given = std::getenv("LATENTGRID_NODE_WORKER");
  if (!given || !*given) return program_file(name.c_str()).string();
  return (std::filesystem::path(given).parent_path() / name).string();
}

}  // namespace latentgrid
