#include "report/report_files.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/output_file.hpp"
#include "base/version.hpp"
#include "columns/figure_kinds.hpp"
#include "figure/drawing.hpp"
#include "figure/figure_files.hpp"
#include "figure/figure_json.hpp"
#include "report/earlier_report.hpp"
#include "report/page.hpp"
#include "report/report.hpp"
#include "report/table_csv.hpp"
#include "report/table_latex.hpp"
#include "report/table_markdown.hpp"

namespace latentgrid {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_rows_on_page = 1000;  // of a table; the list of jobs has them all, in pages

Json cell_json(const TableCell& cell, const Table& table) {
  Json json;
  if (const auto* text = std::get_if<std::string>(&cell.value)) json = *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell.value)) json = *number;
  const auto* estimate = std::get_if<Estimate>(&cell.value);
  if (!estimate) return json;
  json = {{"mean", estimate->mean}};
  if (prints_n(table)) json["n"] = estimate->n;
  if (estimate->deviation) json["std"] = *estimate->deviation;
  if (cell.precision) json["precision"] = *cell.precision;
  if (cell.best) json["best"] = true;
  if (cell.tied && table.marks_tied) json["tied"] = true;
  return json;
}

Json table_json(const Table& table) {
  static constexpr const char* kind_names[] = {"text", "integer", "estimate"};
  Json columns = Json::array(), rows = Json::array();
  for (const TableColumn& column : table.columns) {
    columns.push_back({{"title", column.title},
                       {"kind", kind_names[static_cast<int>(column.kind)]},
                       {"precision", column.precision},
                       {"best", column.best}});
  }
  for (const std::vector<TableCell>& row : table.rows) {
    if (rows.size() == most_rows_on_page) break;
    Json cells = Json::array();
    for (const TableCell& cell : row) cells.push_back(cell_json(cell, table));
    rows.push_back(std::move(cells));
  }
  std::vector<std::string> footnotes = table.footnotes;
  if (table.rows.size() > most_rows_on_page) {
    footnotes.insert(footnotes.begin(), fmt::format("The first {} of {} rows; tables/{}.csv has all.", most_rows_on_page,
                                          table.rows.size(), table.name));
  }
  return {{"name", table.name}, {"title", table.title}, {"caption", table.caption}, {"columns", columns},
          {"rows", rows},       {"foot", footnotes},         {"details", table.details}};
}

Json page_content(const Report& report) {
  Json tables = Json::array(), figures = Json::array(), overview = Json::array();
  for (const Table& table : report.tables) tables.push_back(table_json(table));
  for (const Figure& figure : report.figures) figures.push_back(figure_json(figure));
  for (const OverviewEntry& entry : report.overview) {
    overview.push_back({{"name", entry.name}, {"lines", entry.lines}, {"detail", entry.detail}});
  }
  return {{"sweep", report.sweep},   {"program", "latentgrid " + build_version()},
          {"answer", report.answer}, {"overview", overview},
          {"gaps", report.omissions()}, {"tables", tables},
          {"jobs", report.job_table}, {"figures", figures}};
}

std::string markdown_page(const Report& report, const ReportFiles& files) {
  std::string text = fmt::format("# {}\n\n", markdown_field(report.sweep));
  for (const std::string& sentence : report.answer) text += fmt::format("{}\n\n", markdown_field(sentence));
  for (const OverviewEntry& entry : report.overview) {
    text += fmt::format("- {}: {}\n", markdown_field(entry.name), markdown_field(fmt::format("{}", fmt::join(entry.lines, "; "))));
  }
  for (const std::string& omission : report.omissions()) text += fmt::format("- note: {}\n", markdown_field(omission));
  std::string details;
  std::size_t notes = 0;
  for (const Table& table : report.tables) {
    if (!table.details.empty()) ++notes;
    text += fmt::format("\n{}", to_markdown(table, notes));
    if (table.details.empty()) continue;
    details += fmt::format("\n#### Note {}\n\n{}:\n\n{}", notes, markdown_field(table.title), markdown_details(table));
  }
  for (std::size_t i = 0; i < report.figures.size(); ++i) {
    const Figure& figure = report.figures[i];
    text += fmt::format("\n### {}\n", markdown_field(figure.title));
    if (!files.figures[i].files.empty()) {
      text += fmt::format("\n![{}](figures/{}.png)\n", markdown_field(figure.title), figure.name);
    }
    for (const auto* sentences : {&figure.caption, &figure.omissions}) {
      for (const std::string& sentence : *sentences) text += fmt::format("\n{}\n", markdown_field(sentence));
    }
  }
  return details.empty() ? text : text + "\n### Notes on the tables\n" + details;
}

