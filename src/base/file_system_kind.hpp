#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace latentgrid {

struct FileSystemKind {
  std::string name;     // as people call it: "NFS", "ext4"; "" where it has no name here
  bool shared = false;  // other machines may have it too, so that locks and the order of writes hold between processes of one machine only
};

// Of the file system that a path is on, or will be when it is made. What cannot be asked counts as local. Where the variable
// LATENTGRID_FILE_SYSTEM is "shared" or "local", that is believed: no program can tell what is behind every FUSE.
FileSystemKind file_system_kind(const std::filesystem::path& path);

// By statfs's f_type and, where that says too little, by the type that the path's mount has in mountinfo ("fuse.sshfs").
FileSystemKind kind_of_file_system(std::uint32_t magic, std::string_view mounted_as);

// The type of the mount with this device (major:minor) in the text of /proc/self/mountinfo; "" if there is none.
std::string mounted_as(std::string_view mountinfo, std::string_view device);

}  // namespace latentgrid
