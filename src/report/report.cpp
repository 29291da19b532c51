#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/file_system.hpp"
#include "db/queries.hpp"
#include "report/comparison.hpp"
#include "report/table_spec.hpp"

namespace latentgrid {

Report build_report(const ResultsDb& db, const std::string& sweep) {
  Snapshot snapshot(db);
  std::optional<SweepRevision> revision = latest_revision(db, sweep);
  if (!revision) throw Error(fmt::format("no sweep '{}' in the database", sweep));
  ComparisonInput input;
  input.sweep = sweep;
  input.rows = load_results(db, sweep);
  input.images = revision->dataset.value("images", std::int64_t{0});
  input.labelled = revision->dataset.value("labelled", std::int64_t{0});
  input.axes_of = [&db](const std::string& job) { return job_axes(db, job); };
  input.parameter_of = [&db](const std::string& job, const std::string& axis) { return job_parameter(db, job, axis); };

  Report report;
  report.sweep = sweep;
  report.jobs = static_cast<std::int64_t>(input.rows.size());
  report.incomplete =
      std::count_if(input.rows.begin(), input.rows.end(), [](const ResultRow& row) { return row.state != "complete"; });
  for (const TableSpec& spec : table_specs(revision->report, sweep, input.labelled > 0)) {
    report.tables.push_back(compare(spec, input));
  }
  return report;
}

std::vector<TableFiles> write_report(const Report& report, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  std::vector<TableFiles> written;
  for (const Table& table : report.tables) {
    TableFiles files{table.name, folder / (table.name + ".md"), folder / (table.name + ".csv"),
                     folder / (table.name + ".tex")};
    write_file_atomically(files.markdown, to_markdown(table));
    write_file_atomically(files.csv, to_csv(table));
    write_file_atomically(files.latex, to_latex(table));
    written.push_back(std::move(files));
  }
  return written;
}

}  // namespace latentgrid