std::string boxes_note(const Figure& figure, const std::string& text) {
  return fmt::format(
      "figures show boxes for letters that are in no font of this machine, such as those of '{}' in figure {}: install a "
      "font that has them, for Chinese, Japanese and Korean with apt-get install fonts-noto-cjk",
      text, figure.name);
}

// A figure of an earlier report must not pass for one of this: of a figure that has an omission now, or of one that the sweep
// no longer has.
void remove_earlier_figures(const ReportFiles& files, const EarlierReport& earlier, const fs::path& folder) {
  std::map<std::string, bool> written;
  for (const FigureKind& kind : figure_kinds()) written[kind.name] = false;
  for (const std::string& name : earlier.figures) written[name] = false;
  for (const ReportFiles::FigureFiles& figure : files.figures) written[figure.name] = !figure.files.empty();
  for (const auto& [figure, is_there] : written) {
    if (is_there) continue;
    for (const char* ending : {".png", ".svg", ".pdf"}) fs::remove(folder / (figure + ending));
  }
}

// So must no table that the sweep no longer has: somebody may \input it.
void remove_earlier_tables(const ReportFiles& files, EarlierReport earlier, const fs::path& folder) {
  for (const ReportFiles::TableFiles& table : files.tables) earlier.tables.erase(table.name);
  for (const std::string& name : earlier.tables) {
    for (const char* ending : {".md", ".csv", ".tex"}) fs::remove(folder / (name + ending));
  }
}

}  // namespace

std::vector<ReportFiles::TableFiles> write_tables(const Report& report, const fs::path& folder) {
  make_output_folder(folder);
  std::vector<ReportFiles::TableFiles> written;
  for (const Table& table : report.tables) {
    ReportFiles::TableFiles files{table.name, folder / (table.name + ".md"), folder / (table.name + ".csv"),
                                  folder / (table.name + ".tex")};
    write_output(files.markdown, to_markdown(table));
    write_output(files.csv, to_csv(table));
    write_output(files.latex, to_latex(table));
    written.push_back(std::move(files));
  }
  return written;
}

ReportFiles write_report(const Report& report, const fs::path& folder) {
  ReportFiles files{.page = folder / "report.html", .markdown = folder / "report.md"};
  const EarlierReport earlier = read_earlier_report(files.page);
  files.tables = write_tables(report, folder / "tables");
  remove_earlier_tables(files, earlier, folder / "tables");
  make_output_folder(folder / "figures");
  const std::optional<DrawingProblem> problem = drawing_problem();
  if (problem) files.not_written.push_back(fmt::format("{}: {}", problem->what, problem->remedy));  // the page has its own charts
  for (const Figure& figure : report.figures) {
    files.figures.push_back({figure.name, {}});
    try {
      if (auto drawn = problem ? std::nullopt : write_figure(figure, folder / "figures")) {
        files.figures.back().files = {drawn->png, drawn->svg, drawn->pdf};
        if (!drawn->boxed.empty() && files.notes.empty()) files.notes.push_back(boxes_note(figure, drawn->boxed));
      }
    } catch (const Error& error) {  // the others, and the page, are still worth having
      files.not_written.push_back(fmt::format("'{}': {}", figure.name, error.what()));
    }
  }
  if (!problem) remove_earlier_figures(files, earlier, folder / "figures");
  write_output(files.page, to_html(page_content(report)));
  write_output(files.markdown, markdown_page(report, files));
  return files;
}

}  // namespace latentgrid
