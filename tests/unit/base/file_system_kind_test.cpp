#include "base/file_system_kind.hpp"

#include <gtest/gtest.h>
#include <linux/magic.h>

#include <cstdlib>

#include "support/temporary_folder.hpp"

namespace latentgrid {
namespace {

TEST(FileSystemKind, KnowsWhatClustersShare) {
  const std::pair<std::uint32_t, const char*> shared[] = {{NFS_SUPER_MAGIC, "NFS"},   {0x0BD00BD0, "Lustre"},  {0x47504653, "GPFS"},
                                                          {0x19830326, "BeeGFS"},     {CEPH_SUPER_MAGIC, "CephFS"}, {CIFS_SUPER_MAGIC, "SMB"},
                                                          {SMB2_SUPER_MAGIC, "SMB"},  {AFS_SUPER_MAGIC, "AFS"}, {OCFS2_SUPER_MAGIC, "OCFS2"},
                                                          {V9FS_MAGIC, "9P"}};
  for (const auto& [magic, name] : shared) {
    EXPECT_EQ(kind_of_file_system(magic, "").name, name);
    EXPECT_TRUE(kind_of_file_system(magic, "").shared) << name;
  }
}

TEST(FileSystemKind, KnowsWhatIsOfOneMachine) {
  const std::pair<std::uint32_t, const char*> local[] = {{EXT4_SUPER_MAGIC, "ext4"}, {XFS_SUPER_MAGIC, "XFS"}, {BTRFS_SUPER_MAGIC, "Btrfs"},
                                                         {TMPFS_MAGIC, "tmpfs"}, {OVERLAYFS_SUPER_MAGIC, "overlayfs"}};
  for (const auto& [magic, name] : local) {
    EXPECT_EQ(kind_of_file_system(magic, "").name, name);
    EXPECT_FALSE(kind_of_file_system(magic, "").shared) << name;
  }
}

TEST(FileSystemKind, AsksTheMountWhatIsBehindFuse) {
  const FileSystemKind sshfs = kind_of_file_system(FUSE_SUPER_MAGIC, "fuse.sshfs"), encrypted = kind_of_file_system(FUSE_SUPER_MAGIC, "fuse.gocryptfs"),
                       unknown = kind_of_file_system(FUSE_SUPER_MAGIC, "fuse"), virtual_machine = kind_of_file_system(FUSE_SUPER_MAGIC, "virtiofs");
  EXPECT_EQ(sshfs.name, "SSHFS");
  EXPECT_TRUE(sshfs.shared);
  EXPECT_EQ(encrypted.name, "gocryptfs");
  EXPECT_FALSE(encrypted.shared);
  EXPECT_EQ(unknown.name, "FUSE");
  EXPECT_FALSE(unknown.shared);
  EXPECT_TRUE(virtual_machine.shared);
}

TEST(FileSystemKind, FindsTheMountOfADevice) {
  const std::string mounts =
      "25 30 0:23 / /proc rw,nosuid shared:14 - proc proc rw\n"
      "30 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
      "41 30 0:37 / /data rw - fuse.sshfs me@server:/data rw,user_id=0\n";
  EXPECT_EQ(mounted_as(mounts, "0:37"), "fuse.sshfs");
  EXPECT_EQ(mounted_as(mounts, "254:0"), "ext4");
  EXPECT_EQ(mounted_as(mounts, "0:99"), "");
}

TEST(FileSystemKind, OfWhatIsNotThereYetIsThatOfTheFolderAbove) {
  testing::TemporaryFolder memory("/dev/shm");
  EXPECT_EQ(file_system_kind(memory.path()).name, "tmpfs");
  EXPECT_EQ(file_system_kind(memory / "not/there/yet").name, "tmpfs");
  EXPECT_FALSE(file_system_kind(memory.path()).shared);
}

TEST(FileSystemKind, BelievesTheVariable) {
  ::setenv("LATENTGRID_FILE_SYSTEM", "shared", 1);
  EXPECT_TRUE(file_system_kind("/dev/shm").shared);
  EXPECT_EQ(file_system_kind("/dev/shm").name, "tmpfs");
  ::unsetenv("LATENTGRID_FILE_SYSTEM");
}

}  // namespace
}  // namespace latentgrid
