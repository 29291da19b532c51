#include "base/file_system_kind.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

struct KnownFileSystem {
  std::uint32_t magic;
  std::string_view name;
  bool shared;
};

// From linux/magic.h and, where that lacks them, from the file systems' own sources.
constexpr KnownFileSystem file_systems_by_magic[] = {
    {0x6969, "NFS", true},           {0x0BD00BD0, "Lustre", true},   {0x47504653, "GPFS", true},     {0x19830326, "BeeGFS", true},
    {0x00C36400, "CephFS", true},    {0xFF534D42, "SMB", true},      {0xFE534D42, "SMB", true},      {0x517B, "SMB", true},
    {0x5346414F, "AFS", true},       {0x6B414653, "AFS", true},      {0x73757245, "Coda", true},     {0x01161970, "GFS2", true},
    {0x7461636F, "OCFS2", true},     {0x20030528, "OrangeFS", true}, {0xAAD7AAEA, "PanFS", true},    {0x01021997, "9P", true},
    {0x61636673, "ACFS", true},      {0xA501FCF5, "VxFS", true},     {0x013111A8, "IBRIX", true},    {0xEF53, "ext4", false},
    {0x58465342, "XFS", false},      {0x9123683E, "Btrfs", false},   {0x2FC12FC1, "ZFS", false},     {0x01021994, "tmpfs", false},
    {0x858458F6, "ramfs", false},    {0x794C7630, "overlayfs", false}, {0xF2F52010, "F2FS", false},  {0x4D44, "FAT", false},
    {0x2011BAB0, "exFAT", false},    {0x5346544E, "NTFS", false},    {0x7366746E, "NTFS", false},    {0xCA451A4E, "bcachefs", false}};

constexpr std::uint32_t fuse_magic = 0x65735546;

// What a mount is called in mountinfo, behind "fuse." too.
struct MountedFileSystem {
  std::string_view type, name;
};
constexpr MountedFileSystem shared_mounts[] = {
    {"sshfs", "SSHFS"},       {"glusterfs", "GlusterFS"}, {"ceph-fuse", "CephFS"}, {"ceph", "CephFS"},     {"s3fs", "S3FS"},
    {"gcsfuse", "GCS FUSE"},  {"rclone", "rclone"},       {"juicefs", "JuiceFS"},  {"beegfs", "BeeGFS"},   {"lustre", "Lustre"},
    {"gpfs", "GPFS"},         {"wekafs", "WekaFS"},       {"virtiofs", "virtiofs"}, {"moosefs", "MooseFS"}, {"mfs", "MooseFS"},
    {"fuse-nfs", "NFS"},      {"nfs", "NFS"},             {"nfs4", "NFS"},         {"cifs", "SMB"},        {"smb3", "SMB"},
    {"cvmfs2", "CernVM-FS"},  {"dfs", "HDFS"},            {"goofys", "goofys"},    {"mount-s3", "S3"},     {"vboxsf", "a folder of VirtualBox"},
    {"vmhgfs-fuse", "a folder of VMware"}, {"davfs", "WebDAV"}, {"lizardfs", "LizardFS"}, {"seaweedfs", "SeaweedFS"}, {"pvfs2", "OrangeFS"}};

fs::path nearest_that_is_there(fs::path path) {
  std::error_code none;
  path = fs::absolute(path, none);
  while (!fs::exists(path, none) && path.has_parent_path() && path != path.parent_path()) path = path.parent_path();
  return path;
}

}  // namespace

FileSystemKind kind_of_file_system(std::uint32_t magic, std::string_view mounted_as) {
  for (const KnownFileSystem& known : file_systems_by_magic) {
    if (known.magic == magic) return {std::string(known.name), known.shared};
  }
  if (mounted_as.starts_with("fuse.")) mounted_as.remove_prefix(5);
  for (const MountedFileSystem& known : shared_mounts) {
    if (known.type == mounted_as) return {std::string(known.name), true};
  }
  if (magic == fuse_magic && (mounted_as.empty() || mounted_as == "fuse")) return {"FUSE", false};
  return {std::string(mounted_as), false};
}

std::string mounted_as(std::string_view mountinfo, std::string_view device) {
  std::istringstream lines{std::string(mountinfo)};
  std::string found;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string id, parent, of_device, word, type;
    if (!(words >> id >> parent >> of_device) || of_device != device) continue;
    while (words >> word && word != "-") {
    }
    if (words >> type) found = type;  // the last one is on top
  }
  return found;
}

FileSystemKind file_system_kind(const fs::path& path) {
  const char* said = std::getenv("LATENTGRID_FILE_SYSTEM");
  const std::string_view believed = said ? said : "";
  const fs::path there = nearest_that_is_there(path);
  struct statfs info;
  struct stat file;
  FileSystemKind kind;
  if (::statfs(there.c_str(), &info) == 0 && ::stat(there.c_str(), &file) == 0) {
    const auto magic = static_cast<std::uint32_t>(info.f_type);
    kind = kind_of_file_system(magic, "");
    if (kind.name.empty() || magic == fuse_magic) {
      std::ifstream mounts("/proc/self/mountinfo");
      const std::string text{std::istreambuf_iterator<char>(mounts), {}};
      kind = kind_of_file_system(magic, mounted_as(text, fmt::format("{}:{}", major(file.st_dev), minor(file.st_dev))));
    }
  }
  if (believed == "shared") kind.shared = true;
  if (believed == "local") kind.shared = false;
  return kind;
}

}  // namespace latentgrid
