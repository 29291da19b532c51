#pragma once

#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace latentgrid {

// A place in a text file. Lines and columns count from 1; line 0 means the file as a whole, an empty file name that the
// value was not written in a file (a default, or an option such as --set).
struct SourcePosition {
  std::string file;
  int line = 0;
  int column = 0;
};

// False for defaults, options and a file as a whole.
inline bool in_file(const SourcePosition& where) {
  return where.line > 0;
}

enum class Severity { error, warning, note };

struct Diagnostic {
  Severity severity = Severity::error;
  SourcePosition where;
  std::string message;
  std::string hint;  // what to do, or 'did you mean ...'; may be empty
};

// Collects everything that is wrong in one pass. Not thread-safe.
class Diagnostics {
 public:
  // The text of `file`, so that messages can show the line. Called by whoever reads the file.
  void add_source(std::string file, std::string text);

  // A message said before at the same place is not repeated (an aliased value is checked wherever it is used).
  void error(const SourcePosition& where, std::string message, std::string hint = "");
  void warning(const SourcePosition& where, std::string message, std::string hint = "");

  bool has_errors() const;
  const std::vector<Diagnostic>& all() const { return diagnostics_; }

  // All diagnostics in file order, each as
  //   file:line:column: error: message
  //     <the line, of a long one what is around the column>
  //     <a caret under the column>
  //     hint: ...
  std::string render() const;

 private:
  struct Source {
    std::string file;
    std::vector<std::string> lines;
  };
  void add(Severity severity, const SourcePosition& where, std::string message, std::string hint);

  std::vector<Source> sources_;
  std::set<std::tuple<std::string, int, int, std::string>> said_;
  std::vector<Diagnostic> diagnostics_;
};

// The candidate that a word means: the only one that it is the end of behind a dot ("perplexity": tsne.perplexity), or
// else by another of its names (base/synonyms.hpp), or else the closest by edit distance (with transpositions), or else
// the only one that begins with it; "" if none is close enough to be meant.
std::string closest_match(std::string_view word, const std::vector<std::string>& candidates);

// closest_match() first, then those that have the word between dots and underscores ("dim": reduced_dim, latent_dim,
// pca.dim); at most four.
std::vector<std::string> close_matches(std::string_view word, const std::vector<std::string>& candidates);
std::string did_you_mean(const std::vector<std::string>& matches);  // "did you mean 'a', 'b' or 'c'?"; "" for none

}  // namespace latentgrid
