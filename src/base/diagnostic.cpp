#include "base/diagnostic.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <tuple>

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

// Damerau-Levenshtein distance (adjacent transpositions count once), case-insensitive.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> two_back(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) previous[j] = j;
  auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t substitution = previous[j - 1] + (lower(a[i - 1]) != lower(b[j - 1]));
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, substitution});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) && lower(a[i - 2]) == lower(b[j - 1])) {
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
    const char* word = diagnostic->severity == Severity::error     ? "error"
                       : diagnostic->severity == Severity::warning ? "warning"
                                                                   : "note";
    out += fmt::format("{}: {}\n", word, diagnostic->message);
    auto source = std::find_if(sources_.begin(), sources_.end(), [&](const Source& s) { return s.file == where.file; });
    if (source != sources_.end() && where.line > 0 && where.line <= static_cast<int>(source->lines.size())) {
      const std::string& line = source->lines[where.line - 1];
      std::string margin;
      for (int i = 0; i + 1 < where.column && i < static_cast<int>(line.size()); ++i) {
        margin += line[i] == '\t' ? '\t' : ' ';
      }
      out += fmt::format("  {}\n  {}^\n", line, margin);
    }
    if (!diagnostic->hint.empty()) out += fmt::format("  hint: {}\n", diagnostic->hint);
  }
  return out;
}

std::string closest_match(std::string_view word, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, word.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

}  // namespace latentgrid
