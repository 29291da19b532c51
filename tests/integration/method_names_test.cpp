// No string names a method outside its own files, its descriptor in src/methods and what computes it: examples that a reader is
// shown come from there. Whoever adds one has no other place to remember.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "methods/methods.hpp"

namespace fs = std::filesystem;

namespace {

// The numerics of methods; what other programs call things, among them methods that we do not have ("kernel PCA"); and the sweep
// file that init writes as an example.
bool may_name_methods(const std::string& file) {
  for (const char* place : {"src/methods/", "src/reduce/", "src/cluster/", "src/augment/", "src/nn/tsne_repulsion.", "src/nn/kernels.cpp", "src/base/synonyms.cpp", "runner/cli/init_command.cpp"}) {
    if (file.starts_with(place)) return true;
  }
  return false;
}

// A source file in which all but the contents of string literals is spaces: a name elsewhere is a word of C++ or of a comment.
class Literals {
 public:
  Literals(std::string source, bool is_script) : source_(std::move(source)), text_(source_), is_script_(is_script) {
    for (std::size_t at = 0; at < source_.size();) at = after_token(at);
  }
  const std::string& text() const { return text_; }

 private:
  bool has(const char* part, std::size_t at) const { return source_.compare(at, std::string(part).size(), part) == 0; }
  std::size_t after(const std::string& end, std::size_t from) const {
    const std::size_t found = source_.find(end, from);
    return found == std::string::npos ? source_.size() : found + end.size();
  }
  std::size_t without(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < std::min(end, text_.size()); ++i) {
      if (text_[i] != '\n') text_[i] = ' ';
    }
    return std::min(end, text_.size());
  }
  // A literal of one line, or one between backticks; an escape is no part of a name.
  std::size_t after_quoted(std::size_t begin) {
    const char quote = source_[begin];
    std::size_t at = begin + 1;
    while (at < source_.size() && source_[at] != quote && (quote == '`' || source_[at] != '\n')) {
      at = source_[at] == '\\' ? without(at, at + 2) : at + 1;
    }
    return at + 1;
  }
  // A slash divides behind a name, a number or a bracket that closes.
  bool begins_expression(std::size_t at) const {
    const std::size_t before = source_.find_last_not_of(" \n", at == 0 ? 0 : at - 1);
    return before == std::string::npos || std::string("(,=:[!&|?{};").find(source_[before]) != std::string::npos;
  }
  std::size_t after_token(std::size_t at) {
    const char c = source_[at];
    if (has("//", at)) return without(at, after("\n", at));
    if (has("/*", at)) return without(at, after("*/", at + 2));
    if (!is_script_ && has("R\"", at)) {
      const std::size_t open = source_.find('(', at);
      return after(")" + source_.substr(at + 2, open - at - 2) + "\"", open);
    }
    if (c == '"' || (is_script_ && (c == '\'' || c == '`'))) return after_quoted(at);
    if (is_script_ && c == '/' && begins_expression(at)) return after_quoted(at);
    const bool divides_digits = at > 0 && std::isalnum(static_cast<unsigned char>(source_[at - 1]));
    if (c == '\'' && !divides_digits) return without(at, after_quoted(at));
    return without(at, at + 1);
  }

  std::string source_, text_;
  bool is_script_;
};

std::string pattern_of_names() {
  std::set<std::string> names;
  for (const latentgrid::MethodSpec& method : latentgrid::all_methods()) {
    if (method.kind != latentgrid::MethodKind::reduction && method.kind != latentgrid::MethodKind::clustering) continue;
    names.insert(method.name);
    names.insert(method.display_name);
  }
  std::string pattern;
  for (const std::string& name : names) pattern += (pattern.empty() ? "" : "|") + name;
  pattern = "(^|[^A-Za-z0-9_-])(" + pattern + ")([^A-Za-z0-9_]|$)";
  // Names of encoders are words that sentences need: they count where they are all of a literal.
  std::string encoders;
  for (const std::string& name : latentgrid::method_names(latentgrid::MethodKind::encoder)) encoders += (encoders.empty() ? "" : "|") + name;
  // So are those of augmentations, of which `noise` is a metric too and `crop` a style of the page.
  for (const std::string& name : latentgrid::method_names(latentgrid::MethodKind::augmentation)) {
    if (name != "noise" && name != "crop") encoders += "|" + name;
  }
  return pattern + "|[\"'](" + encoders + ")[\"']";
}

// The data set's key `features` has the name of the encoder that reads what it names.
bool is_key_of_dataset(const std::string& file, const std::string& line) {
  return (file.starts_with("src/data/") || file == "src/spec/dataset_section.cpp") && line.find("\"features\"") != std::string::npos;
}

// "12: the line" of every line with a method's name in a string literal.
std::vector<std::string> lines_that_name_methods(const std::string& source, bool is_script = false) {
  static const std::regex named(pattern_of_names());
  std::vector<std::string> found;
  std::istringstream lines(source), literals(Literals(source, is_script).text());
  std::string line, text;
  for (int number = 1; std::getline(lines, line) && std::getline(literals, text); ++number) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin != std::string::npos && std::regex_search(text.substr(begin), named)) found.push_back(std::to_string(number) + ": " + line);
  }
  return found;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
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
  for (const fs::path& path : sources()) {
    const std::string file = fs::relative(path, LATENTGRID_SOURCE_DIR);
    if (may_name_methods(file)) continue;
    for (const std::string& line : lines_that_name_methods(text_of(path), path.extension() == ".js")) {
      if (!is_key_of_dataset(file, line)) ADD_FAILURE() << file << ":" << line;
    }
  }
}

TEST(MethodNames, AreFoundInLiteralsAlone) {
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lines_that_name_methods("f(\"raw pixels, features of an autoencoder\");"), Lines{});
  EXPECT_EQ(lines_that_name_methods("int kmeans = 20'000;  // \"pca\"\n/* \"pca\"\n*/ char c = '\"'; f(tsne);\n"), Lines{});
  for (const char* line : {"f(\"pca\");", "/* */ f(2'0, '\"', \"to t-SNE.\");", "f(\"a\\npca: {}\");", "g(\"\\\"\", \"kmeans\");", "if (method == \"raw\")", "h(R\"x(\" pca)x\");"}) {
    EXPECT_EQ(lines_that_name_methods("\n" + std::string(line)), Lines{"2: " + std::string(line)}) << line;
  }
  EXPECT_EQ(lines_that_name_methods("const pca = /[\"]pca/.test(a / pca / 2); // 'pca'\nf('pca', `\n  ${tsne}`);\n", true),
            (Lines{"1: const pca = /[\"]pca/.test(a / pca / 2); // 'pca'", "2: f('pca', `", "3:   ${tsne}`);"}));
  EXPECT_EQ(lines_that_name_methods("const kmeans = a / kmeans / 2;\n", true), Lines{});
}
