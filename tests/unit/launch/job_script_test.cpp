#include "launch/job_script.hpp"

#include <gtest/gtest.h>

#include "launch/command.hpp"

namespace latentgrid {
namespace {

TEST(JobScript, AShellReadsTheArgumentsBackAndPutsInTheIndex) {
  WorkerRequest request;
  const std::string odd = "it's \"$HOME\" `id` \\ * \n{x}";
  request.argv = {"printf", "<%s>", odd, "/mail boxes/{index}", "--index={index},{index}"};
  const std::string script = job_script(request, "TASK + 11");
  EXPECT_TRUE(script.starts_with("#!/bin/sh\n"));
  CommandOptions shell;
  shell.argv = {"/bin/sh"};
  shell.input = script;
  shell.environment = {"TASK=3"};
  const CommandResult result = run_command(shell);
  EXPECT_TRUE(result.ok()) << result.err;
  EXPECT_EQ(result.out, "<" + odd + "></mail boxes/14><--index=14,14>");
}

TEST(JobScript, TheShellBecomesTheWorker) {
  WorkerRequest request;
  request.argv = {"sh", "-c", "echo $PPID"};
  CommandOptions shell;
  shell.argv = {"/bin/sh", "-c", "echo $$; " + job_script(request, "0").substr(10)};
  const std::string out = run_command(shell).out;
  const std::size_t line = out.find('\n');
  EXPECT_NE(out.substr(0, line + 1), out.substr(line + 1)) << "the parent of the worker is ours, not the script";
}

}  // namespace
}  // namespace latentgrid
