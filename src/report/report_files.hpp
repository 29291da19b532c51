#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "report/report.hpp"

namespace latentgrid {

struct ReportFiles {
  struct TableFiles {
    std::string name;
    std::filesystem::path markdown, csv, latex;
  };
  struct FigureFiles {
    std::string name;
    std::vector<std::filesystem::path> files;
  };
  std::filesystem::path page, markdown;
  std::vector<TableFiles> tables;
  std::vector<FigureFiles> figures;
  std::vector<std::string> not_written;  // why, a sentence each: figures cannot be drawn
  std::vector<std::string> notes;        // on those that were
};

// Writes <folder>/report.html, report.md, tables/<table>.{md,csv,tex} and figures/<figure>.{png,svg,pdf}, each whole or
// not at all, and creates the folders. Removes what an earlier report of the folder had and this one has not. The same report gives the same bytes.
ReportFiles write_report(const Report& report, const std::filesystem::path& folder);

// Tables alone, into <folder> itself.
std::vector<ReportFiles::TableFiles> write_tables(const Report& report, const std::filesystem::path& folder);

}  // namespace latentgrid
