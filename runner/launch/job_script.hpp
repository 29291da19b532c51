#pragma once

#include <string>
#include <string_view>

#include "launch/launcher.hpp"

namespace latentgrid {

// One word to a shell, whatever is in it.
std::string shell_quoted(std::string_view text);

// Every `word` replaced, from left to right.
std::string replaced(std::string_view text, std::string_view word, std::string_view by);

// A script of /bin/sh that becomes the worker: signals for the script reach the worker, and its end is the script's.
// `index` is an arithmetic expression of the shell: "SLURM_ARRAY_TASK_ID + 1001". With `to_log` the script opens the
// worker's log itself, for a scheduler that isn't told to.
std::string job_script(const WorkerRequest& request, const std::string& index, bool to_log = false);

}  // namespace latentgrid
