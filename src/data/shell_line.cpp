#include "data/shell_line.hpp"

#include <fmt/format.h>

namespace latentgrid {

namespace fs = std::filesystem;

namespace {

constexpr const char* unquotable = "'\"$`\\!\n";

struct Names {
  std::string in, out, second;
};

// No line of ours overwrites a file.
std::string free_name(const fs::path& wanted) {
  fs::path name = wanted;
  std::error_code none;
  for (int n = 2; fs::exists(name, none); ++n) {
    name = wanted.parent_path() / fmt::format("{}_{}.npy", wanted.stem().string(), n);
  }
  return name.string();
}

Names names_of(const PythonLine& line) {
  const std::string stem = (line.in.parent_path() / line.in.stem()).string();
  const Names names{line.in.string(), stem + (line.suffix.empty() ? "" : "_" + line.suffix) + ".npy", stem + "_others.npy"};
  if ((names.in + names.out).find_first_of(unquotable) != std::string::npos)
    return {"FILE", "FILE_new.npy", "FILE_others.npy"};
  return {names.in, free_name(names.out), free_name(names.second)};
}

std::string line_with(const PythonLine& line, const Names& names) {
  std::string saves = fmt::format("np.save('{}', {})", names.out, line.expression);
  if (!line.second.empty()) saves += fmt::format("; np.save('{}', {})", names.second, line.second);
  if (!line.printed.empty()) saves += fmt::format("; print({})", line.printed);
  std::string text = fmt::format("python3 -c \"import numpy as np; {}{}\"", line.imports, saves);
  for (std::size_t at; (at = text.find("{in}")) != std::string::npos;) text.replace(at, 4, "'" + names.in + "'");
  return text;
}

}  // namespace

std::string run_python(const PythonLine& line, const std::string& condition) {
  const Names names = names_of(line);
  std::string made = fs::path(names.out).filename().string();
  if (!line.second.empty()) made += " and " + fs::path(names.second).filename().string();
  return fmt::format("{}run this, then use {} instead: {}", condition, made, line_with(line, names));
}

}  // namespace latentgrid
