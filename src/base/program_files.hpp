#pragma once

#include <filesystem>

namespace latentgrid {

// A file of this program's own: beside it in a build, in libexec/latentgrid where it is installed. May not be there.
std::filesystem::path program_file(const char* name);

// A function of such a file that is a shared library; the library stays loaded. Throws Error if there is none. Thread-safe.
void* function_of_library(const char* name, const char* function);

}  // namespace latentgrid
