#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/what_is.hpp"

namespace latentgrid {

// A table in text form: a CSV file, or a list with one value a line.
struct TextTable {
  char separator = ',';                        // ' ': any number of spaces
  std::vector<std::string> names;              // of the columns; empty if the table begins with values
  std::vector<std::vector<std::string>> rows;  // without spaces around the fields; all of one length
  std::vector<int> lines;                      // of each row, from 1

  std::string place(const std::filesystem::path& path, std::size_t row) const;  // "line 3 of y.csv"
};

// What separates the fields and whether the first line names the columns is guessed from the first two lines. Throws
// HintedError for a line with another number of fields, Error for quotes that do not end.
TextTable read_text_table(const std::filesystem::path& path);

bool is_whole_number(const std::string& field);

// What to do with a table whose rows are images.
std::string advice_for_image_table(const std::filesystem::path& path, const FileContent& content);

}  // namespace latentgrid
