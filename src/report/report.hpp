#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "db/results_db.hpp"
#include "figure/figure.hpp"
#include "report/overview.hpp"
#include "report/table.hpp"
#include "store/artifact_store.hpp"

namespace latentgrid {

struct Report {
  std::string sweep;
  std::vector<Table> tables;
  std::vector<Figure> figures;
  std::vector<std::string> answer;      // which setting is best, in two or three sentences
  std::vector<OverviewEntry> overview;  // what the sweep is
  std::int64_t jobs = 0, incomplete = 0;
  Json job_table;  // every job, for the page; see page.hpp

  // What should be there and is not, a sentence each: jobs without results, figures and parts of them.
  std::vector<std::string> gaps() const;
};

enum class ReportParts { tables, everything };

// A `report:` section instead of the one that was recorded with the sweep.
struct ReportSection {
  Json json;                      // as Sweep::report
  std::set<std::string> not_run;  // its figures whose own tasks have not been run
  std::string file;               // which it stands in
};

// The tables and figures of a sweep's latest revision, as its `report:` section asks for them, from the database and
// the artifacts; nothing is computed anew. Throws Error for a sweep that isn't there.
Report build_report(const ResultsDb& db, const ArtifactStore& store, const std::string& sweep, ReportParts parts,
                    const std::optional<ReportSection>& instead = std::nullopt,
                    std::optional<std::int64_t> revision = std::nullopt);

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
