#include "base/cores.hpp"

#include <sched.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace latentgrid {

namespace {

constexpr double no_quota = std::numeric_limits<double>::infinity();

int cores_of_the_mask() {
  for (int most = CPU_SETSIZE; most <= 1 << 20; most *= 2) {  // the kernel refuses a mask that is too short
    std::vector<cpu_set_t> mask(CPU_ALLOC_SIZE(most) / sizeof(cpu_set_t));
    const std::size_t bytes = mask.size() * sizeof(cpu_set_t);
    if (::sched_getaffinity(0, bytes, mask.data()) == 0) return CPU_COUNT_S(bytes, mask.data());
    if (errno != EINVAL) break;
  }
  return static_cast<int>(std::thread::hardware_concurrency());
}

std::optional<double> number_in(const std::filesystem::path& file) {
  double value = 0;
  return std::ifstream(file) >> value ? std::optional(value) : std::nullopt;
}

// Cores' worth of time that a folder of a hierarchy grants.
double quota_of_version_2(const std::filesystem::path& folder) {
  std::ifstream file(folder / "cpu.max");
  std::string quota;
  double period = 0;
  if (!(file >> quota >> period) || quota == "max" || period <= 0) return no_quota;
  return std::strtod(quota.c_str(), nullptr) / period;
}

double quota_of_version_1(const std::filesystem::path& folder) {
  const auto quota = number_in(folder / "cpu.cfs_quota_us"), period = number_in(folder / "cpu.cfs_period_us");
  return quota && period && *quota > 0 && *period > 0 ? *quota / *period : no_quota;
}

// The least along the way up from a group. In a container the group's name may be the host's, which is not there: its
// own group is then what is mounted.
template <typename Quota>
double least_quota(const std::filesystem::path& mount, std::filesystem::path group, const Quota& quota) {
  double least = quota(mount);
  for (group = group.relative_path(); !group.empty(); group = group.parent_path()) {
    least = std::min(least, quota(mount / group));
  }
  return least;
}

bool has_cpu(const std::string& controllers) {
  std::istringstream names(controllers);
  for (std::string name; std::getline(names, name, ',');) {
    if (name == "cpu") return true;
  }
  return false;
}

// proc/self/cgroup has a line "number:controllers:group" a hierarchy; version 2 has no controllers.
double cores_of_the_quota(const std::filesystem::path& root) {
  const std::filesystem::path mounts = root / "sys/fs/cgroup";
  double least = no_quota;
  std::ifstream file(root / "proc/self/cgroup");
  for (std::string line; std::getline(file, line);) {
    const std::size_t first = line.find(':'), second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos) continue;
    const std::string controllers = line.substr(first + 1, second - first - 1), group = line.substr(second + 1);
    if (controllers.empty()) {
      for (const auto& mount : {mounts, mounts / "unified"}) {
        least = std::min(least, least_quota(mount, group, quota_of_version_2));
      }
    } else if (has_cpu(controllers)) {
      for (const auto& mount : {mounts / "cpu", mounts / "cpu,cpuacct"}) {
        least = std::min(least, least_quota(mount, group, quota_of_version_1));
      }
    }
  }
  return least;
}

}  // namespace

int usable_cores(const std::filesystem::path& root) {
  const int cores = std::max(1, cores_of_the_mask());
  const double quota = cores_of_the_quota(root);
  return quota < cores ? std::max(1, static_cast<int>(std::ceil(quota))) : cores;
}

}  // namespace latentgrid
