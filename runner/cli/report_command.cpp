#include <fmt/format.h>

#include <cstdio>
#include <memory>

#include "base/error.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "report/report.hpp"

namespace latentgrid::cli {

namespace {

struct ReportOptions {
  std::string sweep;
  std::filesystem::path out;
};

Json to_json(const Report& report, const std::vector<TableFiles>& files) {
  Json tables = Json::array();
  for (std::size_t i = 0; i < files.size(); ++i) {
    tables.push_back({{"name", files[i].table},
                      {"rows", report.tables[i].rows.size()},
                      {"md", files[i].markdown.string()},
                      {"csv", files[i].csv.string()},
                      {"tex", files[i].latex.string()}});
  }
  return {{"sweep", report.sweep}, {"jobs", report.jobs}, {"incomplete", report.incomplete}, {"tables", tables}};
}

std::string text_of(const Table& table, Format format) {
  if (format == Format::csv) return to_csv(table);
  if (format == Format::tex) return to_latex(table);
  return to_markdown(table);
}

std::vector<TableFiles> write_files(const Report& report, const std::filesystem::path& folder) {
  try {
    return write_report(report, folder);
  } catch (const std::filesystem::filesystem_error& error) {
    throw Error(fmt::format("cannot write the tables: {}\n  hint: --out DIR writes them elsewhere", error.what()));
  }
}

int write_tables(const ReportOptions& options, const Context& context) {
  ResultsDb db = open_results(context);
  require_sweep(db, options.sweep);
  Report report = build_report(db, options.sweep);
  std::filesystem::path folder = options.out.empty() ? context.results / "tables" / options.sweep : options.out;
  if (context.format == Format::json) {
    fmt::print("{}\n", to_json(report, write_files(report, folder)).dump());
    return 0;
  }
  for (std::size_t i = 0; i < report.tables.size(); ++i) {
    if (i > 0) fmt::print("\n");
    fmt::print("{}", text_of(report.tables[i], context.format));
  }
  std::fflush(stdout);  // what can be shown is shown, also where nothing can be written
  if (context.format != Format::table && options.out.empty()) return 0;  // one form was asked for, and no files
  std::vector<TableFiles> files = write_files(report, folder);
  for (const TableFiles& table : files) {
    fmt::print(stderr, "wrote {}, {}, {}\n", table.markdown.string(), table.csv.string(), table.latex.string());
  }
  return 0;
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand(
      "report",
      "rebuild a sweep's tables (md, csv, tex) from the database; --format md, csv or tex prints that form alone");
  command->add_option("sweep", options->sweep, "its name")->required()->type_name("SWEEP");
  command->add_option("--out", options->out, "where to write them; RESULTS/tables/SWEEP unless told otherwise")
      ->type_name("DIR");
  add_format_options(*command, context, {Format::table, Format::md, Format::csv, Format::tex, Format::json});
  command->callback(
      [options, &context] { context.action = [options, &context] { return write_tables(*options, context); }; });
}

}  // namespace latentgrid::cli
