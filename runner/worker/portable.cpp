#include "worker/portable.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "base/error.hpp"
#include "worker/task_context.hpp"

namespace latentgrid::worker {

namespace {

struct Setting {
  const char* name;
  const char* value;
};

// Unset where the value is empty: glibc's tunables can take instructions from its mathematical functions.
constexpr Setting portable_environment[] = {
    {"OPENBLAS_CORETYPE", "Haswell"}, {"DNNL_MAX_CPU_ISA", "AVX2"}, {"ATEN_CPU_CAPABILITY", "avx2"}, {"GLIBC_TUNABLES", ""}};

bool is_set(const Setting& setting) {
  const char* value = std::getenv(setting.name);
  return *setting.value == '\0' ? !value : value && std::string_view(value) == setting.value;
}

bool keeps_to_it() {
  for (const Setting& setting : portable_environment) {
    if (!is_set(setting)) return false;
  }
  return true;
}

}  // namespace

void keep_to_portable_instructions(char** argv) {
  if (keeps_to_it()) return;
  for (const Setting& setting : portable_environment) {
    *setting.value ? ::setenv(setting.name, setting.value, 1) : ::unsetenv(setting.name);
  }
  ::execv("/proc/self/exe", argv);
  throw Error(fmt::format("cannot start anew for portable arithmetic: {}", std::strerror(errno)));
}

void check_portable_instructions() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) {
    throw TaskError("parameter", "arithmetic portable needs a CPU with AVX2 and FMA, and this one lacks them; write arithmetic: native");
  }
  if (!keeps_to_it()) throw TaskError("parameter", "arithmetic portable needs a worker that was started with --portable");
}

}  // namespace latentgrid::worker
