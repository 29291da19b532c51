#include "launch/job_script.hpp"

#include <fmt/format.h>

namespace latentgrid {

std::string replaced(std::string_view text, std::string_view word, std::string_view by) {
  std::string result;
  for (std::size_t at; (at = text.find(word)) != std::string_view::npos; text.remove_prefix(at + word.size())) {
    result.append(text.substr(0, at)).append(by);
  }
  return result.append(text);
}

std::string shell_quoted(std::string_view text) {
  return "'" + replaced(text, "'", R"('\'')") + "'";
}

std::string job_script(const WorkerRequest& request, const std::string& index, bool to_log) {
  const auto word = [](std::string_view text) { return replaced(shell_quoted(text), "{index}", R"('"$index"')"); };
  std::string script = fmt::format("#!/bin/sh\nindex=$(({}))\n", index);
  if (to_log) script += fmt::format("exec >>{} 2>&1\n", word(request.log.string()));
  if (!request.folder.empty()) script += fmt::format("cd {} || exit 1\n", shell_quoted(request.folder.string()));
  script += "exec";
  for (const std::string& argument : request.argv) script += ' ' + word(argument);
  return script + '\n';
}

}  // namespace latentgrid
