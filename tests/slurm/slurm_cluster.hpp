#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/command.hpp"
#include "support/temporary_folder.hpp"

namespace latentgrid::testing {

// A cluster by tests/slurm/cluster in a folder of its own; SLURM_CONF names it while it is there. Throws if it can't be
// started.
class SlurmCluster {
 public:
  static bool is_installed() {
    for (const char* program : {"/usr/sbin/slurmctld", "/usr/sbin/slurmd", "/usr/bin/sbatch"}) {
      if (::access(program, X_OK) != 0) return false;
    }
    return true;
  }

  // `settings` are lines of slurm.conf: "MaxArraySize=11".
  explicit SlurmCluster(const std::vector<std::string>& settings = {}) {
    std::vector<std::string> arguments;
    for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
    arguments.push_back(base());
    try {
      run("up", arguments);
    } catch (...) {
      end();
      throw;
    }
    ::setenv("SLURM_CONF", (base() + "/slurm.conf").c_str(), 1);
  }
  ~SlurmCluster() {
    end();
    ::unsetenv("SLURM_CONF");
  }
  SlurmCluster(const SlurmCluster&) = delete;
  SlurmCluster& operator=(const SlurmCluster&) = delete;

  void kill(const std::string& daemon) const { run("kill", {base(), daemon}); }  // "controller", "n1"
  void start(const std::string& daemon) const { run("start", {base(), daemon}); }
  std::filesystem::path folder() const { return folder_.path(); }  // that all nodes share

 private:
  std::string base() const { return (folder_ / "cluster").string(); }
  void end() const { run_command({script(), "down", base()}); }
  static std::string script() { return LATENTGRID_SOURCE_DIR "/tests/slurm/cluster"; }
  static void run(const std::string& what, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {script(), what});
    const CommandResult result = run_command(arguments);
    if (result.exit_code != 0) throw std::runtime_error("cluster " + what + ": " + result.err);
  }

  TemporaryFolder folder_;
};

}  // namespace latentgrid::testing
