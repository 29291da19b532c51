#include "base/program_files.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include "base/error.hpp"

namespace latentgrid {

namespace fs = std::filesystem;

fs::path program_file(const char* name) {
  const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
  const fs::path beside = here / name, installed = here.parent_path() / LATENTGRID_LIBEXEC / name;
  return fs::exists(installed) ? installed : beside;
}

void* function_of_library(const char* name, const char* function) {
  const fs::path file = program_file(name);
  void* library = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!library) throw Error(fmt::format("a part of the program cannot be loaded: {}\n  hint: install latentgrid again, or build all of it", dlerror()));
  void* found = dlsym(library, function);
  if (!found) throw Error(fmt::format("{} is not a part of this program: build both again", file.string()));
  return found;
}

}  // namespace latentgrid
