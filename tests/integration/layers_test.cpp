// The table of ARCHITECTURE.md: who may include whom. No cycles, src/ never includes runner/, torch only in src/nn.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

using Allowed = std::map<std::string, std::set<std::string>>;

const std::set<std::string> everything_torch_free{"base", "columns", "methods", "data", "spec", "store", "db", "stats", "figure", "report", "compare", "exports",
                                                  "plan", "space", "pool", "run"};

const Allowed allowed{
    {"base", {}},
    {"columns", {"methods", "base"}},
    {"methods", {"base"}},
    {"model", {"base"}},
    {"store", {"base"}},
    {"data", {"store", "base"}},
    {"db", {"columns", "store", "base"}},
    {"cluster", {"methods", "neighbors", "base"}},
    {"neighbors", {"base"}},
    {"score", {"base"}},
    {"stats", {"base"}},
    {"spec", {"columns", "methods", "model", "data", "base"}},
    {"reduce", {"methods", "neighbors", "base"}},
    {"nn", {"methods", "model", "data", "store", "neighbors", "reduce", "base"}},
    {"figure", {"base"}},
    {"report", {"figure", "columns", "methods", "db", "store", "data", "model", "stats", "base"}},
    {"compare", {"report", "stats", "columns", "methods", "db", "store", "base"}},
    {"exports", {"report", "methods", "db", "store", "data", "base"}},
    {"plan", {"spec", "columns", "methods", "model", "data", "store", "db", "base"}},
    {"space", {"plan", "columns", "methods", "store", "db", "base"}},
    {"schedule", {"plan"}},
    {"protocol", {"store", "base"}},
    {"pool", {"protocol", "base"}},
    {"run", {"columns", "methods", "plan", "pool", "schedule", "protocol", "store", "db", "base"}},
    {"worker", {"protocol", "methods", "store", "data", "nn", "neighbors", "reduce", "cluster", "score", "base"}},
    {"cli", everything_torch_free},
};

struct Include {
  fs::path file;
  std::string folder, included;
};

std::vector<Include> includes_below(const fs::path& root) {
  static const std::regex quoted(R"(^\s*#\s*include\s*["<]([^">]+/[^">]+)[">])");
  std::vector<Include> found;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    std::string extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".hpp") continue;
    std::ifstream file(entry.path());
    std::smatch match;
    for (std::string line; std::getline(file, line);) {
      if (!std::regex_search(line, match, quoted)) continue;
      found.push_back({entry.path(), fs::relative(entry.path(), root).begin()->string(), match[1]});
    }
  }
  return found;
}

std::vector<Include> all_includes() {
  fs::path root = LATENTGRID_SOURCE_DIR;
  std::vector<Include> found = includes_below(root / "src");
  for (Include& include : includes_below(root / "runner")) found.push_back(include);
  return found;
}

}  // namespace

TEST(Layers, EveryFolderIncludesOnlyWhatTheTableAllows) {
  for (const Include& include : all_includes()) {
    ASSERT_TRUE(allowed.contains(include.folder)) << include.folder << " is not in the table";
    std::string layer = include.included.substr(0, include.included.find('/'));
    if (!allowed.contains(layer) || layer == include.folder) continue;
    EXPECT_TRUE(allowed.at(include.folder).contains(layer)) << include.file << " includes " << include.included;
  }
}

TEST(Layers, TorchIsIncludedInNnAlone) {
  for (const Include& include : all_includes()) {
    bool torch = include.included.starts_with("torch/") || include.included.starts_with("ATen/") || include.included.starts_with("c10/");
    if (!torch) continue;
    EXPECT_EQ(include.folder, "nn") << include.file << " includes " << include.included;
  }
}

TEST(Layers, TheTableHasNoCycle) {
  std::map<std::string, int> state;  // 1: being visited, 2: done
  auto visit = [&](auto&& self, const std::string& folder) -> void {
    ASSERT_NE(state[folder], 1) << "cycle through " << folder;
    if (state[folder] == 2) return;
    state[folder] = 1;
    for (const std::string& next : allowed.at(folder)) self(self, next);
    state[folder] = 2;
  };
  for (const auto& [folder, next] : allowed) visit(visit, folder);
}
