#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace latentgrid {

struct CsvRecord {
  int line = 0;  // on which it begins, from 1
  std::vector<std::string> fields;
};

// The records of a text as RFC 4180 has them: fields between commas, or another separator, in quotes where they hold a
// comma, a line break or a quote, which is doubled. Lines end with CRLF, LF or CR; a byte-order mark is passed over,
// and so are empty lines; a quote within an unquoted field is an ordinary character. Throws Error, `name:line: ...`,
// for a quoted field that does not end or goes on after its closing quote. Thread-safe.
std::vector<CsvRecord> parse_csv(std::string_view text, const std::string& name, char separator = ',');

}  // namespace latentgrid
