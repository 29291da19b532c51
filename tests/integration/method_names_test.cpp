// A method is named in its own files alone: its descriptor in src/methods, what computes it, and examples that a reader is shown
// come from there. Whoever adds one has no other place to remember.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "methods/methods.hpp"

namespace fs = std::filesystem;

namespace {

// The numerics of methods; what other programs call things, among them methods that we do not have ("kernel PCA"); and the sweep
// file that init writes as an example.
bool may_name_methods(const std::string& file) {
  for (const char* place : {"src/methods/", "src/reduce/", "src/cluster/", "src/nn/tsne_repulsion.", "src/nn/kernels.cpp", "src/base/synonyms.cpp", "runner/cli/init_command.cpp"}) {
    if (file.starts_with(place)) return true;
  }
  return false;
}

std::string without_comment(const std::string& line) {
  const std::size_t slashes = line.find("//");
  const bool in_text = slashes != std::string::npos && slashes > 0 && line[slashes - 1] == ':';  // https://
  return in_text ? line : line.substr(0, slashes);
}

std::string pattern_of_names() {
  std::set<std::string> names;
  for (const latentgrid::MethodSpec& method : latentgrid::all_methods()) {
    if (method.kind != latentgrid::MethodKind::reduction && method.kind != latentgrid::MethodKind::clustering) continue;
    names.insert(method.name);
    names.insert(method.display_name);
  }
  std::string pattern;
  for (const std::string& name : names) pattern += (pattern.empty() ? "" : "|") + name;
  return "(^|[^A-Za-z0-9_-])(" + pattern + ")([^A-Za-z0-9_]|$)";
}

std::vector<fs::path> sources() {
  std::vector<fs::path> files;
  for (const char* part : {"src", "runner"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(fs::path(LATENTGRID_SOURCE_DIR) / part)) {
      const std::string extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".hpp" || extension == ".js") files.push_back(entry.path());
    }
  }
  return files;
}

}  // namespace

TEST(MethodNames, StandInTheirOwnFilesAlone) {
  const std::regex named(pattern_of_names());
  for (const fs::path& path : sources()) {
    const std::string file = fs::relative(path, LATENTGRID_SOURCE_DIR);
    if (may_name_methods(file)) continue;
    std::ifstream stream(path);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
      EXPECT_FALSE(std::regex_search(without_comment(line), named)) << file << ":" << number << ": " << line;
    }
  }
}
