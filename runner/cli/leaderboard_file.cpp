#include "cli/leaderboard_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/csv.hpp"
#include "base/diagnostic.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "columns/cell.hpp"

namespace latentgrid::cli {

namespace {

constexpr std::size_t id_digits = 12, fewest_digits = 6;

// A row that can't be used; the others can.
class RowError : public Error {
 public:
  using Error::Error;
};

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return text;
}

// `publicScore`, `public_score` and `Public Score` are one name.
std::string plain_name(const std::string& title) {
  std::string name = lower(title);
  std::erase_if(name, [](char c) { return c == ' ' || c == '_'; });
  return name;
}

enum class Column { job, file, date, description, status, public_score, private_score };

const std::map<std::string, Column>& column_names() {
  static const std::map<std::string, Column> names = {{"job", Column::job},
                                                      {"filename", Column::file},
                                                      {"file", Column::file},
                                                      {"date", Column::date},
                                                      {"description", Column::description},
                                                      {"status", Column::status},
                                                      {"publicscore", Column::public_score},
                                                      {"public", Column::public_score},
                                                      {"privatescore", Column::private_score},
                                                      {"private", Column::private_score}};
  return names;
}

using Columns = std::map<Column, std::size_t>;  // where each one stands

Columns columns_of(const CsvRecord& header) {
  Columns columns;
  for (std::size_t i = 0; i < header.fields.size(); ++i) {
    auto known = column_names().find(plain_name(header.fields[i]));
    if (known != column_names().end()) columns.emplace(known->second, i);
  }
  return columns;
}

bool names_submissions(const Columns& columns) {
  const bool names_job =
      columns.contains(Column::job) || columns.contains(Column::description) || columns.contains(Column::file);
  return names_job && columns.contains(Column::public_score);
}

[[noreturn]] void refuse(const std::vector<CsvRecord>& records, const std::string& name) {
  std::string message = fmt::format(
      "{}: this is not a list of submissions: its first line should name the columns fileName, date, description, "
      "status, "
      "publicScore, privateScore, as `kaggle competitions submissions --csv` prints them, or job, public, private",
      name);
  if (records.empty()) throw UsageError(message + "; the file is empty");
  std::vector<std::string> found, hints;
  const std::vector<std::string> wanted = {"fileName", "description", "publicScore", "job", "public"};
  for (const std::string& title : records[0].fields) {
    found.emplace_back(trimmed(title));
    if (column_names().contains(plain_name(title))) continue;
    const std::string close = closest_match(found.back(), wanted);
    if (!close.empty()) hints.push_back(fmt::format("'{}' may be meant to be '{}'", found.back(), close));
  }
  message += fmt::format("; found: {}", fmt::join(found, ", "));
  if (found == std::vector<std::string>{"id", "label"})
    hints = {"this is what is uploaded; the scores come back in a list"};
  if (!hints.empty()) message += fmt::format("\n  hint: {}", fmt::join(hints, ", "));
  throw UsageError(message);
}

// Words that may be a job's id: 6 to 12 hex digits with no other letter or digit beside them.
std::set<std::string> id_words(const std::string& text) {
  std::set<std::string> words;
  std::string word;
  bool is_hex = true;
  for (char c : lower(text) + ' ') {
    const bool digit = c >= '0' && c <= '9', letter = c >= 'a' && c <= 'z';
    if (digit || letter) {
      word += c;
      is_hex = is_hex && (digit || c <= 'f');
      continue;
    }
    if (is_hex && word.size() >= fewest_digits && word.size() <= id_digits) words.insert(word);
    word.clear();
    is_hex = true;
  }
  return words;
}

class LeaderboardReader {
 public:
  LeaderboardReader(const JobLookup& jobs, Columns columns, std::size_t width, bool decimal_commas)
      : jobs_(jobs), columns_(std::move(columns)), width_(width), decimal_commas_(decimal_commas) {}

  void add(const CsvRecord& record) {
    try {
      if (record.fields.size() != width_) {
        throw RowError(fmt::format("the row has {} fields, but the header has {}", record.fields.size(), width_));
      }
      add_row(record);
    } catch (const RowError& problem) {
      file_.problems.push_back({record.line, problem.what()});
    }
  }

  LeaderboardFile take() { return std::move(file_); }

 private:
  std::string field(const CsvRecord& record, Column column) const {
    auto place = columns_.find(column);
    return place == columns_.end() ? "" : std::string(trimmed(record.fields[place->second]));
  }

