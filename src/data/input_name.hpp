#pragma once

#include <filesystem>
#include <string>

namespace latentgrid {

// What the files of a sweep are called: a path, or "x.npz:member" for one array of an archive.
struct InputName {
  std::filesystem::path file;
  std::string member;
};
InputName input_name(const std::filesystem::path& written);

}  // namespace latentgrid
