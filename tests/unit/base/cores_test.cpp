#include "base/cores.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include "base/file_system.hpp"
#include "support/temporary_folder.hpp"

using namespace latentgrid;
using latentgrid::testing::TemporaryFolder;
namespace fs = std::filesystem;

namespace {

int cores_of_affinity() {
  cpu_set_t set;
  return ::sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
}

// A machine whose proc/ and sys/ hold no more than what is asked for.
class Cores : public ::testing::Test {
 protected:
  void write(const fs::path& path, const std::string& text) {
    fs::create_directories((folder_.path() / path).parent_path());
    write_file(folder_.path() / path, text);
  }
  int usable() { return usable_cores(folder_.path()); }

  TemporaryFolder folder_;
};

}  // namespace

TEST_F(Cores, WithoutAQuotaTheAffinityCounts) {
  EXPECT_EQ(usable(), cores_of_affinity());
  write("proc/self/cgroup", "0::/user.slice\n");
  write("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n");
  EXPECT_EQ(usable(), cores_of_affinity());
  cpu_set_t before, one;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  CPU_ZERO(&one);
  for (int core = 0; core < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++core) {
    if (CPU_ISSET(core, &before)) CPU_SET(core, &one);
  }
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  EXPECT_EQ(usable(), 1);
  EXPECT_EQ(usable_cores(), 1);
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
}

TEST_F(Cores, AQuotaOfAGroupOrOneAboveItIsTheMost) {
  write("proc/self/cgroup", "0::/slurm/job_7/step_0\n");
  write("sys/fs/cgroup/slurm/job_7/cpu.max", "100000 100000\n");
  write("sys/fs/cgroup/slurm/job_7/step_0/cpu.max", "max 100000\n");
  EXPECT_EQ(usable(), 1);
  write("sys/fs/cgroup/slurm/job_7/cpu.max", "50000 100000\n");  // half a core
  EXPECT_EQ(usable(), 1);
  write("sys/fs/cgroup/slurm/job_7/cpu.max", "100000000 100000\n");
  EXPECT_EQ(usable(), cores_of_affinity());
}

TEST_F(Cores, AContainersQuotaIsWhatIsMounted) {
  write("proc/self/cgroup", "0::/\n");
  write("sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_EQ(usable(), 1);
}

TEST_F(Cores, TheFirstVersionOfControlGroupsHasAQuotaToo) {
  write("proc/self/cgroup", "11:memory:/docker/abc\n4:cpu,cpuacct:/docker/abc\n0::/\n");
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_period_us", "100000\n");
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "-1\n");
  EXPECT_EQ(usable(), cores_of_affinity());
  write("sys/fs/cgroup/cpu,cpuacct/docker/abc/cpu.cfs_quota_us", "90000\n");
  EXPECT_EQ(usable(), 1);
}