  void add_row(const CsvRecord& record) {
    // `complete`, or SubmissionStatus.COMPLETE as newer clients print it.
    const std::string status = lower(field(record, Column::status));
    const bool complete = status.empty() || status.substr(status.rfind('.') + 1) == "complete";
    SubmissionRow row{.file = field(record, Column::file),
                      .submitted_at = field(record, Column::date),
                      .description = field(record, Column::description)};
    if (complete) {
      row.public_score = score(record, Column::public_score);
      row.private_score = score(record, Column::private_score);
    }
    if (!row.public_score && !row.private_score) {
      ++file_.skipped;
      return;
    }
    row.job = job_of(record);
    check_repeated(row, record.line);
    file_.submissions.push_back(std::move(row));
  }

  std::optional<double> score(const CsvRecord& record, Column column) const {
    std::string text = field(record, column);
    if (decimal_commas_ && std::count(text.begin(), text.end(), ',') == 1) text[text.find(',')] = '.';
    if (text.empty() || lower(text) == "none" || lower(text) == "nan" || lower(text) == "null") return std::nullopt;
    const std::optional<double> value = number_in(text);
    if (!value || !std::isfinite(*value)) {
      throw RowError(fmt::format("the {} score '{}' is not a number",
                                 column == Column::public_score ? "public" : "private", text));
    }
    return value;
  }

  std::string job_of(const CsvRecord& record) const {
    std::set<std::string> words;
    for (Column column : {Column::job, Column::description, Column::file}) words.merge(id_words(field(record, column)));
    const std::string job = field(record, Column::job);
    if (!job.empty() && words.empty())
      throw RowError(fmt::format("'{}' is not a job's id, which has 12 hex digits", job));
    if (words.empty()) {
      throw RowError(
          "the row names no job: neither the description nor the file's name holds a job's id, 12 hex digits");
    }
    std::set<std::string> whole, begun;
    std::string several;
    for (const std::string& word : words) {
      const std::vector<std::string> jobs = jobs_(word, 2);
      if (jobs.size() == 1) (word.size() == id_digits ? whole : begun).insert(jobs[0]);
      if (jobs.size() > 1) several = word;
    }
    // A date or a word may be the beginning of a job by accident.
    const std::set<std::string>& found = whole.empty() ? begun : whole;
    if (found.size() == 1) return *found.begin();
    if (found.size() > 1) throw RowError(fmt::format("the row names several jobs: {}", fmt::join(found, ", ")));
    if (!several.empty()) throw RowError(fmt::format("several jobs begin with '{}': write all 12 digits", several));
    throw RowError(fmt::format("no job begins with '{}'", fmt::join(words, "' or '")));
  }

  void check_repeated(const SubmissionRow& row, int line) {
    auto [first, is_new] = seen_.try_emplace({row.job, row.file, row.submitted_at}, line, row);
    if (is_new) return;
    const SubmissionRow& before = first->second.second;
    if (before.public_score == row.public_score && before.private_score == row.private_score) return;
    throw RowError(
        fmt::format("line {} has other scores of job {} for the same file and date", first->second.first, row.job));
  }

  const JobLookup& jobs_;
  Columns columns_;
  std::size_t width_;
  bool decimal_commas_;
  std::map<std::tuple<std::string, std::string, std::string>, std::pair<int, SubmissionRow>> seen_;
  LeaderboardFile file_;
};

using Records = std::vector<CsvRecord>;

// What a client says before the list ("Using competition: ...") has no columns.
Records::const_iterator header_of(const Records& records) {
  const auto header = std::find_if(records.begin(), records.end(),
                                   [](const CsvRecord& record) { return names_submissions(columns_of(record)); });
  const bool other_table = std::any_of(records.begin(), header, [](const CsvRecord& r) { return r.fields.size() > 2; });
  return other_table ? records.end() : header;
}

}  // namespace

LeaderboardFile read_leaderboard(std::string_view bytes, const std::string& name, const JobLookup& jobs) {
  const std::string text = utf8_of(bytes);
  // Excel separates by semicolons where a number has a decimal comma, and by tabs in "Unicode text".
  std::string problem;
  for (const char separator : {',', ';', '\t'}) {
    try {
      const Records records = parse_csv(text, name, separator);
      const auto header = header_of(records);
      if (header == records.end()) continue;
      LeaderboardReader reader(jobs, columns_of(*header), header->fields.size(), separator != ',');
      for (auto record = header + 1; record != records.end(); ++record) {
        if (record->fields != header->fields) reader.add(*record);
      }
      return reader.take();
    } catch (const Error& error) {
      if (separator == ',') problem = error.what();
    }
  }
  if (!problem.empty()) throw UsageError(problem);
  refuse(parse_csv(text, name), name);
}

}  // namespace latentgrid::cli
