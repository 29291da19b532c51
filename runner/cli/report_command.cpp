#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <optional>

#include "base/access.hpp"
#include "base/error.hpp"
#include "base/output_file.hpp"
#include "base/standard_streams.hpp"
#include "cli/commands.hpp"
#include "cli/open_results.hpp"
#include "cli/report_source.hpp"
#include "report/report.hpp"
#include "report/report_files.hpp"
#include "report/table_csv.hpp"
#include "report/table_latex.hpp"
#include "report/table_markdown.hpp"

namespace latentgrid::cli {

namespace {

namespace fs = std::filesystem;

struct ReportOptions {
  std::string sweep;
  fs::path out;
  bool strict = false;
  std::optional<std::int64_t> revision;
};

Json to_json(const Report& report, const ReportFiles& files) {
  Json tables = Json::array(), figures = Json::array();
  for (std::size_t i = 0; i < files.tables.size(); ++i) {
    tables.push_back({{"name", files.tables[i].name},
                      {"rows", report.tables[i].rows.size()},
                      {"md", files.tables[i].markdown.string()},
                      {"csv", files.tables[i].csv.string()},
                      {"tex", files.tables[i].latex.string()}});
  }
  for (std::size_t i = 0; i < files.figures.size(); ++i) {
    Json paths = Json::array();
    for (const fs::path& file : files.figures[i].files) paths.push_back(file.string());
    figures.push_back({{"name", files.figures[i].name}, {"files", paths}, {"gaps", report.figures[i].omissions}});
  }
  return {{"sweep", report.sweep},
          {"jobs", report.jobs},
          {"incomplete", report.incomplete},
          {"gaps", report.omissions()},
          {"html", files.page.string()},
          {"md", files.markdown.string()},
          {"tables", tables},
          {"figures", figures}};
}

std::string table_text(const Table& table, Format format) {
  if (format == Format::csv) return to_csv(table);
  if (format == Format::tex) return to_latex(table);
  return to_markdown(table);
}

template <typename Write>
auto written(Write&& write) {
  try {
    return write();
  } catch (const Error& error) {
    throw Error(fmt::format("{}\n  hint: --out DIR writes the report elsewhere", error.what()));
  }
}

std::string tables_text(const Report& report, Format format) {
  std::string text;
  for (const Table& table : report.tables) text += (text.empty() ? "" : "\n") + table_text(table, format);
  return text;
}

void print_tables(const Report& report, Format format) {
  fmt::print("{}", tables_text(report, format));
  flush_stdout();  // what can be shown is shown, also where nothing can be written
}

int exit_code(const Report& report, const ReportOptions& options) {
  const std::vector<std::string> omissions = report.omissions();
  for (const std::string& omission : omissions) fmt::print(stderr, "note: {}\n", omission);
  return options.strict && !omissions.empty() ? 1 : 0;
}

void require_file_name(const fs::path& out) {
  std::error_code none;
  if (!fs::is_directory(out, none)) return;
  throw UsageError(fmt::format("{} is a folder, and --format md, csv or tex writes one file\n  hint: name a file with --out, or leave out "
                               "--format to write the whole report into the folder",
                               out.string()));
}

void require_folder_name(const fs::path& out) {
  if (is_stdout(out)) {
    throw UsageError("a report is a folder of files, and cannot go to standard output\n  hint: name a folder with --out, or print the tables with --format md");
  }
  std::error_code none;
  if (fs::is_directory(out, none)) return;
  const std::string ending = CLI::detail::to_lower(out.extension().string());
  const std::vector<std::string> of_tables = {".md", ".csv", ".tex"}, of_files = {".html", ".json", ".pdf", ".txt", ".zip"};
  const auto is_one_of = [&](const std::vector<std::string>& endings) {
    return std::find(endings.begin(), endings.end(), ending) != endings.end();
  };
  const bool table = is_one_of(of_tables);
  if (!table && !is_one_of(of_files)) return;
  throw UsageError(fmt::format("a report is a folder of files, and {} is the name of a file\n  hint: {}", out.string(),
                               table ? fmt::format("--format {} writes the tables to that file", ending.substr(1))
                                     : "name a folder with --out; report.html, the tables and the figures are written into it"));
}

int make_report(const ReportOptions& options, const Context& context) {
  // One form of the tables was asked for, not the whole report.
  const bool tables_alone = context.format != Format::table && context.format != Format::json;
  tables_alone ? require_file_name(options.out) : require_folder_name(options.out);
  ResultsDb db = open_results(context);
  const ReportSource source = report_source(db, options.sweep);
  if (options.revision && source.section) {
    throw UsageError("--revision takes the name of a sweep, not its file: the report section of the file is of the latest one");
  }
  require_revision(db, source.sweep, options.revision);
  const ArtifactStore store = results_store(context);
  const Report report =
      build_report(db, store, source.sweep, tables_alone ? ReportParts::tables : ReportParts::everything,
                   source.section, options.revision);
  if (tables_alone && !options.out.empty() && !is_stdout(options.out)) {
    write_output(options.out, tables_text(report, context.format));
    fmt::print(stderr, "wrote {}\n", options.out.string());
  } else if (context.format != Format::json) {
    print_tables(report, context.format);
  }
  if (tables_alone) return exit_code(report, options);
  // An older revision's report lies beside the latest one's.
  const std::string name =
      options.revision ? fmt::format("{}-revision-{}", source.sweep, *options.revision) : source.sweep;
  const fs::path folder = options.out.empty() ? store.reports() / name : options.out;
  const ReportFiles files = written([&] { return write_report(report, folder); });
  if (context.format == Format::json) fmt::print("{}\n", to_json(report, files).dump());
  for (const std::string& reason : files.not_written) fmt::print(stderr, "no figures for print: {}\n", reason);
  for (const std::string& note : files.notes) fmt::print(stderr, "note: {}\n", note);
  fmt::print(stderr, "wrote {} and {}, tables/ and figures/ beside them\n", files.page.string(), files.markdown.string());
  return exit_code(report, options);
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command = app.add_subcommand(
      "report",
      "Rebuild the report of a sweep from the database: a page, tables and figures; --format md, csv or tex prints its tables");
  command->add_option("sweep", options->sweep, "the sweep's name, or its file, whose report section is then used as it is now")->required()->type_name("SWEEP|FILE");
  command->add_option("--out", options->out, "the folder to write to; the default is RESULTS/reports/SWEEP. With --format md, csv or tex: the file to write the tables to")->type_name("FILE|DIR");
  add_revision_option(*command, options->revision);
  command->add_flag("--strict", options->strict, "exit with code 1 if anything is missing");
  add_format_options(*command, context, {Format::table, Format::md, Format::csv, Format::tex, Format::json});
  command->callback(
      [options, &context] { context.action = [options, &context] { return make_report(*options, context); }; });
}

}  // namespace latentgrid::cli
