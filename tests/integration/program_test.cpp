// The coordinator as a program: what it is linked to, and how it answers without any sweep.
#include <gtest/gtest.h>

#include "support/command.hpp"
#include "support/temporary_folder.hpp"

using latentgrid::testing::CommandResult;
using latentgrid::testing::run_command;
using latentgrid::testing::TemporaryFolder;

namespace {

const std::string program = LATENTGRID_BINARY_DIR "/bin/latentgrid";

}  // namespace

TEST(Program, IsLinkedToNeitherTorchNorABlas) {
  CommandResult ldd = run_command({"/usr/bin/ldd", program});
  ASSERT_EQ(ldd.exit_code, 0) << ldd.err;
  for (const char* library : {"libtorch", "libc10", "libblas", "openblas", "liblapack", "libmkl", "libgomp", "libhwy"}) {
    EXPECT_EQ(ldd.out.find(library), std::string::npos) << ldd.out;
  }
}

TEST(Program, SaysItsVersion) {
  CommandResult result = run_command({program, "--version"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(result.out.starts_with("latentgrid 0.")) << result.out;
}

TEST(Program, WrongUsageIsExitCodeTwo) {
  EXPECT_EQ(run_command({program}).exit_code, 2);
  EXPECT_EQ(run_command({program, "trian"}).exit_code, 2);
  EXPECT_EQ(run_command({program, "plan"}).exit_code, 2);
  CommandResult missing = run_command({program, "plan", "/nonexistent/sweep.yaml"});
  EXPECT_EQ(missing.exit_code, 2);
  EXPECT_NE(missing.err.find("/nonexistent/sweep.yaml"), std::string::npos) << missing.err;
}

TEST(Program, AMisspeltCommandGetsASuggestion) {
  const std::string all =
      "there are: validate, plan, run, status, ls, show, compare, explain, query, report, submission, scores, export, "
      "doctor\n";
  CommandResult close = run_command({program, "--results", "somewhere", "rnu", "x.yaml", "-j2"});
  EXPECT_EQ(close.exit_code, 2);
  EXPECT_EQ(close.err, "latentgrid: no command 'rnu', did you mean 'run'? " + all);
  EXPECT_EQ(run_command({program, "frobnicate"}).err, "latentgrid: no command 'frobnicate'; " + all);
  CommandResult second = run_command({program, "scores", "improt", "x.csv"});
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_EQ(second.err, "latentgrid: no command 'improt' after 'scores', did you mean 'import'? there are: import\n");
}
