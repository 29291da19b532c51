#include "base/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "base/synonyms.hpp"
#include "base/text.hpp"

namespace latentgrid {

namespace {

std::vector<std::string> split_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t start = 0;
  while (start <= text.size()) {
    std::size_t end = text.find('\n', start);
    if (end == std::string::npos) end = text.size();
    std::string line = text.substr(start, end - start);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(std::move(line));
    start = end + 1;
  }
  return lines;
}

constexpr int longest_excerpt = 120;

bool continues_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

// The line and a caret under the column; of a long line what is around the column.
std::string excerpt(const std::string& line, int column) {
  const int size = static_cast<int>(line.size());
  int begin = 0, end = size;
  if (size > longest_excerpt) {
    begin = std::clamp(column - 1 - longest_excerpt / 2, 0, size - longest_excerpt);
    end = begin + longest_excerpt;
    while (begin > 0 && continues_character(line[begin])) --begin;
    while (end < size && continues_character(line[end])) ++end;
  }
  std::string margin(begin > 0 ? 1 : 0, ' ');
  for (int i = begin; i < std::min(column - 1, size); ++i) margin += line[i] == '\t' ? '\t' : ' ';
  return fmt::format("  {}{}{}\n  {}^\n", begin > 0 ? "…" : "", line.substr(begin, end - begin), end < size ? "…" : "",
                     margin);
}

const char* word_for(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

// Damerau-Levenshtein distance (adjacent transpositions count once), case-insensitive.
std::size_t edit_distance(std::string_view written_a, std::string_view written_b) {
  const std::string a = lower_case(written_a), b = lower_case(written_b);
  std::vector<std::size_t> two_back(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t substitution = previous[j - 1] + (a[i - 1] != b[j - 1]);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current[j] = std::min(current[j], two_back[j - 2] + 1);
      }
    }
    std::swap(two_back, previous);
    std::swap(previous, current);
  }
  return previous[b.size()];
}

}  // namespace

void Diagnostics::add_source(std::string file, std::string text) {
  sources_.push_back({std::move(file), split_lines(text)});
}

void Diagnostics::error(const SourcePosition& where, std::string message, std::string hint) {
  add(Severity::error, where, std::move(message), std::move(hint));
}

void Diagnostics::warning(const SourcePosition& where, std::string message, std::string hint) {
  add(Severity::warning, where, std::move(message), std::move(hint));
}

void Diagnostics::add(Severity severity, const SourcePosition& where, std::string message, std::string hint) {
  if (!said_.emplace(where.file, where.line, where.column, message).second) return;
  diagnostics_.push_back({severity, where, std::move(message), std::move(hint)});
}

bool Diagnostics::has_errors() const {
  return std::any_of(diagnostics_.begin(), diagnostics_.end(),
                     [](const Diagnostic& d) { return d.severity == Severity::error; });
}

std::string Diagnostics::render() const {
  std::vector<const Diagnostic*> ordered;
  for (const Diagnostic& diagnostic : diagnostics_) ordered.push_back(&diagnostic);
  std::stable_sort(ordered.begin(), ordered.end(), [](const Diagnostic* a, const Diagnostic* b) {
    return std::tie(a->where.file, a->where.line, a->where.column) <
           std::tie(b->where.file, b->where.line, b->where.column);
  });
  std::string out;
  for (const Diagnostic* diagnostic : ordered) {
    const SourcePosition& where = diagnostic->where;
    if (!where.file.empty()) {
      out += where.line > 0 ? fmt::format("{}:{}:{}: ", where.file, where.line, where.column) : where.file + ": ";
    }
    out += fmt::format("{}: {}\n", word_for(diagnostic->severity), diagnostic->message);
    auto source = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.file == where.file; });
    if (source != sources_.end() && where.line > 0 && where.line <= static_cast<int>(source->lines.size())) {
      out += excerpt(source->lines[where.line - 1], where.column);
    }
    if (!diagnostic->hint.empty()) out += fmt::format("  hint: {}\n", diagnostic->hint);
  }
  return out;
}

namespace {

// "arch" is meant to be "architecture".
std::string only_one_that_begins_with(std::string_view word, const std::vector<std::string>& candidates) {
  auto begins = [&](const std::string& candidate) { return candidate.starts_with(word); };
  const bool one = word.size() >= 3 && std::count_if(candidates.begin(), candidates.end(), begins) == 1;
  return one ? *std::find_if(candidates.begin(), candidates.end(), begins) : "";
}

std::string only_one_that_ends_with(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string end = fmt::format(".{}", word);
  auto ends = [&](const std::string& candidate) { return candidate.ends_with(end); };
  const bool one = !word.empty() && std::count_if(candidates.begin(), candidates.end(), ends) == 1;
  return one ? *std::find_if(candidates.begin(), candidates.end(), ends) : "";
}

bool has_part(std::string_view name, std::string_view word) {
  while (!name.empty()) {
    const std::size_t end = std::min(name.find_first_of("._"), name.size());
    if (name.substr(0, end) == word) return true;
    name.remove_prefix(std::min(end + 1, name.size()));
  }
  return false;
}

}  // namespace

namespace {

// "pca.n_components" is meant to be "pca.dim", and "kmeans.n_clusters" to be "k".
std::string closest_of_its_method(std::string_view word, const std::vector<std::string>& candidates) {
  const std::size_t dot = word.find('.');
  if (dot == std::string_view::npos) return "";
  const std::string_view method = word.substr(0, dot + 1), parameter = word.substr(dot + 1);
  std::vector<std::string> of_method, of_none;
  for (const std::string& candidate : candidates) {
    if (candidate.starts_with(method)) of_method.push_back(candidate.substr(dot + 1));
    if (candidate.find('.') == std::string::npos) of_none.push_back(candidate);
  }
  if (of_method.empty()) return "";
  const std::string close = closest_match(parameter, of_method);
  return close.empty() ? same_thing(parameter, of_none) : std::string(method) + close;
}

}  // namespace

std::string closest_match(std::string_view word, const std::vector<std::string>& candidates) {
  if (std::string whole = only_one_that_ends_with(word, candidates); !whole.empty()) return whole;
  if (std::string same = same_thing(word, candidates); !same.empty()) return same;
  if (!known_elsewhere(word).empty()) return "";
  if (std::string close = closest_of_its_method(word, candidates); !close.empty()) return close;
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best.empty() ? only_one_that_begins_with(word, candidates) : best;
}

std::vector<std::string> close_matches(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t most = 4;
  std::vector<std::string> matches;
  if (std::string closest = closest_match(word, candidates); !closest.empty()) matches.push_back(std::move(closest));
  for (const std::string& candidate : candidates) {
    const bool known = std::find(matches.begin(), matches.end(), candidate) != matches.end();
    if (matches.size() < most && !known && has_part(candidate, word)) matches.push_back(candidate);
  }
  return matches;
}

std::string did_you_mean(const std::vector<std::string>& matches) {
  std::string text;
  for (std::size_t i = 0; i < matches.size(); ++i) {
    const char* const between = i == 0 ? "" : i + 1 < matches.size() ? ", " : " or ";
    text += fmt::format("{}'{}'", between, matches[i]);
  }
  return text.empty() ? "" : fmt::format("did you mean {}?", text);
}

}  // namespace latentgrid
