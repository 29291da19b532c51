#include "worker/artifact_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "methods/stages.hpp"
#include "store/npy.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

namespace fs = std::filesystem;

namespace {

struct Cause {
  const char* kind;
  std::string_view remedy;
};

Cause cause_of(const protocol::Run& task) {
  const MethodSpec* method = method_of(task.stage, task.params);
  const std::string_view said = method ? std::string_view(method->not_finite) : find_stage(task.stage).not_finite;
  return said.empty() ? Cause{"input", "the values it reads are too large for float32"} : Cause{"diverged", said};
}

template <typename Float>
std::int64_t count_not_finite(std::span<const std::byte> bytes) {
  const std::size_t count = bytes.size() / sizeof(Float);
  std::int64_t found = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Float value;
    std::memcpy(&value, bytes.data() + i * sizeof(Float), sizeof(Float));
    found += !std::isfinite(value);
  }
  return found;
}

void check_file(const fs::path& path, const fs::path& folder, const protocol::Run& task) {
  const NpyFile file(path);
  const std::string& dtype = file.header().dtype;
  if (dtype != "<f4" && dtype != "<f8") return;
  const std::int64_t found = dtype == "<f4" ? count_not_finite<float>(file.bytes()) : count_not_finite<double>(file.bytes());
  if (found == 0) return;
  const Cause cause = cause_of(task);
  throw TaskError(cause.kind, fmt::format("{}: {} of {} values of {} are not finite; {}", task.stage, found,
                                          file.header().size(), path.lexically_relative(folder).string(), cause.remedy));
}

// Named from the folder on, sorted.
std::vector<std::string> files_below(const fs::path& folder) {
  std::vector<std::string> files;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files.push_back(entry.path().lexically_relative(folder).generic_string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

void check_finite(const fs::path& staged, const Json& metrics, const protocol::Run& task) {
  for (const std::string& file : files_below(staged)) {
    if (file.ends_with(".npy")) check_file(staged / file, staged, task);
  }
  for (const auto& [name, value] : metrics.items()) {
    if (!value.is_number_float() || std::isfinite(value.get<double>())) continue;
    const Cause cause = cause_of(task);
    throw TaskError(cause.kind, fmt::format("{}: {} is not finite; {}", task.stage, name, cause.remedy));
  }
}

void check_files(const fs::path& staged, std::string_view stage, const Json& params) {
  const std::string problem = problem_with_files(stage, params, files_below(staged));
  if (!problem.empty()) throw TaskError("internal", problem);
}

}  // namespace latentgrid::worker
