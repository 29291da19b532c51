// The table of ARCHITECTURE.md: who may include whom. No cycles, src/ never includes runner/, torch only in src/nn. And what
// x.hpp declares is defined in x.cpp.
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

const std::set<std::string> everything_torch_free{"base", "columns", "methods", "data", "spec", "store", "db", "stats", "measures", "figure", "report", "compare", "exports",
                                                  "plan", "space", "launch", "pool", "run"};

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
    {"measures", {"score", "stats", "columns", "methods", "db", "store", "base"}},
    {"spec", {"columns", "methods", "model", "data", "base"}},
    {"reduce", {"methods", "neighbors", "base"}},
    {"augment", {"methods", "data", "base"}},
    {"nn", {"augment", "methods", "model", "data", "store", "neighbors", "reduce", "base"}},
    {"figure", {"base"}},
    {"report", {"measures", "figure", "columns", "methods", "db", "store", "data", "model", "stats", "base"}},
    {"compare", {"report", "stats", "columns", "methods", "db", "store", "base"}},
    {"exports", {"report", "columns", "methods", "db", "store", "data", "base"}},
    {"plan", {"spec", "columns", "methods", "model", "data", "store", "db", "base"}},
    {"space", {"plan", "columns", "methods", "store", "db", "base"}},
    {"schedule", {"methods", "plan"}},
    {"protocol", {"store", "base"}},
    {"launch", {"base"}},
    {"pool", {"launch", "methods", "protocol", "base"}},
    {"run", {"columns", "methods", "plan", "pool", "schedule", "protocol", "store", "db", "base"}},
    {"worker", {"pool", "protocol", "methods", "store", "data", "augment", "nn", "neighbors", "reduce", "cluster", "score", "base"}},
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

// Headers that list functions of several sources, one line each: the commands, the stages, the bodies of figures. The version is
// written into its source by CMake.
const std::set<std::string> lists{"cli/commands.hpp", "worker/task_context.hpp", "figure/draw.hpp", "base/version.hpp"};

std::vector<std::string> lines_of(const fs::path& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) lines.push_back(line.substr(0, line.find("//")));
  return lines;
}

// What a header declares and doesn't define: free functions, which begin a line and end with a semicolon.
std::set<std::string> functions_declared_in(const fs::path& header) {
  static const std::regex other(R"(^(using|struct|class|enum|template|inline|constexpr|extern|typedef|static_assert|namespace|[#} ]|\w+\())");
  static const std::regex called(R"((\w+)\()");
  std::set<std::string> names;
  std::string statement;
  std::smatch match;
  for (const std::string& line : lines_of(header)) {
    if (statement.empty() && (line.empty() || std::regex_search(line, other))) continue;
    statement += line + ' ';
    const std::size_t end = statement.find_first_of(";{");
    if (end == std::string::npos) continue;
    if (statement[end] == ';' && std::regex_search(statement, match, called)) names.insert(match[1]);
    statement.clear();
  }
  return names;
}

// Every name before a bracket on a line that is not indented: functions, and members as "Class::member".
std::set<std::string> functions_defined_in(const fs::path& source) {
  static const std::regex called(R"(((?:\w+::)?~?\w+)\()");
  std::set<std::string> names;
  for (const std::string& line : lines_of(source)) {
    if (line.starts_with(' ')) continue;
    for (std::sregex_iterator found(line.begin(), line.end(), called), end; found != end; ++found) {
      names.insert((*found)[1]);
    }
  }
  return names;
}

// Of a folder's headers, classes by their names.
std::map<std::string, fs::path> classes_in(const fs::path& folder) {
  static const std::regex head(R"(^(?:class|struct) (\w+)(?: : .*)? \{$)");
  std::map<std::string, fs::path> found;
  std::smatch match;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".hpp") continue;
    for (const std::string& line : lines_of(entry.path())) {
      if (std::regex_match(line, match, head)) found[match[1]] = entry.path();
    }
  }
  return found;
}

std::vector<fs::path> files_of_kind(const std::string& extension) {
  const fs::path root = LATENTGRID_SOURCE_DIR;
  std::vector<fs::path> found;
  for (const char* part : {"src", "runner"}) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / part)) {
      if (entry.path().extension() == extension) found.push_back(entry.path());
    }
  }
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

TEST(Layers, AFunctionIsDefinedInTheSourceOfTheHeaderThatDeclaresIt) {
  for (const fs::path& header : files_of_kind(".hpp")) {
    if (lists.contains(header.parent_path().filename() / header.filename())) continue;
    const std::set<std::string> defined = functions_defined_in(fs::path(header).replace_extension(".cpp"));
    for (const std::string& name : functions_declared_in(header)) {
      EXPECT_TRUE(defined.contains(name)) << name << "() of " << header << " is defined elsewhere";
    }
  }
}

TEST(Layers, AMemberIsDefinedInTheSourceOfTheHeaderOfItsClass) {
  std::map<fs::path, std::map<std::string, fs::path>> classes_of;
  for (const fs::path& source : files_of_kind(".cpp")) {
    const auto [folder, is_new] = classes_of.try_emplace(source.parent_path());
    if (is_new) folder->second = classes_in(source.parent_path());
    const std::map<std::string, fs::path>& classes = folder->second;
    for (const std::string& name : functions_defined_in(source)) {
      const auto found = classes.find(name.substr(0, name.find("::")));
      if (name.find("::") == std::string::npos || found == classes.end()) continue;
      EXPECT_EQ(found->second.stem(), source.stem()) << name << "() is in " << source;
    }
  }
}
