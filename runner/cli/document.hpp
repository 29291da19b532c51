#pragma once

#include <string>
#include <vector>

#include "cli/output.hpp"

namespace latentgrid::cli {

// Headings, sentences and small tables on stdout, for the terminal (Format::table) or as Markdown (Format::md). What
// lies between two of them is one empty line; sentences that follow each other stand together on the terminal.
class Document {
 public:
  explicit Document(Format format) : format_(format) {}

  void heading(const std::string& text);
  void sentence(const std::string& text);
  void table(const std::vector<std::string>& columns, const std::vector<std::vector<Cell>>& rows);

 private:
  enum class Part { none, heading, sentence, table };
  void begin(Part part);

  Format format_;
  Part last_ = Part::none;
};

}  // namespace latentgrid::cli
