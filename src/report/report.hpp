#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "db/results_db.hpp"
#include "report/table.hpp"

namespace latentgrid {

struct Report {
  std::string sweep;
  std::vector<Table> tables;
  std::int64_t jobs = 0, incomplete = 0;
};

// The tables of a sweep's latest revision, as its `report:` section asks for them, from the database alone. Throws
// Error for a sweep that isn't there.
Report build_report(const ResultsDb& db, const std::string& sweep);

struct TableFiles {
  std::string table;
  std::filesystem::path markdown, csv, latex;
};

// Writes <folder>/<table>.md, .csv and .tex for every table, each whole or not at all. Creates the folder.
std::vector<TableFiles> write_report(const Report& report, const std::filesystem::path& folder);

}  // namespace latentgrid
